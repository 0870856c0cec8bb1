/** The loss of one image, and its gradient by backpropagation. */

import { derivatives } from "../engine/inspection.js";
import { LossWork } from "../engine/losses.js";
import { forward, oneHot } from "./look_inside.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./stages.js").Stage} Stage */

/**
 * @typedef {object} Pass one image forward and backward
 * @property {number} target class that the image should be
 * @property {number} loss
 * @property {Floats[]} values of `forward`
 * @property {Floats[]} valueGradients dLoss by each of `values` but the last
 * @property {Floats} gradient (p,) dLoss/dparameters, a copy
 */

/**
 * Compute the loss of one image and propagate it backward.
 *
 * @param {Network} network in Float64; its gradient is overwritten
 * @param {Floats} x (d,) normalized
 * @param {number} target index of the class that it should be
 * @returns {Pass}
 */
export function backpropagate(network, x, target) {
    const values = forward(network, x);
    const logits = values[values.length - 2];
    const work = new LossWork(1, logits.length, Float64Array);
    const loss = network.loss.valueAndGradient(logits, oneHot(target, logits.length), work);
    const valueGradients = derivatives(network, x, values.slice(1, -1), work.grad);
    return { target, loss, values, valueGradients, gradient: network.gradient.slice() };
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
