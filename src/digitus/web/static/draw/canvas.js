/**
 * The canvas: a square of paper for mouse, finger, pen and keyboard.
 *
 * It keeps strokes, not pixels, and the strokes are what is recognized. So white and black paper
 * give the same patch, and another size on the screen loses nothing.
 */

import { element } from "../ui/element.js";
import { KeyboardPen } from "./keyboard_pen.js";
import { paintStrokes } from "./paint_strokes.js";
import { StrokesHistory } from "./strokes_history.js";

/** @typedef {import("../imaging/strokes.js").Drawing} Drawing */

/** Side of the canvas in its own pixels, independent of its size on the screen. */
const CANVAS_PX = 280;
/** Smallest and largest diameter of the pen, in canvas pixels. */
export const PENS_PX = [8, 48];
/** Gives strokes of 2 to 3 pixels in the patch, as in MNIST. */
const DEFAULT_PEN_PX = 24;

const INSTRUCTION =
    "Draw with mouse, finger or pen. With the keyboard: the arrow keys move the pen, with Shift " +
    "in small steps; Space puts it down and lifts it; Control Z undoes, Control Y redoes, " +
    "Delete clears.";

let canvases = 0;

/**
 * Square paper to draw on; it fills the width of its place.
 *
 * Events: "change" at every animation frame with a new point, when a stroke ends, and after undo,
 * redo, clear and a change of the pen; "begin" before a stroke.
 */
export class DrawingCanvas extends EventTarget {
    /**
     * @param {{label?: string, hint?: string}} [texts] name for screen readers; text on empty paper
     */
    constructor({ label = "Canvas", hint = "Draw a digit here" } = {}) {
        super();
        /** Diameter of the pen, in canvas pixels. */
        this.penPx = DEFAULT_PEN_PX;
        this.history = new StrokesHistory();
        this.pen = new KeyboardPen(CANVAS_PX, {
            begin: (x, y) => this.begin([x, y]),
            extend: (x, y) => this.extend([x, y]),
            end: () => this.end(),
        });
        /** Whether a stroke is being drawn. */
        this.isDrawing = false;
        /** @type {{id: number, type: string} | null} the mouse, finger or pen that draws */
        this.pointer = null;
        /** Colors of the theme, read when the canvas is shown; reading them anew takes time. */
        this.colors = { ink: "black", accent: "black" };
        /** @type {number | null} the requested animation frame */
        this.frame = null;
        this.hint = element("p", { class: "paper-hint", "aria-hidden": "true" }, hint);
        this.status = element("p", { class: "visually-hidden", "aria-live": "polite" });
        const help = `canvas-help-${++canvases}`;
        this.canvas = element("canvas", {
            class: "paper-canvas",
            tabindex: 0,
            role: "application",
            "aria-label": label,
            "aria-roledescription": "canvas",
            "aria-describedby": help,
        });
        this.element = element(
            "div",
            { class: "paper" },
            this.canvas,
            this.hint,
            element("p", { id: help, class: "visually-hidden" }, INSTRUCTION),
            this.status,
        );
        this.listen();
    }

    /** @returns {Drawing} the strokes with the size of canvas and pen */
    get drawing() {
        const { strokes } = this.history;
        return { width: CANVAS_PX, height: CANVAS_PX, penPx: this.penPx, strokes };
    }

    /** @returns {boolean} whether nothing is drawn */
    get isEmpty() {
        return this.history.strokes.length === 0;
    }

    /** Undo the last stroke or the last clearing. */
    undo() {
        this.stop();
        this.history.undo();
        this.changed();
    }

    /** Redo what was undone last. */
    redo() {
        this.stop();
        this.history.redo();
        this.changed();
    }

    /** Remove all strokes; can be undone. */
    clear() {
        this.stop();
        this.history.clear();
        this.changed();
    }

    /**
     * Set the diameter of the pen for all strokes.
     *
     * @param {number} px canvas pixels, kept within `PENS_PX`
     */
    setPen(px) {
        this.penPx = Math.min(Math.max(px, PENS_PX[0]), PENS_PX[1]);
        this.changed();
    }

    /**
     * Show another drawing, or empty paper. It can be undone, and is no "change" of the user's.
     *
     * @param {Drawing | null} drawing
     */
    load(drawing) {
        this.stop();
        const scale = CANVAS_PX / (drawing?.width ?? CANVAS_PX);
        const strokes = (drawing?.strokes ?? []).map((stroke) =>
            stroke.map(([x, y, ...share]) => [x * scale, y * scale, ...share]),
        );
        if (drawing) this.penPx = Math.min(Math.max(drawing.penPx * scale, PENS_PX[0]), PENS_PX[1]);
        if (strokes.length) this.history.replace(strokes);
        else this.history.clear();
        this.paint();
    }

