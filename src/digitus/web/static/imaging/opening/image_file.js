/** Image files opened: checked, decoded by the browser, upright, reduced, grey. */

import { DigitusError } from "../../errors.js";
import { shrunk } from "../levels.js";
import { greyOf } from "./grey.js";
import { readHeader } from "./image_header.js";

/** @typedef {import("../arrays.js").Raster} Grey */
/** @typedef {import("./grey.js").Colors} Colors */

/**
 * Limits of an image, as in Python's `ImageLimits`.
 *
 * leastSidePx: shorter side below which an image cannot show a digit. pixels: greatest number of
 * pixels. bytes: greatest size of a file.
 */
const IMAGE_LIMITS = { leastSidePx: 8, pixels: 50_000_000, bytes: 512 * 2 ** 20 };

const LONGEST_PX = 2 ** 15 - 1; // of a side: what every browser opens
const HEADER_BYTES = 2 ** 20; // a JPEG may hold a thumbnail and a color profile before its size
const BAND_PIXELS = 2 ** 20; // so that the page can answer between two bands of a photo

/**
 * Open an image as grey, and as it is shown.
 *
 * The browser decodes it and applies the EXIF orientation; colors are taken as stored.
 *
 * @param {Blob} file
 * @param {number} longSidePx a larger image is shrunk to this
 * @returns {Promise<{grey: Grey, preview: HTMLCanvasElement}>}
 * @throws {DigitusError} if it is empty, damaged, not an image, too small or too large
 */
export async function openImage(file, longSidePx) {
    const name = nameOf(file);
    const bitmap = await decoded(file, name);
    try {
        checkSize(name, bitmap.width, bitmap.height);
        const colors = await reducedColors(bitmap, longSidePx);
        return { grey: shrunk(greyOf(colors), longSidePx), preview: previewOf(colors, longSidePx) };
    } finally {
        bitmap.close();
    }
}

/** @param {Blob} file */
function nameOf(file) {
    return (file instanceof File && file.name) || "the image";
}

/**
 * Check a file by its header, then let the browser decode it.
 *
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<ImageBitmap>}
 */
async function decoded(file, name) {
    if (!file.size) throw new DigitusError(`${name}: empty file; an image was wanted.`);
    if (file.size > IMAGE_LIMITS.bytes) {
        const most = IMAGE_LIMITS.bytes / 2 ** 20;
        throw new DigitusError(
            `${name}: over ${most} MB; reduce the image, or save it as PNG or JPEG.`,
        );
    }
    const { kind, width, height } = readHeader(await headOf(file, name));
    if (width !== undefined && height !== undefined) checkSize(name, width, height);
    try {
        return await createImageBitmap(file, {
            imageOrientation: "from-image",
            colorSpaceConversion: "none",
        });
    } catch {
        if (Math.max(width ?? 0, height ?? 0) > LONGEST_PX) {
            throw new DigitusError(
                `${name}: ${width} x ${height} pixels, longer than this browser opens; cut it.`,
            );
        }
        throw new DigitusError(`${name}: ${reason(kind)}`);
    }
}

/**
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<ArrayBuffer>}
 */
async function headOf(file, name) {
    try {
        return await file.slice(0, HEADER_BYTES).arrayBuffer();
    } catch {
        throw new DigitusError(`${name}: cannot be read; is it still there?`);
    }
}

/**
 * Return why the browser did not decode an image, and what to do.
 *
 * @param {string} kind of the image
 */
function reason(kind) {
    if (kind === "HEIC") {
        return (
            "a HEIC photo, which this browser cannot open; save it as JPEG " +
            "(iPhone: Settings, Camera, Formats, Most Compatible)."
        );
    }
    if (kind === "PDF") return "a PDF, where an image was wanted; save its page as PNG.";
    if (kind === "TIFF" || kind === "SVG") {
        return `a file of the kind ${kind}, which is not opened here; save it as PNG or JPEG.`;
    }
    if (kind === "") return "not an image of a known kind; save it as PNG or JPEG.";
    return "damaged or cut short; save or send it again.";
}

