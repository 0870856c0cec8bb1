/**
 * The paper under the ink: the frame around it, its tone, and whether it is darker than the ink.
 */

import { largest, smallest } from "../arrays.js";
import { localMedian } from "../filters.js";
import { FULL, otsuThreshold, quantile, shrunk, toLevels } from "../levels.js";
import { SIDE_PX } from "../../sizes.js";

/** @typedef {import("../arrays.js").Raster} Grey */

/**
 * Parameters of `insideFrame`, as in Python's `FrameParameters`.
 *
 * widest: width of a frame, as a share of the image's side. most: number of nested frames.
 * evenStep: grey levels this close count as one tone. evenShare: least share of a row of the frame
 * that has one tone. step: least difference in grey between a frame and what it surrounds.
 * samples: number of pixels of a row that are compared.
 */
const FRAME = { widest: 0.12, most: 3, evenStep: 0.12, evenShare: 0.75, step: 0.25, samples: 100 };

/**
 * Parameters of `hasDarkPaper`, as in Python's `PolarityParameters`.
 *
 * digitPx: long side of the copy that is classified. window: reach of the local median, as a share
 * of its long side. border: width of the border that is mostly paper, as a share of the shorter
 * side. twoTones: share of the variance between Otsu's classes above which an image has two tones.
 * bareBorder: share of the border of a 28 x 28 image that must have the paper's tone.
 */
const POLARITY = { digitPx: 96, window: 1 / 4, border: 1 / 25, twoTones: 0.97, bareBorder: 0.75 };

/**
 * @typedef {object} Rectangle
 * @property {number} left first column
 * @property {number} top first row
 * @property {number} right the column after the last
 * @property {number} bottom the row after the last
 */

/**
 * Return what lies inside frames of one tone, such as a window's border.
 *
 * A frame is removed only where all four sides have one: the bar of a tightly cropped digit may
 * fill one side.
 *
 * @param {Grey} grey
 * @returns {Rectangle}
 */
export function insideFrame(grey) {
    const inside = { left: 0, top: 0, right: grey.width, bottom: grey.height };
    for (let nested = 0; nested < FRAME.most; nested++) {
        const widths = sides(grey, inside).map(frameWidth);
        if (widths.some((width) => width === 0)) break;
        inside.top += widths[0];
        inside.right -= widths[1];
        inside.bottom -= widths[2];
        inside.left += widths[3];
    }
    return inside;
}

/**
 * @typedef {object} Side an image seen from one of its sides
 * @property {number} depth number of lines from this side to the opposite one
 * @property {number} length of a line
 * @property {(line: number, place: number) => number} grey
 */

/**
 * @param {Grey} raster
 * @param {Rectangle} inside
 * @returns {Side[]} top, right, bottom, left
 */
function sides({ width, values }, { left, top, right, bottom }) {
    const [cols, rows, last] = [right - left, bottom - top, bottom - 1];
    const at = (/** @type {number} */ row, /** @type {number} */ col) => values[row * width + col];
    return [
        { depth: rows, length: cols, grey: (line, place) => at(top + line, left + place) },
        { depth: cols, length: rows, grey: (line, place) => at(top + place, right - 1 - line) },
        { depth: rows, length: cols, grey: (line, place) => at(last - line, right - 1 - place) },
        { depth: cols, length: rows, grey: (line, place) => at(last - place, left + line) },
    ];
}

/**
 * Return the number of lines of one tone at a side if another tone follows them, else 0.
 *
 * @param {Side} side
 */
function frameWidth({ depth, length, grey }) {
    const every = Math.max(1, Math.floor(length / FRAME.samples));
    const n = Math.min(depth, Math.floor(FRAME.widest * depth) + 1);
    const lines = Array.from({ length: n }, (_, line) =>
        Array.from({ length: Math.ceil(length / every) }, (_, i) => grey(line, i * every)),
    );
    const tones = lines.map((line) => quantile(line, 0.5));
    const width = tones.findIndex((tone) => Math.abs(tone - tones[0]) > FRAME.step);
    if (width < 0) return 0;
    const isEven = (/** @type {number[]} */ line) =>
        line.filter((value) => Math.abs(value - tones[0]) < FRAME.evenStep).length >=
        FRAME.evenShare * line.length;
    // One more line, where frame and image mix; a mixed line before it need not be even.
    return lines.slice(0, Math.max(1, width - 1)).every(isEven) ? width + 1 : 0;
}

