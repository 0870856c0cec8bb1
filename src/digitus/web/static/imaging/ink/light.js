/** The light on the paper: what an image would show without ink, shadows included. */

import { emptyRaster, largest, mapped } from "../arrays.js";
import { blurred, closedByDisk, dilatedBySquare } from "../filters.js";
import { FULL, noise, otsuThreshold, quantile, shrunk, toLevels } from "../levels.js";
import { resizedLinearly } from "../resizing.js";

/** @typedef {import("../arrays.js").Raster} Grey */

/**
 * Parameters of `slopeOfLight`, as in Python's `SlopeParameters`.
 *
 * evenLight: spread of the middle of the lit paper, as a share of its light, below which the light
 * is even. middle: quantiles of that middle. stepPx: distance of the pixels that are fitted.
 * rounds: number of fits. leastResidual: pixels at most this share of the light below the surface
 * always count as paper. leastLight: lower bound of the fitted light, as a share of the brightest
 * pixel.
 */
const SLOPE = {
    evenLight: 0.05,
    middle: [0.2, 0.8],
    stepPx: 3,
    rounds: 6,
    leastResidual: 0.02,
    leastLight: 0.1,
};

/**
 * Parameters of `lightOfDigitImage`, as in Python's `DigitLightParameters`.
 *
 * sidePx: long side of the copy. widestStroke: width, as a share of the image's long side, from
 * which darkness is shadow. noiseDeviations: darkness, in standard deviations of the noise, from
 * which a pixel is certainly ink. blurPx: standard deviation of the smoothing, blurSizePx: width of
 * its kernel. leastWeight: weight of inked pixels in it. darkestPaper: lower bound of the light.
 */
const DIGIT_LIGHT = {
    sidePx: 96,
    widestStroke: 0.35,
    noiseDeviations: 6,
    blurPx: 1,
    blurSizePx: 9,
    leastWeight: 0.02,
    darkestPaper: 0.02,
};

/**
 * Estimate the bare paper of an image of one digit in darker ink.
 *
 * A closing with a window wider than any stroke covers the ink. The pixels that are clearly not ink
 * are then smoothed over the gaps between them (normalized convolution: H. Knutsson, C.-F. Westin,
 * 1993).
 *
 * @param {Grey} grey
 * @returns {Grey}
 */
export function lightOfDigitImage(grey) {
    const small = shrunk(grey, DIGIT_LIGHT.sidePx);
    const window = Math.floor(DIGIT_LIGHT.widestStroke * Math.max(small.width, small.height)) | 1;
    const slope = slopeOfLight(small); // a closing would level it at the image's edges
    const closed = closedByDisk(mapped(small, (value, i) => value / slope.values[i]), window);
    const paper = mapped(smooth(closed), (value, i) => value * slope.values[i]);
    const inked = inkedPixels(small, paper);
    const bare = mapped(inked, (value) => 1 - value + DIGIT_LIGHT.leastWeight);
    const guess = mapped(small, (value, i) => (inked.values[i] ? paper.values[i] : value));
    const weights = smooth(bare);
    const filled = mapped(
        smooth(mapped(guess, (value, i) => value * bare.values[i])),
        (value, i) => value / weights.values[i],
    );
    const light = resizedLinearly(filled, grey.width, grey.height);
    return mapped(light, (value) => Math.max(value, DIGIT_LIGHT.darkestPaper));
}

/**
 * Mark what is clearly darker than the paper, and the pixels beside it.
 *
 * @param {Grey} small
 * @param {Grey} paper
 * @returns {Grey} 0 or 1
 */
function inkedPixels(small, paper) {
    const darkness = mapped(small, (value, i) => {
        const light = Math.max(paper.values[i], DIGIT_LIGHT.darkestPaper);
        return Math.min(1, Math.max(0, 1 - value / light));
    });
    const otsu = otsuThreshold(toLevels(darkness.values)) / FULL;
    const least = Math.max(otsu, DIGIT_LIGHT.noiseDeviations * noise(darkness));
    return dilatedBySquare(mapped(darkness, (value) => Number(value > least)), 3);
}

/** @param {Grey} raster */
function smooth(raster) {
    return blurred(raster, DIGIT_LIGHT.blurPx, DIGIT_LIGHT.blurSizePx);
}

/**
 * Fit a parabolic surface to the light of the paper, darker pixels left out.
 *
 * @param {Grey} small a small copy of an image with darker ink
 * @returns {Grey} the light at every pixel; all 1 where it is even, or where shadows have sharp
 *     edges
 */
