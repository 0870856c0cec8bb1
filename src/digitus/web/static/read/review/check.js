/** Doubtful numbers one after the other, by keyboard alone, until none is left. */

import { isField } from "../../draw/file_input.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import { percent } from "../../ui/percents.js";
import * as api from "../api.js";
import { linkOf } from "../link.js";
import { PageImage } from "../page/page_image.js";
import { isReading, pageName, shownText } from "../words.js";
import { CellEditor, readingsOf } from "./cell_editor.js";
import { CHECK_KEYS, keyList } from "./keys.js";

/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").WholePage} WholePage */
/** @typedef {import("../key_queue.js").KeyQueue} KeyQueue */
/** @typedef {import("../live_batch.js").CellChange} CellChange */
/** @typedef {import("../live_batch.js").LiveBatch} LiveBatch */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */

const LOADED = 100; // cells at once
const CONTEXT_SHARE = 0.34; // of the frame that the number takes on its page
const BEGINS_A_NUMBER = /^[04-9.,+\-(]$/; // 1 to 3 take a reading

/** Goes through the numbers to check. */
export class CheckView {
    /**
     * @param {LiveBatch} live
     * @param {Reviewer} reviewer
     * @param {KeyQueue} queue
     * @param {(sentence: string) => void} announce to screen readers
     */
    constructor(live, reviewer, queue, announce) {
        this.live = live;
        this.queue = queue;
        this.announce = announce;
        this.isVisible = false;
        /** @type {Cell[]} to check, and those that were checked since the list was read */
        this.cells = [];
        this.at = 0;
        this.isLoading = false;
        /** Most numbers that were left to check, for the progress. */
        this.most = 0;
        /** @type {WholePage | null} */
        this.page = null;
        this.reviewer = reviewer;
        this.editor = new CellEditor(reviewer, queue, {
            confirmed: (cell) => {
                this.confirmed(cell); // whose page need not be there for the next key
            },
            changed: (cell) => this.goOn(cell),
        });
        this.image = new PageImage();
        this.left = element("output", { class: "left-count" }, "0");
        this.leftWords = element("span", {}, "left to check");
        this.progress = element("progress", { max: 1, value: 0, "aria-label": "Checked" });
        this.place = element("a", { class: "small" });
        this.back = this.step("back", "Back", () => this.move(-1));
        this.skip = this.step("next", "Skip", () => this.move(1));
        this.remove = this.step("clear", "No number", () => this.removeNumber());
        this.card = element(
            "section",
            { class: "card check-card", "aria-label": "Number to check" },
            element(
                "div",
                { class: "check-head" },
                element("p", { class: "check-left" }, this.left, this.leftWords),
                this.place,
                this.progress,
            ),
            this.editor.element,
            element("div", { class: "row check-steps" }, this.back, this.skip, this.remove),
        );
        this.done = element("section", { class: "card check-done", hidden: true, tabindex: -1 });
        this.side = element(
            "div",
            { class: "check-side" },
            element(
                "section",
                { class: "card image-card", "aria-label": "Its place on the page" },
                this.image.element,
            ),
            element(
                "section",
                { class: "card keys-card", "aria-label": "Keys" },
                element("h3", {}, "Keys"),
                keyList(CHECK_KEYS),
            ),
        );
        this.element = element("div", { class: "check-view" }, this.card, this.done, this.side);
    }

    /**
     * @param {string} image
     * @param {string} text
     * @param {() => void} onclick
     * @returns {HTMLButtonElement}
     */
    step(image, text, onclick) {
        const soon = () => this.queue.soon(onclick);
        return element("button", { type: "button", class: "quiet", onclick: soon }, icon(image), text);
    }

    /** @returns {Cell | undefined} the number that is shown */
    get cell() {
        return this.cells[this.at];
    }

    /** @param {boolean} isVisible */
    async visible(isVisible) {
        if (isVisible === this.isVisible) return;
        this.isVisible = isVisible;
        if (isVisible) await this.load();
        else this.editor.leave();
    }

    /**
     * Read the numbers to check, and begin with the first.
     *
     * @param {number | null} [first] id of the number to begin with, if it is among them
     */
    async load(first = null) {
        if (this.isLoading) return;
        this.isLoading = true;
        await this.queue.during(async () => {
            try {
                const found = await attempt(() => api.cellsToCheck(this.live.id, LOADED));
                if (!found || !this.isVisible) return undefined;
                this.cells = found.cells;
                this.at = Math.max(0, this.cells.findIndex(({ id }) => id === first));
                this.most = Math.max(this.most, found.total);
                this.show(); // its page comes later
                return found;
            } finally {
                this.isLoading = false;
            }
        });
    }

    /** The batch has changed: show the counts, and begin where nothing was left before. */
    update() {
        this.showCounts();
        const nLeft = this.live.batch?.counts.to_check ?? 0;
        if (!this.isVisible || this.isLoading || this.editor.isBusy) return;
        if (this.cell === undefined) {
            if (nLeft > 0) this.load();
            else this.showDone();
        }
    }

    /** Show how many are left. */
    showCounts() {
        const nLeft = this.live.batch?.counts.to_check ?? this.cells.length;
        this.most = Math.max(this.most, nLeft);
        this.left.textContent = countText(nLeft);
        this.progress.max = Math.max(this.most, 1);
        this.progress.value = this.most - nLeft;
    }

    /** Show the number at hand, with its page; or that none is left. */
    async show() {
        const { cell } = this;
        this.showCounts();
        this.card.hidden = this.side.hidden = cell === undefined;
        this.done.hidden = cell !== undefined;
        if (!cell) {
            this.editor.leave();
            this.showDone();
            return;
        }
        this.editor.show(cell);
        this.editor.open();
        this.back.disabled = this.at === 0;
        this.focusKeys();
        this.announce(this.words(cell));
        const following = this.cells[this.at + 1];
        if (following) new Image().src = api.cropOf(following); // so that it is there at once
        await this.showPage(cell);
    }

    /** @param {Cell} cell to be seen on its page */
    async showPage(cell) {
        const known = this.live.pagesById.get(cell.page_id);
        this.place.textContent = known
            ? `${pageName(known)}, line ${cell.row ?? cell.line ?? 1}`
            : "its page";
        this.place.href = linkOf({ batch: this.live.id, page: cell.page_id });
        if (this.page?.id !== cell.page_id) {
            const page = await attempt(() => api.page(cell.page_id));
            if (!page || this.cell?.page_id !== page.id) return;
            this.page = page;
            this.image.show(page);
        }
        this.image.select(this.cell?.id ?? null);
        if (this.cell?.box) this.image.center(this.cell.box, CONTEXT_SHARE);
    }

    /**
     * @param {Cell} cell
     * @returns {string} what screen readers say of it
     */
    words(cell) {
        const readings = readingsOf(cell).map(
            ({ text, probability }, i) =>
                `${i + 1}: ${shownText(text)}${probability === null ? "" : ` ${percent(probability)}`}`,
        );
        return `${this.left.textContent} left. Read as ${readings.join(", ") || "nothing"}.`;
    }

    /** Put the focus where all keys work, and where a screen reader reads on. */
    focusKeys() {
        const target = this.editor.button;
        target.focus({ preventScroll: true });
    }

    /** Show that nothing is left, or that pages are still being read. */
    showDone() {
        const { batch } = this.live;
        const waits = batch && isReading(batch);
        const nNumbers = batch?.counts.numbers ?? 0;
        const title = waits ? "Nothing to check yet" : "Nothing left to check";
        const words = waits
            ? "Pages are still being read; the next number that is doubtful appears here."
            : nNumbers
              ? `${countText(nNumbers, "number")}, ${countText(batch?.counts.confirmed ?? 0)} confirmed. ` +
                "Export them, or look at all digits in groups."
              : "No numbers were found yet; add pages first.";
        const before = this.done.querySelector("h3")?.textContent;
        if (before !== title) this.announce(`${title}. ${words}`);
        const link = linkOf({ batch: this.live.id, view: "groups" });
        this.done.replaceChildren(
            element("span", { class: "done-sign" }, icon(waits ? "pages" : "check")),
            element("h3", {}, title),
            element("p", { class: "muted" }, words),
            nNumbers > 0 && !waits
                ? element("a", { class: "button", href: link }, icon("groups"), "Look at groups")
                : "",
        );
        if (this.isVisible && document.activeElement === document.body) this.done.focus();
    }

    /** @param {Cell} cell that was confirmed */
    async confirmed(cell) {
        this.cells[this.at] = cell;
        const { batch } = this.live;
        // The server's count comes a moment later; the reviewer counts along.
        if (batch && this.wasToCheck(cell)) {
            batch.counts.to_check = Math.max(0, batch.counts.to_check - 1);
        }
        await this.move(1);
    }

    /** @param {Cell} cell */
    wasToCheck({ id }) {
        const is = api.cellsOf(this.page).find((one) => one.id === id);
        const was = is?.to_check ?? true;
        if (is) is.to_check = false;
        return was;
    }

    /** @param {Cell} cell that somebody else has confirmed or changed, and that is kept */
    async goOn(cell) {
        this.cells[this.at] = cell;
        if (cell.state === "deleted" || !cell.to_check) await this.move(1);
        else await this.show();
    }

    /**
     * Go to another number of the list; after the last one read the list anew.
     *
     * @param {number} by
     */
    async move(by) {
        const next = this.at + by;
        if (next < 0) return;
        if (next < this.cells.length) {
            this.at = next;
            await this.show();
        } else {
            this.editor.leave();
            await this.load();
        }
    }

    /** The image shows no number: delete it. */
    async removeNumber() {
        const { cell } = this;
        if (!cell || this.editor.isBusy) return;
        const { id, version, page_id: pageId } = cell;
        const edit = { kind: "delete", cell: { id, version } };
        await this.queue.during(async () => {
            const page = await attempt(() => api.editPage(pageId, edit, this.reviewer.name));
            if (!page) return undefined;
            this.announce("Deleted. U undoes it.");
            this.confirmed({ ...cell, state: "deleted", to_check: false });
            return page;
        });
    }

    /** @param {Cell[]} cells that are as before, because the last change was undone */
    async undone(cells) {
        await this.load(cells[0]?.id ?? null);
        this.page = null;
        if (this.cell) await this.showPage(this.cell);
    }

    /** @param {CellChange} change */
    follow(change) {
        if (this.isVisible) this.editor.follow(change);
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it was one of the keys of this view
     */
    key(event) {
        if (!this.cell) return false;
        const isTyping = isField(event.target);
        if (event.key === "Enter" && event.shiftKey) this.move(-1);
        else if (event.key === "Escape" && isTyping) this.focusKeys();
        else if (isTyping || this.editor.isAsking) return false;
        else return this.keyOutsideField(event);
        return true;
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean}
     */
    keyOutsideField({ key, target, ctrlKey, metaKey, altKey }) {
        if (ctrlKey || metaKey || altKey) return false;
        const isOnControl = target instanceof Element && target.matches("a, button, summary");
        const isOwn = target === this.editor.button;
        if (this.image.frame.contains(/** @type {Node} */ (target)) && key.startsWith("Arrow")) {
            return false;
        }
        if (/^[1-3]$/.test(key)) this.editor.choose(Number(key) - 1);
        else if (BEGINS_A_NUMBER.test(key)) this.editor.type(key);
        else if (key === " " && (isOwn || !isOnControl)) this.editor.type();
        else if (key === "Enter" && !isOnControl) this.editor.confirm();
        else if (["ArrowRight", "ArrowDown", "n", "N"].includes(key)) this.move(1);
        else if (["ArrowLeft", "ArrowUp"].includes(key)) this.move(-1);
        else if (key === "Delete" || key === "Backspace") this.removeNumber();
        else if (key === "p" || key === "P") location.hash = this.place.hash;
        else return false;
        return true;
    }
}
