/** The card of what flows through the layers: activations forward, gradients backward. */

import { Dense } from "../../engine/layers.js";
import { Histogram } from "../../ui/histogram.js";
import { element } from "../../ui/element.js";
import { countText, shortText } from "../../ui/numbers.js";

/** @typedef {import("../../training/run.js").Run} Run */
/** @typedef {import("../../training/histograms.js").LayerHistograms} LayerHistograms */

/** When words are said about a layer; chosen so that healthy networks are left in peace. */
const WORDS = {
    manyDead: 0.4, // share of dead units
    vanishing: 30, // times by which the first layer's gradient is smaller than the last one's
    exploding: 30,
};
/** Gradient norms from one ten-millionth to ten fill the bar, on a logarithmic scale. */
const NORM_DECADES = [-7, 1];

const NAME = "Activations and gradients";

/** Activations and gradients of each layer, and in words whether they are healthy. */
export class SignalsCard {
    constructor() {
        this.name = NAME;
        this.words = element("p", { class: "small" });
        this.rows = element("div", { class: "signals" });
        /** @type {LayerRow[]} */
        this.layers = [];
        this.element = element(
            "section",
            { class: "card learn-signals", "aria-label": NAME },
            element("h2", {}, NAME),
            this.words,
            this.rows,
        );
    }

    /**
     * Show the layers of a run.
     *
     * @param {Run} run
     */
    update(run) {
        const { histograms } = run;
        if (this.layers.length !== histograms.length) {
            this.layers = histograms.map(() => new LayerRow());
            this.rows.replaceChildren(...this.layers.map((row) => row.element));
        }
        histograms.forEach((layer, i) => this.layers[i].update(layer));
        const words = histograms.length
            ? wordsOf(histograms, copies(run.network))
            : "Activations and gradients appear with the first step.";
        if (this.words.textContent !== words) this.words.textContent = words;
    }
}

/** One layer: two histograms, the gradient's norm as a bar, the share of dead units. */
class LayerRow {
    constructor() {
        this.name = element("h3");
        this.dead = element("span", { class: "small muted" });
        this.activations = new Histogram({ kind: "activation" });
        this.gradients = new Histogram({ kind: "gradient" });
        this.activationRange = element("span", { class: "small muted" });
        this.gradientRange = element("span", { class: "small muted" });
        this.norm = element("span", { class: "small" });
        this.bar = element("span", { class: "norm-fill" });
        this.element = element(
            "div",
            { class: "signal-row" },
            element("div", { class: "row spread" }, this.name, this.dead),
            element(
                "div",
                { class: "histograms" },
                element("figure", {}, this.activations.svg, this.activationRange),
                element("figure", {}, this.gradients.svg, this.gradientRange),
            ),
            element(
                "div",
                { class: "norm" },
                element("span", { class: "norm-track" }, this.bar),
                this.norm,
            ),
        );
    }

    /**
     * Show one layer.
     *
     * @param {LayerHistograms} layer
     */
    update(layer) {
        const { activations, gradients, gradientNorm, dead } = layer;
        this.name.textContent = `${capital(layer.name)}, ${countText(layer.units, "unit")}`;
        this.dead.textContent = dead ? `${(100 * dead).toFixed(0)} % dead` : "";
        this.dead.classList.toggle("bad", (dead ?? 0) >= WORDS.manyDead);
        const what = layer.name === "output" ? "logits" : "activations";
        const range = `${what} ${shortText(activations.low, 2)} to ${shortText(activations.high, 2)}`;
        this.activations.update(
            activations.counts,
            activations.low,
            activations.high,
            `Histogram: ${range}`,
        );
        this.activationRange.textContent = range;
        const gradientText = `gradients ${shortText(gradients.low, 2)} to ${shortText(gradients.high, 2)}`;
        this.gradients.update(
            gradients.counts,
            gradients.low,
            gradients.high,
            `Histogram: ${gradientText}`,
        );
        this.gradientRange.textContent = gradientText;
        const [from, to] = NORM_DECADES;
        const share = gradientNorm > 0 ? (Math.log10(gradientNorm) - from) / (to - from) : 0;
        this.bar.style.setProperty(
            "width",
            `${(100 * Math.min(Math.max(share, 0), 1)).toFixed(1)}%`,
        );
        this.norm.textContent = `gradient norm ${shortText(gradientNorm, 2)}`;
    }
}

/**
 * Say whether the layers are healthy.
 *
 * @param {LayerHistograms[]} layers from the input on
 * @param {number} nCopies units of the first layer if all have the same weights, else 0
 * @returns {string}
 */
function wordsOf(layers, nCopies) {
    const first = layers[0].gradientNorm;
    const last = layers[layers.length - 1].gradientNorm;
    const dead = layers.filter((layer) => (layer.dead ?? 0) >= WORDS.manyDead);
    const parts = [];
    if (last > 0 && first === 0) {
        parts.push("No gradient reaches the first layer: it learns nothing.");
    } else if (last / first >= WORDS.vanishing) {
        parts.push(
            `The first layer's gradient is ${round(last / first)} times smaller than the last one's: it hardly learns (vanishing gradient).`,
        );
    } else if (first / last >= WORDS.exploding) {
        parts.push(
            `The first layer's gradient is ${round(first / last)} times larger than the last one's.`,
        );
    }
    if (nCopies) {
        parts.push(
            `All ${nCopies} units of the first layer have the same weights and get the same ` +
                "gradient: they stay copies of one unit.",
        );
    }
    for (const layer of dead) {
        const share = `${(100 * /** @type {number} */ (layer.dead)).toFixed(0)} %`;
        parts.push(
            `${share} of the units of layer ${layer.name} are dead: their output is zero for every image, so they no longer learn.`,
        );
    }
    if (!parts.length)
        parts.push("All layers get gradients of a similar size: each of them learns.");
    return parts.join(" ");
}

/**
 * Write a ratio with two digits.
 *
 * @param {number} value
 */
function round(value) {
    return countText(Number(value.toPrecision(2)));
}

/**
 * Write the first letter as a capital.
 *
 * @param {string} text
 */
function capital(text) {
    return text[0].toUpperCase() + text.slice(1);
}

/**
 * Return the number of units of the first layer if they are copies of one.
 *
 * @param {import("../../engine/network.js").Network} network
 * @returns {number} 0 if two units differ, or if the first layer is the output
 */
function copies({ layers }) {
    const dense = layers.filter((layer) => layer instanceof Dense);
    if (dense.length < 2) return 0;
    const { weight, width } = dense[0];
    const isCopied = weight.every((value, i) => value === weight[i - (i % width)]);
    return isCopied && width > 1 ? width : 0;
}
