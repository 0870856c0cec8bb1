/** Preprocessing: from strokes or an image file to the network's 28 x 28 input. */

import { digitInk } from "./ink/digit_ink.js";
import { openImage } from "./opening/image_file.js";
import { isBlank, makePatch } from "./patch.js";
import { renderStrokes } from "./strokes.js";

/** @typedef {import("./arrays.js").Raster} Raster */
/** @typedef {import("./strokes.js").Drawing} Drawing */

const DIGIT_IMAGE_PX = 512; // long side; a digit needs no more, and a photo has far more

/**
 * Return the patch of a drawing.
 *
 * @param {Drawing} drawing
 * @returns {Float32Array | null} (784) 0 paper to 1 full ink; null where nothing is drawn
 */
export function patchOfDrawing(drawing) {
    const ink = renderStrokes(drawing);
    return isBlank(ink) ? null : makePatch(ink);
}

/**
 * Return the patch of a grey image of one digit.
 *
 * @param {Raster} grey 0 black to 1 white
 * @returns {Float32Array | null} (784) 0 paper to 1 full ink; null for a blank
 */
function patchOfGrey(grey) {
    const ink = digitInk(grey);
    return isBlank(ink) ? null : makePatch(ink);
}

/**
 * Return the patch of an image file: dropped, pasted, chosen or photographed.
 *
 * @param {Blob} file
 * @returns {Promise<{patch: Float32Array | null, preview: HTMLCanvasElement}>} the patch, null for
 *     a blank; and the image as it is shown, upright, its long side at most 512 px
 * @throws {DigitusError} if it is empty, damaged, not an image, too small or too large
 */
export async function patchOfFile(file) {
    const { grey, preview } = await openImage(file, DIGIT_IMAGE_PX);
    return { patch: patchOfGrey(grey), preview };
}
