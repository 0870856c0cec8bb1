/** The formulas of a step of learning, in plain notation, and with the numbers of one unit. */

import { numberText, preciseText } from "../../ui/numbers.js";

/** @typedef {import("../../engine/layers.js").Layer} Layer */

/**
 * @typedef {object} Formula
 * @property {string} forward from the inputs x to the outputs y of a layer
 * @property {string} backward from dL/dy to dL/dx
 * @property {string} text what it means
 * @property {string} back what its backward step means
 */

const OUTPUT_BACK =
    "The gradient of a score is the output minus the target t: 1 for what it should be, else 0.";

/** @type {Record<string, Formula>} by kind of layer; parameters at rest are numbers in them */
const FORMULAS = {
    relu: {
        forward: "a = max(0, z)",
        backward: "dL/dz = dL/da where z > 0, else 0",
        text: "Negative sums become 0: the unit is off.",
        back: "A unit that is off learns nothing from this image.",
    },
    leaky_relu: {
        forward: "a = z where z > 0, else slope × z",
        backward: "dL/dz = dL/da where z > 0, else slope × dL/da",
        text: "Negative sums are scaled down, not cut off.",
        back: "Below zero, only a part of the gradient passes.",
    },
    tanh: {
        forward: "a = tanh(z)",
        backward: "dL/dz = dL/da × (1 − a²)",
        text: "Every sum is squeezed into −1 to 1.",
        back: "Where a is close to −1 or 1, hardly any gradient passes.",
    },
    sigmoid: {
        forward: "a = 1 / (1 + e^(−z))",
        backward: "dL/dz = dL/da × a × (1 − a)",
        text: "Every sum is squeezed into 0 to 1.",
        back: "At most a quarter of the gradient passes; close to 0 or 1, hardly any.",
    },
    max_pooling: {
        forward: "y = the largest x of each field",
        backward: "dL/dx = dL/dy at the largest x of each field, else 0",
        text: "The map becomes smaller; only the strongest place of each field counts.",
        back: "Only the place that won receives a gradient.",
    },
    batch_normalization: {
        forward: "y = scale × (x − mean) / √(variance + 0.00001) + shift",
        backward: "dL/dx = dL/dy × scale / √(variance + 0.00001)",
        text: "Each channel is brought to one range, with the averages kept from training.",
        back: "The averages stay as they are in this step.",
    },
    input_bias: {
        forward: "y = tanh(x + bias)",
        backward: "dL/dbias = dL/dy × (1 − y²)",
        text: "Each pixel has a bias of its own.",
        back: "Each pixel's bias gets its gradient.",
    },
    dense: {
        forward: "z = x₁ × w₁ + x₂ × w₂ + … + bias",
        backward: "dL/dw = x × dL/dz,  dL/dbias = dL/dz",
        text: "Each unit adds up its inputs, each times its weight.",
        back: "A weight's gradient is its input times that of the sum: no input, no change.",
    },
    convolution: {
        forward: "z = x₁ × w₁ + x₂ × w₂ + … + bias, at every place of the image",
        backward: "dL/dw = sum of x × dL/dz over all places,  dL/dbias = sum of dL/dz",
        text: "Each filter moves over the image and adds up what it covers, each times its weight.",
        back: "A filter's weights learn from all places at once.",
    },
    softmax: {
        forward: "pᵢ = e^(zᵢ) / (e^(z₀) + e^(z₁) + …)",
        backward: "dL/dz = p − t",
        text: "The scores become probabilities that sum to 1.",
        back: OUTPUT_BACK,
    },
    sigmoid_output: {
        forward: "pᵢ = 1 / (1 + e^(−zᵢ))",
        backward: "dL/dz = p − t",
        text: "Each score becomes a number from 0 to 1 by itself; they need not sum to 1.",
        back: OUTPUT_BACK,
    },
};

/**
 * Return the formula of a layer, or of the output function.
 *
 * @param {string} kind
 * @param {boolean} [isOutput]
 * @returns {Formula}
 */
export function formulaOf(kind, isOutput = false) {
    return FORMULAS[isOutput && kind === "sigmoid" ? "sigmoid_output" : kind];
}

/**
 * Return the formula of a loss for one image.
 *
 * @param {string} kind
 * @returns {string}
 */