function slopeOfLight(small) {
    const levels = toLevels(small.values);
    const threshold = otsuThreshold(levels);
    const lit = small.values.filter((_, i) => levels[i] > threshold);
    if (isEven(lit)) return mapped(small, () => 1);
    const { rows, light } = samples(small);
    let isPaper = light.map(() => true);
    /** @type {number[]} */
    let factors = [];
    for (let round = 0; round < SLOPE.rounds; round++) {
        factors = leastSquares(rows, light, isPaper);
        const residual = light.map((value, i) => value - product(rows[i], factors));
        const spread = deviation(residual.filter((_, i) => isPaper[i]));
        isPaper = residual.map((value) => value > -Math.max(SLOPE.leastResidual, spread));
    }
    const least = SLOPE.leastLight * largest(light);
    const surface = emptyRaster(small.width, small.height);
    for (let row = 0, i = 0; row < small.height; row++) {
        for (let col = 0; col < small.width; col++, i++) {
            surface.values[i] = Math.max(product(terms(small, row, col), factors), least);
        }
    }
    return surface;
}

/** @param {Float32Array} lit grey of the lit paper */
function isEven(lit) {
    if (!lit.length) return true;
    const mean = lit.reduce((sum, value) => sum + value, 0) / lit.length;
    const [low, high] = SLOPE.middle.map((share) => quantile(lit, share));
    return high - low < SLOPE.evenLight * mean;
}

/**
 * Return the pixels that are fitted: the terms of each, and its light.
 *
 * @param {Grey} small
 * @returns {{rows: number[][], light: number[]}}
 */
function samples(small) {
    /** @type {number[][]} */
    const rows = [];
    /** @type {number[]} */
    const light = [];
    for (let row = 0; row < small.height; row += SLOPE.stepPx) {
        for (let col = 0; col < small.width; col += SLOPE.stepPx) {
            rows.push(terms(small, row, col));
            light.push(small.values[row * small.width + col]);
        }
    }
    return { rows, light };
}

/**
 * Return the powers of row and column up to the second, both from -1 to 1.
 *
 * @param {Grey} small
 * @param {number} row
 * @param {number} col
 */
function terms(small, row, col) {
    const y = (2 * row) / Math.max(1, small.height - 1) - 1;
    const x = (2 * col) / Math.max(1, small.width - 1) - 1;
    return [1, y, x, y * x, y * y, x * x];
}

/**
 * Solve a least-squares problem by its normal equations (Gauss-Jordan elimination, partial
 * pivoting).
 *
 * @param {number[][]} rows (n, d)
 * @param {number[]} targets (n)
 * @param {boolean[]} isUsed (n) which rows count
 * @returns {number[]} (d); factors that the rows do not determine are 0
 */
function leastSquares(rows, targets, isUsed) {
    const d = rows[0].length;
    const system = Array.from({ length: d }, () => new Float64Array(d + 1));
    rows.forEach((row, n) => {
        if (!isUsed[n]) return;
        for (let i = 0; i < d; i++) {
            for (let j = 0; j < d; j++) system[i][j] += row[i] * row[j];
            system[i][d] += row[i] * targets[n];
        }
    });
    const least = 1e-12 * rows.length;
    const solved = system.map(() => false);
    const pivots = new Int32Array(d).fill(-1);
    for (let col = 0; col < d; col++) {
        let pivot = -1;
        for (let i = 0; i < d; i++) {
            if (solved[i] || Math.abs(system[i][col]) <= least) continue;
            if (pivot < 0 || Math.abs(system[i][col]) > Math.abs(system[pivot][col])) pivot = i;
        }
        if (pivot < 0) continue;
        solved[pivot] = true;
        pivots[col] = pivot;
        const scale = system[pivot][col];
        system[pivot] = system[pivot].map((value) => value / scale);
        for (let i = 0; i < d; i++) {
            const factor = system[i][col];
            if (i === pivot || factor === 0) continue;
            for (let j = 0; j <= d; j++) system[i][j] -= factor * system[pivot][j];
        }
    }
    return Array.from(pivots, (pivot) => (pivot < 0 ? 0 : system[pivot][d]));
}

/**
 * @param {number[]} row
 * @param {number[]} factors
 */
function product(row, factors) {
    return row.reduce((sum, term, i) => sum + term * factors[i], 0);
}

/** @param {number[]} values */
function deviation(values) {
    if (!values.length) return 0;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
