/** Grey levels: shrinking, Otsu's threshold, medians, the noise of an image. */

import { resizedByArea } from "./resizing.js";

/** @typedef {import("./arrays.js").Raster} Raster */

export const FULL = 255;

/**
 * Parameters of `noise`, as in Python's `NoiseParameters`.
 *
 * rows: number of rows measured. lagPx: distance of the pixels compared; cameras and JPEG make
 * neighbors alike. patternShare: steps to the neighbor below this share of those at `lagPx` mean
 * that the larger steps come from a pattern.
 */
const NOISE = { rows: 40, lagPx: 3, patternShare: 0.2 };
const MEDIAN_STEP = 0.954; // median of |N(0, 2 s²)|, the step between two noisy pixels, over s

/**
 * Shrink an image so that its long side has at most `longSidePx`; means are kept.
 *
 * @param {Raster} raster
 * @param {number} longSidePx a smaller image is returned unchanged
 * @returns {Raster}
 */
export function shrunk(raster, longSidePx) {
    const factor = longSidePx / Math.max(raster.width, raster.height);
    if (factor >= 1) return raster;
    const width = Math.max(1, Math.round(factor * raster.width));
    const height = Math.max(1, Math.round(factor * raster.height));
    return resizedByArea(raster, width, height);
}

/**
 * Return values from 0 to 1 as bytes.
 *
 * @param {ArrayLike<number>} values others are cut off
 * @returns {Uint8Array}
 */
export function toLevels(values) {
    const levels = new Uint8Array(values.length);
    for (let i = 0; i < levels.length; i++) {
        levels[i] = Math.round(FULL * Math.min(1, Math.max(0, values[i])));
    }
    return levels;
}

/**
 * Return the highest level of the darker of two classes.
 *
 * The threshold maximizes the variance between the classes: N. Otsu, "A threshold selection method
 * from gray-level histograms", 1979, eq. 18.
 *
 * @param {Uint8Array} levels
 * @returns {number} 0 to 255
 */
export function otsuThreshold(levels) {
    const counts = new Float64Array(FULL + 1);
    for (const level of levels) counts[level]++;
    let total = 0;
    counts.forEach((count, level) => (total += count * level));
    let [best, threshold, n, sum] = [0, 0, 0, 0];
    for (let level = 0; level < FULL; level++) {
        n += counts[level];
        sum += level * counts[level];
        const rest = levels.length - n;
        if (n === 0 || rest === 0) continue;
        const step = sum / n - (total - sum) / rest;
        const variance = n * rest * step * step;
        if (variance > best) [best, threshold] = [variance, level];
    }
    return threshold;
}

/**
 * Return the value below which a share of the values lies, interpolated between the nearest.
 *
 * @param {ArrayLike<number>} values at least one
 * @param {number} share 0 to 1
 * @returns {number}
 */
export function quantile(values, share) {
    const sorted = Float64Array.from(values).sort();
    const place = share * (sorted.length - 1);
    const before = Math.floor(place);
    const after = Math.min(before + 1, sorted.length - 1);
    return sorted[before] + (place - before) * (sorted[after] - sorted[before]);
}

/**
 * Estimate the standard deviation of the noise from the steps along some rows.
 *
 * The median of the steps is that of bare paper, which covers most of an image. If the steps
 * between neighbors are far smaller than those over some pixels, the larger ones belong to a
 * pattern, and the smaller ones count.
 *
 * @param {Raster} raster grey or darkness
 * @returns {number}
 */
export function noise(raster) {
    const spread = (/** @type {number} */ lag) => quantile(steps(raster, lag), 0.5) / MEDIAN_STEP;
    const [far, near] = [spread(NOISE.lagPx), spread(1)];
    return near > NOISE.patternShare * far ? far : near;
}

/**
 * @param {Raster} raster
 * @param {number} lag in pixels
 * @returns {number[]}
 */
function steps({ width, height, values }, lag) {
    const found = [];
    const every = Math.max(1, Math.floor(height / NOISE.rows));
    for (let row = 0; row < height; row += every) {
        for (let i = row * width + lag; i < (row + 1) * width; i++) {
            found.push(Math.abs(values[i] - values[i - lag]));
        }
    }
    return found;
}
