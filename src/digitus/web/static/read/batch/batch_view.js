/** One batch: its head with name, counts and actions, and its views pages, check and groups. */

import { isField } from "../../draw/file_input.js";
import { DigitusError } from "../../errors.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt, say } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import * as api from "../api.js";
import { KeyQueue } from "../key_queue.js";
import { linkOf } from "../link.js";
import { LiveBatch } from "../live_batch.js";
import { PageDesk } from "../page/page_desk.js";
import { CheckView } from "../review/check.js";
import { GroupsView } from "../review/groups.js";
import { CHECK_KEYS, GROUP_KEYS, PAGE_KEYS, openKeys } from "../review/keys.js";
import { batchLine, isReading, timeLeft } from "../words.js";
import { deleteBatch, renameBatch } from "./batch_list.js";
import { dropZone, fileButtons } from "./drop_zone.js";
import { openExports } from "./exports.js";
import { PageList } from "./page_list.js";

/** @typedef {import("../link.js").Place} Place */
/** @typedef {import("../link.js").ViewName} ViewName */
/** @typedef {import("../live_batch.js").CellChange} CellChange */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */
/** @typedef {import("./uploads.js").Uploads} Uploads */

/** @type {[ViewName, string, string][]} */
const VIEWS = [
    ["pages", "pages", "Pages"],
    ["check", "flag", "Check"],
    ["groups", "groups", "Groups"],
];
const KEYS_OF = { pages: PAGE_KEYS, check: CHECK_KEYS, groups: GROUP_KEYS };

/** Shows a batch until it is closed. */
export class BatchView {
    /**
     * @param {number} id
     * @param {object} room
     * @param {Reviewer} room.reviewer
     * @param {Uploads} room.uploads
     * @param {(files: File[]) => void} room.take
     * @param {(sentence: string) => void} room.announce to screen readers
     */
    constructor(id, { reviewer, uploads, take, announce }) {
        this.live = new LiveBatch(id);
        this.reviewer = reviewer;
        this.uploads = uploads;
        this.announce = announce;
        /** @type {Place | null} */
        this.place = null;
        this.queue = new KeyQueue();
        this.desk = new PageDesk(reviewer, this.queue, announce);
        this.check = new CheckView(this.live, reviewer, this.queue, announce);
        this.groups = new GroupsView(this.live, reviewer, this.queue, {
            announce,
            go: (by, key) => this.go({ view: "groups", by, key }, true),
        });
        this.list = new PageList((page) => this.go({ page }));
        this.heading = element("h2", { tabindex: -1, class: "batch-title" });
        this.counts = element("p", { class: "muted small" });
        this.progress = element("progress", { max: 1, value: 0, "aria-label": "Pages read" });
        this.timeLeft = element("span", { class: "small muted" });
        this.reading = element(
            "div",
            { class: "reading-line", hidden: true },
            this.progress,
            this.timeLeft,
            element(
                "button",
                { type: "button", class: "quiet", onclick: () => this.cancel() },
                "Cancel",
            ),
        );
        this.connection = element(
            "p",
            { class: "bad small", role: "status", hidden: true },
            "No connection to the server; what was confirmed is kept there. Trying again …",
        );
        this.views = VIEWS.map(([name, image, title]) => this.viewButton(name, image, title));
        this.nToCheck = element("span", { class: "badge" });
        this.views[1].append(this.nToCheck);
        this.empty = element(
            "section",
            { class: "card drop-card", "aria-label": "New pages" },
            dropZone(take),
        );
        this.note = element("p", { class: "card muted page-note", hidden: true });
        this.side = element(
            "div",
            { class: "card pages-card" },
            uploads.element,
            this.list.element,
        );
        this.pagesView = element(
            "div",
            { class: "pages-view" },
            this.side,
            this.empty,
            this.note,
            this.desk.element,
        );
        this.element = element(
            "div",
            { class: "batch-view" },
            this.head(take),
            this.pagesView,
            this.check.element,
            this.groups.element,
        );
        this.listen();
    }

