/** The card of the surest mistakes: image, true digit, answer, confidence. */

import { element } from "../../ui/element.js";
import { percent } from "../../ui/percents.js";
import { validationImage } from "./confusion.js";

/** @typedef {import("../../training/run.js").Run} Run */

/** Mistakes that are shown: as many as a card holds beside the confusion matrix. */
const MOST = 12;

const NAME = "The mistakes it is surest of";

/** Validation images that the network is sure of and wrong about. */
export class MistakesCard {
    constructor() {
        this.name = NAME;
        this.list = element("ul", { class: "mistakes" });
        this.note = element("p", { class: "small muted" });
        this.key = "";
        this.element = element(
            "section",
            { class: "card learn-mistakes", "aria-label": NAME },
            element("h2", {}, NAME),
            this.note,
            this.list,
        );
    }

    /**
     * List the mistakes, if they are others than before.
     *
     * @param {Run} run
     */
    update(run) {
        const shown = run.mistakes.slice(0, MOST);
        const key = shown
            .map((one) => `${one.index}:${one.answer}:${percent(one.confidence)}`)
            .join(" ");
        if (key === this.key) return;
        this.key = key;
        this.note.textContent = shown.length
            ? "The true digit, the answer, and the probability of the answer."
            : "No validation image is misread.";
        this.list.replaceChildren(
            ...shown.map(({ index, label, answer, confidence }) =>
                element(
                    "li",
                    {},
                    validationImage(run, index),
                    element("span", {}, `${label}, not `, element("b", { class: "bad" }, answer)),
                    element("span", { class: "small muted" }, percent(confidence)),
                ),
            ),
        );
    }
}
