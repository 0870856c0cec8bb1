/** The bar that drives the runs: start, one step, one epoch, restart, and how fast. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { countText } from "../ui/numbers.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */

/** Images a second at the stops of the slider. */
const SPEEDS = [1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10_000, Infinity];

/** Keys that drive the runs while no field has the focus. */
const KEYS = [
    [" ", "toggle"],
    ["i", "image"],
    ["s", "step"],
    ["e", "epoch"],
    ["r", "restart"],
];

/** Buttons, speed and position. */
export class Transport {
    /** @param {Workbench} bench */
    constructor(bench) {
        this.bench = bench;
        this.startIcon = element("span", { class: "icon-place" }, icon("play"));
        this.startText = element("span", {}, "Start");
        this.startButton = element(
            "button",
            { class: "primary start", title: "Space", onclick: () => bench.toggle() },
            this.startIcon,
            this.startText,
        );
        this.buttons = [
            button("Image", "Train on one image (I)", () => bench.image()),
            button("Step", "Train to the end of the batch: the weights change once (S)", () =>
                bench.step(),
            ),
            button("Epoch", "Train to the end of the epoch: each image once (E)", () => bench.epoch()),
            element(
                "button",
                {
                    class: "icon",
                    "aria-label": "Restart",
                    title: "Restart from the initial weights (R)",
                    onclick: () => bench.restart(),
                },
                icon("restart"),
            ),
        ];
        this.speed = element("input", {
            type: "range",
            id: "speed",
            min: 0,
            max: SPEEDS.length - 1,
            step: 1,
            value: SPEEDS.length - 1,
            oninput: () => this.setSpeed(),
        });
        this.words = element("span", { class: "speed-words" }, speedText(Infinity));
        this.position = element("p", { class: "position small muted", id: "position" });
        this.news = element("p", { class: "visually-hidden", role: "status" });
        this.sentence = element("p", { role: "alert" });
        this.rewind = element(
            "button",
            { onclick: () => bench.rewindBeforeDivergence() },
            "Rewind to before that",
        );
        this.notice = element("div", { class: "notice-line" }, this.sentence, this.rewind);
        this.element = this.layout();
    }

    /** @returns {HTMLElement} the bar */
    layout() {
        return element(
            "section",
            { class: "card learn-transport", "aria-label": "Training" },
            element(
                "div",
                { class: "transport-row" },
                element(
                    "div",
                    { class: "row transport-buttons" },
                    this.startButton,
                    ...this.buttons,
                ),
                element(
                    "label",
                    { class: "speed" },
                    this.speed,
                    element(
                        "span",
                        { class: "small" },
                        element("span", { class: "muted" }, "Speed: "),
                        this.words,
                    ),
                ),
                this.position,
            ),
            this.notice,
            this.news,
        );
    }

    /** Say once that the epochs are done; nothing while they are not. */
    announce() {
        const { bench } = this;
        const news = bench.isAtEnd ? `Finished ${countText(epochsDone(bench), "epoch")}.` : "";
        if (this.news.textContent !== news) this.news.textContent = news;
    }

    /** Take the speed from the slider. */
    setSpeed() {
        this.bench.setSpeed(SPEEDS[Number(this.speed.value)]);
        this.update();
    }

    /** Show state, speed and position of the runs. */
    update() {
        const { bench } = this;
        const isRunning = bench.isRunning;
        if (this.startButton.dataset.running !== String(isRunning)) {
            this.startButton.dataset.running = String(isRunning);
            this.startIcon.replaceChildren(icon(isRunning ? "pause" : "play"));
        }
        this.startText.textContent = startText(bench);
        this.announce();
        for (const each of [this.startButton, ...this.buttons]) each.disabled = !bench.canTrain;
        this.speed.value = String(SPEEDS.indexOf(bench.speed));
        this.words.textContent = speedText(bench.speed);
        this.speed.setAttribute("aria-valuetext", speedText(bench.speed));
        this.position.replaceChildren(
            ...bench.slots.map(({ letter, run }) =>
                positionLine(bench.slots.length > 1 ? `${letter}: ` : "", run),
            ),
        );
        if (this.sentence.textContent !== bench.notice) this.sentence.textContent = bench.notice;
        this.notice.classList.toggle("is-waiting", bench.isLoading);
        this.rewind.hidden = !bench.hasDiverged;
        this.notice.hidden = !bench.notice;
    }

    /**
     * Take a key, unless it belongs to the control that has the focus.
     *
     * @param {KeyboardEvent} event
     */
    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        const target = /** @type {HTMLElement} */ (event.target);
        if (
            target.closest(
                "input, select, textarea, dialog, canvas, [role=application], [role=tab]",
            )
        )
            return;
        if (event.key === " " && target.closest("button, a, summary")) return;
        const command = KEYS.find(([key]) => key === event.key)?.[1];
        if (!command || !this.bench.canTrain) return;
        event.preventDefault();
        if (command === "toggle") this.bench.toggle();
        else if (command === "image") this.bench.image();
        else if (command === "step") this.bench.step();
        else if (command === "epoch") this.bench.epoch();
        else this.bench.restart();
    }
}

/**
 * Make a button with a hint.
 *
 * @param {string} text
 * @param {string} title
 * @param {() => void} onclick
 */
function button(text, title, onclick) {
    return element("button", { title, onclick }, text);
}

/**
 * @param {Workbench} bench
 * @returns {string} what the button does
 */
function startText(bench) {
    if (bench.isRunning) return "Pause";
    if (!bench.hasBegun) return "Start";
    if (!bench.isAtEnd) return "Resume";
    return countText(bench.config.epochs, "more epoch");
}

/**
 * @param {Workbench} bench
 * @returns {number} the most epochs that a run has done
 */
function epochsDone({ slots }) {
    return Math.max(0, ...slots.map(({ run }) => run.position.epoch));
}

/**
 * Return a speed in words.
 *
 * @param {number} speed images a second
 * @returns {string}
 */
function speedText(speed) {
    if (speed === 1) return "one image a second, number by number";
    if (speed === Infinity) return "as fast as possible";
    if (speed <= 10) return `${speed} images a second, number by number`;
    return `${countText(speed)} images a second`;
}

/**
 * Say how far a run has come.
 *
 * @param {string} who
 * @param {import("../training/run.js").Run} run
 */
function positionLine(who, run) {
    const { images, epoch } = run.position;
    if (!images)
        return element(
            "span",
            { "data-images": 0, "data-whole": isWhole(run) },
            `${who}${countText(run.nTrain)} `,
            element("span", { class: "long" }, "training "),
            run.nTrain === 1 ? "image" : "images",
        );
    if (run.isAtEnd)
        return element(
            "span",
            { "data-images": images, "data-whole": isWhole(run) },
            `${who}finished ${countText(epoch, "epoch")}`,
            element("span", { class: "long" }, `, ${countText(images, "image")} seen`),
        );
    const inEpoch = images > epoch * run.nTrain;
    return element(
        "span",
        { "data-images": images, "data-whole": isWhole(run) },
        `${who}epoch ${epoch + (inEpoch ? 1 : 0)} of ${run.wantedEpochs}`,
        element("span", { class: "long" }, `, ${countText(images, "image")} seen`),
    );
}

/**
 * Return whether all validation images were answered with the shown weights.
 *
 * @param {import("../training/run.js").Run} run
 * @returns {"true" | "false"} whether all validation images were answered with the shown weights
 */
function isWhole({ history, position }) {
    const last = history[history.length - 1];
    return last?.whole && last.images === position.images ? "true" : "false";
}
