/** Where the image comes from: the drawing at hand, or an image of MNIST by its number. */

import { DrawingCanvas } from "../draw/canvas.js";
import { DigitusError } from "../errors.js";
import { patchOfDrawing } from "../imaging/preprocessing.js";
import { mnistImages, resourceList } from "../resources.js";
import { PIXELS } from "../sizes.js";
import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { countText } from "../ui/numbers.js";
import { segments } from "../ui/segments.js";

/** @typedef {import("../resources.js").Images} Images */
/** @typedef {import("../session.js").Session} Session */
/** @typedef {"train" | "test"} Part */

const FULL_INK = 255;
const PROBLEM = "inside-number-problem"; // id of what is wrong with the number

/**
 * The choice of the image.
 *
 * Events: "change" (another image, or another drawing).
 */
export class SourceView extends EventTarget {
    /** @param {Session} session */
    constructor(session) {
        super();
        this.session = session;
        /** @type {"drawing" | "mnist"} */
        this.kind = "drawing";
        /** @type {Part} */
        this.part = "test";
        /** Number of the image of each part. @type {Record<Part, number>} */
        this.numbers = { test: 0, train: 0 };
        /** @type {Partial<Record<Part, Images>>} */
        this.images = {};
        /** @type {Float32Array | null} the image of that number */
        this.mnistPatch = null;
        this.isOwnChange = false;
        /** @type {import("../imaging/strokes.js").Drawing | null} what the small canvas shows */
        this.shownDrawing = null;
        this.canvas = new DrawingCanvas({ label: "Small canvas", hint: "Draw a digit" });
        this.canvas.addEventListener("change", () => this.drawn());
        this.choice = segments(
            "Image",
            [
                ["drawing", "Drawing"],
                ["mnist", "MNIST"],
            ],
            (kind) => this.choose(kind === "mnist" ? "mnist" : "drawing"),
        );
        this.parts = segments(
            "Part of MNIST",
            [
                ["test", "Test"],
                ["train", "Training"],
            ],
            (part) => this.choosePart(part === "train" ? "train" : "test"),
        );
        this.number = this.numberField();
        this.label = element(
            "label",
            { for: this.number.id, class: "small muted" },
            "Number of the image",
        );
        this.problem = element("p", { id: PROBLEM, class: "bad small", role: "alert" });
        this.drawing = this.drawingPart();
        this.mnist = this.mnistPart();
        this.element = element(
            "div",
            { class: "inside-source" },
            this.choice.element,
            this.drawing,
            this.mnist,
        );
        this.choice.choose("drawing");
        this.parts.choose("test");
    }

    /** Make the field of the image's number. */
    numberField() {
        return element("input", {
            type: "text",
            inputmode: "numeric",
            id: "inside-number",
            autocomplete: "off",
            value: "0",
            "aria-describedby": PROBLEM,
            oninput: () => this.typed(),
            onkeydown: (/** @type {KeyboardEvent} */ event) => this.arrow(event),
        });
    }

    /** Make the small canvas, with the button that clears it. */
    drawingPart() {
        const clear = element(
            "button",
            {
                type: "button",
                class: "icon quiet",
                "aria-label": "Clear the canvas",
                title: "Clear the canvas",
                onclick: () => this.canvas.clear(),
            },
            icon("clear"),
        );
        return element("div", { class: "inside-drawing" }, this.canvas.element, clear);
    }

    /** Make the choice of an image of MNIST. */
    mnistPart() {
        const random = element(
            "button",
            { type: "button", id: "inside-random", onclick: () => this.random() },
            "Random",
        );
        return element(
            "div",
            { class: "inside-mnist", hidden: true },
            this.parts.element,
            this.label,
            element("div", { class: "inside-number" }, this.number, random),
            this.problem,
        );
    }

    /** The image to look into: 784 values, 0 paper to 1 full ink; null if there is none. */
    get patch() {
        if (this.kind === "drawing") return this.session.patch;
        if (!this.images[this.part] || this.problem.textContent) return null;
        return this.mnistPatch;
    }

    /** The true label; null for a drawing. */
    get trueLabel() {
        const images = this.images[this.part];
        return this.kind === "mnist" && images ? images.labels[this.numbers[this.part]] : null;
    }

