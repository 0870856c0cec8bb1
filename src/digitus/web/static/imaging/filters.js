/** Filters of an image: blur, dilation, closing, local median. */

import { emptyRaster, mapped } from "./arrays.js";

/** @typedef {import("./arrays.js").Raster} Raster */

/**
 * Blur an image with a Gaussian; it is mirrored at its edges.
 *
 * @param {Raster} raster
 * @param {number} deviationPx standard deviation, in pixels
 * @param {number} sizePx odd width of the kernel, in pixels
 * @returns {Raster}
 */
export function blurred(raster, deviationPx, sizePx) {
    const reach = (sizePx - 1) / 2;
    const weights = Array.from({ length: sizePx }, (_, i) => {
        return Math.exp(-(((i - reach) / deviationPx) ** 2) / 2);
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = Float64Array.from(weights, (weight) => weight / total);
    return transposed(convolved(transposed(convolved(raster, shares)), shares));
}

/**
 * @param {Raster} raster
 * @param {Float64Array} shares odd length, their sum 1
 * @returns {Raster} convolved along the rows
 */
function convolved({ width, height, values }, shares) {
    const reach = (shares.length - 1) / 2;
    const made = emptyRaster(width, height);
    for (let row = 0, i = 0; row < height; row++) {
        const start = row * width;
        for (let col = 0; col < width; col++, i++) {
            let sum = 0;
            for (let k = 0; k < shares.length; k++) {
                sum += shares[k] * values[start + mirrored(col + k - reach, width)];
            }
            made.values[i] = sum;
        }
    }
    return made;
}

/**
 * Return the place within a line of n pixels that one beyond its ends mirrors.
 *
 * @param {number} place
 * @param {number} n
 * @returns {number}
 */
function mirrored(place, n) {
    if (n === 1) return 0;
    let at = place;
    while (at < 0 || at >= n) at = at < 0 ? -at : 2 * (n - 1) - at;
    return at;
}

/**
 * @param {Raster} raster
 * @returns {Raster}
 */
function transposed({ width, height, values }) {
    const made = emptyRaster(height, width);
    for (let row = 0, i = 0; row < height; row++) {
        for (let col = 0; col < width; col++, i++) made.values[col * height + row] = values[i];
    }
    return made;
}

/**
 * Replace each pixel by the largest in a square around it.
 *
 * @param {Raster} raster
 * @param {number} sidePx of the square; if even, it reaches a pixel further to the left and upwards
 * @returns {Raster}
 */
export function dilatedBySquare(raster, sidePx) {
    const before = Math.floor(sidePx / 2);
    const after = sidePx - 1 - before;
    return transposed(widened(transposed(widened(raster, before, after)), before, after));
}

/**
 * @param {Raster} raster
 * @param {number} before pixels before each
 * @param {number} after pixels after each
 * @returns {Raster}
 */
function widened({ width, height, values }, before, after) {
    const made = emptyRaster(width, height);
    for (let row = 0, i = 0; row < height; row++) {
        for (let col = 0; col < width; col++, i++) {
            const end = i - col + Math.min(width - 1, col + after);
            let most = values[i];
            for (let k = i - Math.min(col, before); k <= end; k++) {
                if (values[k] > most) most = values[k];
            }
            made.values[i] = most;
        }
    }
    return made;
}

/**
 * Close an image with a disk: dark places into which the disk does not fit become as light as their
 * surroundings.
 *
 * @param {Raster} raster
 * @param {number} diameterPx odd
 * @returns {Raster}
 */
export function closedByDisk(raster, diameterPx) {
    const spans = diskSpans(diameterPx);
    const opposite = (/** @type {Raster} */ image) => mapped(image, (value) => -value);
    return opposite(dilated(opposite(dilated(raster, spans)), spans));
}

/**
 * Replace each pixel by the largest in a disk around it.
 *
 * @param {Raster} raster
 * @param {number} diameterPx odd
 * @returns {Raster}
 */
export function dilatedByDisk(raster, diameterPx) {
    return dilated(raster, diskSpans(diameterPx));
}

/**
 * @param {number} diameterPx odd
 * @returns {number[]} pixels on either side of the middle, for each row of the disk
 */
function diskSpans(diameterPx) {
    const radius = (diameterPx - 1) / 2;
    return Array.from({ length: diameterPx }, (_, i) => {
        return Math.round(Math.sqrt(radius ** 2 - (i - radius) ** 2));
    });
}

/**
 * @param {Raster} raster
 * @param {number[]} spans of the rows of the window
 * @returns {Raster}
 */
function dilated(raster, spans) {
    const { width, height } = raster;
    const made = emptyRaster(width, height);
    made.values.fill(-Infinity);
    const reach = (spans.length - 1) / 2;
    /** @type {Map<number, Raster>} */
    const wide = new Map();
    spans.forEach((span, k) => {
        if (!wide.has(span)) wide.set(span, widened(raster, span, span));
        const { values } = /** @type {Raster} */ (wide.get(span));
        for (let row = Math.max(0, reach - k); row < height && row + k - reach < height; row++) {
            const [to, from] = [row * width, (row + k - reach) * width];
            for (let col = 0; col < width; col++) {
                const value = values[from + col];
                if (value > made.values[to + col]) made.values[to + col] = value;
            }
        }
    });
    return made;
}

/**
 * Return the median of a square window around each pixel; the image is mirrored at its edges.
 *
 * A histogram moves along each row (T. Huang et al., "A fast two-dimensional median filtering
 * algorithm", 1979).
 *
 * @param {Uint8Array} levels (height, width)
 * @param {number} width
 * @param {number} height
 * @param {number} reachPx pixels on either side
 * @returns {Uint8Array} (height, width)
 */
export function localMedian(levels, width, height, reachPx) {
    const medians = new Uint8Array(levels.length);
    const place = (/** @type {number} */ at, /** @type {number} */ n) => {
        const most = Math.min(reachPx, n - 1); // a line too short to mirror more repeats its end
        return mirrored(Math.min(Math.max(at, -most), n - 1 + most), n);
    };
    const middle = (2 * reachPx + 1) ** 2 / 2;
    for (let row = 0; row < height; row++) {
        const counts = new Int32Array(256);
        const starts = Array.from({ length: 2 * reachPx + 1 }, (_, k) => {
            return width * place(row + k - reachPx, height);
        });
        const count = (/** @type {number} */ col, /** @type {number} */ change) => {
            const at = place(col, width);
            for (const start of starts) counts[levels[start + at]] += change;
        };
        for (let col = -reachPx; col < reachPx; col++) count(col, 1);
        for (let col = 0; col < width; col++) {
            count(col + reachPx, 1);
            let level = 0;
            for (let seen = counts[0]; seen < middle; seen += counts[level]) level++;
            medians[row * width + col] = level;
            count(col - reachPx, -1);
        }
    }
    return medians;
}
