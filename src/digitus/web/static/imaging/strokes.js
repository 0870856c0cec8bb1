/** Pen strokes rendered as ink. */

import { emptyRaster } from "./arrays.js";

/** @typedef {import("./arrays.js").Raster} Ink */

/**
 * @typedef {object} Drawing
 * @property {number} width of the canvas, in pixels
 * @property {number} height of the canvas, in pixels
 * @property {number} penPx diameter of the pen, in pixels
 * @property {number[][][]} strokes each a list of points from pen down to pen up: [x, y], or
 *     [x, y, share] where the pen's width varies; (0, 0) is the corner of the first pixel
 */

/**
 * @typedef {object} Rendered what was rendered last, so that a drawing that grows costs little
 * @property {Ink} ink
 * @property {number} penPx
 * @property {number[]} points x, y, share of every point
 * @property {number[]} ends number of points up to the end of each stroke
 */

/**
 * Parameters of the rendering, as in Python's `RenderParameters`.
 *
 * mostCanvasPixels: greatest number of pixels. finePx: least long side of the larger canvas on
 * which Python draws. mostCoarse: largest of the scales that are tried first. mostPixels: greatest
 * number of pixels of the larger canvas. widestPen: OpenCV's limit there.
 */
const RENDER = {
    mostCanvasPixels: 50_000_000,
    finePx: 900,
    mostCoarse: 8,
    mostPixels: 200_000_000,
    widestPen: 32_767,
};

/** @type {Rendered | null} */
let last = null;

/**
 * Render strokes of a round pen as ink, 0 paper to 1 full ink.
 *
 * Points are joined by straight segments; a single point is a dot as wide as the pen. What lies
 * outside the canvas is cut off. A pixel's ink is the share of it that the pen covers: exact for
 * an edge along rows or columns, and within a few percent for others.
 *
 * Python draws on a canvas some three times as large and shrinks it. OpenCV's lines are there an
 * odd number of pixels wide, and their ends and joints half a pixel narrower on either side; so are
 * these.
 *
 * @param {Drawing} drawing
 * @returns {Ink}
 * @throws {RangeError} if a size is not positive, the canvas too large, or a point not finite
 */
export function renderStrokes(drawing) {
    const { width, height, penPx } = drawing;
    checkCanvas(width, height, penPx);
    const { points, ends } = flattened(drawing.strokes);
    if (!last || !continues(last, drawing, points, ends)) {
        last = { ink: emptyRaster(width, height), penPx, points: [], ends: [] };
    }
    const scale = fineScale(width, height, penPx);
    const known = last.points.length / 3;
    let start = 0;
    for (const end of ends) {
        // The first new point of a stroke is joined to the last known one.
        for (let i = Math.max(start, known); i < end; i++) {
            const from = Math.max(i - 1, start);
            if (i === start && end > start + 1) continue; // no dot: a segment begins here
            drawSegment(last.ink, points, from, i, penPx, scale);
        }
        start = end;
    }
    last.points = points;
    last.ends = ends;
    return { width, height, values: last.ink.values.slice() };
}

/**
 * @param {number[][][]} strokes
 * @returns {{points: number[], ends: number[]}}
 */
function flattened(strokes) {
    /** @type {number[]} */
    const points = [];
    /** @type {number[]} */
    const ends = [];
    for (const stroke of strokes) {
        for (const [x, y, share = 1] of stroke) {
            if (!(Number.isFinite(x) && Number.isFinite(y) && share >= 0 && share < Infinity)) {
                throw new RangeError(
                    "a point has two finite numbers and a share of the pen's width; " +
                        `got ${x}, ${y}, ${share}`,
                );
            }
            points.push(x, y, share);
        }
        if (stroke.length) ends.push(points.length / 3);
    }
    return { points, ends };
}

/**
 * Return whether a drawing only adds points to the one rendered last.
 *
 * @param {Rendered} before
 * @param {Drawing} drawing
 * @param {number[]} points
 * @param {number[]} ends
 */
function continues(before, drawing, points, ends) {
    const { ink, penPx } = before;
    if (ink.width !== drawing.width || ink.height !== drawing.height) return false;
    if (penPx !== drawing.penPx || before.points.length > points.length) return false;
    const open = before.ends.length - 1; // the stroke that may have become longer
    for (let i = 0; i < open; i++) if (before.ends[i] !== ends[i]) return false;
    if (open >= 0 && before.ends[open] > ends[open]) return false;
    return before.points.every((value, i) => value === points[i]);
}

