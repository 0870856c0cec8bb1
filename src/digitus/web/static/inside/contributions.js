/**
 * What each unit adds to the score of the answer: its activation times the derivative of the
 * answer's logit by it ("gradient x input": Shrikumar et al. 2016, section 2), summed over a map.
 *
 * For the last hidden layer the derivative is the weight, and the contributions and the output's
 * bias add up to the logit. For earlier layers it is the gradient at this image, an estimate.
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
    const gradients = inside.valueGradients[stage.end];
    const found = new Float64Array(stage.nUnits);
    stage.activations.forEach((activation, i) => {
        found[i % found.length] += activation * gradients[i];
    });
    return found;
}
