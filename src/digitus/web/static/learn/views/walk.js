/** The card of one image on its way through the network and back, at slow speeds. */

import { DIGITS, PIXELS } from "../../sizes.js";
import { ACTIVATION_NAMES } from "../../ui/activation_names.js";
import { element } from "../../ui/element.js";
import { countText, shortText } from "../../ui/numbers.js";
import {
    columnsFor,
    imageCanvas,
    largestMagnitude,
    paintPatch,
    paintSigned,
} from "../../ui/patch_image.js";

/** @typedef {import("../../training/run.js").Run} Run */
/** @typedef {import("../../training/trainer.js").Walk} Walk */
/**
 * @typedef {object} FirstLayer the first dense layer, and what it was given
 * @property {number} index in `network.layers`
 * @property {number} h units
 * @property {Float32Array} x (784,) its inputs
 * @property {Float32Array | Float64Array} weights (784, h)
 * @property {Float32Array | Float64Array} biases (h,)
 */

/** Up to this relative difference the products are those of the sum; else the weights changed. */
const SAME_SUM = 1e-3;

const NAME = "One image, number by number";

/** Image, products of one unit, activations of all layers, loss, and the gradient back. */
export class WalkCard {
    constructor() {
        this.name = NAME;
        /** @type {number | null} the unit that was asked for; null follows the strongest */
        this.asked = null;
        /** Images that the run had seen at the latest walk. */
        this.images = -1;
        /** @type {Float32Array | Float64Array | null} parameters after the latest walk */
        this.latest = null;
        /** @type {Float32Array | Float64Array | null} parameters that the latest image met */
        this.before = null;
        /** @type {Run | null} */
        this.run = null;
        this.title = element("p", { class: "small muted" });
        this.image = imageCanvas("The image at hand", "walk-image");
        this.weights = imageCanvas("Weights of the unit", "walk-image");
        this.products = imageCanvas("Products of pixels and weights", "walk-image");
        this.gradient = imageCanvas("Gradient of the unit's weights", "walk-image");
        this.sum = element("p", { class: "formula small" });
        this.gradientText = element("p", { class: "formula small" });
        this.unit = element("input", {
            type: "number",
            min: 1,
            value: 1,
            "aria-label": "Unit of the first layer that is followed",
            oninput: () => this.ask(Number(this.unit.value) - 1),
        });
        this.layers = element("div", { class: "walk-layers" });
        /** @type {{canvas: HTMLCanvasElement, text: HTMLElement, element: HTMLElement}[]} */
        this.strips = [];
        this.rows = DIGITS.map((digit) => new DigitRow(digit));
        this.loss = element("p", { class: "formula small" });
        this.element = element(
            "section",
            { class: "card learn-walk", "aria-label": NAME, hidden: true },
            element("h2", {}, NAME),
            this.title,
            element("div", { class: "walk-parts" }, this.unitPart(), this.digitsPart()),
        );
    }

    /**
     * Lay out what belongs to one unit.
     *
     * @returns {HTMLElement} pixels, weights, products and gradient of one unit
     */
    unitPart() {
        const sign = (/** @type {string} */ text) =>
            element("span", { class: "sign", "aria-hidden": "true" }, text);
        const strongest = element(
            "button",
            { class: "quiet small", onclick: () => this.ask(null) },
            "Follow the strongest",
        );
        return element(
            "div",
            { class: "walk-unit" },
            element(
                "div",
                { class: "walk-products" },
                figure(this.image, "pixels x"),
                sign("×"),
                figure(this.weights, "weights w"),
                sign("="),
                figure(this.products, `${PIXELS} products`),
            ),
            element(
                "div",
                { class: "row" },
                element("label", { class: "row small" }, "Unit", this.unit),
                strongest,
            ),
            this.sum,
            element("div", { class: "walk-back" }, figure(this.gradient, "dLoss/dw"), this.gradientText),
        );
    }

    /**
     * Lay out what belongs to all layers and the ten digits.
     *
     * @returns {HTMLElement} activations of the hidden layers, the ten outputs, the loss
     */
    digitsPart() {
        const heads = ["digit", "logit z", "probability p", "dLoss/dz"];
        return element(
            "div",
            { class: "walk-on" },
            this.layers,
            element(
                "table",
                { class: "walk-digits small" },
                element(
                    "caption",
                    { class: "visually-hidden" },
                    "Logit, probability and gradient of each digit",
                ),
                element(
                    "thead",
                    {},
                    element(
                        "tr",
                        {},
                        ...heads.map((text) => element("th", { scope: "col" }, text)),
                    ),
                ),
                element("tbody", {}, ...this.rows.map((row) => row.element)),
            ),
            this.loss,
        );
    }

