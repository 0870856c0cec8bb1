/** The images of a group: odd ones are marked, digits are typed, keys move among them. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { percent } from "../../ui/percents.js";
import * as api from "../api.js";

/** @typedef {import("../api.js").GroupItem} GroupItem */

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** Shows the images, of which the tab key reaches one. */
export class GroupGrid {
    /** @param {() => void} changed called when an image was marked or typed */
    constructor(changed) {
        this.changed = changed;
        /** @type {GroupItem[]} */
        this.items = [];
        /** Whether the images show digits. */
        this.hasDigits = false;
        /** Whether these are digits that could not be read: each is typed, or left to check. */
        this.isDeclined = false;
        /** @type {Set<number>} indices of the items that are odd */
        this.odd = new Set();
        /** @type {Map<number, number>} digits that were typed, by the index of the item */
        this.typed = new Map();
        /** Index of the image that the tab key reaches. */
        this.at = 0;
        this.list = element("ul", { class: "group-items" });
        this.pad = element(
            "div",
            { class: "digit-pad", role: "group", "aria-label": "Digit of the framed image" },
            ...DIGITS.map((digit) =>
                element(
                    "button",
                    { type: "button", onclick: () => this.type(this.at, Number(digit)) },
                    digit,
                ),
            ),
        );
        this.list.addEventListener("keydown", (event) => this.move(event));
    }

    /**
     * Show items.
     *
     * @param {GroupItem[]} items
     * @param {{hasDigits: boolean, isDeclined: boolean}} kind
     */
    show(items, { hasDigits, isDeclined }) {
        this.items = items;
        this.hasDigits = hasDigits;
        this.isDeclined = isDeclined;
        this.odd.clear();
        this.typed.clear();
        this.list.classList.toggle("is-of-digits", hasDigits);
        this.list.classList.toggle("is-declined", isDeclined);
        this.list.replaceChildren(...items.map((item, i) => this.image(item, i)));
        this.pad.hidden = !isDeclined || items.length === 0;
        this.reach(0);
    }

    /** @returns {GroupItem[]} that are what they were read as */
    get right() {
        if (this.isDeclined) return [];
        return this.items.filter((_, i) => !this.odd.has(i) && !this.typed.has(i));
    }

    /** @returns {GroupItem[]} */
    get oddItems() {
        return this.items.filter((_, i) => this.odd.has(i));
    }

    /** @returns {{item: GroupItem, digit: number}[]} */
    get typedItems() {
        return [...this.typed].map(([i, digit]) => ({ item: this.items[i], digit }));
    }

    /** @returns {HTMLButtonElement[]} */
    get buttons() {
        return [...this.list.querySelectorAll("button")];
    }

    /** @returns {number} index of the image that has the focus; -1 without one */
    get focused() {
        return this.buttons.findIndex((button) => button === document.activeElement);
    }

    /** Put the focus at the first image. */
    focus() {
        this.buttons[0]?.focus({ preventScroll: true });
    }

    /**
     * @param {GroupItem} item
     * @param {number} i
     * @returns {HTMLElement}
     */
    image(item, i) {
        const button = element(
            "button",
            {
                type: "button",
                class: "group-item",
                tabindex: -1,
                onclick: () => {
                    this.reach(i);
                    this.toggle(i);
                },
                onfocus: () => this.reach(i),
            },
            element("img", {
                src: api.cropOf({ id: item.cell_id, version: item.version }, item.index),
                alt: "",
                loading: "lazy",
                draggable: "false",
            }),
            element("span", { class: "small" }),
            element("span", { class: "odd-sign", "aria-hidden": "true" }, icon("close")),
        );
        this.mark(i, button);
        return element("li", {}, button);
    }

    /**
     * Show what an image was marked as.
     *
     * @param {number} i
     * @param {HTMLButtonElement} [button]
     */
    mark(i, button = this.buttons[i]) {
        const { confidence, best_guess: guess } = this.items[i];
        const digit = this.typed.get(i);
        const sure = confidence === null ? "" : percent(confidence);
        const isOdd = this.odd.has(i);
        button.classList.toggle("is-odd", isOdd);
        button.classList.toggle("is-typed", digit !== undefined);
        button.setAttribute("aria-pressed", String(isOdd || digit !== undefined));
        const caption = /** @type {HTMLElement} */ (button.querySelector(".small"));
        const words = this.isDeclined ? `${guess ?? ""}? ${sure}` : sure;
        caption.textContent = digit === undefined ? words : String(digit);
        button.setAttribute("aria-label", `Image ${i + 1}, ${this.said(i, sure)}`);
    }

    /**
     * @param {number} i
     * @param {string} sure
     * @returns {string} what screen readers say of an image
     */
    said(i, sure) {
        const digit = this.typed.get(i);
        if (digit !== undefined) return `typed ${digit}`;
        if (!this.isDeclined) return `${sure ? `${sure} sure` : "confirmed"}: odd one out`;
        const { best_guess: guess } = this.items[i];
        return guess === null ? "not read: type its digit" : `perhaps ${guess}, ${sure}: take it`;
    }

    /** @param {number} i the image that the tab key reaches from now on */
    reach(i) {
        this.at = i;
        this.buttons.forEach((button, k) => {
            button.tabIndex = k === i ? 0 : -1;
            button.classList.toggle("is-current", k === i);
        });
    }

    /**
     * Mark an image as odd, or not; of digits that could not be read take the likeliest, or not.
     *
     * @param {number} i
     */
    toggle(i) {
        const { best_guess: guess } = this.items[i];
        if (this.typed.delete(i)) this.odd.delete(i);
        else if (this.isDeclined) {
            if (guess !== null) this.typed.set(i, guess);
        } else if (!this.odd.delete(i)) this.odd.add(i);
        this.mark(i);
        this.changed();
    }

    /**
     * Give an image the digit that a person sees, and go on to the next.
     *
     * @param {number} i
     * @param {number} digit
     */
    type(i, digit) {
        if (!this.items[i]) return;
        this.odd.delete(i);
        this.typed.set(i, digit);
        this.mark(i);
        const next = Math.min(i + 1, this.items.length - 1);
        this.buttons[next].scrollIntoView({ block: "nearest" });
        if (this.pad.contains(document.activeElement)) this.reach(next);
        else this.buttons[next].focus({ preventScroll: true });
        this.changed();
    }

    /** @param {number} i an image whose mark is taken back */
    clear(i) {
        this.odd.delete(i);
        this.typed.delete(i);
        this.mark(i);
        this.changed();
    }

    /**
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it was a key for an image
     */
    key({ key }) {
        const { focused } = this;
        // Digits that could not be read are typed at once; elsewhere an image is chosen first.
        const i = focused < 0 && this.isDeclined ? this.at : focused;
        if (!this.items[i]) return false;
        if (this.hasDigits && DIGITS.includes(key)) this.type(i, Number(key));
        else if (focused < 0) return false;
        else if (key === "x" || key === "X") this.toggle(i);
        else if (key === "Backspace" || key === "Delete") this.clear(i);
        else return false;
        return true;
    }

    /** @param {KeyboardEvent} event of an image */
    move(event) {
        const { buttons, focused: now } = this;
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
}
