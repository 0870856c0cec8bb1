/** Gradient check: compare backpropagation with central differences. */

import { Network } from "./network.js";

/** @typedef {import("./arrays.js").Floats} Floats */

/** Central differences err by step² (truncation) and 1e-16/step (rounding): below 1e-10. */
const STEP = 1e-5;
/** Below this relative error, two gradients agree. */
const AGREEMENT = 1e-6;
/** Differences below this one are rounding of the measurement, whatever the gradient's size. */
const ROUNDING = 1e-9;

/**
 * Result of the comparison.
 *
 * @typedef {object} GradientCheck
 * @property {Float64Array} computed derivative by each parameter, by backpropagation
 * @property {Float64Array} measured the same by central differences
 * @property {number} relativeError |g - m| / (|g| + |m|) with Euclidean norms, g computed and m
 *     measured; 0 where both are 0
 * @property {"agree" | "rounding" | "differ"} verdict "rounding": the difference is too small to
 *     mean anything, as is the gradient
 */

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
 * Return dcost/dvector by central differences, (f(v+s) - f(v-s)) / 2s, entry by entry.
 *
 * @param {() => number} cost returns the cost at the current values of `vector`
 * @param {Floats} vector (p,) double precision, changed during the measurement and restored
 * @param {number[]} indices the entries to measure
 * @param {number} [step] the step s
 * @returns {Float64Array} one derivative for each index
 */
export function numericalGradient(cost, vector, indices, step = STEP) {
    return Float64Array.from(indices, (i) => {
        const value = vector[i];
        vector[i] = value + step;
        const above = cost();
        vector[i] = value - step;
        const below = cost();
        vector[i] = value;
        return (above - below) / (2 * step);
    });
}

/**
 * Compare a network's gradient with the measured one; the parameters are unchanged after it.
 *
 * A ReLU whose input is closer to 0 than the step has no derivative to measure.
 *
 * @param {Network} network in double precision (`asFloat64`): the rounding errors of single
 *     precision are too large; its gradient is overwritten
 * @param {Floats} x (n, d)
 * @param {Floats} targets (n, k)
 * @param {number[]} indices the parameters to check, by their place in the flat vector
 * @param {(network: Network, x: Floats, targets: Floats) => Floats} [gradientOf] (p,); another
 *     gradient than backpropagation's is checked in the same way
 * @returns {GradientCheck}
 */
export function checkGradient(network, x, targets, indices, gradientOf = backpropagated) {
    if (network.dtype !== Float64Array) {
        throw new RangeError("a gradient check needs a network in double precision");
    }
    const gradient = gradientOf(network, x, targets);
    const computed = Float64Array.from(indices, (i) => gradient[i]);
    const cost = () => network.meanLoss(x, targets);
    const measured = numericalGradient(cost, network.parameters, indices);
    const difference = norm(computed.map((value, i) => value - measured[i]));
    const size = norm(computed) + norm(measured);
    const relativeError = size > 0 ? difference / size : 0;
    const alike = relativeError < AGREEMENT;
    const verdict = alike ? "agree" : difference < ROUNDING ? "rounding" : "differ";
    return { computed, measured, relativeError, verdict };
}

/** @param {Network} network @param {Floats} x @param {Floats} targets @returns {Floats} */
function backpropagated(network, x, targets) {
    network.lossAndGradient(x, targets);
    return network.gradient;
}

/** @param {Floats} values @returns {number} */
function norm(values) {
    let squares = 0;
    for (const value of values) squares += value * value;
    return Math.sqrt(squares);
}
