/** A pen that is moved by the arrow keys, for those who draw without mouse or finger. */

const STEP_PX = 10;
const FINE_STEP_PX = 2;
/** @type {Record<string, [number, number]>} */
const DIRECTIONS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};

/**
 * @typedef {object} Strokes what the pen draws with
 * @property {(x: number, y: number) => void} begin
 * @property {(x: number, y: number) => void} extend
 * @property {() => void} end
 */

/** The pen's place, whether it is down, and the arrow keys that are held. */
export class KeyboardPen {
    /**
     * @param {number} sidePx of the canvas
     * @param {Strokes} strokes
     */
    constructor(sidePx, strokes) {
        this.sidePx = sidePx;
        this.strokes = strokes;
        this.x = this.y = sidePx / 2;
        this.isDown = false;
        /** Whether the pen was used last, so that its place is to be shown. */
        this.isShown = false;
        /** @type {Set<string>} */
        this.held = new Set();
    }

    /** @returns {string} the pen's state in words */
    get text() {
        const place = `${Math.round(this.x)} across, ${Math.round(this.y)} down`;
        return `Pen ${this.isDown ? "on the paper" : "lifted"}, ${place} of ${this.sidePx}`;
    }

    /**
     * Take a key that was pressed.
     *
     * @param {KeyboardEvent} event
     * @returns {boolean} whether the key is one of the pen's
     */
    press(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return false;
        if (event.key in DIRECTIONS) {
            this.held.add(event.key);
            this.move(event.shiftKey ? FINE_STEP_PX : STEP_PX);
        } else if (event.key === " ") {
            if (event.repeat) return true;
            if (this.isDown) this.lift();
            else this.putDown();
        } else if (event.key === "Escape" && this.isDown) {
            this.lift();
        } else {
            return false;
        }
        this.isShown = true;
        return true;
    }

    /**
     * Take a key that was let go.
     *
     * @param {string} key
     * @returns {boolean} whether it was a held arrow key
     */
    release(key) {
        return this.held.delete(key);
    }

    /** Put the pen onto the paper. */
    putDown() {
        this.isDown = true;
        this.strokes.begin(this.x, this.y);
    }

    /** Lift the pen, if it is down. */
    lift() {
        if (!this.isDown) return;
        this.isDown = false;
        this.strokes.end();
    }

    /**
     * Move by a step in the direction of all held keys: two of them move along a diagonal.
     *
     * @param {number} stepPx
     */
    move(stepPx) {
        for (const key of this.held) {
            this.x += DIRECTIONS[key][0] * stepPx;
            this.y += DIRECTIONS[key][1] * stepPx;
        }
        this.x = Math.min(Math.max(this.x, 0), this.sidePx);
        this.y = Math.min(Math.max(this.y, 0), this.sidePx);
        if (this.isDown) this.strokes.extend(this.x, this.y);
    }
}
