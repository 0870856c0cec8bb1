/** The card of curves: accuracy and loss of training and validation, of one run or two. */

import { LineChart } from "../../ui/line_chart.js";
import { element } from "../../ui/element.js";
import { shortText } from "../../ui/numbers.js";
import { percent } from "../../ui/percents.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */
/** @typedef {import("../workbench.js").Slot} Slot */

/** Share of the usual number of images between two points from which a mean is drawn. */
const FEWEST_OF_USUAL = 0.1;
/** In the first steps, epochs would be numbers like 0.0002. */
const IMAGES_BELOW_EPOCHS = 0.1;

/** What stands in a chart without curves; the button says Start, or Resume after some images. */
const EMPTY = {
    new: "Press Start: the curves begin here.",
    none: "There is nothing to train on yet.",
    begun: "The curves begin with the next steps.",
};

/** The terms of this room. */
const WORDS = {
    Epoch: "One pass over all training images.",
    Accuracy: "The share of images that are read correctly.",
    Loss: "How wrong the probabilities are on average; 0 is perfect, 2.3 is guessing.",
    Training: "The images that the weights are changed by.",
    "Validation (valid.)": "Images held out: the network is asked, but never learns from them.",
    Logits: "The ten sums of the last layer, before they become probabilities.",
    Gradient: "For each number, how much the loss would grow if it grew.",
    "Gradient norm": "The length of a layer's gradient, all its weights together.",
};

const plain = (/** @type {number} */ value) => shortText(value);

/** Loss and accuracy over the epochs, redrawn with each tick. */
export class CurvesCard {
    /** @param {Workbench} bench */
    constructor(bench) {
        this.bench = bench;
        this.accuracy = new LineChart({
            title: "Accuracy",
            xName: "epoch",
            written: percent,
            tick: (v) => `${plain(100 * v)} %`,
            top: 1,
            empty: EMPTY.new,
        });
        this.loss = new LineChart({
            title: "Loss",
            xName: "epoch",
            written: plain,
            tick: plain,
            empty: EMPTY.new,
        });
        this.log = element("input", {
            type: "checkbox",
            id: "log-scale",
            onchange: () => this.loss.setLog(this.log.checked),
        });
        this.element = element(
            "section",
            { class: "card learn-curves", "aria-label": "Curves" },
            element(
                "div",
                { class: "charts" },
                withHead(this.accuracy, "Accuracy"),
                withHead(
                    this.loss,
                    "Loss",
                    element("label", { class: "check small" }, this.log, "logarithmic"),
                ),
            ),
            glossary(),
        );
    }

    /** @returns {string} what stands in place of curves */
    get empty() {
        if (!this.bench.slots.length) return EMPTY.none;
        return this.bench.hasBegun ? EMPTY.begun : EMPTY.new;
    }

    /** Draw the curves up to the latest point. */
    update() {
        const { slots } = this.bench;
        const epochs = Math.max(
            0,
            ...slots.map(({ run, curve }) => (curve[curve.length - 1]?.images ?? 0) / run.nTrain),
        );
        const byImages = epochs > 0 && epochs < IMAGES_BELOW_EPOCHS;
        for (const { options } of [this.accuracy, this.loss]) {
            options.xName = byImages ? "images" : "epoch";
            options.empty = this.empty;
        }
        const mark = byImages ? this.bench.shownImages : this.bench.shownEpoch;
        this.accuracy.update(
            slots.flatMap((slot) => linesOf(slot, slots.length, "Accuracy", byImages)),
            mark,
        );
        this.loss.update(
            slots.flatMap((slot) => linesOf(slot, slots.length, "Loss", byImages)),
            mark,
        );
    }
}

/**
 * Put a heading above a chart.
 *
 * @param {LineChart} chart
 * @param {string} title
 * @param {HTMLElement} [tool] at the right end of the heading
 * @returns {HTMLElement}
 */
function withHead(chart, title, tool) {
    const heading = element("h2", {}, title);
    return element(
        "div",
        {},
        element("div", { class: "row spread chart-head" }, heading, tool),
        chart.element,
    );
}

/**
 * Return the lines of a run: validation and training.
 *
 * @param {Slot} slot
 * @param {number} n number of runs; of two, the lines carry the run's letter
 * @param {"Accuracy" | "Loss"} what
 * @param {boolean} byImages whether the axis counts images instead of epochs
 * @returns {import("../../ui/lines.js").Line[]}
 */
function linesOf({ letter, run, curve }, n, what, byImages) {
    const x = curve.map(({ images }) => (byImages ? images : images / run.nTrain));
    const before = n > 1 ? `${letter} ` : "";
    return /** @type {const} */ (["validation", "train"]).map((set) => ({
        name: before + (set === "train" ? "training" : "validation"),
        shortName: before + (set === "train" ? "train" : "valid."),
        kind: `${letter.toLowerCase()} ${set}`,
        x,
        y: curve.map((point, i) =>
            set === "train" && isOfFew(curve, i) ? NaN : (point[`${set}${what}`] ?? NaN),
        ),
    }));
}

/**
 * Return whether a point is the mean over far fewer images than the others: after a pass over all
 * validation images the next point comes at once, and its mean says little.
 *
 * @param {Slot["curve"]} curve
 * @param {number} i
 * @returns {boolean}
 */
function isOfFew(curve, i) {
    if (i === 0) return false;
    const usual = curve[curve.length - 1].images / (curve.length - 1);
    return curve[i].images - curve[i - 1].images < FEWEST_OF_USUAL * usual;
}

/** @returns {HTMLDetailsElement} the terms of the room, a sentence each */
function glossary() {
    return element(
        "details",
        { class: "glossary" },
        element("summary", { class: "small" }, "What the words mean"),
        element(
            "dl",
            { class: "small" },
            ...Object.entries(WORDS).flatMap(([word, meaning]) => [
                element("dt", {}, word),
                element("dd", {}, meaning),
            ]),
        ),
    );
}
