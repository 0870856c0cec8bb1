/** Pattern on the paper: stripes, guilloche and stains that are fainter than the ink. */

import { mapped } from "../arrays.js";
import { quantile } from "../levels.js";

/** @typedef {import("../arrays.js").Raster} Ink */

/**
 * Parameters of `withoutPattern`, as in Python's `PatternParameters`.
 *
 * faintest: least darkness that counts as pattern. leastAtBorder: least share of the border that a
 * pattern covers. mostInkAtBorder: greatest share of the border that the ink covers. leastStep:
 * least difference in darkness between pattern and ink. margin: darkness above the pattern's tone
 * that its edges and noise have. fullQuantile: quantile of the ink's darkness that becomes full
 * ink. bins: of the histogram that is divided into three classes.
 */
const PATTERN = {
    faintest: 0.1,
    leastAtBorder: 0.12,
    mostInkAtBorder: 0.06,
    leastStep: 0.2,
    margin: 0.1,
    fullQuantile: 0.25,
    bins: 64,
};

/**
 * Clear what is fainter than the ink, if it covers the whole image.
 *
 * A pattern continues beyond the image, so it touches the border in many places; the ink, much
 * darker, hardly does. Where the two cannot be separated the argument itself is returned.
 *
 * @param {Ink} darkness
 * @returns {Ink}
 */
export function withoutPattern(darkness) {
    const { width, height, values } = darkness;
    const least = darkestClass(values);
    let [border, faintBorder, darkBorder] = [0, 0, 0];
    /** @type {number[]} */
    const faint = [];
    /** @type {number[]} */
    const dark = [];
    for (let row = 0, i = 0; row < height; row++) {
        for (let col = 0; col < width; col++, i++) {
            const isDark = values[i] >= least;
            const isFaint = !isDark && values[i] > PATTERN.faintest;
            if (isDark) dark.push(values[i]);
            if (isFaint) faint.push(values[i]);
            if (row > 0 && row < height - 1 && col > 0 && col < width - 1) continue;
            border++;
            darkBorder += Number(isDark);
            faintBorder += Number(isFaint);
        }
    }
    const coversBorder = faintBorder / border >= PATTERN.leastAtBorder;
    const inkIsClear = darkBorder / border <= PATTERN.mostInkAtBorder;
    if (!(coversBorder && inkIsClear && dark.length)) return darkness;
    const tone = quantile(faint, 0.5);
    const full = quantile(dark, PATTERN.fullQuantile);
    if (full - tone < PATTERN.leastStep) return darkness;
    const floor = tone + PATTERN.margin;
    return mapped(darkness, (value) => Math.min(1, Math.max(0, (value - floor) / (full - floor))));
}

/**
 * Return where the darkest of three classes begins, their variance between them largest.
 *
 * N. Otsu, "A threshold selection method from gray-level histograms", 1979, section IV.
 *
 * @param {Float32Array} values 0 paper to about 1 full ink
 * @returns {number}
 */
function darkestClass(values) {
    const { bins } = PATTERN;
    const counts = new Float64Array(bins);
    for (const value of values) {
        counts[Math.min(bins - 1, Math.max(0, Math.floor(value * bins)))] += 1 / values.length;
    }
    const mean = counts.reduce((sum, count, bin) => sum + bin * count, 0);
    const [share, moment] = [new Float64Array(bins + 1), new Float64Array(bins + 1)];
    for (let bin = 0; bin < bins; bin++) {
        share[bin + 1] = share[bin] + counts[bin];
        moment[bin + 1] = moment[bin] + counts[bin] * (bin - mean);
    }
    /** share x mean² of a class; 0 for an empty one */
    const ofClass = (/** @type {number} */ first, /** @type {number} */ end) => {
        const part = share[end] - share[first];
        return part > 0 ? (moment[end] - moment[first]) ** 2 / part : 0;
    };
    let [best, found] = [-1, 0];
    for (let first = 0; first < bins; first++) {
        for (let second = first + 1; second <= bins; second++) {
            const total = ofClass(0, first) + ofClass(first, second) + ofClass(second, bins);
            if (total > best) [best, found] = [total, second];
        }
    }
    return found / bins;
}
