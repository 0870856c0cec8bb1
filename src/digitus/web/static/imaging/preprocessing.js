/** Preprocessing: from strokes or an image file to the network's 28 x 28 input. */

import { digitInk } from "./ink/digit_ink.js";
import { openImage } from "./opening/image_file.js";
import { isBlank, makePatch } from "./patch.js";
import { renderStrokes } from "./strokes.js";

/** @typedef {import("./arrays.js").Raster} Raster */
/** @typedef {import("./strokes.js").Drawing} Drawing */

/**
 * @typedef {object} Preprocessed
 * @property {Float32Array | null} patch (784) 0 paper to 1 full ink; null for a blank
 * @property {Raster | null} writing ink of the digit and its neighbors; null for a blank, and where
 *     only the patch is known
 * @property {boolean} isAlone whether there are no neighbors; then the patch is that of the writing
 */

const DIGIT_IMAGE_PX = 512; // long side; a digit needs no more, and a photo has far more

/**
 * Return the patch of a drawing.
 *
 * @param {Drawing} drawing
 * @returns {Float32Array | null} (784) 0 paper to 1 full ink; null where nothing is drawn
 */
export function patchOfDrawing(drawing) {
    return preprocessDrawing(drawing).patch;
}

/**
 * Preprocess a drawing.
 *
 * @param {Drawing} drawing
 * @returns {Preprocessed}
 */
export function preprocessDrawing(drawing) {
    const ink = renderStrokes(drawing);
    return withPatch({ digit: ink, writing: ink });
}

/**
 * Preprocess an image file: dropped, pasted, chosen or photographed.
 *
 * @param {Blob} file
 * @returns {Promise<Preprocessed & {preview: HTMLCanvasElement}>} with the image as it is shown,
 *     upright, its long side at most 512 px
 * @throws {DigitusError} if it is empty, damaged, not an image, too small or too large
 */
export async function preprocessFile(file) {
    const { grey, preview } = await openImage(file, DIGIT_IMAGE_PX);
    return { ...withPatch(digitInk(grey)), preview };
}

/**
 * Make the patch of a digit.
 *
 * @param {{digit: Raster, writing: Raster}} ink
 * @returns {Preprocessed}
 */
function withPatch({ digit, writing }) {
    if (isBlank(digit)) return { patch: null, writing: null, isAlone: true };
    return { patch: makePatch(digit), writing, isAlone: writing === digit };
}
