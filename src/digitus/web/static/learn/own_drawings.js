/** The card of labelled drawings: a list, training on them, and files to collect a class's. */

import { newName, readCorrections, writeCorrections } from "../data/corrections.js";
import { DigitusError } from "../errors.js";
import { PIXELS } from "../sizes.js";
import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { attempt, say } from "../ui/messages.js";
import { countText } from "../ui/numbers.js";
import { imageCanvas, paintPatch } from "../ui/patch_image.js";
import { fileField, saveFile } from "./files.js";

/** @typedef {import("../data/corrections.js").Correction} Correction */
/** @typedef {import("./workbench.js").Workbench} Workbench */

const INVITATION =
    "Draw a digit above and label it. Pupils can save their drawings as ZIP files; load them all " +
    "here to train on those of the whole class.";

/** Drawings with their true digits; those added since run A began wait for the next run. */
export class OwnDrawings {
    /** @param {Workbench} bench */
    constructor(bench) {
        this.bench = bench;
        /** @type {Correction[]} */
        this.list = [];
        /** @type {Correction[]} those whose thumbnails are shown */
        this.shown = [];
        /** Whether there are drawings that no file holds yet. */
        this.isUnsaved = false;
        /** Whether there are changes that run A does not know of. */
        this.isNew = false;
        this.field = fileField(
            { label: "ZIP files of drawings", accept: ".zip,application/zip", multiple: true },
            (files) => this.load(files),
        );
        this.thumbnails = element("ul", { class: "own-list" });
        this.count = element("p", { class: "small muted" });
        this.saveButton = element(
            "button",
            { onclick: () => this.save() },
            icon("save"),
            "Save as ZIP",
        );
        this.train = element(
            "button",
            {
                class: "primary",
                title: "Restart from the initial weights, with these drawings",
                onclick: () => this.trainOnThem(),
            },
            "Train on them",
        );
        this.more = element(
            "button",
            {
                title: "Keep the weights, and train with these drawings, too",
                onclick: () => this.trainOnThem(true),
            },
            "Continue with them",
        );
        this.element = this.layout();
        this.update();
    }

    /** @returns {HTMLElement} the card */
    layout() {
        return element(
            "section",
            { class: "card learn-own", "aria-label": "Your drawings" },
            element("h2", {}, "Your drawings"),
            this.count,
            this.thumbnails,
            element(
                "div",
                { class: "row" },
                this.train,
                this.more,
                this.saveButton,
                element("button", { onclick: () => this.field.click() }, icon("open"), "Load ZIPs"),
                this.field,
            ),
        );
    }

    /**
     * Take the session's drawing as a training image.
     *
     * @param {number} label its true digit
     * @returns {Correction | null} null for a blank
     */
    add(label) {
        const { patch, drawing } = this.bench.session;
        if (!patch) return null;
        const run = this.bench.slots[0]?.run;
        const shares = run ? [...run.model.classify(patch).probabilities] : null;
        const answer = shares ? shares.indexOf(Math.max(...shares)) : null;
        const date = new Date().toISOString();
        /** @type {Correction} */
        const kept = {
            name: newName(date, this.list.length),
            label,
            patch: Uint8Array.from(patch, (value) => Math.round(255 * value)),
            record: {
                label,
                answer,
                confidence: shares && answer !== null ? shares[answer] : null,
                model: run ? run.model.name : "none",
                source_kind: drawing ? "drawing" : "image",
                drawing,
                date,
            },
        };
        this.list.push(kept);
        this.isUnsaved = true;
        this.changed();
        return kept;
    }

    /**
     * Correct the label of a drawing.
     *
     * @param {Correction} kept one of the list
     * @param {number} label its true digit
     * @returns {Correction} what stands in its place
     */
    relabel(kept, label) {
        const corrected = { ...kept, label, record: { ...kept.record, label } };
        this.list.splice(this.list.indexOf(kept), 1, corrected);
        this.isUnsaved = true;
        this.changed();
        return corrected;
    }

    /**
     * Say whether the same drawing is in the list: the same files, from the same or another ZIP.
     *
     * @param {Correction} one
     * @returns {boolean} true for another label, too: the one in the list may be a correction
     */
    knows({ name, patch }) {
        return this.list.some(
            (other) => other.name === name && patch.every((value, i) => value === other.patch[i]),
        );
    }

    /** @param {Correction} kept to be taken out, if it is still in the list */
    takeBack(kept) {
        const at = this.list.indexOf(kept);
        if (at >= 0) this.remove(at);
    }

