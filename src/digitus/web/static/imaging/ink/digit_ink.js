/**
 * The ink of one digit in an image: extracted, without specks and neighbors.
 *
 * Ruled and squared lines are left in, unlike in Python: a digit that stands on one may be misread.
 */

import { emptyRaster, largest, part, placed } from "../arrays.js";
import { isLaidOut } from "../centering.js";
import { noise } from "../levels.js";
import { darknessOfDigitImage } from "./darkness.js";
import { digitComponents } from "./digit_components.js";
import { CLEAN_DIGIT, DIGIT, extractInk, smoothed } from "./extractor.js";
import { insideFrame } from "./paper.js";
import { withoutPattern } from "./pattern.js";

/** @typedef {import("../arrays.js").Raster} Raster */
/** @typedef {import("./digit_components.js").Selection} Selection */
/** @typedef {import("./darkness.js").Darkness} Darkness */

/** Number of inked pixels below which noise left them; the same for a drawing without noise. */
const BLANK = { leastInkedPx: 8, leastInkedCleanPx: 3 };

/**
 * Extract the ink of the digit in an image; inverting the image does not change the ink.
 *
 * A drawing on paper of exactly one tone that has MNIST's layout already keeps its values.
 *
 * @param {Raster} grey
 * @returns {Selection} ink of the digit, and of the writing
 */
export function digitInk(grey) {
    const { left, top, right, bottom } = insideFrame(grey);
    const found = selectInk(darknessOfDigitImage(part(grey, left, top, right, bottom)));
    const digit = placed(found.digit, grey.width, grey.height, left, top);
    if (found.writing === found.digit) return { digit, writing: digit };
    return { digit, writing: placed(found.writing, grey.width, grey.height, left, top) };
}

/**
 * @param {Darkness} found
 * @returns {Selection}
 */
function selectInk(found) {
    const { raster, isClean } = found;
    const blank = emptyRaster(raster.width, raster.height);
    if (isClean && isLaidOut(raster)) {
        const ink = largest(raster.values) > DIGIT.faintestContrast ? raster : blank;
        return { digit: ink, writing: ink };
    }
    let darkness = found;
    const bare = withoutPattern(raster);
    if (bare !== raster) {
        // Most noise went with the pattern.
        darkness = { ...found, raster: bare, noise: isClean ? 0 : noise(bare) };
    }
    darkness = smoothed(darkness, DIGIT);
    const ink = extractInk(darkness, isClean ? CLEAN_DIGIT : DIGIT);
    const isInked = ink.values.some((value) => value > 0);
    const selected = isInked ? digitComponents(ink) : { digit: ink, writing: ink };
    const inkedPx = selected.digit.values.reduce((n, value) => n + Number(value > 0), 0);
    const leastPx = isClean ? BLANK.leastInkedCleanPx : BLANK.leastInkedPx;
    return inkedPx >= leastPx ? selected : { digit: blank, writing: blank };
}