    /**
     * @param {(files: File[]) => void} take
     * @returns {HTMLElement}
     */
    head(take) {
        /** @type {[string, string, string, () => void][]} */
        const tools = [
            ["undo", "Undo", "undo-button", () => this.queue.soon(() => this.undo())],
            ["save", "Export", "", () => this.live.batch && openExports(this.live.batch)],
            ["keys", "Keys", "only-keyboard", () => this.openKeys()],
        ];
        return element(
            "header",
            { class: "batch-head" },
            element(
                "div",
                { class: "batch-names" },
                element(
                    "a",
                    {
                        class: "button icon quiet",
                        href: linkOf({}),
                        "aria-label": "All batches",
                        title: "All batches",
                    },
                    icon("back"),
                ),
                element(
                    "div",
                    { class: "grow" },
                    element(
                        "div",
                        { class: "batch-title-line" },
                        this.heading,
                        smallTool("pencil", "Rename the batch", () => this.rename()),
                        smallTool("clear", "Delete the batch", () => this.remove()),
                    ),
                    this.counts,
                ),
            ),
            element(
                "div",
                { class: "segments view-choice", role: "group", "aria-label": "View" },
                ...this.views,
            ),
            element(
                "div",
                { class: "batch-tools" },
                ...fileButtons(take),
                ...tools.map(([image, text, kind, onclick]) =>
                    element(
                        "button",
                        { type: "button", class: `quiet ${kind}`, onclick },
                        icon(image),
                        element("span", { class: "text" }, text),
                    ),
                ),
            ),
            this.reading,
            this.connection,
        );
    }

    /**
     * @param {ViewName} name
     * @param {string} image
     * @param {string} title
     * @returns {HTMLButtonElement}
     */
    viewButton(name, image, title) {
        const onclick = () => this.go({ view: name, by: this.place?.by, key: this.place?.key });
        return element(
            "button",
            { type: "button", "aria-pressed": "false", onclick },
            icon(image),
            title,
        );
    }

    /** Follow the batch. */
    listen() {
        const { live } = this;
        live.addEventListener("batch", () => this.showBatch());
        live.addEventListener("pages", () => this.showPages());
        live.addEventListener("connection", () => (this.connection.hidden = live.isConnected));
        live.addEventListener("gone", () => {
            say("This batch was deleted.");
            location.hash = linkOf({});
        });
        live.addEventListener("cell", (event) => {
            const { detail } = /** @type {CustomEvent<CellChange>} */ (event);
            if (this.place?.view === "pages") this.desk.follow(detail);
            this.check.follow(detail);
        });
        this.onSent = () => live.reload();
        this.uploads.addEventListener("sent", this.onSent);
    }

    /**
     * Open the batch at a place.
     *
     * @param {Place} place
     */
    async open(place) {
        try {
            await this.live.open();
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            say(error.message);
            if (error instanceof api.NotThere) location.hash = linkOf({});
            return;
        }
        await this.show(place);
    }

    /** End: others may have the number that is open. */
    close() {
        this.desk.leave();
        this.check.visible(false);
        this.live.close();
        if (this.onSent) this.uploads.removeEventListener("sent", this.onSent);
    }

    /**
     * Go to another place of this batch.
     *
     * @param {Partial<Place>} place
     * @param {boolean} [replaces] whether it takes the place of the one before in the history
     */
    go(place, replaces = false) {
        const link = linkOf({ view: "pages", batch: this.live.id, ...place });
        if (link === location.hash) return;
        if (replaces) location.replace(link);
        else location.hash = link;
    }

    /** @param {Place} place */
    async show(place) {
        const isOther = this.place?.view !== place.view;
        this.place = place;
        VIEWS.forEach(([name], i) =>
            this.views[i].setAttribute("aria-pressed", String(name === place.view)),
        );
        this.pagesView.hidden = place.view !== "pages";
        this.check.element.hidden = place.view !== "check";
        this.groups.element.hidden = place.view !== "groups";
        if (place.view !== "pages") this.desk.leave();
        if (place.view !== "groups") this.groups.hide();
        if (isOther) this.heading.focus({ preventScroll: true });
        if (place.view === "pages") this.showPages();
        await this.check.visible(place.view === "check");
        if (place.view === "groups") await this.groups.open(place.by, place.key);
    }

