/** What the chosen unit would learn from the image, and a check of one of these numbers. */

import { checkGradient } from "../engine/gradient_check.js";
import { element } from "../ui/element.js";
import { fold } from "../ui/fold.js";
import { numberText, preciseText } from "../ui/numbers.js";
import { imageCanvas } from "../ui/patch_image.js";
import { backpropagate, parametersOf } from "./backpropagation.js";
import { className, unitName, weightName } from "./descriptions.js";
import { figure } from "./input_view.js";
import { oneHot } from "./look_inside.js";
import { largest } from "./ranking.js";
import { paintSheet } from "./unit_view.js";

/** @typedef {import("./look_inside.js").Inside} Inside */

const OFFERED = 6; // weights to check

/** @type {Record<string, string>} */
const VERDICTS = {
    agree: "✓ They agree.",
    rounding: "✓ They agree as far as can be measured: so small a gradient drowns in rounding.",
    differ: "✗ They differ: one of them is wrong, or the network has a kink just here.",
};

/** The gradient of the loss by the weights of one unit. */
export class GradientView {
    /** @param {(target: number) => void} onwant called with what the image should be */
    constructor(onwant) {
        /** @type {Inside | null} */
        this.inside = null;
        this.target = 0;
        /** @type {unknown[]} what the result of the check belongs to */
        this.subject = [];
        this.targets = element("select", {
            id: "inside-target",
            onchange: () => onwant(Number(this.targets.value)),
        });
        this.words = element("p");
        this.image = imageCanvas("");
        this.choice = element("select", { id: "inside-parameter", onchange: () => this.clear() });
        this.button = element(
            "button",
            { type: "button", id: "inside-check", onclick: () => this.check() },
            "Check this gradient",
        );
        this.result = element("dl", { class: "inside-check" });
        this.verdict = element("p", { class: "inside-verdict-line", role: "status" });
        this.element = fold(
            element("h3", {}, "What it learns here"),
            field("The image should be", this.targets),
            this.words,
            element(
                "div",
                { class: "inside-gradient" },
                figure(this.image, "Gradient of its weights"),
            ),
            field("Gradient of the loss by", this.choice),
            this.button,
            this.result,
            this.verdict,
        );
    }

    /**
     * Show the gradient of a unit.
     *
     * @param {Inside} inside
     * @param {number} at number of the stage
     * @param {number} index of the unit
     * @param {number} target class that the image should be
     */
    show(inside, at, index, target) {
        const stage = inside.stages[at];
        const unit = stage.unit(index);
        const { weights, bias } = parametersOf(inside.network, stage, index);
        const { loss, gradient } = backpropagate(inside.network, inside.x, target);
        const found = Float64Array.from(weights, (i) => gradient[i]);
        const name = unitName(stage, index).toLowerCase();
        this.inside = inside;
        this.target = target;
        this.showTargets(inside.network.nOutputs, target);
        this.words.textContent =
            `The loss is ${numberText(loss)}, and its gradient by this unit\u2019s bias ` +
            `${numberText(gradient[bias])}. ` +
            "A step of learning moves each weight against its gradient.";
        paintSheet(this.image, found, unit.shape);
        this.image.setAttribute("aria-label", `Gradient of the loss by the weights of ${name}`);
        const subject = [inside.model.name, inside.patch, at, index, target];
        const isSame = subject.every((part, i) => part === this.subject[i]);
        this.subject = subject;
        if (isSame && document.activeElement === this.choice) return; // it may be open
        const offered = largest(found, OFFERED);
        this.offer(isSame, [
            ...offered.map((i) => ({
                value: weights[i],
                text: `${weightName(inside.stages, at, unit, i)}: ${numberText(found[i])}`,
            })),
            { value: bias, text: `bias: ${numberText(gradient[bias])}` },
        ]);
    }

    /**
     * Offer the classes as targets.
     *
     * @param {number} n number of classes
     * @param {number} target
     */
    showTargets(n, target) {
        if (this.targets.options.length !== n) {
            this.targets.replaceChildren(
                ...Array.from({ length: n }, (_, i) =>
                    element("option", { value: i }, className(i)),
                ),
            );
        }
        this.targets.value = String(target);
    }

    /**
     * Offer parameters to check. A network in training changes them all the time: the one that was
     * chosen, and the result of its check, stay.
     *
     * @param {boolean} isSame whether they are those of the unit before
     * @param {{value: number, text: string}[]} parameters
     */
    offer(isSame, parameters) {
        const chosen = Number(this.choice.value);
        this.choice.replaceChildren(
            ...parameters.map(({ value, text }) => element("option", { value }, text)),
        );
        const stays = isSame && parameters.some(({ value }) => value === chosen);
        if (stays) this.choice.value = String(chosen);
        if (!isSame) this.clear();
    }

    /** Remove the last result: it was of another number. */
    clear() {
        this.result.replaceChildren();
        this.verdict.textContent = "";
    }

    /** Compare backpropagation with a central difference. */
    check() {
        if (!this.inside) return;
        const { network, x } = this.inside;
        const targets = oneHot(this.target, network.nOutputs);
        const check = checkGradient(network, x, targets, [Number(this.choice.value)]);
        const { relativeError, verdict } = check;
        const [computed, measured] = [check.computed[0], check.measured[0]];
        this.result.replaceChildren(
            ...entry("Backpropagation", preciseText(computed), computed),
            ...entry("(f(w + h) − f(w − h)) / 2h", preciseText(measured), measured),
            ...entry("Relative error", preciseText(relativeError, 2), relativeError),
        );
        this.verdict.textContent = VERDICTS[verdict];
        this.verdict.className = `inside-verdict-line ${verdict === "differ" ? "wrong" : "right"}`;
    }
}

/**
 * Make an entry of the result: its name and its number.
 *
 * @param {string} name
 * @param {string} text
 * @param {number} value
 */
function entry(name, text, value) {
    return [element("dt", {}, name), element("dd", { "data-value": value }, text)];
}

/**
 * Return a field with its label.
 *
 * @param {string} label
 * @param {HTMLElement} control
 */
function field(label, control) {
    return element("label", { class: "field" }, element("span", {}, label), control);
}
