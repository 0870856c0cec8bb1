/** The stages and units of a network in words; the twin of the window's descriptions. */

import { CLASSES, SIDE_PX } from "../sizes.js";
import { ACTIVATION_NAMES } from "../ui/activation_names.js";
import { countText, numberText } from "../ui/numbers.js";

/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {import("./stages.js").Unit} Unit */

/** @type {Record<string, string>} */
const STEPS = {
    ...ACTIVATION_NAMES,
    batch_normalization: "normalization",
    max_pooling: "pooling",
};

/**
 * Return the titles of the stages; convolutions and hidden layers are counted separately.
 *
 * @param {Stage[]} stages
 * @returns {string[]}
 */
export function stageTitles(stages) {
    let [filters, hidden] = [0, 0];
    return stages.map((stage) => {
        if (stage.isOutput) return "Output";
        return stage.hasMaps ? `Convolution ${++filters}` : `Hidden layer ${++hidden}`;
    });
}

/**
 * Return the name of a step, such as "pooling".
 *
 * @param {string} kind of a layer, or "softmax" or "sigmoid"
 */
export function stepName(kind) {
    return STEPS[kind] ?? kind;
}

/**
 * Return the number of units of a stage and the steps after their sums.
 *
 * @param {Stage} stage
 * @returns {string} such as "24 feature maps of 14 × 14; pooling, normalization, ReLU"
 */
export function stageNote(stage) {
    const [rows, cols, n] = stage.shape;
    const units = stage.hasMaps
        ? `${countText(n, "feature map")} of ${rows} × ${cols}`
        : countText(n, "unit");
    return [units, stage.steps.map(({ kind }) => stepName(kind)).join(", ")]
        .filter(Boolean)
        .join("; ");
}

/**
 * Return how many units of a stage are off, that is, zero for this image.
 *
 * @param {Stage} stage
 * @returns {number}
 */
export function countOff(stage) {
    let n = 0;
    for (let i = 0; i < stage.nUnits; i++) n += Number(isOff(stage, i));
    return n;
}

/**
 * Return whether all activations of a unit are zero.
 *
 * @param {Stage} stage
 * @param {number} index
 * @returns {boolean}
 */
export function isOff(stage, index) {
    for (let i = index; i < stage.activations.length; i += stage.nUnits) {
        if (stage.activations[i] !== 0) return false;
    }
    return true;
}

/**
 * Return the name of a unit; an output is named by its class.
 *
 * @param {Stage} stage
 * @param {number} index
 * @returns {string} such as "Unit 17", "Filter 3", "Output 7"
 */
export function unitName(stage, index) {
    if (stage.isOutput)
        return index < CLASSES ? `Output ${index}` : "Output \u201cnot a digit\u201d";
    return stage.hasMaps ? `Filter ${index}` : `Unit ${index}`;
}

/**
 * Return the name of an output in a sentence.
 *
 * @param {number} index
 * @returns {string} such as "7"
 */
export function className(index) {
    return index < CLASSES ? String(index) : "not a digit";
}

/**
 * Return one line for a unit: its place and its activation.
 *
 * @param {Stage} stage
 * @param {string} title of the stage
 * @param {number} index
 * @returns {string} such as "Hidden layer 1, unit 17, activation 0.830"
 */
export function unitText(stage, title, index) {
    const [name, activation] = [
        unitName(stage, index).toLowerCase(),
        numberText(stage.activation(index)),
    ];
    if (stage.hasMaps) return `${title}, ${name}, largest activation ${activation}`;
    return `${title}, ${name}, activation ${activation}`;
}

/**
 * Return where an input of a stage comes from.
 *
 * @param {Stage[]} stages
 * @param {number} index of the stage
 * @param {number | null} source index among the stage's inputs; null in the padding
 * @returns {string} such as "row 12, col 7", "unit 17", "map 3, row 4, col 5"; numbers stay on the
 *     line of their noun
 */
export function sourceName(stages, index, source) {
    if (source === null) return "outside the image";
    const [, cols, channels] = stages[index].inputShape;
    const place = Math.floor(source / channels);
    const where = placeName(place, cols);
    if (index === 0) return where;
    const before = stages[index - 1];
    return before.hasMaps ? `map\u00a0${source % channels}, ${where}` : `unit ${source}`;
}

/**
 * Return the name of a pixel.
 *
 * @param {number} i index in the patch, 0 to 783
 * @returns {string} such as "row 12, col 7"
 */
export function pixelName(i) {
    return placeName(i, SIDE_PX);
}

/**
 * Return which weight of a unit it is.
 *
 * @param {Stage[]} stages
 * @param {number} index of the stage
 * @param {Unit} unit
 * @param {number} at index of the weight
 * @returns {string} such as "weight of unit 17", "weight at row 0, col 2 of the filter"
 */
export function weightName(stages, index, unit, at) {
    if (!stages[index].hasMaps) return `weight of ${sourceName(stages, index, unit.sources[at])}`;
    const [, cols, channels] = unit.shape;
    const place = Math.floor(at / channels);
    const where = `${placeName(place, cols)} of the filter`;
    return channels > 1 ? `weight at ${where}, map ${at % channels}` : `weight at ${where}`;
}

/**
 * Return the name of a place in an image.
 *
 * @param {number} place row * cols + col
 * @param {number} cols
 */
function placeName(place, cols) {
    return `row\u00a0${Math.floor(place / cols)},\u00a0col\u00a0${place % cols}`;
}
