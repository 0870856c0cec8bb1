/** One number to be confirmed: its image enlarged, its likeliest readings, a field to type. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { percent, unbroken } from "../../ui/percents.js";
import * as api from "../api.js";
import { shownText } from "../words.js";

/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../key_queue.js").KeyQueue} KeyQueue */
/** @typedef {import("../live_batch.js").CellChange} CellChange */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */

const MOST_READINGS = 3;
/** A server keeps a lock for longer than this; it is renewed while the number is open. */
const RENEW_LOCK_MS = 20_000;
const ONLY_DIGITS = /^[\d.,?]*$/;

/**
 * Return the likeliest readings of a number, the first of which is proposed.
 *
 * @param {Cell} cell
 * @returns {{text: string, probability: number | null}[]}
 */
export function readingsOf({ state, text, read_text: read, alternatives }) {
    const readings = alternatives.slice(0, MOST_READINGS);
    if (readings.length > 0) return readings;
    const first = state === "confirmed" ? text : (read ?? text);
    return first === "" || first.includes("?") ? [] : [{ text: first, probability: null }];
}

/**
 * Return the text that is proposed for a number; "?" stands for a doubtful digit in its own.
 *
 * @param {Cell} cell
 */
function proposalOf(cell) {
    if (!cell.text.includes("?")) return cell.text;
    return readingsOf(cell)[0]?.text ?? cell.text;
}

/** Shows a number and confirms it. */
export class CellEditor {
    /**
     * @param {Reviewer} reviewer
     * @param {KeyQueue} queue holds the keys until a confirmed number is saved
     * @param {object} actions
     * @param {(cell: Cell) => Promise<void> | void} actions.confirmed until it has ended, keys are
     *     held
     * @param {(cell: Cell) => void} actions.changed somebody else changed it, and that is kept
     */
    constructor(reviewer, queue, { confirmed, changed }) {
        this.reviewer = reviewer;
        this.queue = queue;
        this.actions = { confirmed, changed };
        /** @type {Cell | null} */
        this.cell = null;
        this.isBusy = false;
        /** @type {ReturnType<typeof setInterval> | undefined} */
        this.renewing = undefined;
        /** @type {string | null} the name under which the number is locked */
        this.lockedAs = null;
        this.crop = element("img", { class: "crop", alt: "" });
        this.readings = element("div", {
            class: "readings",
            role: "group",
            "aria-label": "Likeliest readings",
        });
        this.field = element("input", {
            type: "text",
            class: "reading-field",
            autocomplete: "off",
            autocapitalize: "off",
            spellcheck: "false",
            maxlength: 60,
            "aria-label": "What is written there",
            oninput: () => this.showChosen(),
        });
        this.button = element("button", { class: "primary" }, icon("check"), "Confirm");
        this.note = element("div", { class: "cell-note", role: "alert" });
        this.form = element(
            "form",
            {
                class: "reading-form",
                onsubmit: (/** @type {SubmitEvent} */ event) => {
                    event.preventDefault();
                    this.confirm();
                },
            },
            this.field,
            this.button,
        );
        this.element = element(
            "div",
            { class: "cell-editor" },
            element("div", { class: "crop-frame" }, this.crop),
            element("div", { class: "cell-answer" }, this.readings, this.form, this.note),
        );
    }

    /**
     * Show a number, or a later state of the same one.
     *
     * @param {Cell} cell
     */
    show(cell) {
        const before = this.cell?.id === cell.id ? this.cell : null;
        if (!before) this.leave();
        const proposal = this.field.value.trim();
        const typed = before && this.isTyped ? proposal : null;
        this.cell = cell;
        const crop = api.cropOf(cell);
        if (this.crop.getAttribute("src") !== crop) this.crop.src = crop;
        this.crop.alt = `The number as it is written, read as ${shownText(cell.text)}`;
        this.field.value = typed ?? proposalOf(cell);
        this.field.inputMode = ONLY_DIGITS.test(cell.text) ? "decimal" : "text";
        this.readings.replaceChildren(...this.readingButtons(cell));
        this.showChosen();
        if (before && before.version === cell.version && this.isAsking) return;
        this.showLock();
        const isByOther = cell.state === "confirmed" && cell.confirmed_by !== this.reviewer.name;
        const isNews = before !== null && cell.version > before.version && isByOther;
        if (isNews && this.lockedAs !== null) this.showConflict("", cell, typed ?? proposal);
    }

    /** @returns {boolean} whether the user is asked which of two answers to keep */
    get isAsking() {
        return this.note.querySelector("button") !== null;
    }

    /**
     * @param {Cell} cell
     * @returns {HTMLElement[]}
     */
    readingButtons(cell) {
        return readingsOf(cell).map(({ text, probability }, i) =>
            element(
                "button",
                {
                    type: "button",
                    class: "reading",
                    "data-text": text,
                    "aria-keyshortcuts": String(i + 1),
                    onclick: () => this.choose(i),
                },
                element("kbd", { "aria-hidden": "true" }, i + 1),
                element("span", { class: "reading-text" }, shownText(text)),
                probability !== null &&
                    element("span", { class: "small muted" }, unbroken(percent(probability))),
            ),
        );
    }

    /** @returns {boolean} whether the field holds something other than what was proposed */
    get isTyped() {
        return this.cell !== null && this.field.value !== proposalOf(this.cell);
    }

