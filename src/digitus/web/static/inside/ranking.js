/** The largest of many values, and the place of one among them. */

/** @typedef {import("../engine/arrays.js").Floats} Floats */

/**
 * Return the indices of the values that are largest in magnitude, the largest first.
 *
 * @param {Floats} values
 * @param {number} n how many
 * @returns {number[]}
 */
export function largest(values, n) {
    /** @type {number[]} */
    const found = [];
    for (let i = 0; i < values.length; i++) {
        const size = Math.abs(values[i]);
        if (found.length === n && size <= Math.abs(values[found[n - 1]])) continue;
        let place = found.length;
        while (place > 0 && Math.abs(values[found[place - 1]]) < size) place--;
        found.splice(place, 0, i);
        if (found.length > n) found.pop();
    }
    return found;
}

/**
 * Return the place of a value among others by size, 1 for the largest.
 *
 * @param {Float64Array} values
 * @param {number} index
 * @returns {number}
 */
export function rank(values, index) {
    return 1 + values.filter((value) => value > values[index]).length;
}
