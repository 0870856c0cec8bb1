/** The loss of one image, and its gradient: by backpropagation, and measured. */

import { measuredGradient } from "../engine/gradient_check.js";
import { derivatives } from "../engine/inspection.js";
import { LossWork } from "../engine/losses.js";
import { forward, oneHot } from "./look_inside.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./stages.js").Stage} Stage */

/** Below this relative error, two gradients agree. */
const AGREEMENT = 1e-6;

/** Differences below this one are rounding of the measurement, whatever the gradient's size. */
const ROUNDING = 1e-9;

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

/**
 * @typedef {object} CheckedGradient
 * @property {number} computed by backpropagation
 * @property {number} measured (f(w + h) - f(w - h)) / 2h
 * @property {number} relativeError |computed - measured| / (|computed| + |measured|)
 * @property {"agree" | "rounding" | "differ"} verdict "rounding": the difference is too small to
 *     mean anything, as is the gradient
 */

/**
 * Compare one entry of a gradient with a central difference of the loss.
 *
 * @param {Network} network in Float64; unchanged afterwards
 * @param {Floats} x (d,)
 * @param {number} target
 * @param {number} parameter index in `network.parameters`
 * @param {(network: Network, x: Floats, target: number) => Floats} [gradientOf] (p,); another one
 *     than backpropagation's is checked in the same way
 * @returns {CheckedGradient}
 */
export function checkGradient(network, x, target, parameter, gradientOf = backpropagated) {
    const computed = gradientOf(network, x, target)[parameter];
    const measured = measuredGradient(network, x, oneHot(target, network.nOutputs), parameter);
    const difference = Math.abs(computed - measured);
    const size = Math.abs(computed) + Math.abs(measured);
    const relativeError = size > 0 ? difference / size : 0;
    const alike = relativeError < AGREEMENT;
    const verdict = alike ? "agree" : difference < ROUNDING ? "rounding" : "differ";
    return { computed, measured, relativeError, verdict };
}

/**
 * @param {Network} network
 * @param {Floats} x
 * @param {number} target
 * @returns {Floats}
 */
function backpropagated(network, x, target) {
    return learningSignal(network, x, target).gradient;
}
