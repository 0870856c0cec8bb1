/** Group verification: all digits read as 7 on one screen, of which the odd ones are marked. */

import { isField } from "../../draw/file_input.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt, say } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import { segments } from "../../ui/segments.js";
import * as api from "../api.js";
import { shownText } from "../words.js";
import { GroupGrid } from "./group_grid.js";

/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").Group} Group */
/** @typedef {import("../api.js").GroupItem} GroupItem */
/** @typedef {import("../api.js").GroupedBy} GroupedBy */
/** @typedef {import("../key_queue.js").KeyQueue} KeyQueue */
/** @typedef {import("../live_batch.js").LiveBatch} LiveBatch */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */

const SHOWN = 120; // images on one screen
const ASKED = 240; // items of one request
const DECLINED = "?"; // key of the digits that could not be read
/** @type {[string, string][]} */
const KINDS = [
    ["digit", "By digit"],
    ["text", "By number"],
    ["length", "By length"],
];

/** Shows a group as images, the least confident first. */
export class GroupsView {
    /**
     * @param {LiveBatch} live
     * @param {Reviewer} reviewer
     * @param {KeyQueue} queue
     * @param {object} actions
     * @param {(sentence: string) => void} actions.announce to screen readers
     * @param {(by: GroupedBy, key: string | null) => void} actions.go to another group
     */
    constructor(live, reviewer, queue, { announce, go }) {
        this.live = live;
        this.queue = queue;
        this.reviewer = reviewer;
        this.announce = announce;
        this.go = go;
        this.isVisible = false;
        /** @type {GroupedBy} */
        this.by = "digit";
        /** @type {string | null} */
        this.chosen = null;
        /** @type {Group[]} */
        this.groups = [];
        /** Counts what was asked for; of two answers the later question wins. */
        this.asked = 0;
        this.isBusy = false;
        this.kinds = segments("Groups", KINDS, (by) => go(/** @type {GroupedBy} */ (by), null));
        this.keys = element("div", { class: "group-keys", role: "group", "aria-label": "Group" });
        this.title = element("h3", { class: "group-title" });
        this.hint = element("p", { class: "small muted" });
        this.grid = new GroupGrid(() => this.showCount());
        this.button = element(
            "button",
            { type: "button", class: "primary", onclick: () => this.confirm() },
            icon("check"),
            element("span", {}, "Confirm"),
        );
        this.more = element("span", { class: "small muted" });
        this.element = element(
            "section",
            { class: "card groups", "aria-label": "Groups" },
            element("div", { class: "group-choice" }, this.kinds.element, this.keys),
            element("div", { class: "group-head" }, this.title, this.hint),
            this.grid.list,
            element("div", { class: "group-foot" }, this.grid.pad, this.button, this.more),
        );
    }

    /** @returns {boolean} whether the digits of the group could not be read */
    get isDeclined() {
        return this.by === "digit" && this.chosen === DECLINED;
    }

    /**
     * Show groups, and one of them.
     *
     * @param {GroupedBy} by
     * @param {string | null} key null for the first that is not verified
     */
    async open(by, key) {
        this.isVisible = true;
        const isSame = by === this.by && key === this.chosen && this.grid.items.length > 0;
        this.by = by;
        this.chosen = key;
        this.kinds.choose(by);
        if (!isSame) await this.load();
    }

    /** The view is left. */
    hide() {
        this.isVisible = false;
        this.showItems([]);
    }

    /** Read the groups and the items of the one that is open. */
    async load() {
        const asked = ++this.asked;
        this.button.disabled = true; // what is shown may be of another group
        const groups = await attempt(() => api.groups(this.live.id, this.by));
        if (!groups || asked !== this.asked) return;
        // A number with a digit that could not be read is nobody's equal.
        this.groups = groups.filter(({ key }) => this.by !== "text" || !key.includes(DECLINED));
        if (this.chosen === null || !this.groups.some(({ key }) => key === this.chosen)) {
            const open = this.groups.find(({ n_open: n }) => n > 0);
            this.chosen = (open ?? this.groups[0])?.key ?? null;
        }
        this.showKeys();
        const items = this.chosen === null ? [] : await attempt(() => this.openItems());
        if (!items || asked !== this.asked) return;
        this.showItems(items.slice(0, SHOWN));
    }