    /**
     * Show the image that a run trained on last; hidden if it went too fast.
     *
     * @param {Run} run
     */
    update(run) {
        const { walk } = run;
        this.element.hidden = !walk;
        const { images } = run.position;
        if (walk && (run !== this.run || images !== this.images)) {
            const isNext = run === this.run && images === this.images + 1;
            this.before = isNext && walk.updated ? this.latest : null;
            this.latest = run.network.parameters.slice();
            this.images = images;
        }
        this.run = run;
        if (walk) this.show(run, walk);
    }

    /**
     * Follow a unit.
     *
     * @param {number | null} unit
     */
    ask(unit) {
        this.asked = unit;
        if (this.run?.walk) this.show(this.run, this.run.walk);
    }

    /**
     * Show an image's way through the network and back.
     *
     * @param {Run} run
     * @param {Walk} walk
     */
    show(run, walk) {
        const layer = firstLayer(run, walk, this.before);
        const unit = this.chosen(layer, walk);
        this.title.textContent = `Training image ${countText(walk.row)}, ${withArticle(walk.label)}; ${batchText(run, walk)}`;
        this.showProducts(run, layer, walk, unit);
        this.showLayers(run, walk);
        this.showDigits(walk);
        this.showGradient(layer, walk, unit);
        this.loss.textContent = lossText(run, walk);
    }

    /**
     * Choose the unit: the one asked for, else the strongest.
     *
     * @param {FirstLayer} layer
     * @param {Walk} walk
     * @returns {number} the unit that is followed
     */
    chosen({ index, h }, walk) {
        this.unit.max = String(h);
        const outputs = walk.outputs[index];
        const strongest = outputs.reduce((best, value, i) => (value > outputs[best] ? i : best), 0);
        const unit =
            this.asked !== null && this.asked >= 0 && this.asked < h ? this.asked : strongest;
        if (document.activeElement !== this.unit) this.unit.value = String(unit + 1);
        return unit;
    }

    /**
     * Show pixels times weights of the unit, and their sum.
     *
     * @param {Run} run
     * @param {FirstLayer} layer
     * @param {Walk} walk
     * @param {number} unit
     */
    showProducts(run, { index, h, x, weights, biases }, walk, unit) {
        const products = new Float32Array(PIXELS);
        let sum = 0;
        let filled = 0;
        for (let i = 0; i < PIXELS; i++) {
            products[i] = x[i] * weights[i * h + unit];
            sum += products[i];
            if (x[i]) filled++;
        }
        const z = walk.outputs[index][unit];
        const next = run.network.layers[index + 1];
        const isSame = Math.abs(sum + biases[unit] - z) <= SAME_SUM * Math.max(1, Math.abs(z));
        if (x.every((value) => value >= 0 && value <= 1)) paintPatch(this.image, x);
        else paintSigned(this.image, x);
        paintSigned(this.weights, weights, { offset: unit, stride: h });
        paintSigned(this.products, products);
        const activation =
            next && next.kind in ACTIVATION_NAMES
                ? ` → ${ACTIVATION_NAMES[next.kind]} → ${shortText(walk.outputs[index + 1][unit])}`
                : "";
        const parts = isSame
            ? `sum of ${countText(filled, "product")} ${shortText(sum)}, plus bias ${shortText(biases[unit])} = ${shortText(z)}`
            : `sum with the weights before the step = ${shortText(z)}`;
        this.sum.textContent = `Unit ${unit + 1}: ${parts}${activation}`;
        this.products.setAttribute(
            "aria-label",
            `Products of pixels and weights of unit ${unit + 1}; their sum is ${shortText(sum)}`,
        );
    }

    /**
     * Show the activations of each hidden layer as a strip.
     *
     * @param {Run} run
     * @param {Walk} walk
     */
    showLayers(run, walk) {
        const hidden = run.network.layers
            .map((layer, i) => ({ kind: layer.kind, i }))
            .filter(({ kind }) => kind in ACTIVATION_NAMES);
        if (hidden.length !== this.strips.length) {
            this.strips = hidden.map(({ kind }, i) => {
                const canvas = imageCanvas("", "walk-strip");
                const text = element("span", { class: "small muted" });
                const name = element(
                    "span",
                    { class: "small" },
                    `Hidden ${i + 1}, ${ACTIVATION_NAMES[kind]}`,
                );
                return {
                    canvas,
                    text,
                    element: element("div", { class: "walk-layer" }, name, canvas, text),
                };
            });
            this.layers.replaceChildren(...this.strips.map((strip) => strip.element));
        }
        hidden.forEach(({ i }, at) => {
            const values = walk.outputs[i];
            const n = values.length;
            const columns = columnsFor(n, 32);
            const active = values.filter((value) => value !== 0).length;
            paintSigned(this.strips[at].canvas, values, { rows: 1, cols: 1, n, columns });
            const text = `${active} of ${countText(n, "unit")} active, up to ${shortText(Math.max(...values))}`;
            this.strips[at].text.textContent = text;
            this.strips[at].canvas.setAttribute(
                "aria-label",
                `Activations of hidden layer ${at + 1}: ${text}`,
            );
        });
    }