    /** Paint the strokes at the pixels of the screen, and the keyboard's pen if it is in use. */
    paint() {
        const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, this.canvas.width, this.canvas.height);
        paintStrokes(context, this.drawing, this.colors.ink);
        if (this.pen.isShown) this.paintPen(context, this.colors.accent);
        this.hint.hidden = !this.isEmpty || this.pen.isShown;
    }

    // -- strokes

    /** @param {number[]} point */
    begin(point) {
        this.dispatchEvent(new Event("begin"));
        this.isDrawing = true;
        this.history.begin(point);
        this.soon();
    }

    /** @param {number[]} point */
    extend(point) {
        if (!this.isDrawing) return;
        this.history.extend(point);
        this.soon();
    }

    /** End the stroke; the answer need not wait for the next frame. */
    end() {
        if (!this.isDrawing) return;
        this.stop();
        this.changed();
    }

    /** Let go of the stroke that is being drawn. */
    stop() {
        this.isDrawing = false;
        this.pointer = null;
        this.pen.isDown = false;
    }

    /** Paint, and say that the drawing has changed, at the next animation frame. */
    soon() {
        this.frame ??= requestAnimationFrame(() => this.changed());
    }

    /** Paint, and say that the drawing has changed. */
    changed() {
        if (this.frame !== null) cancelAnimationFrame(this.frame);
        this.frame = null;
        this.paint();
        this.dispatchEvent(new Event("change"));
    }

    // -- input

    /** Listen to pointers, keys, and everything that asks for painting again. */
    listen() {
        const { canvas } = this;
        canvas.addEventListener("pointerdown", (event) => this.pointerDown(event));
        canvas.addEventListener("pointermove", (event) => this.pointerMove(event));
        canvas.addEventListener("pointerup", (event) => this.pointerUp(event));
        canvas.addEventListener("pointercancel", (event) => this.pointerUp(event));
        canvas.addEventListener("contextmenu", (event) => event.preventDefault());
        canvas.addEventListener("keydown", (event) => this.keyDown(event));
        canvas.addEventListener("keyup", (event) => this.keyUp(event));
        canvas.addEventListener("blur", () => this.leave());
        new ResizeObserver(() => this.fit()).observe(canvas);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.fit());
    }

    /** @param {PointerEvent} event */
    pointerDown(event) {
        if (event.button !== 0) return;
        const isPen = event.pointerType === "pen";
        if (this.pointer && isPen && this.pointer.type === "touch") this.dropPalm();
        if (this.pointer) return; // a second finger
        this.pen.lift();
        this.pen.isShown = false;
        this.canvas.setPointerCapture(event.pointerId);
        this.begin(this.pointOf(event));
        this.pointer = { id: event.pointerId, type: event.pointerType };
    }

    /** Take back the stroke of the palm that touched the paper before the pen. */
    dropPalm() {
        this.stop();
        this.history.undo();
        this.history.future.length = 0;
    }

    /** @param {PointerEvent} event */
    pointerMove(event) {
        if (event.pointerId !== this.pointer?.id) return;
        const passed = event.getCoalescedEvents?.() ?? [];
        for (const each of passed.length ? passed : [event]) this.extend(this.pointOf(each));
    }

    /** @param {PointerEvent} event */
    pointerUp(event) {
        if (event.pointerId !== this.pointer?.id) return;
        if (event.type === "pointerup" && event.pointerType !== "pen") {
            this.extend(this.pointOf(event)); // a lifted pen has no pressure any more
        }
        this.end();
    }

    /**
     * @param {PointerEvent} event
     * @returns {number[]} the place on the canvas, with the share of the pen's width for a pen
     */
    pointOf(event) {
        const box = this.canvas.getBoundingClientRect();
        const scale = CANVAS_PX / box.width;
        const place = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
        // 0.5 is the usual pressure, and what pens without pressure report.
        return event.pointerType === "pen" ? [...place, 0.5 + event.pressure] : place;
    }

    /** @param {KeyboardEvent} event */
    keyDown(event) {
        if (this.pointer) return;
        const wasDown = this.pen.isDown;
        const command = commandOf(event);
        if (this.pen.press(event)) {
            if (wasDown !== this.pen.isDown) this.status.textContent = this.pen.text;
            if (this.frame === null) this.paint(); // otherwise it is painted with the new point
        } else if (command) {
            this[command]();
        } else {
            return;
        }
        event.preventDefault();
    }

    /** @param {KeyboardEvent} event */
    keyUp(event) {
        if (this.pen.release(event.key)) this.status.textContent = this.pen.text;
    }

    /** Lift the keyboard's pen when the focus leaves. */
    leave() {
        this.pen.held.clear();
        this.pen.lift();
        this.pen.isShown = false;
        this.paint();
    }

    /** Give the canvas as many pixels as the screen shows of it, and the colors of the theme. */
    fit() {
        const side = Math.round(this.canvas.clientWidth * devicePixelRatio);
        if (!side) return; // hidden
        if (this.canvas.width !== side) this.canvas.width = this.canvas.height = side;
        const style = getComputedStyle(this.canvas);
        this.colors = { ink: style.color, accent: style.getPropertyValue("--accent") };
        this.paint();
    }

    /**
     * Paint a ring where the keyboard's pen is; it is filled while the pen is down.
     *
     * @param {CanvasRenderingContext2D} context
     * @param {string} color
     */
    paintPen(context, color) {
        context.beginPath();
        context.arc(this.pen.x, this.pen.y, this.penPx / 2, 0, 2 * Math.PI);
        context.lineWidth = 2;
        context.strokeStyle = context.fillStyle = color;
        context.stroke();
        if (this.pen.isDown) context.fill();
    }
}

/**
 * Return what a key does to a drawing.
 *
 * @param {KeyboardEvent} event
 * @returns {"undo" | "redo" | "clear" | null}
 */
export function commandOf(event) {
    const key = event.key.toLowerCase();
    if (event.altKey) return null;
    if (event.ctrlKey || event.metaKey) {
        if (key === "z") return event.shiftKey ? "redo" : "undo";
        return key === "y" ? "redo" : null;
    }
    return key === "delete" || key === "backspace" ? "clear" : null;
}
