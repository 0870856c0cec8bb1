/** The lines of a chart as numbers: points, ends, and what lies next to a value. */

/**
 * @typedef {object} Line
 * @property {string} name written at the right end
 * @property {string} shortName the same where the chart is narrow
 * @property {string} kind class of the path and its label, such as "a validation"
 * @property {number[]} x (n,) rising
 * @property {number[]} y (n,) NaN where unknown
 */

/** Points of a line that are drawn; more look the same. */
const MOST_POINTS = 400;

/**
 * Return a line with at most `MOST_POINTS` points, first and last kept.
 *
 * @param {Line} line
 * @returns {Line}
 */
export function thinned(line) {
    const n = line.x.length;
    if (n <= MOST_POINTS) return line;
    const places = Array.from({ length: MOST_POINTS }, (_, i) =>
        Math.round((i * (n - 1)) / (MOST_POINTS - 1)),
    );
    return { ...line, x: places.map((i) => line.x[i]), y: places.map((i) => line.y[i]) };
}

/**
 * Return the line that reaches farthest to the right.
 *
 * @param {Line[]} lines at least one
 * @returns {Line}
 */
export function longest(lines) {
    return lines.reduce((a, b) => (b.x[b.x.length - 1] > a.x[a.x.length - 1] ? b : a));
}

/**
 * Return how many points lie up to a value of x.
 *
 * @param {number[]} x rising
 * @param {number} value
 * @returns {number}
 */
export function countUpTo(x, value) {
    let n = x.length;
    while (n > 0 && x[n - 1] > value + 1e-9) n--;
    return n;
}

/**
 * Return the index of the last known value up to a mark.
 *
 * @param {Line} line
 * @param {number | null} mark value of x; null for the end
 * @returns {number} -1 where none is known yet, as the training's at the first image
 */
export function lastShown(line, mark) {
    let at = (mark === null ? line.x.length : countUpTo(line.x, mark)) - 1;
    while (at >= 0 && !Number.isFinite(line.y[at])) at--;
    return at;
}

/**
 * Return the index of the entry next to a value.
 *
 * @param {number[]} x rising, not empty
 * @param {number} value
 * @returns {number}
 */
export function nearest(x, value) {
    let best = 0;
    for (let i = 1; i < x.length; i++)
        if (Math.abs(x[i] - value) <= Math.abs(x[best] - value)) best = i;
    return best;
}
