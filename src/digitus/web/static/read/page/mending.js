/** What the program grouped wrongly: numbers and lines joined, split, added, deleted, restored. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt, say } from "../../ui/messages.js";
import * as api from "../api.js";
import { NameDialog } from "../dialogs.js";
import { shownText } from "../words.js";
import { placeIn } from "./area_tool.js";

/** @typedef {import("../api.js").Box} Box */
/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").GridCell} GridCell */
/** @typedef {import("../api.js").WholePage} WholePage */
/** @typedef {import("../key_queue.js").KeyQueue} KeyQueue */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */
/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} image its icon
 * @property {string} text of its button
 * @property {string} key
 * @property {(cell: Cell) => boolean} fits whether it can be used on a number
 * @property {(cell: Cell) => Promise<void> | void} use
 */

const SPLIT = {
    title: "Split the number",
    label: "Put a space where it splits",
    action: "Split",
};
const ADD = { title: "Add a number", label: "What is written there", action: "Add" };
const LONGEST_TEXT = 60;

/** The tools, as buttons and keys, for the number that is chosen. */
export class Mending {
    /**
     * @param {Reviewer} reviewer
     * @param {KeyQueue} queue
     * @param {(page: WholePage, said: string) => void} mended called with the page as it is then
     */
    constructor(reviewer, queue, mended) {
        this.reviewer = reviewer;
        this.queue = queue;
        this.mended = mended;
        /** @type {WholePage | null} */
        this.page = null;
        /** @type {Cell | null} */
        this.cell = null;
        /** @type {Cell[]} that are chosen with it, in their order; empty if it is alone */
        this.several = [];
        this.isBusy = false;
        this.splitDialog = new NameDialog({ ...SPLIT, longest: LONGEST_TEXT });
        this.addDialog = new NameDialog({ ...ADD, longest: LONGEST_TEXT });
        this.tools = this.makeTools();
        this.buttons = this.tools.map((tool) => this.button(tool));
        this.element = element(
            "div",
            { class: "mending", role: "group", "aria-label": "Mend" },
            ...this.buttons,
        );
    }

    /** @returns {Tool[]} */
    makeTools() {
        /** @param {Cell} cell */
        const isThere = (cell) => cell.state !== "deleted";
        /** @param {Cell} cell */
        const isInLine = (cell) => isThere(cell) && cell.grid === null;
        return [
            {
                name: "join",
                image: "join",
                text: "Join with next",
                key: "j",
                fits: (cell) =>
                    isThere(cell) && (this.several.length > 1 || this.after(cell) !== null),
                use: (cell) => this.join(cell),
            },
            {
                name: "split",
                image: "split",
                text: "Split",
                key: "s",
                fits: (cell) => isInLine(cell) && cell.text.length > 1,
                use: (cell) => this.split(cell),
            },
            {
                name: "add",
                image: "plus",
                text: "Add after",
                key: "a",
                fits: isInLine,
                use: (cell) => this.add(cell),
            },
            {
                name: "delete",
                image: "clear",
                text: "Delete",
                key: "Delete",
                fits: isThere,
                use: (cell) =>
                    this.edit(
                        { kind: "delete", cell: versionOf(cell) },
                        `Deleted ${shownText(cell.text)}.`,
                    ),
            },
            {
                name: "restore",
                image: "undo",
                text: "Restore",
                key: "r",
                fits: (cell) => cell.state === "deleted",
                use: (cell) =>
                    this.edit(
                        { kind: "restore", cell: versionOf(cell) },
                        `Restored ${shownText(cell.text)}.`,
                    ),
            },
            {
                name: "break_line",
                image: "lineBreak",
                text: "Break line before",
                key: "b",
                fits: (cell) => isInLine(cell) && this.placeOf(cell).at > 0,
                use: (cell) =>
                    this.edit(
                        { kind: "break_line", before: versionOf(cell) },
                        `A new line begins at ${shownText(cell.text)}.`,
                    ),
            },
            {
                name: "join_lines",
                image: "lineJoin",
                text: "Join next line",
                key: "l",
                fits: (cell) =>
                    isInLine(cell) && this.placeOf(cell).line + 1 < (this.page?.lines.length ?? 0),
                use: (cell) =>
                    this.edit({ kind: "join_lines", line: cell.line }, "Joined two lines."),
            },
            {
                name: "flag",
                image: "flag",
                text: "Mark to check",
                key: "f",
                fits: (cell) => isThere(cell) && !cell.to_check,
                use: (cell) => this.flag(cell),
            },
        ];
    }

    /**
     * @param {Tool} tool
     * @returns {HTMLButtonElement}
     */
    button({ image, text, key, name }) {
        return element(
            "button",
            {
                type: "button",
                "data-tool": name,
                "aria-keyshortcuts": key.length === 1 ? key.toUpperCase() : key,
                onclick: () => this.queue.soon(() => this.use(name)),
            },
            icon(image),
            element("span", {}, text),
            element("kbd", { "aria-hidden": "true" }, key.length === 1 ? key.toUpperCase() : "Del"),
        );
    }

    /**
     * Work on a number of a page.
     *
     * @param {WholePage} page
     * @param {Cell | null} cell
     * @param {Cell[]} [several] it and those beside it that are to be joined
     */
    show(page, cell, several = []) {
        this.page = page;
        this.cell = cell;
        this.several = several;
        this.tools.forEach(({ fits, name, text }, i) => {
            const words = this.buttons[i].querySelector("span");
            const joins = name === "join" && several.length > 1;
            if (words) words.textContent = joins ? `Join ${several.length} numbers` : text;
            const isPossible = cell !== null && fits(cell);
            this.buttons[i].disabled = !isPossible;
            const isDeleted = cell?.state === "deleted";
            if (name === "delete") this.buttons[i].hidden = isDeleted;
            if (name === "restore") this.buttons[i].hidden = !isDeleted;
        });
    }

