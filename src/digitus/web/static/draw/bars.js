/** Ten bars: the probability of each digit, in percentages that sum to 100. */

import { DIGITS } from "../sizes.js";
import { element } from "../ui/element.js";
import { sharesOf, textsOf } from "../ui/percents.js";

/** @typedef {import("../recognizer.js").Prediction} Prediction */

const NONE = "–";

/**
 * A list with a row for each digit: its name, a bar and the percentage.
 *
 * The answered digit has a mark, bold text and the full color; the layout never changes.
 */
export class Bars {
    constructor() {
        this.rows = DIGITS.map((digit) => {
            const text = element("span", { class: "bar-text" }, NONE);
            const bar = element("span", { class: "bar" });
            const track = element("span", { class: "bar-track", "aria-hidden": "true" }, bar);
            const name = element("span", { class: "bar-name" }, digit);
            return { item: element("li", {}, name, track, text), bar, text };
        });
        this.element = element(
            "ol",
            { class: "bars", "aria-label": "How likely each digit is" },
            ...this.rows.map(({ item }) => item),
        );
    }

    /**
     * Show the shares of an answer, or empty bars.
     *
     * @param {Prediction | null} found
     */
    show(found) {
        const shares = found && sharesOf(found);
        const texts = found ? textsOf(found) : [];
        this.rows.forEach(({ item, bar, text }, digit) => {
            const share = shares ? shares[digit] : 0;
            bar.style.setProperty("--share", `${(100 * share).toFixed(2)}%`);
            bar.hidden = share < 0.0005; // what is written as 0.0 or less than 0.1
            text.textContent = texts[digit] ?? NONE;
            item.classList.toggle("chosen", found?.digit === digit);
        });
    }
}
