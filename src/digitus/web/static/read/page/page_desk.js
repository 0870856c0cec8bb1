/** A page to work on: its image, the table of what was read, and the number that is chosen. */

import { isField } from "../../draw/file_input.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { fold } from "../../ui/fold.js";
import { countText } from "../../ui/numbers.js";
import * as api from "../api.js";
import { CellEditor } from "../review/cell_editor.js";
import { pageName, shownText } from "../words.js";
import { Mending } from "./mending.js";
import { PageImage } from "./page_image.js";
import { PageTable } from "./page_table.js";

/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").WholePage} WholePage */
/** @typedef {import("../key_queue.js").KeyQueue} KeyQueue */
/** @typedef {import("../live_batch.js").CellChange} CellChange */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */

/** How a box is drawn, and what it means. @type {[string, string][]} */
const LEGEND = [
    ["doubtful", "to check"],
    ["fair", "below 97 %"],
    ["sure", "sure"],
    ["confirmed", "confirmed"],
];

/** Shows one page; image, table, editor and tools follow each other. */
export class PageDesk {
    /**
     * @param {Reviewer} reviewer
     * @param {KeyQueue} queue
     * @param {(sentence: string) => void} announce to screen readers
     */
    constructor(reviewer, queue, announce) {
        this.announce = announce;
        /** @type {WholePage | null} */
        this.page = null;
        /** @type {number | null} */
        this.chosen = null;
        /** @type {number | null} the page that is wanted, while it loads */
        this.wanted = null;
        this.isStale = false;
        /** @param {number | null} id */
        const point = (id) => {
            this.image.mark(id);
            this.table.mark(id);
        };
        this.image = new PageImage({
            choose: (id) => this.choose(id, true),
            point,
            draw: (box) => this.page && this.mending.addAt(this.page, box),
        });
        this.table = new PageTable({
            choose: (id) => this.choose(id),
            open: (id) => this.open(id),
            extend: (id) => this.extend(id),
            point,
            fill: (cell) => this.page && this.mending.fill(this.page, cell),
        });
        this.editor = new CellEditor(reviewer, queue, {
            confirmed: (cell) => this.confirmed(cell),
            changed: () => this.reload(),
        });
        this.editor.field.addEventListener("focus", () => this.editor.open());
        this.editor.field.addEventListener("keydown", (event) => {
            if (event.key === "Escape") this.table.focus();
        });
        this.mending = new Mending(reviewer, queue, (page, said) => this.mended(page, said));
        this.heading = element("h3", { class: "page-title" });
        this.counts = element("p", { class: "small muted" });
        this.warnings = element("ul", { class: "warnings small" });
        this.first = element(
            "button",
            { type: "button", onclick: () => this.page && this.mending.fill(this.page, null) },
            icon("plus"),
            "Add a number",
        );
        this.hint = element(
            "p",
            { class: "small muted table-hint" },
            "Choose a number to correct it, or to mend how it is grouped.",
        );
        this.card = element(
            "section",
            { class: "card chosen-card", "aria-label": "Chosen number" },
            this.editor.element,
            fold(element("h3", {}, "Mend"), this.mending.element),
        );
        this.element = element(
            "div",
            { class: "desk" },
            element(
                "section",
                { class: "card image-card", "aria-label": "Image of the page" },
                this.image.element,
                this.legend(),
            ),
            element(
                "div",
                { class: "desk-side" },
                element(
                    "section",
                    { class: "card table-card", "aria-label": "What was read" },
                    element("div", { class: "row spread" }, this.heading, this.counts),
                    this.warnings,
                    this.table.element,
                    this.first,
                    this.hint,
                ),
                this.card,
            ),
        );
    }

    /** @returns {HTMLElement} what the colors of the boxes mean */
    legend() {
        return element(
            "ul",
            { class: "legend small muted", "aria-label": "Colors of the boxes" },
            ...LEGEND.map(([kind, words]) =>
                element("li", {}, element("span", { class: `swatch is-${kind}` }), words),
            ),
        );
    }

    /**
     * Open a page.
     *
     * @param {number} id
     */
    async load(id) {
        if (this.wanted === id && this.page?.id === id) return;
        this.wanted = id;
        const page = await attempt(() => api.page(id));
        if (page && this.wanted === id) {
            this.chosen = null;
            this.show(page);
        }
    }

    /** Read the page anew. */
    async reload() {
        const id = this.wanted;
        if (!id) return;
        const page = await attempt(() => api.page(id));
        if (page && this.wanted === id) this.show(page);
    }

