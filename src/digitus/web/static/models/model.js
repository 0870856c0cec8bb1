/** A model: a trained network with its normalizer, calibration and record. */

import { CLASSES } from "../sizes.js";

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./normalizer.js").Normalizer} Normalizer */

/**
 * @typedef {object} Classification
 * @property {Float64Array} probabilities (n, 10) calibrated, of the digits given that it is one;
 *     each row's sum is 1
 * @property {Float64Array} pDigit (n) calibrated probability that it is a digit at all; 1 for
 *     networks without the eleventh class
 */

/**
 * @typedef {object} ErrorCurve risk-coverage curve on held-out digits, as in the model file
 * @property {number} n
 * @property {number[]} confidence
 * @property {number[]} kept
 */

const FULL_INK = 255;
const TINY = 2 ** -1022; // smallest normal number in double precision

/** A network, the normalizer fitted on its training rows, and its calibration. */
export class Model {
    /**
     * @param {object} parts
     * @param {string} parts.name a shipped name, that of the file, or that of a training run
     * @param {Network} parts.network takes normalized rows (n, 784)
     * @param {Normalizer} parts.normalizer of pixels 0 to 255
     * @param {number} [parts.temperature] divides the logits (Guo et al. 2017, eq. 9)
     * @param {number} [parts.digitThreshold] a patch whose `pDigit` is lower is not a digit
     * @param {Record<string, any>} [parts.record] how it was trained and what it scored
     * @param {ErrorCurve | null} [parts.errors] null if no digits were held out
     * @throws {RangeError} if temperature or threshold is out of range
     */
    constructor(parts) {
        const { temperature = 1, digitThreshold = 0 } = parts;
        if (!(Number.isFinite(temperature) && temperature > 0)) {
            throw new RangeError(`the temperature must be finite and above 0, not ${temperature}`);
        }
        if (!(digitThreshold >= 0 && digitThreshold < 1)) {
            throw new RangeError(
                `digit_threshold must be from 0 to below 1, not ${digitThreshold}`,
            );
        }
        this.name = parts.name;
        this.network = parts.network;
        this.normalizer = parts.normalizer;
        this.temperature = temperature;
        this.digitThreshold = digitThreshold;
        this.record = parts.record ?? {};
        this.errors = parts.errors ?? null;
    }

    /**
     * Return what the network is given for patches.
     *
     * @param {Float32Array} patches n x 784, 0 paper to 1 full ink
     * @returns {Float32Array | Float64Array} as long
     */
    input(patches) {
        const pixels = patches.map((value) => value * FULL_INK);
        return this.normalizer.apply(pixels, new this.network.dtype(pixels.length));
    }

    /**
     * Return calibrated probabilities of the digits, and of being a digit at all.
     *
     * Ten sigmoid outputs are independent of each other; they are scaled to sum to one. Where the
     * weights overflow for an image, as in a run that diverges, all digits are equally likely.
     *
     * @param {Float32Array} patches n x 784, 0 paper to 1 full ink
     * @returns {Classification}
     */
    classify(patches) {
        const n = patches.length / this.network.nInputs;
        return this.classifyLogits(this.network.logits(this.input(patches), n), n);
    }

    /**
     * Return calibrated probabilities of logits; see `classify`.
     *
     * @param {ArrayLike<number>} logits (n, k); k is 10, or 11 with the class "not a digit"
     * @param {number} n
     * @returns {Classification}
     */
    classifyLogits(logits, n) {
        const k = this.network.nOutputs;
        const outputs = Float64Array.from(logits, (logit) => logit / this.temperature);
        this.network.loss.probabilities(outputs, outputs, n, k);
        const probabilities = new Float64Array(n * CLASSES);
        const pDigit = new Float64Array(n);
        for (let row = 0; row < n; row++) {
            const of = outputs.subarray(row * k, (row + 1) * k);
            if (!of.every(Number.isFinite)) of.fill(1);
            let total = 0;
            for (let i = 0; i < k; i++) total += of[i] += TINY; // ten outputs of 0 become 0.1 each
            let written = 0;
            for (let i = 0; i < CLASSES; i++) written += of[i] / total;
            pDigit[row] = k > CLASSES ? written : 1;
            for (let i = 0; i < CLASSES; i++) {
                probabilities[row * CLASSES + i] = of[i] / total / Math.max(written, TINY);
            }
        }
        return { probabilities, pDigit };
    }
}
