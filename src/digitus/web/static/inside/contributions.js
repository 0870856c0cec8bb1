/**
 * What each unit adds to the score of the answer: its activation times the derivative of the
 * answer's logit by it ("gradient x input": Shrikumar et al. 2016, section 2), summed over a map.
 *
 * For the last hidden layer the derivative is the weight, and the contributions and the output's
 * bias add up to the logit. For earlier layers it is the slope at this image, an estimate.
 */

/** @typedef {import("./look_inside.js").Inside} Inside */

/**
 * Return the contributions of all units of a stage to the logit of the answer.
 *
 * @param {Inside} inside
 * @param {number} index of the stage, not the output
 * @returns {Float64Array} (h,)
 */
export function contributions(inside, index) {
    const stage = inside.stages[index];
    const slopes = inside.slopes[stage.end];
    const found = new Float64Array(stage.nUnits);
    stage.activations.forEach((activation, i) => {
        found[i % found.length] += activation * slopes[i];
    });
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