    /**
     * Delete a drawing.
     *
     * @param {number} at
     */
    remove(at) {
        this.list.splice(at, 1);
        if (!this.list.length) this.isUnsaved = false;
        this.changed();
    }

    /** Hand the drawings to the workbench, for the next run. */
    changed() {
        this.isNew = true;
        const pixels = new Uint8Array(PIXELS * this.list.length);
        this.list.forEach(({ patch }, i) => pixels.set(patch, i * PIXELS));
        const labels = Uint8Array.from(this.list, ({ label }) => label);
        this.bench.own = this.list.length ? { pixels, labels } : null;
        this.update();
        this.bench.dispatchEvent(new Event("own"));
    }

    /**
     * Train a run on the drawings, too.
     *
     * @param {boolean} [keepsWeights] whether to continue from run A's weights
     */
    trainOnThem(keepsWeights = false) {
        this.isNew = false;
        if (keepsWeights) this.bench.continueWithOwn();
        else this.bench.restart(this.bench.config);
        this.bench.start();
        this.update();
    }

    /** Save all drawings as a ZIP file. */
    async save() {
        await attempt(async () => {
            saveFile(await writeCorrections(this.list), "drawings.zip", "application/zip");
            this.isUnsaved = false;
        });
    }

    /**
     * Add the drawings of ZIP files; what is no drawing is left out, with a sentence.
     *
     * @param {File[]} files of several pupils
     */
    async load(files) {
        let nNew = 0;
        let nKnown = 0;
        /** @type {string[]} */
        const problems = [];
        for (const file of files) {
            try {
                const buffer = await file.arrayBuffer();
                const read = await readCorrections(buffer, file.name);
                const unknown = read.corrections.filter((one) => !this.knows(one));
                this.list.push(...unknown);
                nNew += unknown.length;
                nKnown += read.corrections.length - unknown.length;
                if (read.problems.length) {
                    const nLeft = countText(read.problems.length, "file");
                    problems.push(named(file, `left out ${nLeft}; ${read.problems[0]}`));
                }
            } catch (error) {
                if (!(error instanceof DigitusError)) throw error;
                problems.push(named(file, error.message));
            }
        }
        if (nNew) this.changed();
        const known = nKnown ? `, ${countText(nKnown)} already here` : "";
        if (nNew || nKnown) say([`${countText(nNew)} new${known}.`, ...problems].join(" "));
        else if (problems.length) say(problems.join(" "));
    }

    /** Show the drawings and what can be done with them. */
    update() {
        const n = this.list.length;
        this.count.textContent = n ? `${countText(n, "drawing")}${this.fate}` : INVITATION;
        this.saveButton.disabled = n === 0;
        this.train.disabled = n === 0;
        this.more.disabled = n === 0 || !this.bench.hasBegun;
        if (this.shown.length === n && this.list.every((one, at) => one === this.shown[at])) return;
        this.shown = [...this.list];
        this.thumbnails.replaceChildren(...this.list.map((one, at) => this.thumbnail(one, at)));
    }

    /** @returns {string} what becomes of the drawings, to stand after their number */
    get fate() {
        const { bench } = this;
        if (bench.experiment) return "; the experiment runs without them.";
        if (this.isNew) return "; the next run trains on them.";
        const times = bench.repeatsOfOwn;
        return times > 1
            ? ` among the training images; each counts ${times} times.`
            : " among the training images.";
    }

    /**
     * Make the button that shows a drawing and deletes it.
     *
     * @param {Correction} one
     * @param {number} at
     */
    thumbnail({ label, patch }, at) {
        const canvas = drawingImage(label, patch);
        const remove = element(
            "button",
            {
                class: "quiet",
                "aria-label": `Delete drawing ${at + 1}, a ${label}`,
                title: "Delete",
                onclick: () => this.remove(at),
            },
            canvas,
            element("span", { class: "small" }, label),
        );
        return element("li", {}, remove);
    }
}

/**
 * Return a small picture of a drawing.
 *
 * @param {number} label
 * @param {Uint8Array} patch (784,) 0 paper to 255 ink
 * @returns {HTMLCanvasElement}
 */
export function drawingImage(label, patch) {
    const canvas = imageCanvas(`Your drawing of a ${label}`, "thumbnail");
    paintPatch(
        canvas,
        Float32Array.from(patch, (value) => value / 255),
    );
    return canvas;
}

/**
 * @param {File} file
 * @param {string} sentence
 * @returns {string} the sentence with the name of the file before it, once
 */
function named(file, sentence) {
    return sentence.startsWith(file.name) ? sentence : `${file.name}: ${sentence}`;
}
