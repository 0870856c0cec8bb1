/**
 * Whether writing holds more than one digit, as far as the model of single digits shows it.
 *
 * Python asks the sequence network as well (`recognizer/several_digits.py`); it is too large for
 * this page. The evidence is that of `recognizer/split_evidence.py`.
 */

import { largest, mapped, part } from "./imaging/arrays.js";
import { cropped } from "./imaging/centering.js";
import { labelComponents } from "./imaging/ink/components.js";
import { makePatch } from "./imaging/patch.js";
import { CLASSES, SIDE_PX } from "./sizes.js";

/** @typedef {import("./imaging/arrays.js").Raster} Ink */
/** @typedef {import("./models/model.js").Model} Model */

/**
 * Parameters of the evidence, as in Python's `SplitParameters`.
 *
 * faintestEdge: share of the darkest ink below which pixels do not count for the box. inked: least
 * ink of a component's pixels. digitSize: least size of a component, as a share of the largest
 * one's. mostComponents: number of components that are classified. cuts: number of columns at which
 * the writing is divided in two. cutRange: range of these columns, as shares of the width. cutBlur:
 * half of the window over which the ink of columns is averaged, as a share of the width. cutApart:
 * least distance of two cuts. sure: confidence of the whole from which narrow writing is one digit.
 * narrow: width over height up to which writing is narrow.
 */
const SPLIT = {
    faintestEdge: 0.3,
    inked: 0.1,
    digitSize: 0.4,
    mostComponents: 6,
    cuts: 3,
    cutRange: [0.2, 0.8],
    cutBlur: 0.025,
    cutApart: 0.1,
    sure: 0.99,
    narrow: 0.8,
};

/** The decision, fitted by benchmarks/choose_several.py as that of Python, without the network. */
const DECISION = {
    whole: -0.291,
    split: 0.358,
    aspect: 2.148,
    offset: -1.369,
    threshold: 0.616,
    widest: 4,
    least: 1e-4,
};

/**
 * @typedef {object} WritingShape
 * @property {Ink} ink cropped
 * @property {Ink[]} components of a digit's size, the largest first; none where there is only one
 */

/**
 * Return whether writing holds more than one digit.
 *
 * @param {Model} model
 * @param {Ink} writing not blank
 * @param {number} confidence of the model that the whole writing is one digit
 * @returns {boolean}
 */
export function holdsSeveral(model, writing, confidence) {
    const shape = shapeOf(writing);
    if (!mayBeSeveral(shape, confidence)) return false;
    const split = splitConfidence(model, shape);
    const odds =
        DECISION.offset +
        DECISION.whole * logOdds(confidence) +
        DECISION.split * logOdds(split) +
        DECISION.aspect * Math.log(Math.min(aspectOf(shape), DECISION.widest));
    return 1 / (1 + Math.exp(-odds)) >= DECISION.threshold;
}

/**
 * Crop writing and find its components of a digit's size.
 *
 * @param {Ink} writing not blank
 * @returns {WritingShape}
 */
export function shapeOf(writing) {
    const ink = cropped(writing, SPLIT.faintestEdge * largest(writing.values));
    const { width, height, values } = ink;
    const mask = values.map((value) => Number(value >= SPLIT.inked));
    const { labels, components } = labelComponents(mask, width, height);
    const spans = components.map((box) => Math.max(box.right - box.left, box.bottom - box.top));
    const least = SPLIT.digitSize * Math.max(0, ...spans);
    const places = spans
        .map((_, place) => place)
        .filter((place) => spans[place] >= least)
        .sort((a, b) => spans[b] - spans[a])
        .slice(0, SPLIT.mostComponents);
    const alone = places.map((place) => {
        const { left, top, right, bottom } = components[place];
        const own = mapped(ink, (value, i) => (labels[i] === place + 1 ? value : 0));
        return part(own, left, top, right, bottom);
    });
    return { ink, components: alone.length > 1 ? alone : [] };
}

