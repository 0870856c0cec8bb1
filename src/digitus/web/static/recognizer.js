/** Recognize a single digit: from one drawing or patch to one `Prediction`. */

import { makePatch } from "./imaging/patch.js";
import { holdsSeveral } from "./several_digits.js";

/** @typedef {import("./imaging/preprocessing.js").Preprocessed} Preprocessed */
/** @typedef {import("./models/model.js").Model} Model */

/**
 * @typedef {object} Prediction
 * @property {"digit" | "blank" | "not_a_digit" | "several_digits"} verdict
 * @property {number | null} digit 0 to 9; null unless the verdict is "digit"
 * @property {number | null} confidence calibrated probability that the image is a digit and
 *     `bestGuess` the right one; null for a blank
 * @property {number | null} bestGuess the likeliest digit, also if it was declined
 * @property {number | null} pDigit calibrated probability that the image is a digit at all
 * @property {{digit: number, probability: number} | null} runnerUp the second likeliest digit
 * @property {number[] | null} probabilities of the digits 0 to 9, given that the image is a digit;
 *     they sum to one
 * @property {Float32Array | null} patch (784) the input of the network, 0 paper to 1 full ink
 * @property {boolean} tooDoubtful whether it passed for a digit but was declined for its low
 *     confidence
 */

/** @type {Prediction} */
const BLANK = {
    verdict: "blank",
    digit: null,
    confidence: null,
    bestGuess: null,
    pDigit: null,
    runnerUp: null,
    probabilities: null,
    patch: null,
    tooDoubtful: false,
};

/** The largest number below 1: rounding alone makes a network's probability 1. */
const ALMOST_ONE = 1 - 2 ** -53;

/** Reads single digits with one model. */
export class Recognizer {
    /**
     * @param {Model} model
     * @param {object} [options]
     * @param {number} [options.minConfidence] answers with a lower confidence are declined: their
     *     verdict is "not_a_digit" and their digit null; `bestGuess` keeps the digit
     */
    constructor(model, { minConfidence = 0 } = {}) {
        if (!(minConfidence >= 0 && minConfidence <= 1)) {
            throw new RangeError(`a confidence lies in 0 to 1; got ${minConfidence}`);
        }
        this.model = model;
        this.minConfidence = minConfidence;
    }

    /**
     * Read a patch.
     *
     * @param {Float32Array | null} patch (784) 0 paper to 1 full ink; null for a blank
     * @returns {Prediction}
     */
    predictPatch(patch) {
        if (!patch || patch.every((value) => value === 0)) return { ...BLANK };
        const { probabilities, pDigit } = this.model.classify(patch);
        return this.decide([...probabilities], pDigit[0], patch);
    }

    /**
     * Read the patch of an image or a drawing, unless the writing around it is several digits.
     *
     * @param {Preprocessed} preprocessed
     * @returns {Prediction}
     */
    predict({ patch, writing, isAlone }) {
        const found = this.predictPatch(patch);
        if (found.verdict === "blank" || !writing) return found;
        const whole = isAlone ? found : this.predictPatch(makePatch(writing));
        if (!holdsSeveral(this.model, writing, whole.confidence ?? 0)) return found;
        return { ...whole, verdict: "several_digits", digit: null, tooDoubtful: false };
    }

    /**
     * Return the likeliest digit, or decline it by the threshold or the confidence.
     *
     * @param {number[]} probabilities (10)
     * @param {number} pDigit
     * @param {Float32Array} patch
     * @returns {Prediction}
     */
    decide(probabilities, pDigit, patch) {
        probabilities = probabilities.map((p) => Math.min(p, ALMOST_ONE));
        const order = probabilities.map((_, digit) => digit);
        const [best, second] = order.sort((a, b) => probabilities[b] - probabilities[a]);
        const confidence = probabilities[best] * pDigit;
        const passes = pDigit >= this.model.digitThreshold;
        const isConfident = confidence >= this.minConfidence;
        const isAccepted = passes && isConfident;
        return {
            verdict: isAccepted ? "digit" : "not_a_digit",
            digit: isAccepted ? best : null,
            confidence,
            bestGuess: best,
            pDigit,
            runnerUp: { digit: second, probability: probabilities[second] },
            probabilities,
            patch,
            tooDoubtful: passes && !isConfident,
        };
    }
}
