/** The card of the first layer: what each of its units looks for, as an image. */

import { PIXELS, SIDE_PX } from "../../sizes.js";
import { columnsFor, imageCanvas, paintSigned, signedLegend } from "../../ui/patch_image.js";
import { element } from "../../ui/element.js";
import { countText, shortText } from "../../ui/numbers.js";

/** @typedef {import("../../training/run.js").Run} Run */

/** Colors are full at this many standard deviations: beyond lie few weights of a trained layer. */
const FULL_AT_DEVIATIONS = 3.5;

const NAME = "What the first layer looks for";

/** All units' weights on one scale of colors, and one unit enlarged. */
export class WeightsCard {
    constructor() {
        this.name = NAME;
        this.unit = 0;
        this.columns = 1;
        this.n = 0;
        this.canvas = imageCanvas("Weights of the first layer", "weights-all");
        this.canvas.addEventListener("pointermove", (event) => this.choose(this.unitAt(event)));
        this.canvas.addEventListener("click", (event) => this.choose(this.unitAt(event)));
        this.one = imageCanvas("Weights of one unit", "weights-one");
        this.number = element("input", {
            type: "number",
            min: 1,
            value: 1,
            "aria-label": "Unit of the first layer",
            oninput: () => this.choose(Number(this.number.value) - 1),
        });
        this.caption = element("p", { class: "small muted" });
        this.legend = element("div");
        this.legendText = "";
        this.title = element("p", { class: "small muted" });
        /** @type {Run | null} */
        this.run = null;
        this.element = element(
            "section",
            { class: "card learn-weights", "aria-label": NAME },
            element("h2", {}, NAME),
            this.title,
            element(
                "div",
                { class: "weights" },
                this.canvas,
                element(
                    "div",
                    { class: "weights-side" },
                    this.one,
                    element("label", { class: "row small" }, "Unit", this.number),
                    this.caption,
                ),
            ),
            this.legend,
        );
    }

    /**
     * Paint the weights of a run.
     *
     * @param {Run} run
     */
    update(run) {
        this.run = run;
        const layer = firstWeights(run);
        const h = layer.shape[1];
        this.n = h;
        this.columns = columnsFor(this.n, this.n > 100 ? 16 : this.n > 40 ? 12 : 10);
        this.unit = Math.min(this.unit, this.n - 1);
        this.number.max = String(this.n);
        const limit = scaleOf(layer.values);
        paintSigned(this.canvas, layer.values, {
            n: this.n,
            columns: this.columns,
            stride: h,
            limit,
        });
        this.canvas.setAttribute(
            "aria-label",
            `Weights of the first layer, an image of ${SIDE_PX} by ${SIDE_PX} for each of ${countText(this.n, "unit")}; blue is positive, orange negative`,
        );
        const units = run.config.hidden.length ? countText(h, "unit") : "One unit for each digit";
        this.title.textContent = `${units}: ink on blue raises the sum of a unit, ink on orange lowers it.`;
        this.paintOne(layer.values, h, limit);
        const text = shortText(limit);
        if (text !== this.legendText) {
            this.legendText = text;
            this.legend.replaceChildren(signedLegend(`−${text}`, `+${text}`));
        }
    }

    /**
     * Paint the chosen unit, larger.
     *
     * @param {Float32Array | Float64Array} values
     * @param {number} h
     * @param {number} limit
     */
    paintOne(values, h, limit) {
        paintSigned(this.one, values, { offset: this.unit, stride: h, limit });
        let [low, high] = [Infinity, -Infinity];
        for (let i = 0; i < PIXELS; i++) {
            const value = values[i * h + this.unit];
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        this.one.setAttribute(
            "aria-label",
            `Weights of unit ${this.unit + 1}, from ${signed(low)} to ${signed(high)}`,
        );
        this.caption.textContent = `Weights from ${signed(low)} to ${signed(high)}`;
    }

    /**
     * Choose the unit that is enlarged.
     *
     * @param {number} unit
     */
    choose(unit) {
        if (!this.run || !(unit >= 0 && unit < this.n) || unit === this.unit) return;
        this.unit = unit;
        if (document.activeElement !== this.number) this.number.value = String(unit + 1);
        const layer = firstWeights(this.run);
        this.paintOne(layer.values, layer.shape[1], scaleOf(layer.values));
    }

    /**
     * Find the unit under the pointer.
     *
     * @param {PointerEvent | MouseEvent} event
     * @returns {number} the unit under the pointer
     */
    unitAt(event) {
        const box = this.canvas.getBoundingClientRect();
        const scale = this.canvas.width / box.width;
        const col = Math.floor(((event.clientX - box.left) * scale) / (SIDE_PX + 1));
        const row = Math.floor(((event.clientY - box.top) * scale) / (SIDE_PX + 1));
        return row * this.columns + Math.min(col, this.columns - 1);
    }
}

/**
 * Return the weights of the first dense layer.
 *
 * @param {Run} run
 */
function firstWeights(run) {
    const found = run.network.namedParameters().find(({ shape }) => shape.length === 2);
    return /** @type {NonNullable<typeof found>} */ (found);
}

/**
 * Return the magnitude at which colors are full, rounded so that it seldom changes.
 *
 * @param {Float32Array | Float64Array} values
 */
function scaleOf(values) {
    let squares = 0;
    for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
    const limit = FULL_AT_DEVIATIONS * Math.sqrt(squares / values.length);
    return limit > 0 && Number.isFinite(limit) ? Number(limit.toPrecision(1)) : 1;
}

/**
 * Write a weight with its sign.
 *
 * @param {number} value
 */
function signed(value) {
    return `${value > 0 ? "+" : ""}${shortText(value, 2)}`;
}
