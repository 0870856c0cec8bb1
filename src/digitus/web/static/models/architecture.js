/** The architecture of a network as JSON, which the model file stores beside the weights. */

import { LeakyReLU, ReLU, Sigmoid, Tanh } from "../engine/activations.js";
import { BatchNormalization } from "../engine/batch_normalization.js";
import { Convolution, MaxPooling } from "../engine/convolution.js";
import { Dense, Dropout, InputBias } from "../engine/layers.js";
import { SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy } from "../engine/losses.js";
import { Network } from "../engine/network.js";

/** @typedef {import("../engine/layers.js").Layer} Layer */
/** @typedef {import("../engine/losses.js").Loss} Loss */

/** @typedef {Record<string, any> & {kind: string}} Part a layer or a loss with its options */
/**
 * @typedef {object} Architecture
 * @property {number} inputs
 * @property {Part[]} layers
 * @property {Part} loss
 * @property {string} dtype "float32" or "float64"
 */

/** @type {Record<string, import("../engine/arrays.js").FloatType>} */
const DTYPES = { float32: Float32Array, float64: Float64Array };
const MOST_LAYERS = 1000; // as in Python; the shipped networks have up to 20
const MOST_VALUES = 2 ** 26; // of one option: no width of a network that a browser can compute

/**
 * @template T
 * @typedef {{options: string[], make: (options: any) => T}} Maker
 */

/** @type {Record<string, Maker<Layer>>} */
const LAYERS = {
    batch_normalization: { options: ["shape"], make: (options) => new BatchNormalization(options) },
    convolution: {
        options: ["channels", "shape", "size", "padding"],
        make: ({ channels, ...others }) => new Convolution(channels, others),
    },
    dense: { options: ["width"], make: ({ width }) => new Dense(width) },
    dropout: { options: ["share"], make: ({ share }) => new Dropout(share) },
    input_bias: { options: [], make: () => new InputBias() },
    leaky_relu: { options: ["slope"], make: ({ slope }) => new LeakyReLU(slope) },
    max_pooling: { options: ["shape", "size"], make: (options) => new MaxPooling(options) },
    relu: { options: [], make: () => new ReLU() },
    sigmoid: { options: [], make: () => new Sigmoid() },
    tanh: { options: [], make: () => new Tanh() },
};

/** @type {Record<string, Maker<Loss>>} */
const LOSSES = {
    sigmoid_binary_cross_entropy: {
        options: ["exclusive"],
        make: (options) => new SigmoidBinaryCrossEntropy(options),
    },
    softmax_cross_entropy: {
        options: ["label_smoothing"],
        make: (options) => new SoftmaxCrossEntropy(options.label_smoothing),
    },
};

const SHARES = ["share", "slope", "label_smoothing"];

/**
 * Return inputs, layers and loss with their options.
 *
 * @param {Network} network
 * @returns {Architecture}
 */
export function describe(network) {
    return {
        inputs: network.nInputs,
        layers: network.layers.map((layer) => ({ kind: layer.kind, ...layer.options() })),
        loss: { kind: network.loss.kind, ...network.loss.options() },
        dtype: network.dtype === Float64Array ? "float64" : "float32",
    };
}

/**
 * Make a network from the output of `describe`, its parameters zero.
 *
 * @param {any} description
 * @returns {Network}
 * @throws {RangeError} if the description is incomplete or names unknown layers
 */
export function build(description) {
    const { inputs, layers, loss, dtype } = description ?? {};
    if (!Object.hasOwn(DTYPES, dtype)) {
        throw new RangeError(`a network of ${dtype}; float32 and float64 are known`);
    }
    if (!isSize(inputs) || !Array.isArray(layers)) {
        throw new RangeError("the architecture has no inputs or no layers");
    }
    if (layers.length > MOST_LAYERS) throw new RangeError(`more than ${MOST_LAYERS} layers`);
    return new Network(
        inputs,
        layers.map((layer) => made(LAYERS, layer)),
        { loss: made(LOSSES, loss), dtype: DTYPES[dtype] },
    );
}

/**
 * @template T
 * @param {Record<string, Maker<T>>} makers
 * @param {any} description
 * @returns {T}
 */
function made(makers, description) {
    const { kind, ...options } = description ?? {};
    if (!Object.hasOwn(makers, kind)) throw new RangeError(`"${kind}" is not known here`);
    const maker = makers[kind];
    for (const [name, value] of Object.entries(options)) {
        if (!maker.options.includes(name) || !isValid(name, value)) {
            throw new RangeError(`${kind} with ${name} ${JSON.stringify(value)}`);
        }
    }
    return maker.make(options);
}

/**
 * @param {string} name of an option
 * @param {any} value
 */
function isValid(name, value) {
    if (name === "exclusive") return typeof value === "boolean";
    if (SHARES.includes(name)) return typeof value === "number";
    return Array.isArray(value) ? value.length > 0 && value.every(isSize) : isSize(value);
}

/** @param {any} value */
function isSize(value) {
    return Number.isInteger(value) && value >= 0 && value <= MOST_VALUES;
}

/**
 * Return the widths of a network, such as "784-128-64-10".
 *
 * A convolution is written with its number of filters, such as "24c".
 *
 * @param {Network} network
 * @returns {string}
 */
export function title(network) {
    const widths = network.layers.flatMap((layer) => {
        const { width, channels } = layer.options();
        if (layer.kind === "dense") return [`${width}`];
        return layer.kind === "convolution" ? [`${channels}c`] : [];
    });
    return [network.nInputs, ...widths].join("-");
}
