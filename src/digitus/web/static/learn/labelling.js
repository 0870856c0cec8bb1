/** Ten buttons that label the drawing; what was kept is confirmed, corrected and undone here. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { countText } from "../ui/numbers.js";
import { drawingImage } from "./own_drawings.js";

/** @typedef {import("../data/corrections.js").Correction} Correction */
/** @typedef {import("./own_drawings.js").OwnDrawings} OwnDrawings */

const DIGITS = [...Array(10).keys()];
const INVITATION = "Label it to add it to the training images:";
/** So many of the latest drawings are shown beneath, as many as a row of a phone holds. */
const LATEST = 6;

/** A drawing is kept once: a second label corrects the first, until something else is drawn. */
export class Labelling {
    /** @param {OwnDrawings} own */
    constructor(own) {
        this.own = own;
        /** @type {Correction | null} the drawing at hand, as it was kept; null if it was not */
        this.kept = null;
        /** @type {Float32Array | null} patch of the drawing that was labelled last */
        this.patch = null;
        this.words = element("p", { class: "small muted", role: "status" }, INVITATION);
        this.takeBack = element(
            "button",
            { class: "quiet", "aria-label": "Undo the label", onclick: () => this.undo() },
            icon("undo"),
            "Undo",
        );
        this.buttons = DIGITS.map((digit) =>
            element(
                "button",
                {
                    "aria-label": `Label the drawing ${digit}`,
                    disabled: true,
                    onclick: () => this.label(digit),
                },
                digit,
            ),
        );
        this.latest = element("div", { class: "latest", "aria-hidden": "true" });
        this.element = element(
            "div",
            { class: "labelling" },
            element("div", { class: "row spread kept" }, this.words, this.takeBack),
            element(
                "div",
                { class: "label-buttons", role: "group", "aria-label": "Label the drawing" },
                ...this.buttons,
            ),
            this.latest,
        );
        own.bench.addEventListener("own", () => this.show());
        this.show();
    }

    /** @param {number} digit the true digit of the drawing at hand */
    label(digit) {
        this.patch = this.own.bench.session.patch;
        this.kept = this.kept ? this.own.relabel(this.kept, digit) : this.own.add(digit);
        this.show();
    }

    /** Take the drawing at hand out of the training images again. */
    undo() {
        const { kept } = this;
        this.kept = null;
        if (kept) this.own.takeBack(kept);
        this.show();
    }

    /** @param {Float32Array | null} patch of the drawing at hand; another one has no label yet */
    changedTo(patch) {
        // Another room may make the same patch anew.
        const before = this.patch;
        if (!this.kept || (before && patch?.every((value, i) => value === before[i]))) return;
        this.kept = null;
        this.show();
    }

    /** @param {boolean} isDrawn whether there is something to label */
    enable(isDrawn) {
        for (const button of this.buttons) button.disabled = !isDrawn;
    }

    /** Say what was kept, and show the latest drawings. */
    show() {
        const { list } = this.own;
        if (this.kept && !list.includes(this.kept)) this.kept = null;
        const { kept } = this;
        const words = kept
            ? `Kept as ${kept.label}: ${countText(list.length, "drawing")}. Draw the next one.`
            : INVITATION;
        if (this.words.textContent !== words) this.words.textContent = words;
        this.words.classList.toggle("muted", !kept);
        this.takeBack.classList.toggle("is-away", !kept);
        this.takeBack.disabled = !kept;
        this.buttons.forEach((button, digit) =>
            button.setAttribute("aria-pressed", String(kept?.label === digit)),
        );
        this.latest.replaceChildren(
            ...list.slice(-LATEST).map(({ label, patch }) => drawingImage(label, patch)),
        );
    }
}
