/**
 * Scaling of images, separately along rows and columns: each result is a weighted sum of pixels.
 *
 * The kernels are those of OpenCV, which Python's preprocessing uses.
 */

import { emptyRaster } from "./arrays.js";

/** @typedef {import("./arrays.js").Raster} Raster */

/**
 * @typedef {object} Taps
 * @property {number} count pixels that contribute to each result
 * @property {Int32Array} places (n, count) of the pixels
 * @property {Float64Array} weights (n, count); each row's sum is 1
 */

const CUBIC = -0.75; // slope of the kernel at 1, OpenCV's

/**
 * Shrink an image: each pixel is the mean of the area that it covers.
 *
 * @param {Raster} raster
 * @param {number} width at most the image's
 * @param {number} height at most the image's
 * @returns {Raster}
 */
export function resizedByArea(raster, width, height) {
    return weighted(raster, areaTaps(raster.width, width), areaTaps(raster.height, height));
}

/**
 * Scale an image by linear interpolation between the four nearest pixels.
 *
 * @param {Raster} raster
 * @param {number} width
 * @param {number} height
 * @returns {Raster}
 */
export function resizedLinearly(raster, width, height) {
    return weighted(raster, linearTaps(raster.width, width), linearTaps(raster.height, height));
}

/**
 * Scale an image by cubic convolution (R. Keys, 1981, eq. 8, with a = -0.75).
 *
 * @param {Raster} raster
 * @param {number} width
 * @param {number} height
 * @returns {Raster}
 */
export function resizedCubically(raster, width, height) {
    return weighted(raster, cubicTaps(raster.width, width), cubicTaps(raster.height, height));
}

/**
 * @param {Raster} raster
 * @param {Taps} across of the columns
 * @param {Taps} down of the rows
 * @returns {Raster}
 */
function weighted(raster, across, down) {
    const width = across.places.length / across.count;
    const height = down.places.length / down.count;
    const rows = new Float64Array(raster.height * width);
    for (let row = 0; row < raster.height; row++) {
        const start = row * raster.width;
        for (let col = 0, tap = 0; col < width; col++) {
            let sum = 0;
            for (let k = 0; k < across.count; k++, tap++) {
                sum += across.weights[tap] * raster.values[start + across.places[tap]];
            }
            rows[row * width + col] = sum;
        }
    }
    const made = emptyRaster(width, height);
    const line = new Float64Array(width);
    for (let row = 0, tap = 0; row < height; row++) {
        line.fill(0);
        for (let k = 0; k < down.count; k++, tap++) {
            const weight = down.weights[tap];
            const start = down.places[tap] * width;
            if (weight === 0) continue;
            for (let col = 0; col < width; col++) line[col] += weight * rows[start + col];
        }
        made.values.set(line, row * width);
    }
    return made;
}

/**
 * @param {number} from length of the image
 * @param {number} to length of the result
 * @returns {Taps}
 */
function areaTaps(from, to) {
    const scale = from / to;
    const taps = newTaps(to, Math.ceil(scale) + 1);
    for (let i = 0; i < to; i++) {
        const start = i * scale;
        const end = Math.min(from, start + scale);
        const first = Math.floor(start);
        for (let k = 0; k < taps.count; k++) {
            const covered = Math.min(end, first + k + 1) - Math.max(start, first + k);
            taps.places[i * taps.count + k] = Math.min(first + k, from - 1);
            taps.weights[i * taps.count + k] = Math.max(0, covered) / (end - start);
        }
    }
    return taps;
}

/**
 * @param {number} from
 * @param {number} to
 * @returns {Taps}
 */
function linearTaps(from, to) {
    return taps(from, to, 0, (share) => [1 - share, share]);
}

/**
 * @param {number} from
 * @param {number} to
 * @returns {Taps}
 */
function cubicTaps(from, to) {
    return taps(from, to, -1, (share) => [
        outerCubic(1 + share),
        innerCubic(share),
        innerCubic(1 - share),
        outerCubic(2 - share),
    ]);
}

/**
 * Weight the pixels around each result; beyond the edges the pixels there are repeated.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} first place of the first pixel, from that before the result
 * @param {(share: number) => number[]} weightsAt for a result between two pixels
 * @returns {Taps}
 */
function taps(from, to, first, weightsAt) {
    const made = newTaps(to, weightsAt(0).length);
    for (let i = 0; i < to; i++) {
        const middle = ((i + 0.5) * from) / to - 0.5;
        const before = Math.floor(middle);
        weightsAt(middle - before).forEach((weight, k) => {
            const place = Math.min(Math.max(before + first + k, 0), from - 1);
            made.places[i * made.count + k] = place;
            made.weights[i * made.count + k] = weight;
        });
    }
    return made;
}

/**
 * @param {number} n number of results
 * @param {number} count
 * @returns {Taps}
 */
function newTaps(n, count) {
    return { count, places: new Int32Array(n * count), weights: new Float64Array(n * count) };
}

/** @param {number} x distance, 0 to 1 */
function innerCubic(x) {
    return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
}

/** @param {number} x distance, 1 to 2 */
function outerCubic(x) {
    return ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC;
}
