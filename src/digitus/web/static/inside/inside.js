/** The room Inside: what every unit of the network does with an image, and learns from it. */

import { title as titleOf } from "../models/architecture.js";
import { Recognizer } from "../recognizer.js";
import { element } from "../ui/element.js";
import { PHONE } from "../ui/fold.js";
import { attempt } from "../ui/messages.js";
import { stageTitles } from "./descriptions.js";
import { GradientView } from "./gradient_view.js";
import { InputView } from "./input_view.js";
import { lookInside, openNetwork } from "./look_inside.js";
import { SourceView } from "./source_view.js";
import { StageView } from "./stage_view.js";
import { UnitView } from "./unit_view.js";
import { WalkView } from "./walk/walk_view.js";

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("./look_inside.js").Inside} Inside */

const SIDE_BY_SIDE = 4; // stages that have much room
const GRADIENT_MS = 120; // at most so often
const WALK_MS = 400; // after the last change: it takes longer than some frames
const HINT = "Draw a digit, or choose an image of MNIST, to see what every unit does with it.";
const OVERFLOWN =
    "The numbers in this network have grown beyond all limits: its training diverged. " +
    "Rewind it, or train with a lower rate.";

/**
 * Make the room.
 *
 * @param {Session} session
 * @returns {{panel: HTMLElement, visible: (shown: boolean) => void}}
 */
export function mountInside(session) {
    const room = new InsideRoom(session);
    return { panel: room.panel, visible: (shown) => room.visible(shown) };
}

/** Connects the image, the network, the chosen unit, and what is learned. */
class InsideRoom {
    /** @param {Session} session */
    constructor(session) {
        this.session = session;
        this.isVisible = false;
        this.isWaiting = false;
        /** @type {Network | null} the model's network in Float64, until the model changes */
        this.network = null;
        /** @type {Inside | null} */
        this.inside = null;
        /** @type {Recognizer | null} */
        this.recognizer = null;
        /** Number of the stage and of the unit that are chosen. */
        this.chosen = { stage: 0, unit: 0 };
        /** Whether the most active unit is shown, until one is chosen. */
        this.follows = true;
        /** @type {number | null} class that a drawing should be, if chosen */
        this.wanted = null;
        /** @type {ReturnType<typeof setTimeout> | null} */
        this.gradientWaits = null;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.walkWaits = undefined;
        /** @type {StageView[]} */
        this.stages = [];
        this.shownStages = "";

        this.source = new SourceView(session);
        this.input = new InputView();
        this.unit = new UnitView((stage, unit) => this.choose(stage, unit, true));
        this.gradient = new GradientView((target) => this.want(target));
        this.walk = new WalkView();
        this.unit.element.lastElementChild?.after(this.gradient.element);
        this.models = element("select", {
            id: "inside-model",
            onchange: () => session.useModel(this.models.value),
        });
        this.widths = element("p", { class: "small muted" });
        this.unitCard = element(
            "section",
            { class: "card", "aria-labelledby": "inside-unit-title" },
            this.unit.element,
        );
        this.hint = element("p", { class: "card inside-hint muted", role: "status" }, HINT);
        this.strip = element("div", { class: "inside-strip" });
        this.imageCard = this.inputCard();
        this.jumps = this.jumpButtons();
        this.panel = element(
            "section",
            { class: "inside" },
            this.jumps,
            this.imageCard,
            element(
                "div",
                { class: "inside-main" },
                this.hint,
                this.strip,
                this.unitCard,
                this.walk.element,
            ),
        );
        this.listen();
    }

    /**
     * Make the card of the image, the network and the answer.
     *
     * @returns {HTMLElement} the image, the network's name and the answer
     */
    inputCard() {
        return element(
            "section",
            { class: "card inside-input-card" },
            element("h2", { class: "visually-hidden" }, "Image"),
            element("label", { class: "field" }, element("span", {}, "Network"), this.models),
            this.widths,
            this.source.element,
            this.input.element,
        );
    }

    /** Make the buttons that lead to the parts of the page, for phones. */
    jumpButtons() {
        /** @type {[string, () => HTMLElement][]} */
        const parts = [
            ["Image", () => this.imageCard],
            ["Layers", () => this.stages[0].element],
            ["Unit", () => this.unitCard],
            ["Output", () => this.stages[this.stages.length - 1].element],
            ["Step", () => this.walk.element],
        ];
        const buttons = parts.map(([text, target]) =>
            element("button", { type: "button", onclick: () => this.jump(target()) }, text),
        );
        const attributes = { class: "inside-jumps", "aria-label": "Parts of this view" };
        return element("nav", attributes, ...buttons);
    }

    /**
     * Scroll to a part, open it, and let the keyboard go on from there.
     *
     * @param {HTMLElement} part
     */
    jump(part) {
        if (part === this.walk.element) this.walk.fold.open = true;
        part.tabIndex = -1;
        part.focus({ preventScroll: true });
        part.scrollIntoView();
    }

    /** Follow the session, the choice of the image, and the width of the page. */
    listen() {
        const { session, source } = this;
        session.addEventListener("drawing", () => {
            if (this.isVisible) source.follow();
            if (source.kind === "drawing") this.imageChanged();
        });
        session.addEventListener("models", () => this.showModels());
        session.addEventListener("model", () => this.modelChanged());
        source.addEventListener("change", () => this.imageChanged());
        matchMedia(PHONE).addEventListener("change", () => this.placeUnit());
        this.showModels();
    }

    /**
     * Note whether the room is seen, and compute what it missed.
     *
     * @param {boolean} shown
     */
    visible(shown) {
        this.isVisible = shown;
        if (!shown) return;
        this.source.follow();
        this.soon();
    }

