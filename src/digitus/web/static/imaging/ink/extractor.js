/** From darkness to ink. */

import { emptyRaster, mapped } from "../arrays.js";
import { blurred, dilatedBySquare } from "../filters.js";
import { FULL, otsuThreshold, quantile, toLevels } from "../levels.js";

/** @typedef {import("../arrays.js").Raster} Ink */
/** @typedef {import("./darkness.js").Darkness} Darkness */

/**
 * @typedef {object} InkParameters as in Python; set by hand
 * @property {number} faintestContrast least darkness of a pen; below it the paper is blank
 * @property {number} finePx long side from which a blur of 1 px costs no detail
 * @property {number} faintestEdge share of the full ink below which ink is paper
 * @property {number} leastStroke least share of the full ink within a stroke; fainter ink is kept
 *     only beside it, as its edge
 * @property {number} fullInkQuantile quantile of the inked pixels that is full ink
 * @property {number} noiseDeviations standard deviations of the noise up to which darkness may be
 *     noise
 * @property {number} noiseToSmooth noise, as a share of the full ink, from which the image is
 *     blurred
 */

/** @type {InkParameters} one digit by one pen */
export const DIGIT = {
    faintestContrast: 0.1,
    finePx: 100,
    faintestEdge: 0.1,
    leastStroke: 0.35,
    fullInkQuantile: 0.9,
    noiseDeviations: 4.5,
    noiseToSmooth: 0.06,
};

/**
 * @type {InkParameters} on paper of one tone what is faint is the edge of a thin stroke, not noise
 */
export const CLEAN_DIGIT = { ...DIGIT, faintestEdge: 0, leastStroke: 0 };

/**
 * Blur the darkness by 1 px if it is noisy and large enough.
 *
 * @param {Darkness} darkness
 * @param {InkParameters} parameters
 * @returns {Darkness}
 */
export function smoothed(darkness, parameters) {
    const { raster } = darkness;
    const isNoisy = darkness.noise > parameters.noiseToSmooth * fullInk(darkness, parameters);
    if (!isNoisy || Math.max(raster.width, raster.height) < parameters.finePx) return darkness;
    // What a Gaussian with a deviation of 1 px leaves of white noise.
    const left = darkness.noise / (2 * Math.sqrt(Math.PI));
    return { ...darkness, raster: blurred(raster, 1, 5), noise: left };
}

/**
 * Scale darkness to ink: 1 where the pen is full, 0 where it may be noise.
 *
 * @param {Darkness} darkness
 * @param {InkParameters} parameters
 * @returns {Ink}
 */
export function extractInk(darkness, parameters) {
    const { raster } = darkness;
    const full = fullInk(darkness, parameters);
    const noisy = parameters.noiseDeviations * darkness.noise;
    if (full <= Math.max(parameters.faintestContrast, noisy)) {
        return emptyRaster(raster.width, raster.height);
    }
    const ink = mapped(raster, (value) => Math.min(1, Math.max(0, value / full)));
    const least = Math.max(parameters.faintestEdge * full, noisy);
    const strong = mapped(ink, (value) => Number(value >= parameters.leastStroke));
    const besideStrokes = dilatedBySquare(strong, 3).values;
    return mapped(ink, (value, i) => (besideStrokes[i] && raster.values[i] > least ? value : 0));
}

/**
 * Return the darkness of a pen where it covers the paper, 0 to 1; 0 without ink.
 *
 * @param {Darkness} darkness
 * @param {InkParameters} parameters
 * @returns {number}
 */
function fullInk(darkness, parameters) {
    const noisy = parameters.noiseDeviations * darkness.noise;
    const least = Math.max(parameters.faintestContrast / 2, noisy);
    const dark = darkness.raster.values.filter((value) => value > least);
    if (!dark.length) return 0;
    const threshold = otsuThreshold(toLevels(dark)) / FULL;
    const inked = dark.filter((value) => value > threshold);
    return quantile(inked.length ? inked : dark, parameters.fullInkQuantile);
}
