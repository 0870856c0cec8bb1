/** What was read of a page as it lies there: its lines, or the rows and columns of its grids. */

import { element } from "../../ui/element.js";
import { percent } from "../../ui/percents.js";
import { cellsOf } from "../api.js";
import { shownCell } from "../words.js";
import { columnsOf } from "./columns.js";
import { kindOf } from "./page_image.js";

/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").GridCell} GridCell */
/** @typedef {import("../api.js").WholePage} WholePage */

/** How a number is described to screen readers. */
const SAID = {
    sure: "",
    fair: "",
    doubtful: "to check",
    confirmed: "confirmed",
    deleted: "deleted",
    cell: "",
};

/** Shows the numbers as buttons, of which the tab key reaches one; arrow keys move. */
export class PageTable {
    /**
     * @param {object} actions
     * @param {(id: number) => void} actions.choose
     * @param {(id: number) => void} actions.open Enter on a number, or a double click
     * @param {(id: number) => void} actions.extend the number as far as which several are chosen
     * @param {(id: number | null) => void} actions.point
     * @param {(cell: GridCell) => void} actions.fill an empty cell of a grid was chosen
     */
    constructor({ choose, open, extend, point, fill }) {
        this.actions = { choose, open, extend, point, fill };
        /** @type {Map<number, HTMLButtonElement>} */
        this.buttons = new Map();
        /** @type {HTMLButtonElement[][]} in rows, as arrow keys move */
        this.rows = [];
        /** @type {number | null} */
        this.chosen = null;
        /** @type {number | null} the last of several that are chosen */
        this.end = null;
        this.element = element("div", {
            class: "page-table",
            onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
        });
    }

    /**
     * Show a page; the focus stays at its number.
     *
     * @param {WholePage} page
     */
    show(page) {
        const hadFocus = this.element.contains(document.activeElement);
        this.buttons.clear();
        this.rows = [];
        const cells = new Map(cellsOf(page).map((cell) => [cell.id, cell]));
        const gridded = new Set(page.grids.flatMap(({ rows }) => rows.flat().map((c) => c.cell)));
        const grids = page.grids.map((grid, i) =>
            this.gridTable(grid.rows, cells, page.grids.length > 1 ? `Grid ${i + 1}` : "Grid"),
        );
        const rest = page.lines
            .map((line) => line.cells.filter(({ id }) => !gridded.has(id)))
            .filter((line) => line.length > 0);
        const lines = rest.length > 0 && this.lineTable(rest, grids.length ? "Other lines" : "Lines");
        const deleted = page.deleted.length > 0 && this.lineTable([page.deleted], "Deleted", false);
        const none = !grids.length && !lines && element("p", { class: "muted" }, "No numbers found.");
        const parts = [...grids, lines, deleted, none];
        this.element.replaceChildren(...parts.filter((part) => part !== false));
        if (!this.chosen || !this.buttons.has(this.chosen)) this.chosen = null;
        this.select(this.chosen);
        if (hadFocus) this.focus();
    }

    /**
     * @param {GridCell[][]} rows
     * @param {Map<number, Cell>} cells
     * @param {string} caption
     * @returns {HTMLElement}
     */
    gridTable(rows, cells, caption) {
        const body = rows.map((row, r) => {
            /** @type {HTMLButtonElement[]} */
            const buttons = [];
            const columns = row.map((one) => {
                const cell = one.cell === null ? undefined : cells.get(one.cell);
                const button = cell ? this.button(cell) : this.emptyButton(one, r);
                buttons.push(button);
                return element("td", {}, button);
            });
            this.rows.push(buttons);
            return element("tr", {}, rowHead(r + 1, "Row"), ...columns);
        });
        return table(caption, body);
    }

    /**
     * @param {Cell[][]} lines
     * @param {string} caption
     * @param {boolean} [isPlaced] whether numbers stand where they do on the page
     * @returns {HTMLElement}
     */
    lineTable(lines, caption, isPlaced = true) {
        const columns = isPlaced ? columnsOf(lines) : lines.map((cells) => cells.map((_, i) => i));
        const n = 1 + Math.max(...columns.flat());
        const body = lines.map((cells, r) => {
            const buttons = cells.map((cell) => this.button(cell));
            this.rows.push(buttons);
            const places = Array.from({ length: n }, (_, c) => {
                const at = columns[r].indexOf(c);
                return element("td", {}, at >= 0 && buttons[at]);
            });
            return element("tr", {}, isPlaced && rowHead(r + 1, "Line"), ...places);
        });
        return table(caption, body);
    }

    /**
     * @param {Cell} cell
     * @returns {HTMLButtonElement}
     */
    button(cell) {
        const { id, confidence } = cell;
        const kind = kindOf(cell);
        const said = SAID[kind] || (confidence === null ? "" : percent(confidence));
        const button = element(
            "button",
            {
                type: "button",
                class: `number is-${kind}${cell.text === "" ? " is-empty" : ""}`,
                tabindex: -1,
                title: confidence === null ? said : `${percent(confidence)} sure`,
                onclick: (/** @type {MouseEvent} */ event) =>
                    event.shiftKey ? this.actions.extend(id) : this.actions.choose(id),
                onpointerdown: (/** @type {PointerEvent} */ event) => {
                    if (event.shiftKey) event.preventDefault(); // the focus stays at the first
                },
                ondblclick: () => this.actions.open(id),
                onpointerenter: () => this.actions.point(id),
                onpointerleave: () => this.actions.point(null),
                onfocus: () => {
                    if (this.chosen !== id) this.actions.choose(id);
                },
            },
            shownCell(cell),
            said && element("span", { class: "visually-hidden" }, `, ${said}`),
        );
        button.dataset.cell = String(id);
        this.buttons.set(id, button);
        return button;
    }