/**
 * Return the paper's tone in a drawing on paper of exactly one tone, else null.
 *
 * The border must have that tone, and all ink must be darker or all lighter. For an image of
 * MNIST's size most of the border suffices.
 *
 * @param {Grey} grey
 * @returns {number | null} 0 black to 1 white
 */
export function toneOfCleanPaper(grey) {
    const { width, height, values } = grey;
    const border = [...values.subarray(0, width), ...values.subarray(width * (height - 1))];
    for (let row = 0; row < height; row++) {
        border.push(values[row * width], values[(row + 1) * width - 1]);
    }
    const tone = Math.fround(quantile(border, 0.5));
    const least = width === SIDE_PX && height === SIDE_PX ? POLARITY.bareBorder : 1;
    const share = border.filter((value) => value === tone).length / border.length;
    const isExtreme = tone === smallest(values) || tone === largest(values);
    return share >= least && isExtreme ? tone : null;
}

/**
 * Return whether the paper in the image of one digit is darker than the ink.
 *
 * The paper covers most of the border and most of the image. A shadow can look like ink and a thick
 * digit like uneven light, so unless the image has only two tones it is classified a second time
 * with its local median subtracted; the clearer of both results counts.
 *
 * @param {Grey} grey
 * @returns {boolean}
 */
export function hasDarkPaper(grey) {
    const small = shrunk(grey, POLARITY.digitPx);
    const { width, height } = small;
    const levels = toLevels(small.values);
    const plain = lightnessOfPaper(levels, width, height);
    if (separation(levels) >= POLARITY.twoTones) return plain < 0;
    const reach = Math.floor(POLARITY.window * Math.max(width, height));
    const median = localMedian(levels, width, height, reach);
    const flat = levels.map((level, i) => Math.min(FULL, Math.max(0, level - median[i] + 128)));
    const second = lightnessOfPaper(flat, width, height);
    return (Math.abs(second) > Math.abs(plain) ? second : plain) < 0;
}

/**
 * Return the share of the variance between Otsu's two classes (N. Otsu, 1979, eq. 12).
 *
 * @param {Uint8Array} levels
 */
function separation(levels) {
    const threshold = otsuThreshold(levels);
    const n = levels.length;
    let [lightN, lightSum, sum, squares] = [0, 0, 0, 0];
    for (const level of levels) {
        sum += level;
        squares += level * level;
        if (level > threshold) {
            lightN++;
            lightSum += level;
        }
    }
    const variance = squares / n - (sum / n) ** 2;
    if (lightN === 0 || lightN === n || !(variance > 0)) return 1;
    const step = lightSum / lightN - (sum - lightSum) / (n - lightN);
    return ((lightN / n) * (1 - lightN / n) * step * step) / variance;
}

/**
 * Return from -1 (the darker class is paper) to 1 (the lighter class is).
 *
 * @param {Uint8Array} levels (height, width)
 * @param {number} width
 * @param {number} height
 */
function lightnessOfPaper(levels, width, height) {
    const threshold = otsuThreshold(levels);
    const margin = Math.max(1, Math.floor(POLARITY.border * Math.min(width, height)));
    let [light, lightBorder, border] = [0, 0, 0];
    for (let row = 0, i = 0; row < height; row++) {
        for (let col = 0; col < width; col++, i++) {
            const isLight = Number(levels[i] > threshold);
            const isInner =
                row >= margin && row < height - margin && col >= margin && col < width - margin;
            light += isLight;
            if (isInner) continue;
            border++;
            lightBorder += isLight;
        }
    }
    return lightBorder / Math.max(1, border) + light / levels.length - 1;
}
