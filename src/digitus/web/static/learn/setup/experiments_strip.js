/** The ready experiments as cards: a question, where to look, and a link that opens each. */

import { EXPERIMENTS } from "../../training/experiments.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { linkOf } from "./link.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */

/** The whole address: links within a page are taken for those that skip to its content. */
const PAGE = location.href.split("#")[0];
/** So much of the card before the chosen one stays in sight. */
const PEEK_PX = 40;

const READY = "The run stands still: compare it with what you expected, then open this.";

/**
 * A row of cards; the chosen one says where to look, and keeps what happens for after the run.
 */
export class ExperimentsStrip {
    /**
     * @param {Workbench} bench
     * @param {() => void} close leaves the experiment
     */
    constructor(bench, close) {
        this.bench = bench;
        /** @type {string | null} id of the experiment that is open */
        this.open = null;
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
        this.look = element("p");
        this.shortage = element("p", { class: "problem small", role: "status" });
        this.ready = element("span", { class: "small", role: "status" });
        this.seen = element("p");
        this.outcome = element(
            "details",
            { class: "outcome" },
            element("summary", {}, element("b", {}, "What happened, and why"), this.ready),
            this.seen,
        );
        const label = "Leave the experiment";
        this.watch = element(
            "div",
            { class: "watch", hidden: true },
            element("div", { class: "watch-texts" }, this.look, this.shortage, this.outcome),
            element(
                "button",
                { class: "icon quiet", "aria-label": label, title: label, onclick: close },
                icon("close"),
            ),
        );
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
        if (this.open !== id) this.outcome.open = false;
        this.open = id;
        if (open) {
            this.look.replaceChildren(element("b", {}, "Look at: "), open.look);
            this.seen.textContent = open.seen;
        }
        this.watch.hidden = !open;
        this.update();
    }

    /** Say whether the outcome is there to be seen, and whether the copy has enough images. */
    update() {
        if (this.watch.hidden) return;
        const isReady = this.bench.hasBegun && !this.bench.isRunning;
        this.outcome.classList.toggle("is-ready", isReady);
        const ready = isReady ? READY : "for after the run";
        if (this.ready.textContent !== ready) this.ready.textContent = ready;
        const shortage = this.bench.shortage;
        if (this.shortage.textContent !== shortage) this.shortage.textContent = shortage;
    }
}
