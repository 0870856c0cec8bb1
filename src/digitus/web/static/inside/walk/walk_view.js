/** One step of learning, shown one thing after the other. */

import { element } from "../../ui/element.js";
import { fineText, numberText } from "../../ui/numbers.js";
import { fold } from "../../ui/fold.js";
import { imageCanvas } from "../../ui/patch_image.js";
import { say } from "../../ui/messages.js";
import { className } from "../descriptions.js";
import { figure } from "../input_view.js";
import { paintSheet } from "../unit_view.js";
import { Walk } from "./walk.js";

/** @typedef {import("../look_inside.js").Inside} Inside */
/** @typedef {import("./walk.js").WalkStep} WalkStep */

const FIRST_RATE = 0.1;
const PHASES = [
    ["forward", "Forward"],
    ["loss", "Loss"],
    ["backward", "Backward"],
    ["update", "Update"],
];

/** The steps with Back and Next. */
export class WalkView {
    constructor() {
        /** @type {Inside | null} */
        this.inside = null;
        /** @type {Walk | null} */
        this.walk = null;
        this.at = 0;
        /** @type {unknown[]} name of the model, patch and target of the walk */
        this.image = [];
        this.target = 0;
        /** @type {Map<number, number>} */
        this.focus = new Map();
        this.rate = element("input", {
            type: "text",
            inputmode: "decimal",
            id: "inside-rate",
            value: FIRST_RATE,
            autocomplete: "off",
            onchange: () => this.restart(),
        });
        this.back = button("Back", "back", () => this.move(-1), { title: "Left arrow key" });
        this.next = button("Next", "next", () => this.move(1), {
            class: "primary",
            title: "Right arrow key",
        });
        this.again = button("Another step", "again", () => this.goOn());
        this.progress = element("div", { class: "inside-phases", "aria-hidden": "true" });
        this.count = element("p", { class: "small muted", id: "inside-count", role: "status" });
        this.body = element("div", { class: "inside-step" });
        this.words = element("p", { class: "small muted" });
        this.fold = fold(
            element("h2", {}, "One step of learning, number by number"),
            this.head(),
            this.progress,
            this.controls(),
            this.body,
        );
        this.element = element(
            "section",
            {
                class: "card inside-walk",
                "aria-label": "One step of learning",
                onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
            },
            this.fold,
        );
    }

    /** Make what the step is about, and the field of the rate. */
    head() {
        return element(
            "div",
            { class: "inside-walk-head" },
            this.words,
            element(
                "label",
                { class: "field inside-rate" },
                element("span", {}, "Learning rate"),
                this.rate,
            ),
        );
    }

    /** Make the row of buttons. */
    controls() {
        return element(
            "div",
            { class: "inside-buttons" },
            this.count,
            element("div", {}, this.again, this.back, this.next),
        );
    }

    /**
     * Begin with an image. A step that is being walked through stays, also while its network is in
     * training elsewhere.
     *
     * @param {Inside} inside
     * @param {number} target class that the image should be
     * @param {{stage: number, unit: number}} chosen the unit to write out
     */
    show(inside, target, { stage, unit }) {
        const image = [inside.model.name, inside.patch, target];
        const isSameImage = image.every((part, i) => part === this.image[i]);
        const isSameUnit = this.focus.get(stage) === unit;
        if (isSameImage && isSameUnit && this.at > 0) return;
        this.image = image;
        this.inside = inside;
        this.target = target;
        this.focus = new Map([[stage, unit]]);
        this.start(inside.network, isSameImage ? this.at : 0);
    }

    /** Begin again, with the rate that was typed. */
    restart() {
        if (this.inside) this.start(this.inside.network, Math.min(this.at, this.nSteps - 1));
    }

    /** Number of steps. */
    get nSteps() {
        return this.walk?.steps.length ?? 0;
    }

    /**
     * Begin a step of learning with the parameters of a network.
     *
     * @param {import("../../engine/network.js").Network} network
     * @param {number} at
     */
    start(network, at) {
        const inside = /** @type {Inside} */ (this.inside);
        this.walk = new Walk(inside, network, this.target, this.rateNow(), this.focus);
        this.at = Math.min(at, this.nSteps - 1);
        this.words.textContent =
            `From this one image towards \u201c${className(this.target)}\u201d, ` +
            "on a copy of the network: the one in use stays as it is.";
        this.progress.replaceChildren(
            ...PHASES.map(([phase, name]) => {
                const n = this.walk?.steps.filter((step) => step.phase === phase).length ?? 0;
                return element(
                    "div",
                    { style: { "--n": n } },
                    element("span", { class: "small" }, name),
                    element("div", {}, ...Array.from({ length: n }, () => element("i"))),
                );
            }),
        );
        this.showStep();
    }

