/** The strokes of a drawing with their history: undo and redo. */

/** @typedef {number[]} Point [x, y] in canvas pixels, or [x, y, share] of the pen's width */
/** @typedef {Point[]} Stroke */

const UNDO_STEPS = 100;

/** Strokes in canvas coordinates; a step is a stroke begun, a clearing or a replacement. */
export class StrokesHistory {
    constructor() {
        /** @type {Stroke[]} */
        this.strokes = [];
        /** @type {Stroke[][]} */
        this.past = [];
        /** @type {Stroke[][]} */
        this.future = [];
    }

    /** @returns {boolean} whether there is a step to undo */
    get canUndo() {
        return this.past.length > 0;
    }

    /** @returns {boolean} whether there is an undone step to redo */
    get canRedo() {
        return this.future.length > 0;
    }

    /**
     * Begin a stroke.
     *
     * @param {Point} point
     */
    begin(point) {
        this.replace([...this.strokes, [point]]);
    }

    /**
     * Add a point to the last stroke, unless it repeats the last point.
     *
     * @param {Point} point
     */
    extend(point) {
        const stroke = this.strokes[this.strokes.length - 1];
        const last = stroke[stroke.length - 1];
        if (point.some((value, i) => value !== last[i])) stroke.push(point);
    }

    /**
     * Replace all strokes; can be undone.
     *
     * @param {Stroke[]} strokes
     */
    replace(strokes) {
        this.past.push(this.strokes);
        if (this.past.length > UNDO_STEPS) this.past.shift();
        this.future.length = 0;
        this.strokes = strokes;
    }

    /** Remove all strokes; can be undone. */
    clear() {
        if (this.strokes.length) this.replace([]);
    }

    /** Undo the last step. */
    undo() {
        const before = this.past.pop();
        if (!before) return;
        this.future.push(this.strokes);
        this.strokes = before;
    }

    /** Redo the last undone step. */
    redo() {
        const after = this.future.pop();
        if (!after) return;
        this.past.push(this.strokes);
        this.strokes = after;
    }
}