/**
 * Draw a segment with round ends; the pen is as wide as at its wider end.
 *
 * @param {Ink} ink
 * @param {number[]} points x, y, share of every point
 * @param {number} from
 * @param {number} to
 * @param {number} penPx
 * @param {number} scale pixels of the larger canvas along one of this
 */
function drawSegment(ink, points, from, to, penPx, scale) {
    const [x, y] = [points[3 * from], points[3 * from + 1]];
    const [dx, dy] = [points[3 * to] - x, points[3 * to + 1] - y];
    const widthPx = penPx * Math.max(points[3 * from + 2], points[3 * to + 2]);
    const radius = nearestOdd(scale * widthPx) / scale / 2;
    const endRadius = Math.max(radius - 0.5 / scale, 0.5 / scale);
    const reach = radius + 1;
    const squared = dx * dx + dy * dy;
    const left = Math.max(0, Math.floor(Math.min(x, x + dx) - reach));
    const right = Math.min(ink.width, Math.ceil(Math.max(x, x + dx) + reach));
    const top = Math.max(0, Math.floor(Math.min(y, y + dy) - reach));
    const bottom = Math.min(ink.height, Math.ceil(Math.max(y, y + dy) + reach));
    for (let row = top; row < bottom; row++) {
        for (let col = left, i = row * ink.width + left; col < right; col++, i++) {
            if (ink.values[i] === 1) continue;
            const [px, py] = [col + 0.5 - x, row + 0.5 - y];
            const product = px * dx + py * dy;
            const isAtEnd = product <= 0 || product >= squared;
            const along = product <= 0 ? 0 : isAtEnd ? 1 : product / squared;
            const [gapX, gapY] = [px - along * dx, py - along * dy];
            const distance = gapX * gapX + gapY * gapY;
            if (distance >= reach * reach) continue;
            const covered = coverage(Math.sqrt(distance), isAtEnd ? endRadius : radius);
            if (covered > ink.values[i]) ink.values[i] = covered;
        }
    }
}

/**
 * Return the share of a pixel that a line covers: what lies within one edge, less what lies
 * beyond the other.
 *
 * @param {number} distance of the pixel's middle from the middle of the line, in pixels
 * @param {number} radius half the line's width, in pixels
 */
function coverage(distance, radius) {
    const within = Math.min(1, Math.max(0, radius - distance + 0.5));
    return radius >= 0.5 ? within : within - Math.max(0, 0.5 - radius - distance);
}

/**
 * Choose the scale of the larger canvas, so that an odd number of its pixels fits the pen.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} penPx
 */
function fineScale(width, height, penPx) {
    const fit = Math.floor(RENDER.finePx / Math.max(width, height));
    const coarsest = Math.min(Math.max(fit, 2), RENDER.mostCoarse);
    const finest = Math.floor(Math.sqrt(RENDER.mostPixels / (width * height)));
    const miss = (/** @type {number} */ scale) =>
        Math.abs(nearestOdd(scale * penPx) / scale - penPx);
    let best = Math.min(coarsest, finest);
    for (let scale = best + 1; scale <= Math.min(coarsest + 2, finest); scale++) {
        if (miss(scale) < miss(best)) best = scale;
    }
    return best;
}

/** @param {number} number */
function nearestOdd(number) {
    return Math.max(1, 2 * Math.round((Math.min(number, RENDER.widestPen) - 1) / 2) + 1);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} penPx
 */
function checkCanvas(width, height, penPx) {
    const isWhole = Number.isInteger(width) && Number.isInteger(height);
    if (!(isWhole && width > 0 && height > 0 && width * height <= RENDER.mostCanvasPixels)) {
        const most = RENDER.mostCanvasPixels / 1e6;
        throw new RangeError(`a canvas has 1 to ${most} million pixels; got ${width} x ${height}`);
    }
    if (!(penPx > 0 && penPx < Infinity)) {
        throw new RangeError(`a pen's width is a positive number of pixels; got ${penPx}`);
    }
}
