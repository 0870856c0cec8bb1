/** The loss of one image, and its gradient by backpropagation. */

import { derivatives } from "../engine/inspection.js";
import { LossWork } from "../engine/losses.js";
import { forward, oneHot } from "./look_inside.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./stages.js").Stage} Stage */

/**
 * @typedef {object} Signal
 * @property {number} target digit that the image is taken for
 * @property {number} loss
 * @property {Floats[]} values of `forward`
 * @property {Floats[]} slopes dLoss/d(each value)
 * @property {Floats} gradient (p,) dLoss/dparameters, a copy
 */

/**
 * Compute the loss of one image and propagate it backward.
 *
 * @param {Network} network in Float64; its gradient is overwritten
 * @param {Floats} x (d,) normalized
 * @param {number} target index of the class that it should be
 * @returns {Signal}
 */
export function learningSignal(network, x, target) {
    const values = forward(network, x);
    const { loss, gradLogits } = lossAt(network, values[values.length - 2], target);
    const slopes = derivatives(network, x, values.slice(1, -1), gradLogits);
    return { target, loss, values, slopes, gradient: network.gradient.slice() };
}

/**
 * Return the loss at some logits, and its gradient by them.
 *
 * @param {Network} network
 * @param {Floats} logits (k,)
 * @param {number} target
 * @returns {{loss: number, gradLogits: Floats}}
 */
export function lossAt(network, logits, target) {
    const work = new LossWork(1, logits.length, Float64Array);
    const loss = network.loss.valueAndGradient(logits, oneHot(target, logits.length), work);
    return { loss, gradLogits: work.grad };
}

/**
 * Return where the parameters of a unit stand in the network's vectors.
 *
 * @param {Network} network
 * @param {Stage} stage
 * @param {number} unit
 * @returns {{weights: number[], bias: number}} indices
 */
export function parametersOf(network, stage, unit) {
    const { weight, bias } = Object.fromEntries(
        network.views.filter(({ layer }) => layer === stage.at).map((view) => [view.name, view]),
    );
    const [d, h] = weight.shape;
    return {
        weights: Array.from({ length: d }, (_, i) => weight.start + i * h + unit),
        bias: bias.start + unit,
    };
}