/**
 * Return whether writing is more than one sure, narrow component.
 *
 * @param {WritingShape} shape
 * @param {number} confidence of the model that the whole is one digit
 */
function mayBeSeveral(shape, confidence) {
    const isSure = confidence >= SPLIT.sure && aspectOf(shape) <= SPLIT.narrow;
    return shape.components.length > 0 || !isSure;
}

/**
 * Return how sure the model is of two digits, side by side or as components; 0 if the writing
 * cannot be divided.
 *
 * @param {Model} model
 * @param {WritingShape} shape
 * @returns {number}
 */
export function splitConfidence(model, shape) {
    const inks = [...shape.components, ...halves(shape.ink)];
    if (!inks.length) return 0;
    const patches = new Float32Array(inks.length * SIDE_PX ** 2);
    inks.forEach((ink, i) => patches.set(makePatch(ink), i * SIDE_PX ** 2));
    const { probabilities, pDigit } = model.classify(patches);
    const confidence = inks.map((_, i) => {
        const own = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
        return largest(own) * pDigit[i];
    });
    const n = shape.components.length;
    const found = [0];
    if (n > 1) found.push(confidence.slice(0, n).sort((a, b) => b - a)[1]);
    for (let i = n; i < inks.length; i += 2) {
        found.push(Math.min(confidence[i], confidence[i + 1]));
    }
    return Math.max(...found);
}

/**
 * Divide ink at the columns with least ink; left and right of each, one after the other.
 *
 * @param {Ink} ink
 * @returns {Ink[]}
 */
function halves(ink) {
    const least = SPLIT.faintestEdge * largest(ink.values);
    return cutsOf(ink).flatMap((col) => {
        const left = part(ink, 0, 0, col, ink.height);
        const right = part(ink, col, 0, ink.width, ink.height);
        const isDivided = Math.min(largest(left.values), largest(right.values)) > least;
        return isDivided ? [left, right] : [];
    });
}

/**
 * Return the columns between 20 % and 80 % of the width with least ink, some way apart.
 *
 * @param {Ink} ink
 * @returns {number[]}
 */
function cutsOf(ink) {
    const { width, height, values } = ink;
    const profile = new Float64Array(width);
    for (let i = 0; i < width * height; i++) profile[i % width] += values[i];
    const [low, high] = SPLIT.cutRange.map((share) => Math.floor(share * width));
    const first = Math.max(1, low);
    const score = averaged(profile, Math.floor(SPLIT.cutBlur * width)).slice(first, high + 1);
    const apart = Math.floor(SPLIT.cutApart * width);
    /** @type {number[]} */
    const cuts = [];
    while (cuts.length < SPLIT.cuts && score.some(Number.isFinite)) {
        let place = 0;
        for (let i = 1; i < score.length; i++) if (score[i] < score[place]) place = i;
        cuts.push(first + place);
        score.fill(Infinity, Math.max(0, place - apart), place + apart + 1);
    }
    return cuts;
}

/**
 * Return the means over windows of 2 * reach + 1 values; nothing lies beyond the ends.
 *
 * @param {Float64Array} profile
 * @param {number} reach
 * @returns {Float64Array}
 */
function averaged(profile, reach) {
    return profile.map((_, i) => {
        const window = profile.subarray(Math.max(0, i - reach), i + reach + 1);
        return window.reduce((sum, value) => sum + value, 0) / (2 * reach + 1);
    });
}

/** @param {WritingShape} shape */
function aspectOf(shape) {
    return shape.ink.width / shape.ink.height;
}

/**
 * Return log(p / (1 - p)), of a p that is cut off near 0 and 1.
 *
 * @param {number} probability
 */
function logOdds(probability) {
    const p = Math.min(Math.max(probability, DECISION.least), 1 - DECISION.least);
    return Math.log(p / (1 - p));
}
