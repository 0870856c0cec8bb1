/** The card of the confusion matrix: each pair of digit and answer, and the images behind it. */

import { DIGITS, PIXELS } from "../../sizes.js";
import { imageCanvas, paintPatch } from "../../ui/patch_image.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { countText } from "../../ui/numbers.js";
import { percent } from "../../ui/percents.js";

/** @typedef {import("../../training/run.js").Run} Run */

/** Images of a cell that are shown: more are too many to look at one by one. */
const MOST_IMAGES = 60;
/** Share of the full color for a single mistake, so that it is visible. */
const FAINTEST = 0.12;
/** Share of the color from which numbers on it are written in the color of the card. */
const STRONG = 0.6;

const NAME = "Confusion matrix";

/** Rows are true digits, columns answers; cells open their images. */
export class ConfusionCard {
    constructor() {
        this.name = NAME;
        /** @type {Run | null} */
        this.run = null;
        /** @type {HTMLTableCellElement[][]} */
        this.cells = DIGITS.map((row) => DIGITS.map((col) => this.cell(row, col)));
        this.right = DIGITS.map(() => element("td", { class: "right small" }));
        this.cells[0][0].tabIndex = 0;
        this.note = element("p", { class: "small muted" });
        this.table = this.makeTable();
        this.table.addEventListener("keydown", (event) => this.move(event));
        this.images = element("div", { class: "thumbnails" });
        this.heading = element("h2");
        this.dialog = this.makeDialog();
        this.element = element(
            "section",
            { class: "card learn-confusion", "aria-label": NAME },
            element("h2", {}, NAME),
            this.note,
            this.table,
            this.dialog,
        );
    }

    /** @returns {HTMLTableElement} the cells with digits above and beside them */
    makeTable() {
        return element(
            "table",
            {
                class: "confusion",
                role: "grid",
                "aria-label": "Confusion matrix: rows are true digits, columns answers",
            },
            element(
                "thead",
                {},
                element(
                    "tr",
                    {},
                    element("td"),
                    element("th", { scope: "colgroup", colspan: 10, class: "axis" }, "read as"),
                    element("td", { class: "right" }),
                ),
                element(
                    "tr",
                    {},
                    element("td", { class: "axis" }, "true digit"),
                    ...DIGITS.map((d) => element("th", { scope: "col" }, d)),
                    element("td", { class: "right axis" }, "correct"),
                ),
            ),
            element(
                "tbody",
                {},
                ...DIGITS.map((d) =>
                    element(
                        "tr",
                        {},
                        element("th", { scope: "row" }, d),
                        ...this.cells[d],
                        this.right[d],
                    ),
                ),
            ),
        );
    }

    /** @returns {HTMLDialogElement} the place for the images of a cell */
    makeDialog() {
        return element(
            "dialog",
            { class: "cell-images" },
            element(
                "div",
                { class: "row spread" },
                this.heading,
                element(
                    "button",
                    {
                        class: "icon quiet",
                        "aria-label": "Close",
                        onclick: () => this.dialog.close(),
                    },
                    icon("close"),
                ),
            ),
            this.images,
        );
    }

    /**
     * Make the cell of a digit and an answer.
     *
     * @param {number} row true digit
     * @param {number} col answer
     */
    cell(row, col) {
        return element("td", {
            role: "gridcell",
            tabindex: -1,
            class: row === col ? "diagonal" : null,
            onclick: () => this.open(row, col),
        });
    }

    /**
     * Count the answers of a run.
     *
     * @param {Run} run
     */
    update(run) {
        this.run = run;
        const counts = run.confusion;
        const mistakes = counts.flatMap((row, i) => row.filter((_, j) => i !== j));
        const most = Math.max(1, ...mistakes);
        for (const row of DIGITS) {
            for (const col of DIGITS) {
                const count = counts[row][col];
                const text = count ? String(count) : "·";
                const cell = this.cells[row][col];
                const strength =
                    row !== col && count ? FAINTEST + ((1 - FAINTEST) * count) / most : 0;
                if (cell.dataset.key === `${text} ${strength}`) continue;
                cell.dataset.key = `${text} ${strength}`;
                cell.textContent = text;
                cell.setAttribute("aria-label", `${row} read as ${col}: ${count}`);
                cell.style.setProperty("--strength", `${(100 * strength).toFixed(0)}%`);
                cell.classList.toggle("strong", strength > STRONG);
                cell.classList.toggle("none", count === 0);
            }
            const total = counts[row].reduce((a, b) => a + b, 0);
            this.right[row].textContent = total ? percent(counts[row][row] / total) : "–";
        }
        this.note.textContent = noteOf(counts, mistakes);
    }

    /**
     * Move among the cells by the arrow keys; Enter or Space opens one.
     *
     * @param {KeyboardEvent} event
     */
    move(event) {
        const cell = /** @type {HTMLElement} */ (event.target).closest("[role=gridcell]");
        const at = this.cells.flat().indexOf(/** @type {HTMLTableCellElement} */ (cell));
        if (at < 0) return;
        const [row, col] = [Math.floor(at / 10), at % 10];
        if (event.key === "Enter" || event.key === " ") {
            this.open(row, col);
        } else {
            const steps = {
                ArrowUp: [-1, 0],
                ArrowDown: [1, 0],
                ArrowLeft: [0, -1],
                ArrowRight: [0, 1],
            };
            const step = steps[/** @type {keyof typeof steps} */ (event.key)];
            if (!step) return;
            const next = this.cells[row + step[0]]?.[col + step[1]];
            if (next) {
                this.cells[row][col].tabIndex = -1;
                next.tabIndex = 0;
                next.focus();
            }
        }
        event.preventDefault();
    }

    /**
     * Show the images of a cell.
     *
     * @param {number} row true digit
     * @param {number} col answer
     */
    open(row, col) {
        const { run } = this;
        const indices = run?.cell(row, col) ?? [];
        if (!run || !indices.length) return;
        const images = countText(indices.length, "image");
        const shown = indices.length > MOST_IMAGES ? `, the first ${MOST_IMAGES}` : "";
        this.heading.textContent = `${row} read as ${col}: ${images}${shown}`;
        this.dialog.setAttribute("aria-label", this.heading.textContent);
        this.images.replaceChildren(
            ...indices.slice(0, MOST_IMAGES).map((index) => validationImage(run, index)),
        );
        this.dialog.showModal();
    }
}

/**
 * Return a validation image as a canvas.
 *
 * @param {Run} run
 * @param {number} index
 */
export function validationImage(run, index) {
    const { pixels, labels } = run.validation;
    const canvas = imageCanvas(`Validation image ${index}, a ${labels[index]}`, "thumbnail");
    paintPatch(
        canvas,
        Float32Array.from(pixels.subarray(index * PIXELS, (index + 1) * PIXELS), (v) => v / 255),
    );
    return canvas;
}

/**
 * Say how many images are misread, and which mistake is most frequent.
 *
 * @param {number[][]} counts
 * @param {number[]} mistakes
 */
function noteOf(counts, mistakes) {
    const total = counts.flat().reduce((a, b) => a + b, 0);
    const misread = mistakes.reduce((a, b) => a + b, 0);
    const what = "Rows are the true digits, columns the answers.";
    if (!total) return what;
    const note = `${what} ${countText(misread)} of ${countText(total, "validation image")} misread`;
    if (!misread) return `${note}.`;
    let [row, col] = [0, 1];
    for (const i of DIGITS)
        for (const j of DIGITS) if (i !== j && counts[i][j] > counts[row][col]) [row, col] = [i, j];
    return `${note}, most often ${row} as ${col}. Choose a number to see its images.`;
}
