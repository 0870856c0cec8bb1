/**
 * Paint small arrays as images with crisp pixels: patches, weights, gradients, feature maps.
 *
 * Ink is painted in the color of ink on the card. Signed values go from the contrast color
 * (negative) over the card (zero) to the accent (positive). Canvases follow a change of the theme.
 */

import { SIDE_PX } from "../sizes.js";
import { element } from "./element.js";

/**
 * @typedef {object} Layout where the values of an image lie
 * @property {number} [rows] of one image, 28 by default
 * @property {number} [cols] of one image, 28 by default
 * @property {number} [n] number of images, 1 by default; channels last, as in (rows, cols, n)
 * @property {number} [columns] images side by side, all n by default
 * @property {number} [offset] index of the first value, 0 by default
 * @property {number} [stride] from a pixel of an image to its next one, n by default: of the
 *     weights (784, h), the units m to m + 9 are {n: 10, offset: m, stride: h}
 */
/** @typedef {Layout & {limit?: number}} SignedLayout colors reach from -limit to limit */
/** @typedef {Float32Array | Float64Array | Uint8Array | number[]} Values */

const SHADES = 256;
const GAP = 1; // between images, in their pixels

/** Share of the ink's color that remains under a gradient. */
const UNDER_GRADIENT = 0.35;

/**
 * @typedef {object} Shades colors as the pixels of a canvas (red in the lowest byte)
 * @property {Uint32Array} ink (256,) card to ink
 * @property {Uint32Array} positive (256,) card to accent
 * @property {Uint32Array} negative (256,) card to contrast color
 * @property {number[]} card
 * @property {number[]} full the color of ink
 * @property {number[]} accent
 * @property {number[]} contrast
 */

/** @type {Shades | null} */
let known = null;

/** @type {WeakMap<HTMLCanvasElement, () => void>} what paints a canvas once more */
const painters = new WeakMap();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    known = null;
    for (const canvas of document.querySelectorAll("canvas")) painters.get(canvas)?.();
});

/**
 * Make a canvas for the functions below; it is an image to screen readers.
 *
 * @param {string} label what it shows
 * @param {string} [classes] beside "pixelated"
 * @returns {HTMLCanvasElement}
 */
export function imageCanvas(label, classes = "") {
    return element("canvas", {
        class: `pixelated ${classes}`.trim(),
        role: "img",
        "aria-label": label,
        width: 1,
        height: 1,
    });
}

/**
 * Paint ink, 0 paper to 1 full ink.
 *
 * @param {HTMLCanvasElement} canvas gets one pixel for each value; CSS sets its size
 * @param {Values | null} values (rows, cols, n); null paints an empty patch
 * @param {Layout} [layout]
 */
export function paintPatch(canvas, values, layout = {}) {
    const shown = values ?? new Float32Array((layout.rows ?? SIDE_PX) * (layout.cols ?? SIDE_PX));
    paint(
        canvas,
        shown,
        layout,
        ({ ink }) =>
            (value) =>
                ink[shade(value)],
    );
}

/**
 * Paint signed values: weights, gradients, activations.
 *
 * @param {HTMLCanvasElement} canvas gets one pixel for each value; CSS sets its size
 * @param {Values} values (rows, cols, n)
 * @param {SignedLayout} [layout] without limit, that of the largest magnitude in `values`
 */
export function paintSigned(canvas, values, layout = {}) {
    const scale = 1 / (layout.limit ?? largestMagnitude(values)) || 0;
    const factor = Number.isFinite(scale) ? scale : 0;
    paint(canvas, values, layout, ({ positive, negative }) => (value) => {
        const share = value * factor;
        return share < 0 ? negative[shade(-share)] : positive[shade(share)];
    });
}

/**
 * Paint a gradient over the patch that it belongs to, whose ink stays faintly visible.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Values} patch (784,) 0 paper to 1 full ink
 * @param {Values} gradient (784,)
 * @param {number} [limit] colors reach from -limit to limit; the largest magnitude by default
 */
export function paintGradientOver(canvas, patch, gradient, limit = largestMagnitude(gradient)) {
    const places = Float32Array.from({ length: patch.length }, (_, i) => i);
    paint(canvas, places, {}, ({ card, full, accent, contrast }) => (i) => {
        const share = limit > 0 ? Math.max(-1, Math.min(1, gradient[i] / limit)) : 0;
        const below = mixed(card, full, UNDER_GRADIENT * clipped(patch[i]));
        return packed(mixed(below, share < 0 ? contrast : accent, Math.abs(share)));
    });
}

