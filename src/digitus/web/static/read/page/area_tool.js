/** A box drawn on the image of a page around a number that was missed, and its place there. */

import { svg } from "../../ui/element.js";

/** @typedef {import("../api.js").Box} Box */
/** @typedef {import("../api.js").WholePage} WholePage */

const SMALLEST_PX = 4; // of the page, on either side of a box
const LEVEL_SHARE = 0.5; // of the lower one of two boxes that stand in one line

/** Draws one box with the pointer. */
export class AreaTool {
    /**
     * @param {SVGSVGElement} overlay in pixels of the page
     * @param {(box: Box | null) => void} done called with the box; null if it is too small
     */
    constructor(overlay, done) {
        this.done = done;
        this.isOn = false;
        /** @type {[number, number] | null} where the pointer went down, in pixels of the page */
        this.start = null;
        /** @type {Box} */
        this.box = [0, 0, 0, 0];
        this.overlay = overlay;
        this.shape = svg("rect", { class: "box is-drawn", rx: 4 });
    }

    /** @param {[number, number]} at in pixels of the page */
    begin(at) {
        this.start = at;
        this.extend(at, { width: Infinity, height: Infinity });
        this.overlay.append(this.shape);
    }

    /**
     * @param {[number, number]} at in pixels of the page
     * @param {{width: number, height: number}} page
     */
    extend(at, page) {
        if (!this.start) return;
        this.box = boxBetween(this.start, at, page);
        const [x, y, width, height] = this.box;
        for (const [name, value] of Object.entries({ x, y, width, height })) {
            this.shape.setAttribute(name, String(value));
        }
    }

    /** The pointer went up. */
    end() {
        if (!this.start) return;
        const [, , width, height] = this.box;
        this.stop();
        this.done(Math.min(width, height) < SMALLEST_PX ? null : this.box);
    }

    /** Draw nothing. */
    stop() {
        this.start = null;
        this.shape.remove();
    }
}

/**
 * Return the box with two points as its corners, within the page, in whole pixels.
 *
 * @param {[number, number]} one
 * @param {[number, number]} other
 * @param {{width: number, height: number}} page
 * @returns {Box}
 */
function boxBetween(one, other, page) {
    const limits = [page.width, page.height];
    const low = limits.map((limit, i) => clamped(Math.min(one[i], other[i]), limit));
    const high = limits.map((limit, i) => clamped(Math.max(one[i], other[i]), limit));
    return [low[0], low[1], high[0] - low[0], high[1] - low[1]];
}

/**
 * Return the line that a box stands in, and its position there, from 1; null for a new line.
 *
 * @param {WholePage} page
 * @param {Box} box
 * @returns {{line: number, position: number} | null}
 */
export function placeIn(page, [left, top, width, height]) {
    for (const { cells } of page.lines) {
        const boxes = cells.map((cell) => cell.box).filter((box) => box !== null);
        const isLevel = boxes.some(
            ([, y, , rows]) =>
                Math.min(top + height, y + rows) - Math.max(top, y) >=
                LEVEL_SHARE * Math.min(height, rows),
        );
        const line = cells[0]?.line;
        if (!isLevel || typeof line !== "number") continue;
        const middle = left + width / 2;
        const before = cells.filter((cell) => cell.box && cell.box[0] + cell.box[2] / 2 < middle);
        return { line, position: (before[before.length - 1]?.position ?? 0) + 1 };
    }
    return null;
}

/**
 * @param {number} value
 * @param {number} limit
 */
function clamped(value, limit) {
    return Math.round(Math.min(Math.max(value, 0), limit));
}
