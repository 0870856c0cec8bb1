/** The width of strokes: measured, and brought into MNIST's range. */

import { emptyRaster, largest, placed } from "./arrays.js";
import { LONG_SIDE_PX } from "./centering.js";
import { distanceTo } from "./distance_transform.js";
import { dilatedBySquare } from "./filters.js";
import { resizedByArea, resizedCubically } from "./resizing.js";

/** @typedef {import("./arrays.js").Raster} Ink */

/**
 * Parameters of the change of stroke widths, as in Python's `StrokeWidthParameters`.
 *
 * thinnestPx, thickestPx: range of the width in the 20 px box; 5 % of MNIST's training images are
 * thinner, 5 % thicker. finePx: long side of the copy whose strokes are changed. leastChangePx:
 * smaller changes on that copy are not made. mostShaved: greatest share of the width removed on
 * either side. inked: share of the darkest ink from which a pixel is ink.
 */
const STROKE_WIDTH = {
    thinnestPx: 1.6,
    thickestPx: 3.6,
    finePx: 160,
    leastChangePx: 0.8,
    mostShaved: 0.2,
    inked: 0.35,
};

/**
 * Return the mean width of the strokes in pixels; 0 without ink.
 *
 * A stroke of length l and width w has the area l w and an outline of length 2 l. That length is
 * the total variation of the ink, the sum of its gradients, however blurred the edge is.
 *
 * @param {Ink} ink
 * @returns {number}
 */
function strokeWidthPx(ink) {
    const { width, height, values } = ink;
    let [area, outline] = [0, 0];
    for (let row = -1; row < height; row++) {
        for (let col = -1; col < width; col++) {
            const here = row >= 0 && col >= 0 ? values[row * width + col] : 0;
            const below = row + 1 < height && col >= 0 ? values[(row + 1) * width + col] : 0;
            const right = row >= 0 && col + 1 < width ? values[row * width + col + 1] : 0;
            if (here === below && here === right) {
                area += here;
                continue;
            }
            area += here;
            outline += Math.sqrt((below - here) ** 2 + (right - here) ** 2);
        }
    }
    return outline > 0 ? (2 * area) / outline : 0;
}

/**
 * Thicken or thin strokes whose width in the patch would be outside of MNIST's range.
 *
 * @param {Ink} crop without margins
 * @returns {Ink} the same ink, or an image of it in another size and with other margins
 */
export function withUsualStrokes(crop) {
    const width = (strokeWidthPx(crop) * LONG_SIDE_PX) / Math.max(crop.width, crop.height);
    const wanted = Math.min(Math.max(width, STROKE_WIDTH.thinnestPx), STROKE_WIDTH.thickestPx);
    return wanted === width ? crop : withStrokeWidth(crop, wanted);
}

/**
 * Return ink with strokes of another width; thinning is limited.
 *
 * @param {Ink} crop without margins
 * @param {number} wantedPx mean width of the strokes after the digit was scaled to 20 px
 * @returns {Ink} of a size of its own, with margins
 */
function withStrokeWidth(crop, wantedPx) {
    const fine = finer(crop);
    const least = STROKE_WIDTH.inked * largest(fine.values);
    const inked = emptyRaster(fine.width, fine.height);
    for (let i = 0; i < inked.values.length; i++) inked.values[i] = Number(fine.values[i] > least);
    const width = strokeWidthPx(inked);
    // Growing by r on either side also grows the box by 2 r, which is scaled back to 20 px.
    const share = wantedPx / LONG_SIDE_PX;
    const needed = (share * Math.max(fine.width, fine.height) - width) / (2 * (1 - share));
    const grow = Math.max(needed, -STROKE_WIDTH.mostShaved * width);
    if (Math.abs(grow) * 2 < STROKE_WIDTH.leastChangePx) return crop;
    const margin = 2 + Math.floor(Math.max(grow, 0));
    const [cols, rows] = [fine.width + 2 * margin, fine.height + 2 * margin];
    return grown(placed(inked, cols, rows, margin, margin), grow);
}

/**
 * Move the edges of strokes outwards, or inwards.
 *
 * @param {Ink} inked 0 or 1
 * @param {number} grow in pixels
 * @returns {Ink}
 */
function grown(inked, grow) {
    const { width, height } = inked;
    const within = Uint8Array.from(inked.values);
    const toInk = distanceTo(within, width, height);
    const toPaper = distanceTo(within.map((value) => 1 - value), width, height);
    const made = emptyRaster(width, height);
    for (let i = 0; i < within.length; i++) {
        const depth = within[i] ? toPaper[i] - 0.5 : 0.5 - toInk[i];
        made.values[i] = Math.min(1, Math.max(0, depth + grow + 0.5));
    }
    return made;
}

/**
 * Scale ink to a long side of 160 px, without fading lines of a single pixel.
 *
 * @param {Ink} crop
 * @returns {Ink}
 */
function finer(crop) {
    const factor = STROKE_WIDTH.finePx / Math.max(crop.width, crop.height);
    const thick = factor < 0.5 ? dilatedBySquare(crop, Math.floor(1 / factor)) : crop;
    const width = Math.max(1, Math.round(factor * crop.width));
    const height = Math.max(1, Math.round(factor * crop.height));
    const resized = factor < 1 ? resizedByArea : resizedCubically;
    return resized(thick, width, height);
}
