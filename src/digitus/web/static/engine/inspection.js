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
 * Return the derivative of one logit by the inputs.
 *
 * This is the saliency of Simonyan, Vedaldi and Zisserman (2013, section 3), with its sign. It is
 * computed on a replica: the network's own gradient stays as it is.
 *
 * @param {Network} network used as in inference, without dropout
 * @param {Floats} x (n, d)
 * @param {number} unit index of the logit, 0 to k - 1
 * @returns {Floats} (n, d)
 */
export function inputGradient(network, x, unit) {
    const k = network.nOutputs;
    if (!(unit >= 0 && unit < k)) {
        throw new RangeError(`the network has the outputs 0 to ${k - 1}; got ${unit}`);
    }
    const n = network.countRows(x);
    const replica = network.replica();
    const work = replica.newWorkspace(n);
    work.prepareBackward();
    replica.forward(x, work);
    const logitsGrad = work.gradients[work.gradients.length - 1];
    for (let r = 0; r < n; r++) logitsGrad[r * k + unit] = 1;
    const inputs = [x, ...work.outputs];
    const gradients = [allocate(network.dtype, x.length), ...work.gradients];
    for (let i = replica.layers.length - 1; i >= 0; i--) {
        const [input, output] = [inputs[i], inputs[i + 1]];
        replica.layers[i].backward(input, output, gradients[i + 1], gradients[i], n);
    }
    return gradients[0];
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
