/** The card to draw in while it learns: the drawing, and what each run makes of it just now. */

import { DrawingCanvas } from "../draw/canvas.js";
import { patchOfDrawing } from "../imaging/preprocessing.js";
import { DIGITS } from "../sizes.js";
import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { percent, unbroken } from "../ui/percents.js";
import { Labelling } from "./labelling.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */
/** @typedef {import("./workbench.js").Slot} Slot */
/** @typedef {import("./own_drawings.js").OwnDrawings} OwnDrawings */

const HINT = "Draw a digit here";

/** The session's drawing with the live answers of the runs, and buttons to label it. */
export class Sketch {
    /**
     * @param {Workbench} bench
     * @param {OwnDrawings} own takes labelled drawings
     */
    constructor(bench, own) {
        this.bench = bench;
        this.isTelling = false;
        this.canvas = new DrawingCanvas({
            label: "Drawing for the network in training",
            hint: HINT,
        });
        this.canvas.element.classList.add("sketch-paper");
        this.answers = { A: new Answer("A"), B: new Answer("B") };
        this.places = element("div", { class: "answers" });
        this.invitation = element(
            "p",
            { class: "hint" },
            "Draw a digit: both runs answer here, each time their weights change.",
        );
        this.labelling = new Labelling(own);
        this.tools = [
            toolButton("undo", "Undo", () => this.canvas.undo()),
            toolButton("clear", "Clear", () => this.canvas.clear()),
        ];
        this.parts = element(
            "div",
            { class: "sketch" },
            this.canvas.element,
            this.labelling.element,
            this.places,
        );
        this.element = this.layout();
        this.canvas.addEventListener("begin", () => this.beginAnew());
        this.canvas.addEventListener("change", () => this.drawn());
        bench.session.addEventListener("drawing", () => this.takeDrawing());
    }

    /** @returns {HTMLElement} the canvas with the answers and the buttons that label it */
    layout() {
        return element(
            "section",
            { class: "card learn-sketch", "aria-label": "Draw while it learns" },
            element(
                "div",
                { class: "row spread" },
                element("h2", {}, "Draw while it learns"),
                element("div", { class: "row" }, ...this.tools),
            ),
            this.parts,
        );
    }

    /** A stroke after a label begins another drawing; Undo brings the labelled one back. */
    beginAnew() {
        if (this.labelling.kept) this.canvas.history.clear();
    }

    /** The user has drawn: all rooms get the drawing. */
    drawn() {
        const { drawing } = this.canvas;
        this.isTelling = true;
        this.bench.session.setDrawing(drawing, patchOfDrawing(drawing));
        this.isTelling = false;
        this.labelling.changedTo(this.bench.session.patch);
        this.update();
    }

    /** Take over what another room has drawn. */
    takeDrawing() {
        if (this.isTelling) return;
        const { drawing, patch } = this.bench.session;
        this.labelling.changedTo(patch);
        this.canvas.load(drawing);
        this.canvas.hint.textContent = patch && !drawing ? "The image opened in Draw" : HINT;
        this.update();
    }

    /** Show the answers of the runs to the session's drawing. */
    update() {
        const { slots, session } = this.bench;
        this.labelling.enable(session.patch !== null);
        this.parts.classList.toggle("two", slots.length > 1);
        // Two times ten empty bars say less than a hint.
        const shown =
            slots.length > 1 && !session.patch
                ? [this.invitation]
                : slots.map(({ letter }) => this.answers[letter].element);
        const { children } = this.places;
        if (children.length !== shown.length || shown.some((one, i) => one !== children[i])) {
            this.places.replaceChildren(...shown);
        }
        for (const slot of slots)
            this.answers[slot.letter].update(slot, session.patch, slots.length);
    }
}

/** The ten probabilities of one run, as bars. */
class Answer {
    /** @param {"A" | "B"} letter */
    constructor(letter) {
        this.letter = letter;
        this.digit = element("span", { class: "answer-now" }, "–");
        this.words = element("span", { class: "small" });
        this.fills = DIGITS.map(() => element("span", { class: "digit-fill" }));
        this.texts = DIGITS.map(() => element("span", { class: "bar-text small" }));
        this.rows = DIGITS.map((digit) =>
            element(
                "li",
                {},
                element("span", { class: "digit-digit" }, digit),
                element("span", { class: "digit-track" }, this.fills[digit]),
                this.texts[digit],
            ),
        );
        this.element = element(
            "div",
            {
                class: `run-answer of-${letter.toLowerCase()}`,
                role: "group",
                "aria-label": `Answer of run ${letter}`,
            },
            element("p", { class: "answer-head" }, this.digit, this.words),
            element("ol", { class: "digit-bars" }, ...this.rows),
        );
    }

    /**
     * Show a run's answer to a patch.
     *
     * @param {Slot} slot
     * @param {Float32Array | null} patch
     * @param {number} n number of runs
     */
    update({ run, letter }, patch, n) {
        const shares = patch && run.model.classify(patch).probabilities;
        const best = shares ? DIGITS.reduce((a, b) => (shares[b] > shares[a] ? b : a)) : -1;
        this.digit.textContent = best < 0 ? "–" : String(best);
        const who = n > 1 ? `${letter}: ` : "";
        this.words.textContent = who + (shares ? `${percent(shares[best])} sure` : "draw a digit");
        for (const digit of DIGITS) {
            const share = shares ? shares[digit] : 0;
            this.fills[digit].style.setProperty("width", `${(100 * share).toFixed(1)}%`);
            this.texts[digit].textContent = shares ? unbroken(percent(share)) : "";
            this.rows[digit].classList.toggle("best", digit === best);
        }
    }
}

/**
 * Make a button with an icon.
 *
 * @param {"undo" | "clear"} name of the icon
 * @param {string} label
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
function toolButton(name, label, onclick) {
    return element(
        "button",
        { class: "icon", "aria-label": label, title: label, onclick },
        icon(name),
    );
}
