/** Everything that a model computes for one patch, and what raises or lowers its answer. */

import { asFloat64 } from "../engine/gradient_check.js";
import { derivatives, layerOutputs } from "../engine/inspection.js";
import { DigitusError } from "../errors.js";
import { PIXELS } from "../sizes.js";
import { stagesOf } from "./stages.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("../models/model.js").Model} Model */
/** @typedef {import("./stages.js").Stage} Stage */

const FULL_INK = 255;

/**
 * @typedef {object} Inside
 * @property {Model} model
 * @property {Network} network the model's in Float64: a copy, for this room alone
 * @property {Float32Array} patch (784,) 0 paper to 1 full ink
 * @property {Floats} x (784,) normalized
 * @property {Floats[]} values x, the output of each layer, the probabilities
 * @property {Stage[]} stages from the pixels to the output
 * @property {number} answer index of the output that is explained
 * @property {Floats[]} valueGradients derivatives of the answer's logit by `values` but the last
 * @property {Float64Array} gradient (784,) derivative of the answer's logit by each pixel's ink
 * @property {boolean} paperIsZero whether paper is 0 in the inputs of the first stage
 */

/**
 * Return a copy of a model's network to look into.
 *
 * @param {Model} model
 * @returns {Network} in Float64
 * @throws {DigitusError} if it is not one of 784 pixels
 */
export function openNetwork(model) {
    if (model.network.nInputs !== PIXELS) {
        throw new DigitusError(
            `${model.name}: only networks of 784 pixels can be shown, ` +
                `not of ${model.network.nInputs}; choose another.`,
        );
    }
    return asFloat64(model.network);
}

/**
 * Compute a model on a patch and keep the values of all layers.
 *
 * @param {Model} model
 * @param {Network} network of `openNetwork`
 * @param {Float32Array} patch (784,) 0 paper to 1 full ink
 * @param {number} answer index of the output to explain
 * @returns {Inside}
 */
export function lookInside(model, network, patch, answer) {
    const [paper, full] = model.normalizer.apply(Float64Array.of(0, FULL_INK), new Float64Array(2));
    const x = model.normalizer.apply(
        Float64Array.from(patch, (ink) => ink * FULL_INK),
        new Float64Array(PIXELS),
    );
    const values = forward(network, x);
    const logits = values[values.length - 2];
    const outputs = values.slice(1, -1);
    const valueGradients = derivatives(network, x, outputs, oneHot(answer, logits.length));
    return {
        model,
        network,
        patch,
        x,
        values,
        answer,
        valueGradients,
        stages: stagesOf(network, values),
        gradient: Float64Array.from(valueGradients[0], (grad) => grad * (full - paper)), // by ink
        paperIsZero: paper === 0 && network.layers[0].kind !== "input_bias",
    };
}

/**
 * Return the values of a pass: the input, the output of each layer, the probabilities.
 *
 * @param {Network} network
 * @param {Floats} x (d,)
 * @returns {Floats[]}
 */
export function forward(network, x) {
    const outputs = layerOutputs(network, x);
    const logits = outputs[outputs.length - 1];
    const probabilities = new Float64Array(logits.length);
    network.loss.probabilities(logits, probabilities, 1, logits.length);
    return [x, ...outputs, probabilities];
}

/**
 * Return a row of zeros with a one.
 *
 * @param {number} index
 * @param {number} k
 * @returns {Float64Array} (k,)
 */
export function oneHot(index, k) {
    const row = new Float64Array(k);
    row[index] = 1;
    return row;
}