    /** Show which reading the field holds. */
    showChosen() {
        for (const button of this.readings.children) {
            const isChosen = button.getAttribute("data-text") === this.field.value.trim();
            button.setAttribute("aria-pressed", String(isChosen));
        }
    }

    /** Say who else has the number open. */
    showLock() {
        const { cell } = this;
        const other = cell?.locked_by && cell.locked_by !== this.reviewer.name && cell.locked_by;
        this.note.replaceChildren(
            ...(other
                ? [element("p", { class: "locked" }, icon("person"), `Being edited by ${other}.`)]
                : []),
        );
    }

    /**
     * Take a reading into the field.
     *
     * @param {number} i
     * @returns {boolean} whether there is such a reading
     */
    choose(i) {
        const text = this.readings.children[i]?.getAttribute("data-text");
        if (text === null || text === undefined) return false;
        this.field.value = text;
        this.showChosen();
        return true;
    }

    /**
     * Go on in the field.
     *
     * @param {string} [begin] what replaces its text; without it the text is selected
     */
    type(begin) {
        this.field.focus();
        if (begin === undefined) this.field.select();
        else this.field.value = begin;
        this.showChosen();
    }

    /** Lock the number for others, and learn what it is now. */
    async open() {
        const { cell } = this;
        if (!cell || this.lockedAs !== null) return;
        const { name } = this.reviewer;
        this.lockedAs = name;
        clearInterval(this.renewing);
        this.renewing = setInterval(() => {
            api.lock(cell.id, name).catch(() => {}); // the next call that matters says why
        }, RENEW_LOCK_MS);
        const now = await attempt(() => api.lock(cell.id, name));
        if (now && this.cell?.id === now.id) this.show(now);
    }

    /** Leave the number: others may have it. */
    leave() {
        clearInterval(this.renewing);
        if (this.cell && this.lockedAs !== null) {
            api.unlock(this.cell.id, this.lockedAs).catch(() => {}); // a lock ends by itself, too
        }
        this.lockedAs = null;
        this.cell = null;
        this.note.replaceChildren();
    }

    /** Confirm what the field holds. */
    async confirm() {
        const { cell } = this;
        if (!cell || this.isBusy) return;
        await this.queue.during(async () => {
            const confirmed = await this.save(cell, this.field.value.trim());
            if (confirmed) await this.actions.confirmed(confirmed);
            return confirmed;
        });
    }

    /**
     * @param {Cell} cell
     * @param {string} text
     * @returns {Promise<Cell | undefined>} undefined if it is not confirmed, and that is said
     */
    async save(cell, text) {
        this.isBusy = true;
        try {
            return await attempt(() => this.tryToConfirm(cell, text));
        } finally {
            this.isBusy = false;
        }
    }

    /**
     * @param {Cell} cell
     * @param {string} text
     * @returns {Promise<Cell | undefined>} undefined if somebody was quicker
     */
    async tryToConfirm(cell, text) {
        try {
            return await api.confirm(cell, text, this.reviewer.name);
        } catch (error) {
            if (!(error instanceof api.Conflict)) throw error;
            const theirs = error.cells.find(({ id }) => id === cell.id);
            this.showConflict(error.message, theirs, text);
            return undefined;
        }
    }

    /**
     * Show what somebody else has made of the number, and both choices.
     *
     * @param {string} sentence of the server
     * @param {Cell | undefined} theirs undefined if the number is gone
     * @param {string} mine
     */
    showConflict(sentence, theirs, mine) {
        const { cell } = this;
        const isConfirmed = theirs?.state === "confirmed" && theirs.confirmed_by;
        const words = isConfirmed
            ? `${theirs.confirmed_by} confirmed ${shownText(theirs.text)} just now.`
            : sentence;
        const keep = element(
            "button",
            { type: "button", onclick: () => this.keepTheirs(theirs ?? cell) },
            isConfirmed ? `Keep ${shownText(theirs.text)}` : "Keep it as it is now",
        );
        const insist = element(
            "button",
            { type: "button", onclick: () => this.insist(theirs, mine) },
            `Confirm ${shownText(mine)} instead`,
        );
        this.note.replaceChildren(
            element("p", { class: "conflict" }, icon("person"), words),
            element("div", { class: "row" }, keep, ...(theirs && theirs.text !== mine ? [insist] : [])),
        );
        keep.focus();
    }

    /** @param {Cell | null} theirs */
    keepTheirs(theirs) {
        this.note.replaceChildren();
        if (theirs) this.actions.changed(theirs);
    }

    /**
     * @param {Cell | undefined} theirs
     * @param {string} mine
     */
    async insist(theirs, mine) {
        if (theirs) this.cell = theirs;
        this.field.value = mine;
        this.note.replaceChildren();
        await this.confirm();
    }

    /**
     * Somebody has changed a number: if it is the one that is open, show it, or ask which to keep.
     *
     * @param {CellChange} change
     */
    async follow({ id, version }) {
        const { cell } = this;
        if (cell?.id !== id || this.isBusy) return;
        // A change without a new version is a lock, of which only that of somebody else matters.
        const isOthers = cell.locked_by !== this.reviewer.name;
        if (version < cell.version || (version === cell.version && !isOthers)) return;
        const now = await attempt(() => api.lock(id, this.reviewer.name));
        if (now && this.cell?.id === id && !this.isBusy && now.version >= this.cell.version) {
            this.show(now);
        }
    }
}
