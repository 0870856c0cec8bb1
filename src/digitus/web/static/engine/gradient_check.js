/** Gradient check: compare backpropagation with central differences. */

import { Network } from "./network.js";

/** @typedef {import("./arrays.js").Floats} Floats */

/** Central differences have errors of step² (truncation) and 1e-16/step (rounding): below 1e-10. */
const STEP = 1e-5;

/**
 * Return a copy of a network in double precision, in which differences can be measured.
 *
 * @param {Network} network
 * @returns {Network}
 */
export function asFloat64(network) {
    const layers = network.layers.map((layer) => layer.copy());
    return new Network(network.nInputs, layers, {
        loss: network.loss,
        dtype: Float64Array,
        parameters: Float64Array.from(network.parameters),
    });
}

/**
 * Return the derivative of the loss by one parameter as a central difference,
 * (f(v+s) - f(v-s)) / 2s.
 *
 * A ReLU whose input is closer to 0 than the step has no derivative to measure.
 *
 * @param {Network} network in double precision (`asFloat64`): the rounding errors of single
 *     precision are too large; its parameters are unchanged after it
 * @param {Floats} x (n, d)
 * @param {Floats} targets (n, k)
 * @param {number} parameterIndex in the flat vector
 * @param {number} [step] the step s
 * @returns {number}
 */
export function measuredGradient(network, x, targets, parameterIndex, step = STEP) {
    if (network.dtype !== Float64Array) {
        throw new RangeError("a gradient check needs a network in double precision");
    }
    const { parameters } = network;
    const value = parameters[parameterIndex];
    parameters[parameterIndex] = value + step;
    const above = network.meanLoss(x, targets);
    parameters[parameterIndex] = value - step;
    const below = network.meanLoss(x, targets);
    parameters[parameterIndex] = value;
    return (above - below) / (2 * step);
}
