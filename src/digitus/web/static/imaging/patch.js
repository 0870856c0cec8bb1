/** The network's input: ink in MNIST's layout. */

import { SIDE_PX } from "../sizes.js";
import { largest, placed } from "./arrays.js";
import { centerOfMass, cropped, isLaidOut, LONG_SIDE_PX, PATCH } from "./centering.js";
import { resizedByArea, resizedLinearly } from "./resizing.js";
import { withUsualStrokes } from "./stroke_width.js";

/** @typedef {import("./arrays.js").Raster} Ink */

/**
 * Return whether nothing is written: no pixel carries ink.
 *
 * @param {Ink} ink
 * @returns {boolean}
 */
export function isBlank(ink) {
    return ink.values.every((value) => value === 0);
}

/**
 * Crop the ink, scale its long side to 20 px, and center its mass in a patch of 28 x 28.
 *
 * Strokes much thinner or thicker than MNIST's are brought into its range. The center of mass lies
 * within 1 px of (13.5, 13.5), or as near as the box of 20 px can be moved within the patch. Ink
 * that has this layout already stays in place.
 *
 * @param {Ink} ink not blank
 * @returns {Float32Array} (784) 0 paper to 1 full ink
 */
export function makePatch(ink) {
    if (isLaidOut(ink)) {
        const darkest = largest(ink.values);
        return ink.values.map((value) => value / darkest);
    }
    return layOut(withUsualStrokes(digitBox(ink)));
}

/**
 * @param {Ink} ink
 * @returns {Float32Array} (784)
 */
function layOut(ink) {
    const small = boxOf(digitBox(ink));
    const darkest = largest(small.values); // a thin pen is as dark as a thick one
    for (let i = 0; i < small.values.length; i++) small.values[i] /= darkest;
    const [top, left] = centerOfMass(small).map(start);
    return placed(small, SIDE_PX, SIDE_PX, left, top).values;
}

/**
 * @param {Ink} ink
 * @returns {Ink}
 */
function digitBox(ink) {
    return cropped(ink, PATCH.faintestEdge * largest(ink.values));
}

/**
 * Add margins along the short side, and scale both sides to 20 px.
 *
 * @param {Ink} ink
 * @returns {Ink}
 */
function boxOf(ink) {
    const side = Math.max(ink.width, ink.height);
    const [left, top] = [ink.width, ink.height].map((length) => Math.floor((side - length) / 2));
    const square = placed(ink, side, side, left, top);
    const resized = side > LONG_SIDE_PX ? resizedByArea : resizedLinearly;
    return resized(square, LONG_SIDE_PX, LONG_SIDE_PX);
}

/**
 * Return where the box starts on one axis, so that its center of mass is in the middle.
 *
 * @param {number} center
 */
function start(center) {
    return Math.min(Math.max(Math.round(PATCH.centerPx - center), 0), SIDE_PX - LONG_SIDE_PX);
}