    /**
     * Show logit, probability and gradient of each digit.
     *
     * @param {Walk} walk
     */
    showDigits(walk) {
        const logits = walk.outputs[walk.outputs.length - 1];
        const gradients = walk.gradients[walk.gradients.length - 1];
        const largest = largestMagnitude(gradients) * walk.batchSize;
        for (const row of this.rows) {
            const { digit } = row;
            row.update(
                logits[digit],
                walk.probabilities[digit],
                gradients[digit] * walk.batchSize,
                largest,
                digit === walk.label,
            );
        }
    }

    /**
     * Show the gradient of the unit's weights: its own gradient times each pixel.
     *
     * @param {FirstLayer} layer
     * @param {Walk} walk
     * @param {number} unit
     */
    showGradient({ index, x }, walk, unit) {
        const gradient = walk.gradients[index][unit] * walk.batchSize;
        paintSigned(
            this.gradient,
            Float32Array.from(x, (value) => value * gradient),
        );
        this.gradientText.textContent = gradient
            ? `Back at unit ${unit + 1}: dLoss/dz = ${shortText(gradient)}. Times each pixel, that is the gradient of its weights; the step goes against it.`
            : `Back at unit ${unit + 1}: dLoss/dz = 0, so this image changes none of its weights.`;
    }
}

/** A digit's logit, probability, and the gradient of the loss. */
class DigitRow {
    /** @param {number} digit */
    constructor(digit) {
        this.digit = digit;
        this.logit = element("td");
        this.fill = element("span", { class: "digit-fill" });
        this.text = element("span", { class: "digit-text" });
        this.gradient = element("td", { class: "gradient-cell" });
        this.element = element(
            "tr",
            {},
            element("th", { scope: "row" }, digit),
            this.logit,
            element(
                "td",
                { class: "probability-cell" },
                element("span", { class: "digit-track" }, this.fill),
                this.text,
            ),
            this.gradient,
        );
    }

    /**
     * Show a digit's numbers.
     *
     * @param {number} logit
     * @param {number} probability
     * @param {number} gradient
     * @param {number} largest magnitude of the gradients
     * @param {boolean} isLabel
     */
    update(logit, probability, gradient, largest, isLabel) {
        this.logit.textContent = shortText(logit);
        this.fill.style.setProperty("width", `${(100 * probability).toFixed(1)}%`);
        this.text.textContent = probability.toFixed(3);
        this.gradient.textContent = `${gradient > 0 ? "+" : ""}${shortText(gradient)}${isLabel ? " ↑" : ""}`;
        this.gradient.style.setProperty(
            "--strength",
            `${largest ? ((100 * Math.abs(gradient)) / largest).toFixed(0) : 0}%`,
        );
        this.gradient.classList.toggle("down", gradient > 0);
        this.element.classList.toggle("label", isLabel);
    }
}

/**
 * Make a figure with its name below.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 */
function figure(canvas, name) {
    return element("figure", {}, canvas, element("figcaption", { class: "small muted" }, name));
}

/**
 * Return the first dense layer with the weights that the image met.
 *
 * @param {Run} run
 * @param {Walk} walk
 * @param {Float32Array | Float64Array | null} before
 * @returns {FirstLayer}
 */
function firstLayer(run, walk, before) {
    const { network } = run;
    const named = network.namedParameters();
    const at = named.findIndex(({ shape }) => shape.length === 2);
    const { layer: index, values, shape } = named[at];
    const source = before ?? network.parameters;
    // Both are views into the one vector of parameters.
    const view = (/** @type {Float32Array | Float64Array} */ part) => {
        const first = (part.byteOffset - network.parameters.byteOffset) / part.BYTES_PER_ELEMENT;
        return source.subarray(first, first + part.length);
    };
    const x = index === 0 ? walk.input : walk.outputs[index - 1];
    return { index, h: shape[1], x, weights: view(values), biases: view(named[at + 1].values) };
}

/**
 * Write a digit with its article.
 *
 * @param {number} digit
 */
function withArticle(digit) {
    return digit === 8 ? "an 8" : `a ${digit}`;
}

/**
 * Say where in its batch the image stands.
 *
 * @param {Run} run
 * @param {Walk} walk
 */
function batchText(run, walk) {
    if (walk.batchSize === 1) return "the weights change after each image.";
    if (walk.updated)
        return `its batch of ${countText(walk.batchSize)} is complete: the weights have just changed.`;
    return `image ${countText(run.position.row)} of ${countText(walk.batchSize)} in its batch; the weights change after the last.`;
}

/**
 * Write out the loss of the image.
 *
 * @param {Run} run
 * @param {Walk} walk
 */
function lossText(run, walk) {
    if (run.config.output === "sigmoid")
        return `Loss: the ten sigmoids' cross-entropies sum to ${shortText(walk.loss)}.`;
    return `Loss: −ln ${walk.probabilities[walk.label].toPrecision(3)} = ${shortText(walk.loss)}. Its gradient is p − 1 for the ${walk.label}, and p for all others.`;
}
