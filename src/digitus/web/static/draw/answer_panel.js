/** The answer: the digit with its confidence in words, the patch, and ten bars. */

import { element } from "../ui/element.js";
import { textsOf, unbroken } from "../ui/percents.js";
import { Bars } from "./bars.js";
import { PatchView } from "./patch_view.js";

/** @typedef {import("../recognizer.js").Prediction} Prediction */
/** @typedef {{digit: string, headline: string, more: string}} Words */

/** Two cards whose sizes do not depend on what they show. */
export class AnswerPanel {
    constructor() {
        this.digit = element("p", { class: "answer-digit" });
        this.headline = element("p", { class: "answer-headline" });
        this.more = element("p", { class: "answer-more muted" });
        this.patch = new PatchView();
        this.bars = new Bars();
        /** Says the answer to screen readers; only `announce` changes it. */
        this.status = element("p", { class: "visually-hidden", role: "status" });
        const words = element("div", { class: "answer-words" }, this.headline, this.more);
        const card = { class: "card answer-card" };
        this.card = element("div", card, this.digit, words, this.patch.element);
        this.barsCard = element("div", { class: "card bars-card" }, this.bars.element);
        /** @type {Words} */
        this.words = { digit: "", headline: "", more: "" };
        this.write({ digit: "", headline: "One moment", more: "The network is being loaded." });
    }

    /**
     * Show an answer.
     *
     * @param {Prediction} found
     * @param {boolean} isImage whether it is that of an opened image
     */
    show(found, isImage) {
        this.write(wordsOf(found, isImage));
        this.patch.show(found.patch);
        this.bars.show(found);
    }

    /** Show that there is no network to ask. */
    showNoModel() {
        this.write({ digit: "", headline: "No network", more: "Open a model file, or train one." });
    }

    /** Say the answer to screen readers, unless that was said last. */
    announce() {
        const { digit, headline, more } = this.words;
        const text = [digit, headline, more].filter(Boolean).join(". ");
        if (this.status.textContent !== text) this.status.textContent = text;
    }

    /** @param {Words} words */
    write(words) {
        this.words = words;
        setText(this.digit, words.digit || "–");
        setText(this.headline, unbroken(words.headline));
        setText(this.more, unbroken(words.more));
        this.digit.classList.toggle("none", !words.digit);
    }
}

/**
 * Return an answer in words.
 *
 * @param {Prediction} found
 * @param {boolean} isImage whether it is that of an opened image
 * @returns {Words}
 */
function wordsOf(found, isImage) {
    const texts = textsOf(found);
    if (found.verdict === "digit" && found.digit !== null) {
        const second = found.runnerUp;
        const more = second ? `Otherwise ${named(second.digit)}: ${texts[second.digit]}` : "";
        return { digit: String(found.digit), headline: `${texts[found.digit]} sure`, more };
    }
    if (found.verdict === "several_digits") {
        const more = "This page reads one digit; the command digitus read reads numbers.";
        return { digit: "", headline: "More than one digit", more };
    }
    if (found.verdict === "not_a_digit" && found.bestGuess !== null) {
        const guess = `If it is one, ${named(found.bestGuess)}: ${texts[found.bestGuess]}`;
        return { digit: "", headline: "That does not look like a digit", more: guess };
    }
    return isImage
        ? { digit: "", headline: "Empty image", more: "There is no ink to read." }
        : { digit: "", headline: "Empty canvas", more: "Draw a digit from 0 to 9." };
}

/**
 * @param {number} digit
 * @returns {string} "an 8", "a 7"
 */
function named(digit) {
    return `${digit === 8 ? "an" : "a"} ${digit}`;
}

/**
 * @param {HTMLElement} target
 * @param {string} text
 */
function setText(target, text) {
    if (target.textContent !== text) target.textContent = text;
}