    /** Show the drawing of the session, if another room has changed it. */
    follow() {
        if (this.isOwnChange || this.session.drawing === this.shownDrawing) return;
        this.shownDrawing = this.session.drawing;
        this.canvas.load(this.session.drawing);
    }

    /** Take over what is on the small canvas. */
    drawn() {
        const { drawing } = this.canvas;
        this.shownDrawing = drawing;
        this.isOwnChange = true;
        this.session.setDrawing(drawing, patchOfDrawing(drawing));
        this.isOwnChange = false;
    }

    /**
     * Take images from the drawing, or from MNIST.
     *
     * @param {"drawing" | "mnist"} kind
     */
    async choose(kind) {
        this.kind = kind;
        this.choice.choose(kind);
        this.drawing.hidden = kind !== "drawing";
        this.mnist.hidden = kind !== "mnist";
        if (kind === "mnist") await this.load();
        this.dispatchEvent(new Event("change"));
    }

    /**
     * Take images from another part of MNIST.
     *
     * @param {Part} part
     */
    async choosePart(part) {
        this.part = part;
        this.parts.choose(part);
        this.number.value = String(this.numbers[part]);
        await this.load();
        this.dispatchEvent(new Event("change"));
    }

    /** Load the images of the part; where there are none, say so and what to do. */
    async load() {
        const { part } = this;
        this.say("");
        try {
            if (!this.images[part])
                this.images[part] = await mnistImages(await this.available(part));
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            if (part === this.part) this.say(error.message);
            return;
        }
        if (part === this.part) this.typed();
    }

    /**
     * Return the part, or the other one if the page holds only that.
     *
     * @param {Part} part
     * @returns {Promise<Part>}
     */
    async available(part) {
        const { mnist } = await resourceList();
        const other = part === "test" ? "train" : "test";
        if (!mnist[part] && mnist[other]) {
            const held = other === "test" ? "test" : "training";
            throw new DigitusError(
                `This page holds only MNIST's ${held} images; choose them above.`,
            );
        }
        return part;
    }

    /** Take the number that was typed, or say what is wrong with it. */
    typed() {
        const images = this.images[this.part];
        if (!images) return;
        const text = this.number.value.trim();
        const last = images.labels.length - 1;
        const name = this.part === "test" ? "test" : "training";
        this.label.textContent = `Number of the image, 0 to ${countText(last)}`;
        const number = Number(text.replaceAll(/[ ,_\u00a0]/g, ""));
        const got = text ? `, not \u201c${text}\u201d` : "";
        if (text === "" || !Number.isInteger(number)) {
            this.say(`Type the number of an image, a whole number from 0 to ${last}${got}.`);
        } else if (number < 0 || number > last) {
            this.say(`There is no ${name} image ${text}; the numbers go from 0 to ${last}.`);
        } else {
            this.numbers[this.part] = number;
            this.mnistPatch = Float32Array.from(
                images.pixels.subarray(number * PIXELS, (number + 1) * PIXELS),
                (value) => value / FULL_INK,
            );
            this.say("");
        }
        this.dispatchEvent(new Event("change"));
    }

    /**
     * Show the next or the previous image.
     *
     * @param {KeyboardEvent} event
     */
    arrow(event) {
        const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        const n = this.images[this.part]?.labels.length;
        if (!step || !n) return;
        event.preventDefault();
        this.show(Math.min(Math.max(this.numbers[this.part] + step, 0), n - 1));
    }

    /** Show any image. */
    random() {
        const n = this.images[this.part]?.labels.length;
        if (n) this.show(Math.floor(Math.random() * n));
    }

    /**
     * Show an image of MNIST.
     *
     * @param {number} number of an image
     */
    show(number) {
        this.number.value = String(number);
        this.typed();
    }

    /**
     * Say what is wrong with the number, or that nothing is.
     *
     * @param {string} sentence what is wrong, or nothing
     */
    say(sentence) {
        this.problem.textContent = sentence;
        this.problem.hidden = !sentence;
        this.number.setAttribute("aria-invalid", String(Boolean(sentence)));
    }
}
