/** A layer: its units as cells or feature maps, or the outputs with their bars; one is chosen. */

import { CLASSES } from "../sizes.js";
import { element } from "../ui/element.js";
import { numberText, signedText } from "../ui/numbers.js";
import { columnsFor, largestMagnitude, paintSigned, signedLegend } from "../ui/patch_image.js";
import { percent } from "../ui/percents.js";
import { countOff, className, isOff, stageNote, unitText } from "./descriptions.js";

/** @typedef {import("./stages.js").Stage} Stage */

/** Cells side by side: in a deep network, in one of few layers, in a layer as wide as the page. */
const COLUMNS = { values: [6, 10, 10], maps: [4, 4, 6] };
const MANY = 64; // values that stand in a square of 8 columns
const SMALL_MAP = 4; // rows of a map that needs no more room than a value

/** A layer as a card. */
export class StageView {
    /**
     * @param {Stage} stage
     * @param {string} title
     * @param {boolean} isDeep whether many stages share the width
     * @param {(unit: number) => void} onchoose
     */
    constructor(stage, title, isDeep, onchoose) {
        this.title = title;
        this.onchoose = onchoose;
        this.note = element("p", { class: "small muted" });
        this.off = element("p", { class: "small muted inside-off" });
        this.legend = element("p", { hidden: stage.isOutput });
        /** @type {number | null} */
        this.chosen = null;
        this.cells = Array.from({ length: stage.nUnits }, (_, i) => makeCell(stage, i));
        this.group = element(
            "div",
            {
                class: stage.isOutput ? "inside-outputs" : "inside-cells",
                role: "group",
                "aria-label": title,
                title: "Click a unit, or choose it with the arrow keys",
                onclick: (/** @type {Event} */ event) => this.clicked(event),
                onkeydown: (/** @type {KeyboardEvent} */ event) => this.move(event),
            },
            ...this.cells,
        );
        if (!stage.isOutput) this.setColumns(stage, isDeep);
        this.element = element(
            "section",
            { class: `card inside-stage ${stage.isOutput ? "output" : ""}` },
            element("h2", {}, title),
            this.note,
            this.group,
            this.legend,
            this.off,
        );
        this.cells[0].tabIndex = 0;
        this.show(stage);
    }

    /**
     * Set how many units stand side by side.
     *
     * @param {Stage} stage
     * @param {boolean} isDeep
     */
    setColumns(stage, isDeep) {
        const { nUnits } = stage;
        const isMaps = stage.hasMaps && stage.shape[0] > SMALL_MAP;
        const [deep, flat, wide] = COLUMNS[isMaps ? "maps" : "values"];
        const narrow = isDeep ? deep : nUnits > MANY || isMaps ? flat : 8;
        const columns = isDeep || nUnits <= MANY ? columnsFor(nUnits, narrow) : narrow;
        this.group.classList.toggle("maps", isMaps);
        this.group.style.setProperty("--narrow", String(columns));
        this.group.style.setProperty("--wide", String(columnsFor(nUnits, wide)));
        this.group.classList.toggle("many", nUnits > MANY && !isMaps);
    }

    /**
     * Show the activations of an image.
     *
     * @param {Stage} stage
     */
    show(stage) {
        this.note.textContent = stageNote(stage);
        const limit = largestMagnitude(stage.activations);
        const [rows, cols, n] = stage.shape;
        const answer = stage.mostActive();
        this.cells.forEach((cell, i) => {
            cell.setAttribute("aria-label", unitText(stage, this.title, i));
            if (stage.isOutput) {
                showOutput(cell, stage.activations[i]);
            } else if (stage.hasMaps) {
                const canvas = /** @type {HTMLCanvasElement} */ (cell.firstChild);
                paintSigned(canvas, stage.activations, { rows, cols, offset: i, stride: n, limit });
            } else {
                const share = limit > 0 ? stage.activations[i] / limit : 0;
                cell.style.setProperty("--share", `${Math.round(100 * Math.abs(share))}%`);
                cell.classList.toggle("negative", share < 0);
            }
            cell.classList.toggle("off", !stage.isOutput && isOff(stage, i));
            cell.classList.toggle("answer", stage.isOutput && i === answer);
        });
        const isSigned = stage.activations.some((value) => value < 0);
        this.legend.replaceChildren(
            signedLegend(isSigned ? signedText(-limit) : "0", numberText(limit), isSigned),
        );
        const nOff = stage.isOutput ? 0 : countOff(stage);
        this.off.hidden = nOff === 0;
        this.off.textContent = `${nOff} of ${n} ${nOff === 1 ? "is" : "are"} off (0): crossed out`;
    }

    /**
     * Mark a unit as chosen.
     *
     * @param {number | null} unit
     */
    choose(unit) {
        if (this.chosen !== null) {
            this.cells[this.chosen].setAttribute("aria-pressed", "false");
        }
        this.chosen = unit;
        if (unit === null) return;
        for (const cell of this.cells) cell.tabIndex = -1;
        this.cells[unit].tabIndex = 0;
        this.cells[unit].setAttribute("aria-pressed", "true");
    }

    /**
     * Choose the unit that was clicked.
     *
     * @param {Event} event
     */
    clicked(event) {
        const cell = /** @type {HTMLElement} */ (event.target).closest("button");
        const unit = this.cells.indexOf(/** @type {HTMLButtonElement} */ (cell));
        if (unit >= 0) this.onchoose(unit);
    }

    /**
     * Choose the next unit in the direction of an arrow key, the first or the last.
     *
     * @param {KeyboardEvent} event
     */
    move(event) {
        const here = this.cells.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
        const shown = getComputedStyle(this.group).gridTemplateColumns.split(" ").length;
        /** @type {Record<string, number>} */
        const steps = {
            ArrowLeft: -1,
            ArrowRight: 1,
            ArrowUp: -shown,
            ArrowDown: shown,
            Home: -here,
            End: this.cells.length - 1 - here,
        };
        const there = here + steps[event.key];
        if (here < 0 || !(event.key in steps)) return;
        event.preventDefault();
        if (!this.cells[there]) return;
        this.onchoose(there);
        this.cells[there].focus();
    }
}

/**
 * Make the button of a unit.
 *
 * @param {Stage} stage
 * @param {number} index
 * @returns {HTMLButtonElement}
 */
function makeCell(stage, index) {
    const attributes = { type: "button", tabindex: -1, "aria-pressed": "false" };
    if (stage.isOutput) {
        return element(
            "button",
            { ...attributes, class: "inside-output" },
            element("span", { class: "inside-class" }, index < CLASSES ? className(index) : "none"),
            element("span", { class: "inside-track" }, element("span", { class: "inside-bar" })),
            element("span", { class: "inside-percent" }),
        );
    }
    const map = stage.hasMaps && element("canvas", { class: "pixelated", "aria-hidden": "true" });
    return element("button", { ...attributes, class: "inside-cell" }, map);
}

/**
 * Show the probability of a class as a bar and in percent.
 *
 * @param {HTMLElement} cell
 * @param {number} probability
 */
function showOutput(cell, probability) {
    cell.style.setProperty("--share", `${100 * probability}%`);
    /** @type {HTMLElement} */ (cell.lastChild).textContent = percent(probability);
}