    /**
     * Use the tool of a key.
     *
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it is one
     */
    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return false;
        const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const wanted = letter === "Backspace" ? "Delete" : letter;
        const tool = this.tools.find(({ key }) => key === wanted);
        if (tool) this.use(tool.name);
        return tool !== undefined;
    }

    /** @param {string} name of a tool */
    async use(name) {
        const tool = this.tools.find((one) => one.name === name);
        const { cell } = this;
        if (tool && cell && tool.fits(cell)) await attempt(async () => tool.use(cell));
    }

    /** @param {Cell} cell */
    async join(cell) {
        const next = /** @type {Cell} */ (this.after(cell));
        const cells = this.several.length > 1 ? this.several : [cell, next];
        const texts = cells.map(({ text }) => shownText(text));
        await this.edit(
            { kind: "join", cells: cells.map(versionOf) },
            `Joined ${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}.`,
        );
    }

    /** @param {Cell} cell */
    async split(cell) {
        const typed = await this.splitDialog.ask(cell.text);
        const texts = typed?.split(/\s+/) ?? [];
        if (typed === null) return;
        if (texts.length < 2) {
            say("Nothing was split: put a space where the number splits.");
            return;
        }
        await this.edit(
            { kind: "split", cell: versionOf(cell), texts },
            `Split into ${texts.map(shownText).join(" and ")}.`,
        );
    }

    /** @param {Cell} cell after which one is added */
    async add(cell) {
        const text = await this.addDialog.ask("");
        if (text === null) return;
        await this.edit(
            { kind: "add", line: cell.line, position: (cell.position ?? 0) + 1, text },
            `Added ${shownText(text)}.`,
        );
    }

    /**
     * Fill an empty cell of a grid, or begin a page on which nothing was found.
     *
     * @param {WholePage} page
     * @param {GridCell | null} cell
     */
    async fill(page, cell) {
        this.page = page;
        const text = await this.addDialog.ask("");
        if (text === null) return;
        const place = cell ? { box: cell.box } : {};
        await attempt(() =>
            this.edit({ kind: "add", line: null, position: 0, text, ...place }, `Added ${text}.`),
        );
    }

    /**
     * Add a number that was missed, in the line that its box stands in or in a new one.
     *
     * @param {WholePage} page
     * @param {Box | null} box null if it was too small
     */
    async addAt(page, box) {
        if (box === null) {
            say("Draw the box around the whole number: press, move, release.");
            return;
        }
        this.page = page;
        const text = await this.addDialog.ask("");
        if (text === null) return;
        const place = placeIn(page, box) ?? { line: null, position: 1 };
        await attempt(() =>
            this.edit({ kind: "add", ...place, text, box }, `Added ${shownText(text)}.`),
        );
    }

    /** @param {Cell} cell */
    async flag(cell) {
        const { page } = this;
        if (!page) return;
        await this.saving(async () => {
            await api.flag(cell, this.reviewer.name);
            this.mended(await api.page(page.id), `${shownText(cell.text)} is to be checked.`);
            return true;
        });
    }

    /**
     * Change the page; if somebody else has changed it since, show it as it is now.
     *
     * @param {{kind: string, [name: string]: unknown}} edit
     * @param {string} said
     */
    async edit(edit, said) {
        const { page } = this;
        if (!page) return;
        await this.saving(async () => {
            try {
                this.mended(await api.editPage(page.id, edit, this.reviewer.name), said);
                return true;
            } catch (error) {
                if (!(error instanceof api.Conflict)) throw error;
                say(error.message);
                this.mended(await api.page(page.id), "The page is shown as it is now.");
                return undefined;
            }
        });
    }

    /**
     * Hold keys, and read nothing anew, until a change is saved and shown.
     *
     * @param {() => Promise<true | undefined>} task
     */
    async saving(task) {
        await this.queue.during(async () => {
            this.isBusy = true;
            try {
                return await task();
            } finally {
                this.isBusy = false;
            }
        });
    }

    /**
     * @param {Cell} cell
     * @param {number} id of another one
     * @returns {Cell[]} from the one to the other, in their order; empty if they stand in two lines
     */
    from(cell, id) {
        const { line, at } = this.placeOf(cell);
        const cells = this.page?.lines[line]?.cells ?? [];
        const end = cells.findIndex((one) => one.id === id);
        if (at < 0 || end < 0) return [];
        return cells.slice(Math.min(at, end), Math.max(at, end) + 1);
    }

    /**
     * @param {Cell} cell
     * @returns {{line: number, at: number}} index of its line on the page, and its index there
     */
    placeOf(cell) {
        const lines = this.page?.lines ?? [];
        const line = lines.findIndex(({ cells }) => cells.some(({ id }) => id === cell.id));
        return { line, at: lines[line]?.cells.findIndex(({ id }) => id === cell.id) ?? -1 };
    }

    /**
     * @param {Cell} cell
     * @returns {Cell | null} the number after it in its line
     */
    after(cell) {
        const { line, at } = this.placeOf(cell);
        const rest = this.page?.lines[line]?.cells.slice(at + 1) ?? [];
        return rest.find(({ state }) => state !== "deleted") ?? null;
    }
}

/**
 * @param {Cell} cell
 * @returns {import("../api.js").CellVersion}
 */
function versionOf({ id, version }) {
    return { id, version };
}
