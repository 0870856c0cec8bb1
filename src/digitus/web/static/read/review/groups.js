/** Group verification: all digits read as 7 on one screen, of which the odd ones are marked. */

import { isField } from "../../draw/file_input.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt, say } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import { percent } from "../../ui/percents.js";
import { segments } from "../../ui/segments.js";
import * as api from "../api.js";
import { shownText } from "../words.js";

/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").Group} Group */
/** @typedef {import("../api.js").GroupItem} GroupItem */
/** @typedef {import("../api.js").GroupedBy} GroupedBy */
/** @typedef {import("../live_batch.js").LiveBatch} LiveBatch */
/** @typedef {import("../reviewer.js").Reviewer} Reviewer */

const SHOWN = 120; // images on one screen
const ASKED = 240; // items of one request
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
     * @param {object} actions
     * @param {(sentence: string) => void} actions.announce to screen readers
     * @param {(by: GroupedBy, key: string | null) => void} actions.go to another group
     */
    constructor(live, reviewer, { announce, go }) {
        this.live = live;
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
        /** @type {GroupItem[]} on the screen, not verified yet */
        this.items = [];
        /** @type {Set<number>} indices of the items that are odd */
        this.odd = new Set();
        /** Counts what was asked for; of two answers the later question wins. */
        this.asked = 0;
        this.isBusy = false;
        this.kinds = segments("Groups", KINDS, (by) => go(/** @type {GroupedBy} */ (by), null));
        this.keys = element("div", { class: "group-keys", role: "group", "aria-label": "Group" });
        this.title = element("h3", { class: "group-title" });
        this.hint = element("p", { class: "small muted" });
        this.grid = element("ul", { class: "group-items" });
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
            this.grid,
            element("div", { class: "group-foot" }, this.button, this.more),
        );
        this.grid.addEventListener("keydown", (event) => this.moveInGrid(event));
    }

    /**
     * Show groups, and one of them.
     *
     * @param {GroupedBy} by
     * @param {string | null} key null for the first that is not verified
     */
    async open(by, key) {
        this.isVisible = true;
        const isSame = by === this.by && key === this.chosen && this.items.length > 0;
        this.by = by;
        this.chosen = key;
        this.kinds.choose(by);
        if (!isSame) await this.load();
    }

    /** The view is left. */
    hide() {
        this.isVisible = false;
        this.items = [];
    }

    /** Read the groups and the items of the one that is open. */
    async load() {
        const asked = ++this.asked;
        const groups = await attempt(() => api.groups(this.live.id, this.by));
        if (!groups || asked !== this.asked) return;
        // Digits that the network declined are no group: each of their numbers is to be checked.
        this.groups = groups.filter(({ key }) => !key.includes("?"));
        if (this.chosen === null || !this.groups.some(({ key }) => key === this.chosen)) {
            const open = this.groups.find(({ n_open: n }) => n > 0);
            this.chosen = (open ?? this.groups[0])?.key ?? null;
        }
        this.showKeys();
        const items = this.chosen === null ? [] : await attempt(() => this.openItems());
        if (!items || asked !== this.asked) return;
        this.items = items.slice(0, SHOWN);
        this.odd.clear();
        this.showItems();
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
        if (this.by === "digit") return `digits read as ${key}`;
        if (this.by === "text") return `numbers read as ${shownText(key)}`;
        return key === "1" ? "numbers of 1 digit" : `numbers of ${key} digits`;
    }

    /** Show the images of the group. */
    showItems() {
        const group = this.groups.find(({ key }) => key === this.chosen);
        const name = this.chosen === null ? "No numbers yet" : this.nameOf(this.chosen);
        this.title.textContent = name[0].toUpperCase() + name.slice(1);
        const isDone = this.items.length === 0;
        this.hint.textContent = isDone
            ? group
                ? "All of them are verified. Choose another group."
                : "Add pages first."
            : "Mark the odd ones out: they stay to be checked. The least confident come first.";
        this.grid.replaceChildren(...this.items.map((item, i) => this.image(item, i)));
        this.grid.dataset.by = this.by;
        this.button.hidden = isDone;
        this.showCount();
    }

    /**
     * @param {GroupItem} item
     * @param {number} i
     * @returns {HTMLElement}
     */
    image(item, i) {
        const { confidence, index } = item;
        const sure = confidence === null ? "" : percent(confidence);
        const button = element(
            "button",
            {
                type: "button",
                class: "group-item",
                tabindex: i === 0 ? 0 : -1,
                "aria-pressed": "false",
                "aria-label": `Image ${i + 1}, ${sure ? `${sure} sure` : "confirmed"}: odd one out`,
                onclick: () => this.toggle(i),
                onfocus: () => this.reach(i),
            },
            element("img", {
                src: api.cropOf({ id: item.cell_id, version: item.version }, index),
                alt: "",
                loading: "lazy",
                draggable: "false",
            }),
            element("span", { class: "small" }, sure),
            element("span", { class: "odd-sign", "aria-hidden": "true" }, icon("close")),
        );
        return element("li", {}, button);
    }

    /** @returns {HTMLButtonElement[]} */
    get buttons() {
        return [...this.grid.querySelectorAll("button")];
    }

    /** @param {number} i the image that the tab key reaches from now on */
    reach(i) {
        this.buttons.forEach((button, k) => (button.tabIndex = k === i ? 0 : -1));
    }

    /** @param {number} i */
    toggle(i) {
        if (!this.odd.delete(i)) this.odd.add(i);
        this.buttons[i].setAttribute("aria-pressed", String(this.odd.has(i)));
        this.showCount();
    }

    /** Show what the button would confirm. */
    showCount() {
        const n = this.items.length - this.odd.size;
        const nAll = this.groups.find(({ key }) => key === this.chosen)?.n_open ?? n;
        const words = this.button.querySelector("span");
        const what = this.by === "digit" ? "" : " numbers";
        if (words) {
            words.textContent = this.odd.size
                ? `Confirm the other ${countText(n)}${what}`
                : `Confirm all ${countText(n)}${what}`;
        }
        const later = nAll - this.items.length;
        this.more.textContent = [
            this.odd.size ? `${countText(this.odd.size)} odd, left to check` : "",
            later > 0 ? `${countText(later)} more follow` : "",
        ]
            .filter(Boolean)
            .join(" · ");
    }

    /** Confirm what is not odd, mark the rest to check, and go on. */
    async confirm() {
        if (this.isBusy || this.items.length === 0) return;
        this.isBusy = true;
        this.button.disabled = true;
        try {
            const conflicts = await attempt(() => this.send());
            if (!conflicts) return;
            const n = this.items.length - this.odd.size;
            const nOdd = this.odd.size;
            this.announce(`Confirmed ${n}, marked ${nOdd} to check. U undoes it.`);
            sayConflicts(conflicts);
            const group = this.groups.find(({ key }) => key === this.chosen);
            if (group && group.n_open <= this.items.length) this.chosen = this.following();
            await this.load();
            this.go(this.by, this.chosen);
        } finally {
            this.isBusy = false;
            this.button.disabled = false;
            this.buttons[0]?.focus({ preventScroll: true });
        }
    }

    /** @returns {string | null} the next group that is open; the same one if no other is */
    following() {
        const at = this.groups.findIndex(({ key }) => key === this.chosen);
        const order = [...this.groups.slice(at + 1), ...this.groups.slice(0, at)];
        return order.find(({ n_open: n }) => n > 0)?.key ?? this.chosen;
    }

    /** @returns {Promise<Cell[]>} numbers that were not confirmed, as they are now */
    async send() {
        const odd = this.items.filter((_, i) => this.odd.has(i));
        const rest = this.items.filter((_, i) => !this.odd.has(i));
        const { id } = this.live;
        const { name } = this.reviewer;
        if (this.by === "digit") {
            const answer = { digits: rest.map(digitOf), odd: odd.map(digitOf), reviewer: name };
            return (await api.verify(id, answer)).conflicts;
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

    /** @param {KeyboardEvent} event of an image */
    moveInGrid(event) {
        const { buttons } = this;
        const now = buttons.findIndex((button) => button === document.activeElement);
        if (now < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
        const top = buttons[0].offsetTop;
        const inRow = Math.max(1, buttons.filter((button) => button.offsetTop === top).length);
        /** @type {Record<string, number>} */
        const targets = {
            ArrowLeft: now - 1,
            ArrowRight: now + 1,
            ArrowUp: now - inRow,
            ArrowDown: now + inRow,
            Home: 0,
            End: buttons.length - 1,
        };
        const target = targets[event.key];
        if (target === undefined) return;
        event.preventDefault();
        buttons[Math.min(Math.max(target, 0), buttons.length - 1)].focus();
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it was one of the keys of this view
     */
    key(event) {
        if (isField(event.target) || event.altKey) return false;
        const { key, ctrlKey, metaKey } = event;
        const focused = this.buttons.findIndex((button) => button === document.activeElement);
        if (key === "Enter" && (ctrlKey || metaKey)) this.confirm();
        else if (ctrlKey || metaKey) return false;
        else if (key === "c" || key === "C") this.confirm();
        else if ((key === "x" || key === "X") && focused >= 0) this.toggle(focused);
        else if (key === "[" || key === "]") this.step(key === "]" ? 1 : -1);
        else return false;
        return true;
    }

    /** @param {number} by groups further */
    step(by) {
        const next = this.groups[this.groups.findIndex(({ key }) => key === this.chosen) + by];
        if (next) this.go(this.by, next.key);
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