    /** Return the rate that was typed; nonsense gets a sentence, and the default. */
    rateNow() {
        const rate = Number(this.rate.value.replace(",", "."));
        const isGood = this.rate.value.trim() !== "" && rate > 0 && rate <= 1000;
        this.rate.setAttribute("aria-invalid", String(!isGood));
        if (isGood) return rate;
        say(
            "The learning rate is a number above 0, up to 1000, " +
                `not \u201c${this.rate.value}\u201d; ${FIRST_RATE} is used.`,
        );
        this.rate.value = String(FIRST_RATE);
        this.rate.setAttribute("aria-invalid", "false");
        return FIRST_RATE;
    }

    /**
     * Go some steps on or back.
     *
     * @param {number} steps to go, -1 or 1
     */
    move(steps) {
        const at = this.at + steps;
        if (at < 0 || at >= this.nSteps) return;
        this.at = at;
        this.showStep();
    }

    /** Take another step from the parameters after the last one. */
    goOn() {
        if (!this.walk) return;
        this.start(this.walk.after, 0);
        this.next.focus();
    }

    /**
     * Go on or back with the arrow keys.
     *
     * @param {KeyboardEvent} event
     */
    key(event) {
        if (event.target === this.rate) return;
        const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!steps) return;
        event.preventDefault();
        this.move(steps);
    }

    /** Show the step at hand. */
    showStep() {
        const { walk, at } = this;
        if (!walk) return;
        const step = walk.steps[at];
        this.progress.querySelectorAll("i").forEach((mark, i) => {
            mark.className = i < at ? "done" : i === at ? "now" : "";
        });
        this.count.textContent = `Step ${at + 1} of ${this.nSteps}: ${step.title}`;
        this.back.disabled = at === 0;
        this.next.disabled = at === this.nSteps - 1;
        this.again.hidden = at < this.nSteps - 1;
        this.body.replaceChildren(...this.parts(step));
    }

    /**
     * Return what is shown of a step.
     *
     * @param {WalkStep} step
     * @returns {HTMLElement[]}
     */
    parts(step) {
        const images = step.images.map(({ label, values, shape }) => {
            const canvas = imageCanvas(`${label}, as an image`);
            paintSheet(canvas, values, shape);
            return figure(canvas, label);
        });
        return [
            element(
                "div",
                { class: "stack inside-tight" },
                element("h3", {}, step.title),
                element("p", {}, step.text),
                element("p", { class: "inside-formula" }, step.formula),
                element("p", { class: "inside-formula numbers" }, step.written),
                images.length > 0 && element("div", { class: "inside-images" }, ...images),
            ),
            element("div", {}, moveTable(step), element("p", { class: "small muted" }, step.note)),
        ];
    }
}

/**
 * Make a button of the walk.
 *
 * @param {string} text
 * @param {string} name in its id
 * @param {() => void} onclick
 * @param {Record<string, string>} [attributes]
 */
function button(text, name, onclick, attributes = {}) {
    return element("button", { type: "button", id: `inside-${name}`, onclick, ...attributes }, text);
}

/**
 * Make the table of a step.
 *
 * @param {WalkStep} step
 */
function moveTable(step) {
    const isUpdate = step.phase === "update";
    const text = step.rows.some(isFine) ? fineText : numberText;
    const heads = step.heads.map((head) => element("th", { scope: "col" }, head));
    const rows = step.rows.map((row) => moveRow(row, text, isUpdate));
    return element(
        "table",
        { class: "inside-moves" },
        element("thead", {}, element("tr", {}, element("td"), ...heads)),
        element("tbody", {}, ...rows),
    );
}

/**
 * Make a row of the table.
 *
 * @param {import("./walk.js").Row} row
 * @param {(value: number) => string} text
 * @param {boolean} isMove whether one number became the other
 */
function moveRow({ name, before, after }, text, isMove) {
    return element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        element("td", { "data-value": before }, text(before)),
        element(
            "td",
            { "data-value": after, class: isMove ? direction(before, after) : "" },
            text(after),
        ),
    );
}

/**
 * Return whether two numbers differ so little that they would look the same.
 *
 * @param {import("./walk.js").Row} row
 */
function isFine({ before, after }) {
    return before !== after && numberText(before) === numberText(after);
}

/**
 * Return the class of a number that rose or fell.
 *
 * @param {number} before
 * @param {number} after
 */
function direction(before, after) {
    if (after === before) return "";
    return after > before ? "rose" : "fell";
}