export function lossFormula(kind) {
    return kind.startsWith("softmax")
        ? "L = −(t₀ × log p₀ + t₁ × log p₁ + …)"
        : "L = −(t₀ × log p₀ + (1 − t₀) × log(1 − p₀) + t₁ × log p₁ + …)";
}

/**
 * Write a layer without weights with numbers.
 *
 * @param {string} kind of the layer, or of the output function
 * @param {number} before value before it
 * @param {number} after value after it
 * @param {Layer | undefined} layer undefined for the output function
 * @param {number} channel
 * @returns {string} such as "max(0, 1.270) = 1.270"
 */
export function writtenForward(kind, before, after, layer, channel) {
    const [z, a] = [before, after].map(numberText);
    switch (kind) {
        case "relu":
            return `max(0, ${z}) = ${a}`;
        case "leaky_relu":
            return before > 0 ? `${z} = ${a}` : `${layer?.options().slope} × ${z} = ${a}`;
        case "tanh":
            return `tanh(${z}) = ${a}`;
        case "sigmoid":
            return `1 / (1 + e^(−${bracketed(before)})) = ${a}`;
        case "softmax":
            return softmaxLine(before, after);
        case "batch_normalization":
            return normalizationLine(z, a, /** @type {any} */ (layer), channel);
        default:
            return `the largest of its field, ${z}, stays: ${a}`;
    }
}

/**
 * Write the backward step of a layer without weights with numbers.
 *
 * @param {string} kind of the layer
 * @param {number} before dL/dy
 * @param {number} after dL/dx
 * @param {{x: number, y: number}} passed value before and after the layer in the forward pass
 * @param {Layer} layer
 * @param {number} channel
 * @returns {string} such as "−0.061 × 1 = −0.061"
 */
export function writtenBackward(kind, before, after, { x, y }, layer, channel) {
    const [grad, found, a] = [before, after, y].map(numberText);
    switch (kind) {
        case "relu":
            return `z = ${numberText(x)}, so ${grad} × ${x > 0 ? 1 : 0} = ${found}`;
        case "leaky_relu":
            return leakyLine(x, grad, found, Number(layer.options().slope));
        case "tanh":
            return `${grad} × (1 − ${bracketed(y)}²) = ${found}`;
        case "sigmoid":
            return `${grad} × ${a} × (1 − ${a}) = ${found}`;
        case "batch_normalization": {
            const { scale, variance } = /** @type {any} */ (layer);
            const [factor, spread] = [scale[channel], variance[channel]].map(digitsText);
            return `${grad} × ${factor} / √(${spread} + 0.00001) = ${found}`;
        }
        default:
            return `the largest of its field takes all: ${found}`;
    }
}

/**
 * Write the gradient back through leaky ReLU with numbers.
 *
 * @param {number} x
 * @param {string} grad
 * @param {string} found
 * @param {number} slope
 */
function leakyLine(x, grad, found, slope) {
    return `z = ${numberText(x)}, so ${grad} × ${x > 0 ? 1 : slope} = ${found}`;
}

/**
 * Write softmax with numbers.
 *
 * @param {number} z
 * @param {number} p
 */
function softmaxLine(z, p) {
    const sum = Math.exp(z) / p; // of all e^z
    const shown = Number.isFinite(sum) ? numberText(sum) : "(e^(z₀) + e^(z₁) + …)";
    return `e^(${numberText(z)}) / ${shown} = ${numberText(p)}`;
}

/**
 * Write batch normalization with numbers.
 *
 * @param {string} x
 * @param {string} y
 * @param {Record<"scale" | "shift" | "mean" | "variance", Float64Array>} layer
 * @param {number} channel
 */
function normalizationLine(x, y, { scale, shift, mean, variance }, channel) {
    const [factor, spread] = [scale[channel], variance[channel]].map(digitsText);
    const quotient = `(${x} − ${bracketed(mean[channel])}) / √(${spread} + 0.00001)`;
    return `${factor} × ${quotient} + ${numberText(shift[channel])} = ${y}`;
}

/**
 * Write a number with four digits.
 *
 * @param {number} value often small, and a divisor
 */
function digitsText(value) {
    return preciseText(value, 4);
}

/**
 * Write a number, in brackets if it is negative.
 *
 * @param {number} value
 */
function bracketed(value) {
    return value < 0 ? `(${numberText(value)})` : numberText(value);
}