    /** @returns {Promise<GroupItem[]>} the first items that are not verified */
    async openItems() {
        /** @type {GroupItem[]} */
        const found = [];
        const key = /** @type {string} */ (this.chosen);
        for (let offset = 0, total = Infinity; offset < total && found.length < SHOWN; ) {
            const answer = await api.groupItems(this.live.id, this.by, key, offset, ASKED);
            found.push(...answer.items.filter(({ verified }) => !verified));
            total = answer.items.length ? answer.total : 0;
            offset += answer.items.length;
        }
        return found;
    }

    /** Show which groups there are, and how many of each are open. */
    showKeys() {
        this.keys.replaceChildren(
            ...this.groups.map(({ key, n, n_open: nOpen }) => {
                const isDone = nOpen === 0;
                const words = isDone ? "all verified" : `${countText(nOpen)} of ${n} open`;
                return element(
                    "button",
                    {
                        type: "button",
                        class: isDone ? "group-key is-done" : "group-key",
                        "aria-pressed": String(key === this.chosen),
                        "aria-label": `${this.nameOf(key)}, ${words}`,
                        onclick: () => this.go(this.by, key),
                    },
                    element("b", {}, shownText(key)),
                    isDone ? icon("check") : element("span", { class: "small" }, countText(nOpen)),
                );
            }),
        );
        this.keys.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
    }

    /**
     * @param {string} key
     * @returns {string} such as "digits read as 7"
     */
    nameOf(key) {
        if (this.by === "digit") {
            return key === DECLINED ? "digits that could not be read" : `digits read as ${key}`;
        }
        if (this.by === "text") return `numbers read as ${shownText(key)}`;
        return key === "1" ? "numbers of 1 digit" : `numbers of ${key} digits`;
    }

    /**
     * Show the images of the group.
     *
     * @param {GroupItem[]} items that are not verified yet
     */
    showItems(items) {
        const group = this.groups.find(({ key }) => key === this.chosen);
        const name = this.chosen === null ? "No numbers yet" : this.nameOf(this.chosen);
        this.title.textContent = name[0].toUpperCase() + name.slice(1);
        const isDone = items.length === 0;
        this.hint.textContent = isDone
            ? group
                ? "All of them are verified. Choose another group."
                : "Add pages first."
            : this.howTo;
        this.grid.show(items, { hasDigits: this.by === "digit", isDeclined: this.isDeclined });
        this.button.hidden = isDone;
        this.showCount();
    }

    /** @returns {string} what is to be done with the images */
    get howTo() {
        if (this.isDeclined) {
            return (
                "Type the digit that you see; a click takes the likeliest one. What you leave out " +
                "stays to be checked."
            );
        }
        const typing = this.by === "digit" ? ", or type what they are" : "";
        return `Mark the odd ones out: they stay to be checked${typing}. The least confident come first.`;
    }

    /** Show what the button would confirm. */
    showCount() {
        const { items, odd, typed } = this.grid;
        const n = this.grid.right.length + typed.size;
        const nAll = this.groups.find(({ key }) => key === this.chosen)?.n_open ?? n;
        const words = this.button.querySelector("span");
        const what = this.by === "digit" ? "" : " numbers";
        if (words) {
            if (this.isDeclined) words.textContent = `Confirm ${countText(n, "digit")}`;
            else if (odd.size) words.textContent = `Confirm the other ${countText(n)}${what}`;
            else words.textContent = `Confirm all ${countText(n)}${what}`;
        }
        this.button.disabled = n + odd.size === 0;
        const later = nAll - items.length;
        this.more.textContent = [
            odd.size ? `${countText(odd.size)} odd, left to check` : "",
            typed.size && !this.isDeclined ? `${countText(typed.size)} typed` : "",
            later > 0 ? `${countText(later)} more follow` : "",
        ]
            .filter(Boolean)
            .join(" · ");
    }

