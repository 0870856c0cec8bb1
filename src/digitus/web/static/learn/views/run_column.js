/** Everything about one run below the curves: head, weights, signals, confusion, mistakes. */

import { CLASSES, PIXELS } from "../../sizes.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import { saveFile } from "../files.js";
import { differences, valueText } from "../setup/fields.js";
import { summaryOf } from "../setup/settings_card.js";
import { ConfusionCard } from "./confusion.js";
import { MistakesCard } from "./mistakes.js";
import { SignalsCard } from "./signals.js";
import { WalkCard } from "./walk.js";
import { WeightsCard } from "./weights.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */
/** @typedef {import("../workbench.js").Slot} Slot */

/** MNIST's test images, those of `digitus evaluate`; an exported page may hold fewer. */
const ALL_TEST_IMAGES = 10_000;

/**
 * Milliseconds between two drawings of a card while training: a list of images is looked at longer
 * than a tenth of a second, and a card that is out of sight need not cost time.
 */
const PAUSES = { list: 500, unseen: 1000 };

/** The cards of run A or run B. */
export class RunColumn {
    /**
     * @param {Workbench} bench
     * @param {"A" | "B"} letter
     */
    constructor(bench, letter) {
        this.bench = bench;
        this.letter = letter;
        this.summary = element("p", { class: "small muted" });
        this.test = element("p", { class: "small test-line", role: "status" });
        this.testButton = element("button", { onclick: () => this.evaluate() }, "Test");
        this.head = element(
            "section",
            { class: "card run-head", "aria-label": `Run ${letter}` },
            element(
                "div",
                { class: "row" },
                element("span", {
                    class: `run-sign of-${letter.toLowerCase()}`,
                    "aria-hidden": "true",
                }),
                element("h2", {}, `Run ${letter}`),
                letter === "A" ? null : closeButton(() => bench.closeB()),
            ),
            this.summary,
            element(
                "div",
                { class: "row" },
                this.testButton,
                element("button", { onclick: () => this.save() }, icon("save"), "Save network"),
            ),
            this.test,
        );
        this.cards = [
            new WalkCard(),
            new WeightsCard(),
            new SignalsCard(),
            new ConfusionCard(),
            new MistakesCard(),
        ];
        /** When each card was drawn last, and whether it is on the screen. */
        this.drawn = this.cards.map(() => ({ at: 0, isSeen: true }));
        this.watchCards();
        this.element = element(
            "div",
            { class: `run-column of-${letter.toLowerCase()}` },
            this.head,
            ...this.cards.map((card) => card.element),
        );
    }

    /** @returns {Slot | undefined} */
    get slot() {
        return this.bench.slots.find(({ letter }) => letter === this.letter);
    }

    /** Show the run as it stands. */
    update() {
        const { slot } = this;
        if (!slot) return;
        this.summary.textContent = this.summaryText(slot.run.config);
        this.nameCards();
        this.updateCards(slot.run);
        const { nTest } = this.bench;
        this.testButton.hidden = nTest === 0;
        this.testButton.textContent = `Test on ${countText(nTest, "image")}`;
        const accuracy = slot.run.testAccuracy;
        const text = accuracy === null ? "" : testText(accuracy, nTest);
        this.test.hidden = accuracy === null;
        if (this.test.textContent !== text) this.test.textContent = text;
    }

    /**
     * Say what the run is, or what makes run B another one than run A.
     *
     * @param {import("../../training/config.js").TrainingConfig} config
     * @returns {string} such as "As A, but first weights: all zero"
     */
    summaryText(config) {
        if (this.letter === "A") return summaryOf(config);
        const differing = differences(this.bench.config, config);
        if (!differing.length) return "As A.";
        const names = differing.map(
            (field) => `${lowered(field.label)}: ${valueText(field, config[field.key])}`,
        );
        const branchedAt = this.slot?.branchedAt;
        const since = branchedAt
            ? `, from its weights after ${countText(branchedAt, "image")}`
            : "";
        return `As A${since}, but ${names.join("; ")}`;
    }

    /** Give each card a name of its own: with two runs, the letter belongs to it. */
    nameCards() {
        const hasTwo = this.bench.slots.length > 1;
        for (const { element: card, name } of this.cards) {
            const label = hasTwo ? `Run ${this.letter}: ${name.toLowerCase()}` : name;
            if (card.getAttribute("aria-label") !== label) card.setAttribute("aria-label", label);
        }
    }

    /**
     * Draw the cards: all of them once training stands still, until then those on the screen each
     * time, and the others now and then.
     *
     * @param {import("../../training/run.js").Run} run
     */
    updateCards(run) {
        const now = performance.now();
        this.cards.forEach((card, i) => {
            const { at, isSeen } = this.drawn[i];
            const pause =
                isSeen && card instanceof MistakesCard ? PAUSES.list : isSeen ? 0 : PAUSES.unseen;
            if (this.bench.isRunning && now - at < pause) return;
            this.drawn[i].at = now;
            card.update(run);
        });
    }

    /** Keep up with which cards are on the screen. */
    watchCards() {
        const elements = this.cards.map((card) => card.element);
        const observer = new IntersectionObserver((entries) => {
            for (const { target, isIntersecting } of entries) {
                this.drawn[elements.indexOf(/** @type {HTMLElement} */ (target))].isSeen =
                    isIntersecting;
            }
        });
        for (const each of elements) observer.observe(each);
    }

    /** Answer the test images with the network as shown. */
    async evaluate() {
        const { slot } = this;
        if (!slot) return;
        this.testButton.disabled = true;
        slot.run.pause();
        await attempt(() => this.bench.test(slot));
        this.testButton.disabled = false;
        this.update();
    }

    /** Save the network as a model file. */
    async save() {
        const { slot } = this;
        if (!slot) return;
        await attempt(() =>
            saveFile(slot.run.toModelFile(), fileName(slot), "application/octet-stream"),
        );
    }
}

/**
 * Say how many test images are read correctly.
 *
 * @param {number} accuracy 0 to 1
 * @param {number} n number of test images
 * @returns {string}
 */
function testText(accuracy, n) {
    const share = `${(100 * accuracy).toFixed(2)} % of ${countText(n, "test image")} read correctly`;
    if (n < ALL_TEST_IMAGES) return `${share}; no run has trained on them.`;
    return `${share}. Save the network, and digitus evaluate finds the same number.`;
}

/**
 * Make the button that ends run B.
 *
 * @param {() => void} onclick
 */
function closeButton(onclick) {
    const label = "Close run B";
    return element(
        "button",
        { class: "icon quiet", "aria-label": label, title: label, onclick },
        icon("close"),
    );
}

/**
 * Return the name of a run's model file.
 *
 * @param {Slot} slot
 */
function fileName({ letter, run }) {
    const widths = [PIXELS, ...run.config.hidden, CLASSES].join("-");
    return `run-${letter.toLowerCase()}-${widths}.safetensors`;
}

/**
 * @param {string} label of a field
 * @returns {string} to stand within a sentence; "L2" stays
 */
function lowered(label) {
    return /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
