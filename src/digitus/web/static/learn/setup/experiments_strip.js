/** The ready experiments as cards: a question, what to watch, and a link that opens each. */

import { EXPERIMENTS } from "../../training/experiments.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { linkOf } from "./link.js";

/** The whole address: links within a page are taken for those that skip to its content. */
const PAGE = location.href.split("#")[0];
/** So much of the card before the chosen one stays in sight. */
const PEEK_PX = 40;

/** A row of cards; the chosen one tells what to watch. */
export class ExperimentsStrip {
    /** @param {() => void} close leaves the experiment */
    constructor(close) {
        this.cards = EXPERIMENTS.map((one, i) =>
            element(
                "a",
                { class: "experiment", href: PAGE + linkOf(one.id) },
                element("span", { class: "small muted" }, `Experiment ${i + 1}`),
                element("b", {}, one.title),
                element("span", { class: "small" }, one.question),
            ),
        );
        this.strip = element("div", { class: "strip" }, ...this.cards);
        this.text = element("p");
        const label = "Leave the experiment";
        const leave = element(
            "button",
            { class: "icon quiet", "aria-label": label, title: label, onclick: close },
            icon("close"),
        );
        this.watch = element("div", { class: "watch", hidden: true }, this.text, leave);
        this.element = element(
            "section",
            { class: "learn-experiments", "aria-label": "Experiments" },
            this.strip,
            this.watch,
        );
    }

    /**
     * Mark the experiment that is open, and say what to watch.
     *
     * @param {string | null} id of the experiment that is open; null for none
     */
    show(id) {
        EXPERIMENTS.forEach((one, i) => {
            const isOpen = one.id === id;
            if (isOpen && !this.cards[i].hasAttribute("aria-current")) {
                this.cards[i].setAttribute("aria-current", "true");
                this.strip.scrollLeft = this.cards[i].offsetLeft - PEEK_PX;
            }
            if (!isOpen) this.cards[i].removeAttribute("aria-current");
        });
        const open = EXPERIMENTS.find((one) => one.id === id);
        this.text.replaceChildren(...(open ? [element("b", {}, "Watch: "), open.watch] : []));
        this.watch.hidden = !open;
    }
}