/**
 * Check that an image is large enough to hold a digit, and not too large to be read.
 *
 * @param {string} name
 * @param {number} cols
 * @param {number} rows
 */
function checkSize(name, cols, rows) {
    const least = IMAGE_LIMITS.leastSidePx;
    if (Math.min(cols, rows) < least) {
        throw new DigitusError(
            `${name}: ${cols} x ${rows} pixels; at least ${least} x ${least} are wanted.`,
        );
    }
    if (cols * rows > IMAGE_LIMITS.pixels) {
        const most = IMAGE_LIMITS.pixels / 1e6;
        throw new DigitusError(
            `${name}: ${cols} x ${rows} pixels; ` +
                `at most ${most} million are read, so reduce the image.`,
        );
    }
}

/**
 * Return the colors of an image, a much larger one reduced by a whole factor.
 *
 * The image is drawn in bands of some rows, each reduced to its means; the page answers between
 * two.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} longSidePx
 * @returns {Promise<Colors>}
 */
async function reducedColors(bitmap, longSidePx) {
    const factor = Math.max(1, Math.floor(Math.max(bitmap.width, bitmap.height) / longSidePx));
    const width = Math.ceil(bitmap.width / factor);
    const height = Math.ceil(bitmap.height / factor);
    const values = new Uint8ClampedArray(4 * width * height);
    const bandRows = Math.max(1, Math.floor(BAND_PIXELS / (bitmap.width * factor)));
    const { canvas, context } = canvasOf(bitmap.width, bandRows * factor);
    for (let row = 0; row < height; row += bandRows) {
        const top = row * factor;
        const rows = Math.min(bandRows * factor, bitmap.height - top);
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.drawImage(bitmap, 0, top, bitmap.width, rows, 0, 0, bitmap.width, rows);
        const band = context.getImageData(0, 0, bitmap.width, rows);
        if (factor === 1) {
            values.set(band.data, 4 * width * row);
        } else {
            reduce(band, factor, values.subarray(4 * width * row));
        }
        if (row + bandRows < height) await new Promise((resolve) => setTimeout(resolve));
    }
    return { width, height, values };
}

/**
 * Shrink colors by a whole factor to the means of squares, each pixel weighted by its opacity.
 *
 * @param {ImageData} colors
 * @param {number} factor
 * @param {Uint8ClampedArray} out the rows of the result
 */
function reduce({ width, height, data }, factor, out) {
    for (let top = 0, to = 0; top < height; top += factor) {
        const bottom = Math.min(height, top + factor);
        for (let left = 0; left < width; left += factor, to += 4) {
            const right = Math.min(width, left + factor);
            let [red, green, blue, opacity] = [0, 0, 0, 0];
            for (let row = top; row < bottom; row++) {
                for (let i = 4 * (row * width + left); i < 4 * (row * width + right); i += 4) {
                    const weight = data[i + 3];
                    red += weight * data[i];
                    green += weight * data[i + 1];
                    blue += weight * data[i + 2];
                    opacity += weight;
                }
            }
            const scale = opacity || 1;
            out[to] = red / scale;
            out[to + 1] = green / scale;
            out[to + 2] = blue / scale;
            out[to + 3] = opacity / ((bottom - top) * (right - left));
        }
    }
}

/**
 * Return the image as it is shown.
 *
 * @param {Colors} colors
 * @param {number} longSidePx
 * @returns {HTMLCanvasElement}
 */
function previewOf({ width, height, values }, longSidePx) {
    const factor = Math.min(1, longSidePx / Math.max(width, height));
    const whole = canvasOf(width, height);
    whole.context.putImageData(new ImageData(values, width, height), 0, 0);
    if (factor === 1) return whole.canvas;
    const [cols, rows] = [width, height].map((side) => Math.max(1, Math.round(factor * side)));
    const small = canvasOf(cols, rows);
    small.context.imageSmoothingQuality = "high";
    small.context.drawImage(whole.canvas, 0, 0, cols, rows);
    return small.canvas;
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}} its pixels can be read
 */
function canvasOf(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) {
        throw new DigitusError(
            "The browser gives no canvas to read the image with; close other pages, then retry.",
        );
    }
    return { canvas, context };
}
