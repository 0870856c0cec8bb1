/** One unit: its weights as an image, its sum written out, its share in the answer. */

import { element } from "../ui/element.js";
import { numberText, signedText } from "../ui/numbers.js";
import {
    columnsFor,
    imageCanvas,
    largestMagnitude,
    paintPatch,
    paintSigned,
    signedLegend,
} from "../ui/patch_image.js";
import { percent } from "../ui/percents.js";
import { contributions } from "./contributions.js";
import { className, sourceName, stageTitles, stepName, unitName } from "./descriptions.js";
import { figure } from "./input_view.js";
import { rank } from "./ranking.js";
import { sumLine, writtenSum } from "./written_sum.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("./look_inside.js").Inside} Inside */
/** @typedef {import("./stages.js").ImageShape} ImageShape */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {import("./stages.js").Unit} Unit */

const LINE_TERMS = 3;

/** The unit that is chosen. */
export class UnitView {
    /**
     * @param {(stage: number, unit: number) => void} onchoose called when a unit that feeds this
     *     one is chosen
     */
    constructor(onchoose) {
        this.onchoose = onchoose;
        this.title = element("h2", { id: "inside-unit-title" });
        this.place = element("p", { class: "small muted" });
        this.line = element("p", { class: "inside-line", id: "inside-line" });
        this.inputs = imageCanvas("");
        this.weights = imageCanvas("");
        this.products = imageCanvas("");
        this.map = imageCanvas("");
        this.inputsFigure = figure(this.inputs, "Inputs");
        this.mapFigure = figure(this.map, "Its map");
        this.images = element(
            "div",
            { class: "inside-images" },
            this.mapFigure,
            this.inputsFigure,
            figure(this.weights, "Weights"),
            figure(this.products, "Inputs × weights"),
        );
        this.legend = element("p", { class: "inside-legend" });
        this.table = element("tbody");
        this.share = element("p");
        this.shareBar = element(
            "div",
            { class: "inside-share", "aria-hidden": "true" },
            element("span"),
        );
        this.shareNote = element("p", { class: "small muted" });
        this.element = element(
            "div",
            { class: "inside-unit" },
            part(this.title, this.place, this.line, this.images, this.legend),
            part(element("h3", {}, "Its sum, written out"), sumTable(this.table)),
            part(
                element("h3", {}, "Its share in the answer"),
                this.share,
                this.shareBar,
                this.shareNote,
            ),
        );
    }

    /**
     * Show a unit.
     *
     * @param {Inside} inside
     * @param {number} at number of the stage
     * @param {number} index of the unit
     */
    show(inside, at, index) {
        const stage = inside.stages[at];
        const unit = stage.unit(index);
        const title = stageTitles(inside.stages)[at].toLowerCase();
        this.title.textContent = unitName(stage, index) + (stage.isOutput ? "" : ` of ${title}`);
        this.place.textContent = placeText(inside, at, unit);
        this.line.textContent = `${sumLine(writtenSum(unit, LINE_TERMS))}${chainText(unit)}`;
        this.showImages(inside, at, unit);
        this.showSum(inside, at, unit);
        this.showShare(inside, at, unit);
    }

    /**
     * Paint the inputs and weights of a unit, their products, and its map.
     *
     * @param {Inside} inside
     * @param {number} at
     * @param {Unit} unit
     */
    showImages(inside, at, unit) {
        const stage = inside.stages[at];
        const name = unitName(stage, unit.index).toLowerCase();
        this.mapFigure.hidden = !stage.hasMaps;
        if (stage.hasMaps) {
            const [rows, cols, n] = stage.shape;
            const limit = largestMagnitude(stage.activations);
            paintSigned(this.map, stage.activations, {
                rows,
                cols,
                offset: unit.index,
                stride: n,
                limit,
            });
            this.map.setAttribute(
                "aria-label",
                `Feature map of ${name}, largest value ${numberText(unit.activation)}`,
            );
        }
        const limit = largestMagnitude(unit.weights);
        const products = unit.weights.map((weight, i) => weight * unit.inputs[i]);
        if (at === 0 && inside.paperIsZero && !stage.hasMaps) paintPatch(this.inputs, inside.patch);
        else paintSheet(this.inputs, unit.inputs, unit.shape);
        paintSheet(this.weights, unit.weights, unit.shape);
        paintSheet(this.products, products, unit.shape);
        this.inputs.setAttribute("aria-label", `Inputs of ${name}`);
        this.weights.setAttribute("aria-label", `Weights of ${name}, ${weightRange(unit)}`);
        this.products.setAttribute(
            "aria-label",
            `Inputs times weights of ${name}; their sum is in the table`,
        );
        this.legend.replaceChildren(
            signedLegend(`weights ${signedText(-limit)}`, signedText(limit)),
        );
    }

    /**
     * Write the sum of a unit out as a table.
     *
     * @param {Inside} inside
     * @param {number} at
     * @param {Unit} unit
     */
    showSum(inside, at, unit) {
        const stage = inside.stages[at];
        const { terms, rest, nZero, bias, total } = writtenSum(unit);
        const rows = terms.map(({ input, weight, product, source }) =>
            row(
                `${numberText(input)} × ${numberText(weight)}`,
                product,
                this.source(inside, at, source),
                {
                    class: "term",
                    "data-input": input,
                    "data-weight": weight,
                },
            ),
        );
        if (rest.n)
            rows.push(row(`${rest.n} more`, rest.sum, "", { class: "rest", "data-n": rest.n }));
        if (nZero) {
            rows.push(row(`${nZero} with input 0`, 0, "", { class: "zeros", "data-n": nZero }));
        }
        rows.push(row("bias", bias, "", { class: "bias" }));
        rows.push(row("sum", total, "", { class: "total" }));
        for (const { kind, value } of unit.chain) {
            rows.push(row(`after ${stepName(kind)}`, value, "", { class: "step" }));
        }
        if (stage.isOutput) {
            const last = /** @type {HTMLElement} */ (rows[rows.length - 1].cells[2]);
            last.textContent = percent(unit.activation);
        }
        this.table.replaceChildren(...rows);
    }

