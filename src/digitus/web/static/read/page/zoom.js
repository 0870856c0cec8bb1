/** Where a page lies in its frame: scale and offset, changed by zooming and panning. */

/** @typedef {import("../api.js").Box} Box */
/** @typedef {{width: number, height: number}} Size */

const CLOSEST = 4; // pixels of the screen for a pixel of the page, at most
const SMALLEST_SHARE = 0.75; // of the frame that a page keeps when it is dragged out
/** Height of a number after `reveal`, as a share of the frame, at least. */
const LEGIBLE_SHARE = 1 / 14;
const MARGIN_PX = 24;

/** The scale and the offset of a page in a frame. */
export class Zoom {
    /** @param {Size} page in pixels */
    constructor(page) {
        this.page = page;
        /** @type {Size} in pixels of the screen */
        this.frame = { width: 1, height: 1 };
        this.scale = 1;
        this.left = 0;
        this.top = 0;
        /** Whether the page follows the size of the frame. */
        this.isFitted = true;
    }

    /** @returns {number} the scale at which the whole page is seen */
    get fitted() {
        const { frame, page } = this;
        return Math.min(frame.width / page.width, frame.height / page.height);
    }

    /** @param {Size} frame */
    setFrame(frame) {
        this.frame = frame;
        if (this.isFitted) this.fit();
        else this.keepInside();
    }

    /** Show the whole page in the middle. */
    fit() {
        this.scale = this.fitted;
        this.isFitted = true;
        this.keepInside();
    }

    /**
     * Zoom so that a point of the frame stays where it is.
     *
     * @param {number} factor
     * @param {[number, number]} [at] in pixels of the frame; the middle where none is given
     */
    zoom(factor, at = [this.frame.width / 2, this.frame.height / 2]) {
        const least = this.fitted;
        const scale = Math.min(Math.max(this.scale * factor, least), Math.max(CLOSEST, least));
        const [x, y] = at;
        this.left = x - ((x - this.left) * scale) / this.scale;
        this.top = y - ((y - this.top) * scale) / this.scale;
        this.scale = scale;
        this.isFitted = scale === least;
        this.keepInside();
    }

    /**
     * @param {number} dx in pixels of the screen
     * @param {number} dy
     */
    pan(dx, dy) {
        this.left += dx;
        this.top += dy;
        this.keepInside();
    }

    /**
     * Move the page so that a box is seen, and zoom in where its digits would be too small.
     *
     * @param {Box} box
     */
    reveal([left, top, width, height]) {
        const wanted = (LEGIBLE_SHARE * this.frame.height) / Math.max(height, 1);
        const widest = (this.frame.width - 2 * MARGIN_PX) / Math.max(width, 1);
        const factor = Math.min(wanted, widest) / this.scale;
        if (factor > 1) this.zoom(factor);
        const { scale, frame } = this;
        /** @type {(start: number, length: number, offset: number, room: number) => number} */
        const moved = (start, length, offset, room) => {
            const first = start * scale + offset - MARGIN_PX;
            const last = (start + length) * scale + offset + MARGIN_PX - room;
            return last > 0 ? -last : first < 0 ? -first : 0;
        };
        this.pan(
            moved(left, width, this.left, frame.width),
            moved(top, height, this.top, frame.height),
        );
    }

    /**
     * Put a box in the middle, so large that it takes a share of the frame.
     *
     * @param {Box} box
     * @param {number} share of the width of the frame, at most
     */
    center([left, top, width, height], share) {
        const { frame } = this;
        const wanted = Math.min(
            (share * frame.width) / Math.max(width, 1),
            (share * frame.height) / Math.max(height, 1),
            CLOSEST,
        );
        this.zoom(wanted / this.scale);
        this.left = frame.width / 2 - (left + width / 2) * this.scale;
        this.top = frame.height / 2 - (top + height / 2) * this.scale;
        this.keepInside();
    }

    /** Keep a page in sight: one smaller than the frame in its middle, a larger one over it. */
    keepInside() {
        const { frame, page, scale } = this;
        /** @type {(offset: number, length: number, room: number) => number} */
        const kept = (offset, length, room) => {
            if (length <= room) return (room - length) / 2;
            const slack = (1 - SMALLEST_SHARE) * room;
            return Math.min(slack, Math.max(offset, room - length - slack));
        };
        this.left = kept(this.left, page.width * scale, frame.width);
        this.top = kept(this.top, page.height * scale, frame.height);
    }
}
