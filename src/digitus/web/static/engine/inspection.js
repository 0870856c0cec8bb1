/** Activations and gradients inside a network. */

import { allocate } from "./arrays.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./network.js").Network} Network */

/**
 * Return the outputs of every layer for rows, without dropout.
 *
 * @param {Network} network
 * @param {Floats} x (n, d)
 * @returns {Floats[]} (n, h_i) each, new arrays
 */
export function layerOutputs(network, x) {
    const work = network.newWorkspace(network.countRows(x));
    network.forward(x, work);
    return work.outputs;
}

/**
 * Propagate derivatives from the logits to the input (backpropagation).
 *
 * `network.gradient` holds the derivatives by the parameters afterwards.
 *
 * @param {Network} network used as in inference, without dropout
 * @param {Floats} x (n, d)
 * @param {Floats[]} outputs of `layerOutputs` for x
 * @param {Floats} gradLogits (n, k) derivative by each logit
 * @returns {Floats[]} derivatives by x (n, d) and by the output of each layer (n, h_i)
 */
export function derivatives(network, x, outputs, gradLogits) {
    const { layers } = network;
    const values = [x, ...outputs];
    const found = values.map((rows) => allocate(network.dtype, rows.length));
    found[layers.length] = gradLogits;
    network.gradient.fill(0);
    const n = network.countRows(x);
    for (let i = layers.length - 1; i >= 0; i--) {
        layers[i].backward(values[i], values[i + 1], found[i + 1], found[i], n);
    }
    return found;
}

/**
 * Return the derivative of one logit by the inputs.
 *
 * This is the saliency of Simonyan, Vedaldi and Zisserman (2013, section 3), with its sign.
 *
 * @param {Network} network used as in inference, without dropout; its gradient is overwritten
 * @param {Floats} x (n, d)
 * @param {number} unit index of the logit, 0 to k - 1
 * @returns {Floats} (n, d)
 */
export function inputGradient(network, x, unit) {
    const k = network.nOutputs;
    if (!(unit >= 0 && unit < k)) {
        throw new RangeError(`the outputs are 0 to ${k - 1}; got ${unit}`);
    }
    const gradLogits = allocate(network.dtype, network.countRows(x) * k);
    for (let i = unit; i < gradLogits.length; i += k) gradLogits[i] = 1;
    return derivatives(network, x, layerOutputs(network, x), gradLogits)[0];
}

/**
 * Return the Euclidean norms of the network's gradient, one for each layer with parameters.
 *
 * @param {Network} network
 * @returns {{layer: number, norm: number}[]}
 */
export function gradientNorms(network) {
    /** @type {Map<number, number>} */
    const squares = new Map();
    for (const { layer, gradient } of network.namedParameters()) {
        let sum = squares.get(layer) ?? 0;
        for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i];
        squares.set(layer, sum);
    }
    return [...squares].map(([layer, square]) => ({ layer, norm: Math.sqrt(square) }));
}
