/**
 * MNIST's layout: a box of 20 px, its center of mass in the middle of 28 x 28 pixels.
 *
 * Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
 */

import { SIDE_PX } from "../sizes.js";
import { largest, part } from "./arrays.js";

/** @typedef {import("./arrays.js").Raster} Ink */

/** Long side of the digit in a patch, in pixels. */
export const LONG_SIDE_PX = 20;

/**
 * Parameters of the layout.
 *
 * centerPx: row and column of the center of mass, from the middle of the first pixel. inPlacePx:
 * distance from there within which it is in place. faintestEdge: share of the darkest ink below
 * which pixels around the digit are blur and noise.
 */
export const PATCH = { centerPx: 13.999, inPlacePx: 0.52, faintestEdge: 0.3 };

/**
 * Return whether ink has MNIST's layout already, so that it need not be scaled.
 *
 * @param {Ink} ink
 * @returns {boolean}
 */
export function isLaidOut(ink) {
    if (ink.width !== SIDE_PX || ink.height !== SIDE_PX) return false;
    if (!(largest(ink.values) > 0)) return false;
    const { width, height } = cropped(ink);
    const longSide = Math.max(width, height);
    if (longSide < LONG_SIDE_PX - 1 || longSide > LONG_SIDE_PX) return false;
    const isInPlace = (/** @type {number} */ center) =>
        Math.abs(center - PATCH.centerPx) <= PATCH.inPlacePx;
    return centerOfMass(ink).every(isInPlace);
}

/**
 * Return row and column of the center of mass, in pixels from the first pixel's middle.
 *
 * @param {Ink} ink not blank
 * @returns {[number, number]}
 */
export function centerOfMass(ink) {
    let [mass, down, across] = [0, 0, 0];
    for (let row = 0, i = 0; row < ink.height; row++) {
        for (let col = 0; col < ink.width; col++, i++) {
            mass += ink.values[i];
            down += row * ink.values[i];
            across += col * ink.values[i];
        }
    }
    if (!(mass > 0)) throw new RangeError("no ink, so no center of mass; ask isBlank first");
    return [down / mass, across / mass];
}

/**
 * Crop ink to the rows and columns that have a pixel with more ink than `least`.
 *
 * @param {Ink} ink
 * @param {number} [least] ink of a pixel
 * @returns {Ink}
 */
export function cropped(ink, least = 0) {
    let [left, right, top, bottom] = [ink.width, -1, -1, -1];
    for (let row = 0; row < ink.height; row++) {
        const start = row * ink.width;
        let first = 0;
        while (first < ink.width && !(ink.values[start + first] > least)) first++;
        if (first === ink.width) continue;
        let final = ink.width - 1;
        while (!(ink.values[start + final] > least)) final--;
        if (top < 0) top = row;
        bottom = row;
        left = Math.min(left, first);
        right = Math.max(right, final);
    }
    if (top < 0) throw new RangeError("no ink to make a patch of; ask isBlank first");
    return part(ink, left, top, right + 1, bottom + 1);
}