    /**
     * @param {GridCell} cell without a number
     * @param {number} row
     * @returns {HTMLButtonElement}
     */
    emptyButton(cell, row) {
        const words = cell.verdict.replaceAll("_", " ");
        const label = `Row ${row + 1}, ${words || "empty"} cell: fill it`;
        return element(
            "button",
            {
                type: "button",
                class: "number is-cell",
                tabindex: -1,
                "aria-label": label,
                title: label,
                onclick: () => this.actions.fill(cell),
            },
            cell.text || (words === "blank" ? "" : words),
        );
    }

    /**
     * Mark the number that is chosen.
     *
     * @param {number | null} id
     */
    select(id) {
        this.chosen = this.end = id;
        const first = this.rows[0]?.[0];
        for (const button of this.rows.flat()) {
            const isChosen = id !== null && button.dataset.cell === String(id);
            button.classList.toggle("is-chosen", isChosen);
            button.setAttribute("aria-pressed", String(isChosen));
            button.tabIndex = isChosen || (id === null && button === first) ? 0 : -1;
        }
        const chosen = id === null ? undefined : this.buttons.get(id);
        chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    /**
     * Mark several numbers that are chosen.
     *
     * @param {number[]} ids
     * @param {number} end the one as far as which they go, from the chosen one
     */
    selectSeveral(ids, end) {
        this.end = end;
        for (const [id, button] of this.buttons) {
            const isChosen = ids.includes(id);
            button.classList.toggle("is-chosen", isChosen);
            button.setAttribute("aria-pressed", String(isChosen));
        }
        this.buttons.get(end)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    /**
     * Mark the number that the pointer is at elsewhere.
     *
     * @param {number | null} id
     */
    mark(id) {
        for (const [one, button] of this.buttons) button.classList.toggle("is-marked", one === id);
    }

    /** Put the focus at the chosen number. */
    focus() {
        const target = (this.chosen !== null && this.buttons.get(this.chosen)) || this.rows[0]?.[0];
        target?.focus({ preventScroll: true });
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const row = this.rows.findIndex((buttons) =>
            buttons.some((button) => button === document.activeElement),
        );
        if (row < 0) return;
        const at = this.rows[row].findIndex((button) => button === document.activeElement);
        if (event.shiftKey) {
            this.extendBy(event, this.rows[row]);
            return;
        }
        const all = this.rows.flat();
        const now = all.indexOf(this.rows[row][at]);
        /** @type {Record<string, HTMLButtonElement | undefined>} */
        const targets = {
            ArrowLeft: all[now - 1],
            ArrowRight: all[now + 1],
            ArrowUp: nearest(this.rows[row - 1], this.rows[row][at]),
            ArrowDown: nearest(this.rows[row + 1], this.rows[row][at]),
            Home: all[0],
            End: all.at(-1),
        };
        const id = this.rows[row][at].dataset.cell;
        if (event.key === "Enter" && id) this.actions.open(Number(id));
        else if (event.key in targets) targets[event.key]?.focus();
        else return;
        event.preventDefault();
    }

    /**
     * Choose one number more of a row, or one less.
     *
     * @param {KeyboardEvent} event with Shift
     * @param {HTMLButtonElement[]} row
     */
    extendBy(event, row) {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by === undefined) return;
        const numbers = row.filter((button) => button.dataset.cell);
        const at = numbers.findIndex((button) => button.dataset.cell === String(this.end));
        const next = numbers[at + by];
        if (at >= 0 && next) this.actions.extend(Number(next.dataset.cell));
        event.preventDefault();
    }
}

/**
 * @param {HTMLButtonElement[] | undefined} row
 * @param {HTMLButtonElement} from
 * @returns {HTMLButtonElement | undefined} the one of the row that is nearest from left to right
 */
function nearest(row, from) {
    const x = from.getBoundingClientRect().left;
    /** @param {HTMLButtonElement} one */
    const away = (one) => Math.abs(one.getBoundingClientRect().left - x);
    return row && [...row].sort((a, b) => away(a) - away(b))[0];
}

/**
 * @param {number} n
 * @param {string} word
 * @returns {HTMLElement}
 */
function rowHead(n, word) {
    return element(
        "th",
        { scope: "row" },
        element("span", { class: "visually-hidden" }, `${word} `),
        n,
    );
}

/**
 * @param {string} caption
 * @param {HTMLElement[]} rows
 * @returns {HTMLElement}
 */
function table(caption, rows) {
    return element(
        "table",
        { class: "numbers" },
        element("caption", {}, caption),
        element("tbody", {}, ...rows),
    );
}