    /** @param {WholePage} page */
    show(page) {
        this.page = page;
        const { numbers, to_check: nToCheck } = page.counts;
        this.heading.textContent = pageName(page);
        this.counts.textContent =
            countText(numbers, "number") +
            (nToCheck ? `, ${countText(nToCheck)} to check` : ", nothing to check");
        this.warnings.replaceChildren(...(page.warnings ?? []).map((one) => element("li", {}, one)));
        this.warnings.hidden = !page.warnings?.length;
        this.first.hidden = page.lines.length > 0 || page.grids.length > 0;
        this.table.show(page);
        this.image.show(page);
        if (!this.cell(this.chosen)) this.chosen = null;
        this.choose(this.chosen);
    }

    /**
     * @param {number | null} id
     * @returns {Cell | null}
     */
    cell(id) {
        if (id === null) return null;
        return api.cellsOf(this.page).find((one) => one.id === id) ?? null;
    }

    /**
     * Choose a number, in the image, the table and the tools.
     *
     * @param {number | null} id
     * @param {boolean} [withFocus] moves to its button
     */
    choose(id, withFocus = false) {
        const cell = this.cell(id);
        const isNew = this.chosen !== id;
        this.chosen = id;
        this.image.select(id);
        this.card.hidden = cell === null;
        this.hint.hidden = cell !== null || this.table.rows.length === 0;
        if (cell) this.editor.show(cell);
        else this.editor.leave();
        if (this.page) this.mending.show(this.page, cell);
        this.table.select(id); // now that the card has its height: it scrolls to the number
        if (isNew && cell?.box) this.image.reveal(cell.box);
        if (withFocus) this.table.focus();
    }

    /**
     * Choose the numbers from the chosen one to another of its line, to join them.
     *
     * @param {number} id
     */
    extend(id) {
        const cell = this.cell(this.chosen);
        if (!cell || !this.page) return;
        const several = this.mending.from(cell, id);
        if (several.length === 0) return;
        this.mending.show(this.page, cell, several);
        this.table.selectSeveral(several.map((one) => one.id), id);
        const texts = several.map(({ text }) => shownText(text)).join(", ");
        this.announce(several.length > 1 ? `${texts} chosen. J joins them.` : `${texts} chosen.`);
    }

    /** @param {number} id of the number that is to be typed */
    open(id) {
        this.choose(id);
        this.editor.type();
    }

    /** @param {Cell} cell that was confirmed: go on to the next one to check */
    async confirmed(cell) {
        await this.reload();
        const cells = api.cellsOf(this.page);
        const at = cells.findIndex(({ id }) => id === cell.id);
        const order = [...cells.slice(at + 1), ...cells.slice(0, at)];
        const next = order.find((one) => one.to_check && one.state !== "deleted");
        this.announce(`Confirmed ${cell.text}.`);
        if (next) this.open(next.id);
        else this.table.focus();
    }

    /**
     * Show a page after it was mended.
     *
     * @param {WholePage} page
     * @param {string} said
     */
    mended(page, said) {
        const before = this.cell(this.chosen);
        const place = before ? this.mending.placeOf(before) : null;
        this.show(page);
        if (place && this.chosen === null) {
            const line = page.lines[Math.min(place.line, page.lines.length - 1)];
            const next = line?.cells[Math.min(place.at, line.cells.length - 1)];
            if (next) this.choose(next.id);
        }
        this.table.focus();
        this.announce(`${said} U undoes it.`);
    }

    /** @param {CellChange} change on the server, perhaps by somebody else */
    follow(change) {
        if (change.page_id !== this.page?.id) return;
        const known = this.cell(change.id);
        if (known && known.version >= change.version) return;
        if (change.id === this.editor.cell?.id && this.editor.lockedAs !== null) {
            this.editor.follow(change);
        }
        if (this.isStale) return; // many numbers change at once: one reading is enough
        this.isStale = true;
        setTimeout(() => {
            this.isStale = false;
            if (!this.editor.isBusy && !this.mending.isBusy) this.reload();
        }, 100);
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean} whether a tool has taken the key
     */
    key(event) {
        if (isField(event.target) || !this.table.element.contains(document.activeElement)) {
            return false;
        }
        const isReading = /^[1-3]$/.test(event.key) && !event.ctrlKey && !event.metaKey;
        if (isReading && this.editor.choose(Number(event.key) - 1)) {
            this.editor.field.focus(); // where Enter confirms it
            return true;
        }
        return this.mending.key(event);
    }

    /** Leave the page: the number that is open may be had by others. */
    leave() {
        this.editor.leave();
    }
}