    /** Another image has no target chosen yet. */
    imageChanged() {
        this.wanted = null;
        this.soon();
    }

    /** Another model is in use, or it has other parameters. */
    modelChanged() {
        this.network = null;
        this.recognizer = null;
        this.showModels();
        this.soon();
    }

    /** Compute and show at the next frame, if anyone sees it. */
    soon() {
        if (!this.isVisible || this.isWaiting) return;
        this.isWaiting = true;
        requestAnimationFrame(() => {
            this.isWaiting = false;
            attempt(() => this.update());
        });
    }

    /** Compute the network on the image, and show everything. */
    update() {
        const { model } = this.session;
        const { patch } = this.source;
        this.inside = null;
        this.show(HINT);
        if (!model || !patch) return;
        this.network ??= openNetwork(model);
        this.recognizer ??= new Recognizer(model);
        const prediction = this.recognizer.predictPatch(patch);
        if (prediction.bestGuess === null) return;
        const inside = lookInside(model, this.network, patch, prediction.bestGuess);
        if (!inside.values.every((row) => row.every(Number.isFinite))) {
            this.show(OVERFLOWN);
            return;
        }
        this.inside = inside;
        this.show("");
        this.input.show(inside, prediction, this.source.trueLabel);
        this.showStages(inside);
        if (this.follows) this.chosen = { stage: 0, unit: inside.stages[0].mostActive() };
        this.showUnit();
    }

    /**
     * Show the hint, or all the rest.
     *
     * @param {string} hint why there is nothing to see; empty if there is
     */
    show(hint) {
        const isEmpty = hint !== "";
        this.hint.hidden = !isEmpty;
        if (this.hint.textContent !== hint) this.hint.textContent = hint;
        this.unitCard.hidden = this.walk.element.hidden = this.input.element.hidden = isEmpty;
        this.strip.hidden = this.jumps.hidden = isEmpty;
    }

    /** Offer the models of the session. */
    showModels() {
        const { models, model } = this.session;
        const names = [...models.keys()];
        const shown = Array.from(this.models.options, ({ value }) => value);
        if (names.join("\n") !== shown.join("\n")) {
            this.models.replaceChildren(
                ...names.map((name) => element("option", { value: name }, name)),
            );
        }
        if (model) this.models.value = model.name;
        this.widths.textContent = model ? titleOf(model.network) : "";
    }

    /**
     * Show the layers; make them anew for a network of another shape.
     *
     * @param {Inside} inside
     */
    showStages(inside) {
        const titles = stageTitles(inside.stages);
        const shape = inside.stages
            .map((stage) => [stage.layer.kind, ...stage.shape].join())
            .join(" ");
        if (shape !== this.shownStages) {
            this.shownStages = shape;
            this.follows = true;
            const isDeep = inside.stages.length > SIDE_BY_SIDE;
            for (const stage of this.stages) stage.element.remove();
            this.stages = inside.stages.map(
                (stage, i) =>
                    new StageView(stage, titles[i], isDeep, (unit) => this.choose(i, unit)),
            );
            this.strip.append(...this.stages.map((stage) => stage.element));
            this.strip.classList.toggle("deep", isDeep);
        } else {
            this.stages.forEach((stage, i) => stage.show(inside.stages[i]));
        }
    }

    // The chosen unit

    /**
     * Show a unit, also for the next images.
     *
     * @param {number} stage
     * @param {number} unit
     * @param {boolean} [focus] whether the keyboard goes there
     */
    choose(stage, unit, focus = false) {
        this.follows = false;
        this.chosen = { stage, unit };
        const cell = this.stages[stage].cells[unit];
        const top = cell.getBoundingClientRect().top;
        if (this.inside) this.showUnit();
        // The card of the unit may have left its place above; not all browsers scroll with it.
        const moved = cell.getBoundingClientRect().top - top;
        if (moved) scrollBy({ top: moved, behavior: "instant" });
        if (focus) cell.focus();
    }

    /** Show the chosen unit, and soon what it learns. */
    showUnit() {
        const inside = /** @type {Inside} */ (this.inside);
        const { stage, unit } = this.chosen;
        this.stages.forEach((view, i) => view.choose(i === stage ? unit : null));
        this.unit.show(inside, stage, unit);
        this.placeUnit();
        this.gradientWaits ??= setTimeout(() => this.showGradient(), GRADIENT_MS);
        clearTimeout(this.walkWaits);
        this.walkWaits = setTimeout(() => this.showWalk(), WALK_MS);
    }

    /** On a phone, the unit stands below its layer; else below all. */
    placeUnit() {
        const view = this.stages[this.chosen.stage];
        const before = matchMedia(PHONE).matches && view ? view.element : this.strip;
        if (before.nextElementSibling !== this.unitCard) before.after(this.unitCard);
    }

    // What is learned

    /**
     * Return the class that the image should be: as chosen, the true label, or the answer.
     *
     * @param {Inside} inside
     */
    target(inside) {
        return this.wanted ?? this.source.trueLabel ?? inside.answer;
    }

    /**
     * Take another class as what the image should be.
     *
     * @param {number} target
     */
    want(target) {
        this.wanted = target;
        this.showGradient();
        this.showWalk();
    }

    /** Show what the chosen unit learns. */
    showGradient() {
        this.gradientWaits = null;
        const { inside, chosen } = this;
        if (inside) this.gradient.show(inside, chosen.stage, chosen.unit, this.target(inside));
    }

    /** Show the step of learning. */
    showWalk() {
        const { inside, chosen } = this;
        if (inside) this.walk.show(inside, this.target(inside), chosen);
    }
}