    /** Show name, counts and progress. */
    showBatch() {
        const { batch } = this.live;
        if (!batch) return;
        const { counts } = batch;
        this.heading.textContent = batch.name;
        this.counts.textContent = batchLine(batch);
        this.nToCheck.textContent = countText(counts.to_check);
        this.nToCheck.hidden = counts.to_check === 0;
        this.reading.hidden = !isReading(batch);
        const nDone = counts.read + counts.failed;
        this.progress.max = Math.max(counts.pages, 1);
        this.progress.value = nDone;
        const left = batch.seconds_left === null ? "" : ` · ${timeLeft(batch.seconds_left)}`;
        const all = countText(counts.pages, "page");
        this.timeLeft.textContent = `${countText(nDone)} of ${all} read${left}`;
        this.check.update();
    }

    /** Show the list of pages, and the one that is open. */
    showPages() {
        const { pages } = this.live;
        const wanted = this.place?.page ?? null;
        const open =
            pages.find(({ id }) => id === wanted) ?? pages.find(({ state }) => state === "read");
        this.list.show(pages, open?.id ?? null);
        this.empty.hidden = pages.length > 0;
        const isRead = open?.state === "read";
        this.desk.element.hidden = !isRead;
        const shown = open ?? pages[0];
        this.note.hidden = isRead || !shown;
        if (shown) this.note.textContent = noteOn(shown);
        this.pagesView.classList.toggle("has-page", isRead);
        if (isRead && this.place?.view === "pages") this.desk.load(open.id);
    }

    /** Undo the reviewer's last change. */
    async undo() {
        await this.queue.during(async () => {
            const found = await attempt(() => api.undo(this.live.id, this.reviewer.name));
            if (found && found.undone !== null) await this.showUndone(found);
            else if (found) say("There is nothing of yours to undo.");
            return found;
        });
    }

    /** @param {{undone: string | null, cells: import("../api.js").Cell[]}} found */
    async showUndone(found) {
        this.announce(`Undone: ${found.undone}.`);
        await this.live.reload();
        if (this.place?.view === "pages") {
            await this.desk.reload();
            const cell = found.cells.find(({ page_id: page }) => page === this.desk.page?.id);
            if (cell) this.desk.choose(cell.id, true);
        } else if (this.place?.view === "check") {
            await this.check.undone(found.cells);
        } else {
            await this.groups.load();
        }
    }

    /** Stop reading; what was read stays. */
    async cancel() {
        if (await attempt(() => api.cancelBatch(this.live.id))) {
            this.announce("Cancelled. What was read stays.");
            await this.live.reload();
        }
    }

    /** Ask for another name. */
    async rename() {
        if (this.live.batch && (await renameBatch(this.live.batch))) await this.live.reload();
    }

    /** Delete the batch, if the user agrees. */
    async remove() {
        if (this.live.batch && (await deleteBatch(this.live.batch))) location.hash = linkOf({});
    }

    /** Show the keys of the view. */
    openKeys() {
        openKeys(KEYS_OF[this.place?.view ?? "pages"]);
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        if (document.querySelector("dialog[open]")) return;
        if (this.queue.holds(event)) {
            event.preventDefault();
            event.stopPropagation();
            return;
        }
        const isTyping = isField(event.target);
        const { key } = event;
        const isControl = event.ctrlKey || event.metaKey;
        const isUndo = isControl ? key === "z" : key === "u" || key === "U";
        if (isUndo && !isTyping && !event.altKey) this.undo();
        else if (key === "?" && !isTyping) this.openKeys();
        else if (!this.keyOfView(event)) return;
        event.preventDefault();
        event.stopPropagation();
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean}
     */
    keyOfView(event) {
        if (this.place?.view === "check") return this.check.key(event);
        if (this.place?.view === "groups") return this.groups.key(event);
        return this.desk.key(event);
    }
}

/**
 * @param {import("../api.js").Page} page that is not read
 * @returns {string} why nothing of it is shown
 */
function noteOn({ state, error, source }) {
    if (state === "failed") return error ?? `${source} could not be read.`;
    return "A page appears here as soon as it is read.";
}

/**
 * @param {string} image
 * @param {string} label
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
function smallTool(image, label, onclick) {
    const names = { "aria-label": label, title: label };
    const kind = { type: "button", class: "icon quiet small-tool" };
    return element("button", { ...kind, ...names, onclick }, icon(image));
}