    /**
     * Return where an input comes from: a button if that is a unit.
     *
     * @param {Inside} inside
     * @param {number} at
     * @param {number | null} source
     * @returns {string | HTMLElement}
     */
    source(inside, at, source) {
        const name = sourceName(inside.stages, at, source);
        if (at === 0 || source === null) return name;
        const unit = source % inside.stages[at - 1].nUnits;
        return element(
            "button",
            { type: "button", class: "inside-link", onclick: () => this.onchoose(at - 1, unit) },
            name,
        );
    }

    /**
     * Say what a unit adds to the score of the answer.
     *
     * @param {Inside} inside
     * @param {number} at
     * @param {Unit} unit
     */
    showShare(inside, at, unit) {
        const { answer, stages } = inside;
        const last = stages[stages.length - 1];
        const score = last.sums[answer];
        const name = className(answer);
        this.shareBar.hidden = stages[at].isOutput;
        if (stages[at].isOutput) {
            const own = unit.index === answer;
            const sum = numberText(unit.total);
            this.share.textContent = own
                ? `Its sum ${sum} is the score of the answer ${name}, the largest of all.`
                : `Its sum ${sum} is its own score; the answer ${name} has ${numberText(score)}.`;
            this.shareNote.textContent =
                "The output function turns all scores together into the outputs.";
            if (last.steps[0].kind === "sigmoid")
                this.shareNote.textContent = "Each score becomes an output by itself.";
            return;
        }
        const all = contributions(inside, at);
        const value = all[unit.index];
        const place = rank(all, unit.index);
        this.share.replaceChildren(
            "It adds ",
            element("b", { class: "inside-value", "data-value": value }, signedText(value)),
            ` to the score of ${name}, which is ${numberText(score)}: ` +
                `place ${place} of ${all.length}.`,
        );
        const bar = /** @type {HTMLElement} */ (this.shareBar.firstChild);
        const share = value / (largestMagnitude(all) || 1);
        bar.style.setProperty("--from", `${50 + 50 * Math.min(share, 0)}%`);
        bar.style.setProperty("--width", `${50 * Math.abs(share)}%`);
        bar.classList.toggle("negative", share < 0);
        const bias = numberText(last.layer.bias[answer]);
        const over = stages[at].hasMaps ? ", summed over its map" : "";
        const isExact = at === stages.length - 2 && stages[at].end === last.at;
        this.shareNote.textContent = isExact
            ? `Weight × activation: exact. All of them and the bias ${bias} are the score.`
            : `Gradient × activation${over}: an estimate, as the score is no straight line in it.`;
    }
}

/**
 * Make a part of the card.
 *
 * @param {...HTMLElement} children
 */
function part(...children) {
    return element("div", { class: "stack inside-tight" }, ...children);
}

/**
 * Make the table of the sum.
 *
 * @param {HTMLElement} rows its body
 */
function sumTable(rows) {
    const heads = ["input × weight", "product", "from"].map((head) =>
        element("th", { scope: "col" }, head),
    );
    return element(
        "table",
        { class: "inside-sum", id: "inside-sum" },
        element("thead", { class: "visually-hidden" }, element("tr", {}, ...heads)),
        rows,
    );
}

/**
 * Make a row of the sum.
 *
 * @param {string} name
 * @param {number} value
 * @param {string | HTMLElement} from
 * @param {Record<string, unknown>} attributes
 */
function row(name, value, from, attributes) {
    return element(
        "tr",
        { ...attributes, "data-value": value },
        element("th", { scope: "row" }, name),
        element("td", {}, numberText(value)),
        element("td", { class: "small muted" }, from),
    );
}

/**
 * Say what a unit is connected to.
 *
 * @param {Inside} inside
 * @param {number} at
 * @param {Unit} unit
 */
function placeText(inside, at, unit) {
    const n = unit.weights.length;
    if (unit.place) {
        const { row: r, col: c } = unit.place;
        const where = `row ${r}, col ${c}`;
        return `${n} weights, the same everywhere; here at ${where}, where its map is largest.`;
    }
    const before =
        at === 0 ? "pixels" : inside.stages[at - 1].hasMaps ? "places of the maps" : "units";
    return `Connected to all ${n} ${before} before it.`;
}

/**
 * Return what follows the sum.
 *
 * @param {Unit} unit
 * @returns {string} such as "; ReLU → 1.270"
 */
function chainText({ chain }) {
    return chain.map(({ kind, value }) => `; ${stepName(kind)} → ${numberText(value)}`).join("");
}

/**
 * Say from where to where the weights of a unit go.
 *
 * @param {Unit} unit
 */
function weightRange({ weights }) {
    const [low, high] = [Math.min(...weights), Math.max(...weights)];
    return `from ${numberText(low)} to ${numberText(high)}`;
}

/**
 * Paint signed values (rows, cols, n): one image, or n of them, or n single values as a grid.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Floats} values
 * @param {ImageShape} shape
 */
export function paintSheet(canvas, values, [rows, cols, n]) {
    const most = rows * cols > 1 ? Math.ceil(1.3 * Math.sqrt(n)) : 16;
    paintSigned(canvas, values, { rows, cols, n, columns: columnsFor(n, most) });
    canvas.classList.toggle("sheet", n > 1 && rows * cols > 1);
}
