/** Conversion of colors and transparency to grey values from 0 to 1. */

import { emptyRaster, largest, smallest } from "../arrays.js";
import { resizedByArea } from "../resizing.js";

/** @typedef {import("../arrays.js").Raster} Grey */

/**
 * @typedef {object} Colors
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray<ArrayBuffer>} values height x width x 4: red, green, blue, opacity,
 *     0 to 255
 */

// Luma of red, green and blue: ITU-R BT.601, in Pillow's fixed-point numbers of 16 bits.
const LUMA = [19595, 38470, 7471];
const OPAQUE = 255;

/**
 * Parameters of the conversion, as in Python's `GreyParameters`; set by hand.
 *
 * faint: difference from white below which transparent ink is laid over black. contrast: contrast
 * of a single channel, as a multiple of luma's, from which it replaces luma. thumbnailPx: long side
 * of the copy on which contrast is measured.
 */
const GREY = { faint: 0.25, contrast: 2, thumbnailPx: 64 };

/**
 * Convert colors to grey; transparent pixels become paper.
 *
 * The paper is white, or black if all visible ink is light.
 *
 * @param {Colors} colors
 * @returns {Grey}
 */
export function greyOf(colors) {
    const { width, height, values } = colors;
    const grey = emptyRaster(width, height);
    let isOpaque = true;
    for (let i = 0; i < grey.values.length; i++) {
        const [red, green, blue] = [values[4 * i], values[4 * i + 1], values[4 * i + 2]];
        const sum = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
        grey.values[i] = ((sum + 0x8000) >> 16) / 255;
        isOpaque &&= values[4 * i + 3] === OPAQUE;
    }
    if (!isOpaque) return overPaper(grey, values);
    const channel = channelOfContrast(colors, grey);
    if (channel === null) return grey;
    return channelOf(colors, channel);
}

/**
 * Composite grey values over white paper, or over black paper if white would hide them.
 *
 * @param {Grey} grey
 * @param {Uint8ClampedArray} colors every fourth value is opacity
 * @returns {Grey}
 */
function overPaper(grey, colors) {
    let [onWhite, onBlack] = [0, 0];
    for (let i = 0; i < grey.values.length; i++) {
        const opacity = colors[4 * i + 3] / OPAQUE;
        onWhite = Math.max(onWhite, opacity * (1 - grey.values[i]));
        onBlack = Math.max(onBlack, opacity * grey.values[i]);
    }
    const paper = onWhite < GREY.faint && onBlack > onWhite ? 0 : 1;
    const made = emptyRaster(grey.width, grey.height);
    for (let i = 0; i < made.values.length; i++) {
        const opacity = colors[4 * i + 3] / OPAQUE;
        made.values[i] = grey.values[i] * opacity + paper * (1 - opacity);
    }
    return made;
}

/**
 * Return the channel that shows a pen that luma hardly shows, else null.
 *
 * An example is a yellow pen on white paper, which only the blue channel shows.
 *
 * @param {Colors} colors
 * @param {Grey} luma
 * @returns {number | null}
 */
function channelOfContrast(colors, luma) {
    const reaches = [0, 1, 2].map((channel) => reach(channelOf(colors, channel)));
    const best = reaches.indexOf(Math.max(...reaches));
    return reaches[best] > GREY.contrast * reach(luma) ? best : null;
}

/**
 * Return the difference between the lightest and the darkest pixel of a small copy.
 *
 * @param {Grey} grey
 */
function reach(grey) {
    const width = Math.min(grey.width, GREY.thumbnailPx);
    const height = Math.min(grey.height, GREY.thumbnailPx);
    const { values } = resizedByArea(grey, width, height);
    return largest(values) - smallest(values);
}

/**
 * @param {Colors} colors
 * @param {number} channel 0 red, 1 green, 2 blue
 * @returns {Grey}
 */
function channelOf(colors, channel) {
    const grey = emptyRaster(colors.width, colors.height);
    for (let i = 0; i < grey.values.length; i++) {
        grey.values[i] = colors.values[4 * i + channel] / 255;
    }
    return grey;
}