/**
 * Return the largest magnitude of some values, 0 if there are none.
 *
 * @param {Values} values
 * @returns {number}
 */
export function largestMagnitude(values) {
    let largest = 0;
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
    return largest;
}

/**
 * Return how many of n images stand side by side, so that the last row has few gaps.
 *
 * @param {number} n
 * @param {number} [most]
 * @returns {number} such as 16 for 128, 10 for 100
 */
export function columnsFor(n, most = 16) {
    if (n <= most) return Math.max(1, n);
    let best = most;
    for (let columns = most; columns > most / 2; columns--) {
        if (gaps(n, columns) < gaps(n, best)) best = columns;
    }
    return best;
}

/**
 * Make the legend of signed colors: the bar, and what its ends mean in numbers or words.
 *
 * @param {string} low text at the contrast color, or at zero
 * @param {string} high text at the accent
 * @param {boolean} [isSigned] whether there are negative values
 * @returns {HTMLElement}
 */
export function signedLegend(low, high, isSigned = true) {
    const bar = element("span", {
        class: `legend-bar ${isSigned ? "" : "positive"}`,
        "aria-hidden": "true",
    });
    return element("span", { class: "legend small muted" }, low, bar, high);
}

/**
 * Return how many places the last row leaves empty.
 *
 * @param {number} n
 * @param {number} columns
 */
function gaps(n, columns) {
    return (columns - (n % columns)) % columns;
}

/**
 * Paint images of one kind, and remember how.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Values} values
 * @param {Layout} layout
 * @param {(shades: Shades) => (value: number) => number} colors
 */
function paint(canvas, values, layout, colors) {
    const { rows = SIDE_PX, cols = SIDE_PX, n = 1, columns = n, offset = 0, stride = n } = layout;
    const gap = n > 1 && rows * cols > 1 ? GAP : 0;
    const width = columns * (cols + gap) - gap;
    const height = Math.ceil(n / columns) * (rows + gap) - gap;
    painters.set(canvas, draw);
    draw();

    function draw() {
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        const image = context.createImageData(width, height);
        const pixels = new Uint32Array(image.data.buffer);
        const color = colors(shades());
        for (let i = 0; i < n; i++) {
            const left = (i % columns) * (cols + gap);
            const top = Math.floor(i / columns) * (rows + gap);
            let at = offset + i;
            for (let row = 0; row < rows; row++) {
                let place = (top + row) * width + left;
                for (let col = 0; col < cols; col++, at += stride)
                    pixels[place++] = color(values[at]);
            }
        }
        context.putImageData(image, 0, 0);
    }
}

/** Return the colors of the theme. */
function shades() {
    if (known) return known;
    const style = getComputedStyle(document.documentElement);
    const [card, full, accent, contrast] = ["--card", "--ink", "--accent", "--contrast"].map(
        (name) => channels(style.getPropertyValue(name).trim()),
    );
    known = {
        ink: ramp(card, full),
        positive: ramp(card, accent),
        negative: ramp(card, contrast),
        card,
        full,
        accent,
        contrast,
    };
    return known;
}

/**
 * Return the channels of a color.
 *
 * @param {string} hex such as "#1769c4"
 * @returns {number[]} red, green, blue
 */
function channels(hex) {
    return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}

/**
 * Return the shades from one color to another.
 *
 * @param {number[]} from
 * @param {number[]} to
 * @returns {Uint32Array} (256,)
 */
function ramp(from, to) {
    return Uint32Array.from({ length: SHADES }, (_, i) =>
        packed(mixed(from, to, i / (SHADES - 1))),
    );
}

/**
 * Mix two colors.
 *
 * @param {number[]} one
 * @param {number[]} other
 * @param {number} share of the other
 * @returns {number[]}
 */
function mixed(one, other, share) {
    return one.map((value, i) => Math.round(value + share * (other[i] - value)));
}

/**
 * Return a color as a pixel of a canvas.
 *
 * @param {number[]} color
 */
function packed([red, green, blue]) {
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * Return the index of a shade.
 *
 * @param {number} share
 */
function shade(share) {
    return Math.round(clipped(share) * (SHADES - 1));
}

/**
 * Clip a share to 0 to 1.
 *
 * @param {number} share
 */
function clipped(share) {
    return share > 0 ? Math.min(share, 1) : 0;
}
