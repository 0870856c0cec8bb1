/** Which of many numbers a step of the walk shows, and how it says so. */

import { countText } from "../../ui/numbers.js";

/** @typedef {import("../stages.js").Stage} Stage */
/** @typedef {import("../stages.js").Unit} Unit */

/** Rows of a step's table: it then is as high as the formulas and images beside it on a desk. */
export const MOST_ROWS = 8;
/** Terms of a sum in one line: on a phone of 360 px they take three lines. */
export const MOST_TERMS = 3;
/** Weights of each layer in the table of the update: a network of six layers has 18 rows. */
export const MOST_UPDATES = 3;

/**
 * Return the units that the table of a step shows: all of the output, else those of largest size.
 *
 * @param {Stage} stage
 * @param {(unit: Unit) => number} size
 * @returns {Unit[]} the largest first; those of the output in their order
 */
export function shownUnits(stage, size) {
    const units = Array.from({ length: stage.nUnits }, (_, i) => stage.unit(i));
    if (stage.isOutput) return units;
    return units.sort((one, other) => size(other) - size(one)).slice(0, MOST_ROWS);
}

/**
 * Say which of many rows a table shows.
 *
 * @param {number} shown number of rows
 * @param {number} n of how many
 * @param {string} noun in the singular, such as "unit"
 * @param {string} order what they are ordered by
 * @returns {string} such as "The 8 of 24 filters with the largest activation."; empty if all are
 *     shown
 */
export function shownNote(shown, n, noun, order) {
    return shown < n ? `The ${shown} of ${countText(n, noun)} with the ${order}.` : "";
}