    /** Confirm what is not odd, mark the rest to check, and go on. */
    async confirm() {
        if (this.isBusy || this.button.hidden || this.button.disabled) return;
        await this.queue.during(async () => {
            this.isBusy = true;
            this.button.disabled = true;
            try {
                const conflicts = await attempt(() => this.send());
                if (conflicts) await this.goOn(conflicts);
                return conflicts;
            } finally {
                this.isBusy = false;
                this.showCount();
                this.grid.focus();
            }
        });
    }

    /** @param {Cell[]} conflicts numbers that were not confirmed */
    async goOn(conflicts) {
        const { items, odd, typed, right } = this.grid;
        this.announce(
            `Confirmed ${right.length + typed.size}, marked ${odd.size} to check. U undoes it.`,
        );
        sayConflicts(conflicts);
        const group = this.groups.find(({ key }) => key === this.chosen);
        const nDone = this.isDeclined ? typed.size : items.length;
        if (group && group.n_open <= nDone) this.chosen = this.following();
        await this.load();
        this.go(this.by, this.chosen);
    }

    /** @returns {string | null} the next group that is open; the same one if no other is */
    following() {
        const at = this.groups.findIndex(({ key }) => key === this.chosen);
        const order = [...this.groups.slice(at + 1), ...this.groups.slice(0, at)];
        return order.find(({ n_open: n }) => n > 0)?.key ?? this.chosen;
    }

    /** @returns {Promise<Cell[]>} numbers that were not confirmed, as they are now */
    async send() {
        const { oddItems: odd, right: rest, typedItems } = this.grid;
        const { id } = this.live;
        const { name } = this.reviewer;
        if (this.by === "digit") {
            const typed = typedItems.map(({ item, digit }) => ({ ...digitOf(item), digit }));
            const said = { digits: rest.map(digitOf), odd: odd.map(digitOf), typed };
            return (await api.verify(id, { ...said, reviewer: name })).conflicts;
        }
        const cells = rest.map(({ cell_id: cell, version }) => ({ id: cell, version }));
        const found = cells.length > 0 ? (await api.confirmMany(id, cells, name)).conflicts : [];
        for (const { cell_id: cell, version } of odd) {
            try {
                await api.flag({ id: cell, version }, name);
            } catch (error) {
                if (!(error instanceof api.Conflict)) throw error;
                found.push(...error.cells);
            }
        }
        return found;
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it was one of the keys of this view
     */
    key(event) {
        if (isField(event.target) || event.altKey) return false;
        const { key, ctrlKey, metaKey } = event;
        if (key === "Enter" && (ctrlKey || metaKey)) this.confirm();
        else if (ctrlKey || metaKey) return false;
        else if (key === "c" || key === "C") this.confirm();
        else if (key === "[" || key === "]") this.step(key === "]" ? 1 : -1);
        else return this.grid.key(event);
        return true;
    }

    /** @param {number} by groups further */
    async step(by) {
        const next = this.groups[this.groups.findIndex(({ key }) => key === this.chosen) + by];
        if (!next) return;
        this.chosen = next.key;
        this.go(this.by, next.key); // before it is loaded: the link leads to no other meanwhile
        await this.queue.during(async () => {
            await this.load();
            return true;
        });
    }
}

/**
 * Say why numbers were not confirmed with the others.
 *
 * @param {Cell[]} cells
 */
function sayConflicts(cells) {
    const nDoubtful = cells.filter(({ text }) => text.includes("?")).length;
    const nChanged = cells.length - nDoubtful;
    if (nDoubtful) {
        say(
            `${countText(nDoubtful, "number")} not confirmed: a digit could not be read; ` +
                "check one by one.",
        );
    }
    if (nChanged) {
        say(
            `${countText(nChanged, "number")} not confirmed: changed by another reviewer ` +
                "meanwhile, and shown as of now.",
        );
    }
}

/**
 * @param {GroupItem} item
 * @returns {import("../api.js").DigitVersion}
 */
function digitOf({ cell_id, index, version }) {
    return { cell_id, index, version };
}
