/** How much darker than its paper each pixel is, whatever the light. */

import { mapped } from "../arrays.js";
import { noise } from "../levels.js";
import { lightOfDigitImage } from "./light.js";
import { hasDarkPaper, toneOfCleanPaper } from "./paper.js";

/** @typedef {import("../arrays.js").Raster} Raster */

/**
 * @typedef {object} Darkness the darkness of an image relative to its paper
 * @property {Raster} raster 0 paper to about 1
 * @property {number} noise standard deviation; 0 for a clean drawing
 * @property {boolean} darkPaper whether the paper is darker than the ink
 * @property {boolean} isClean whether the image is a drawing on paper of exactly one tone
 */

/**
 * Return the darkness of the image of one digit.
 *
 * @param {Raster} grey
 * @returns {Darkness}
 */
export function darknessOfDigitImage(grey) {
    const tone = toneOfCleanPaper(grey);
    if (tone !== null) {
        const mean = grey.values.reduce((sum, value) => sum + value, 0) / grey.values.length;
        const reach = Math.max(tone, 1 - tone);
        const raster = mapped(grey, (value) => Math.abs(value - tone) / reach);
        return { raster, noise: 0, darkPaper: tone < mean, isClean: true };
    }
    const darkPaper = hasDarkPaper(grey);
    const light = darkPaper ? mapped(grey, (value) => 1 - value) : grey;
    const paper = lightOfDigitImage(light);
    const raster = mapped(light, (value, i) => 1 - value / paper.values[i]);
    return { raster, noise: noise(raster), darkPaper, isClean: false };
}
