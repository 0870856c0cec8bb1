/** The pages of a batch: what was read, what waits, and what failed with its sentence. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import { retryPage } from "../api.js";
import { linkOf } from "../link.js";
import { pageLine, pageName } from "../words.js";

/** @typedef {import("../api.js").Page} Page */

/** Shows the pages as links; a phone gets a field to choose from, and buttons for the next one. */
export class PageList {
    /** @param {(id: number) => void} choose */
    constructor(choose) {
        this.choose = choose;
        /** @type {Page[]} */
        this.pages = [];
        /** @type {number | null} */
        this.chosen = null;
        this.list = element("ol", { class: "page-list" });
        this.field = element("select", {
            "aria-label": "Page",
            onchange: () => choose(Number(this.field.value)),
        });
        this.before = step("back", "Page before", () => this.move(-1));
        this.after = step("next", "Next page", () => this.move(1));
        this.element = element(
            "div",
            { class: "pages" },
            element("div", { class: "page-choice" }, this.before, this.field, this.after),
            this.list,
        );
    }

    /**
     * Show pages.
     *
     * @param {Page[]} pages
     * @param {number | null} chosen id of the page that is open
     */
    show(pages, chosen) {
        const isOther = chosen !== this.chosen;
        const hadFocus = this.list.contains(document.activeElement);
        const focused = document.activeElement?.getAttribute("href");
        this.pages = pages;
        this.chosen = chosen;
        this.element.hidden = pages.length === 0;
        this.list.replaceChildren(...pages.map((page, i) => this.row(page, pages[i - 1])));
        this.field.replaceChildren(
            ...pages.map((page) => {
                const words = page.state === "read" ? countsWords(page) : page.state;
                return element("option", { value: page.id }, `${pageName(page)} (${words})`);
            }),
        );
        if (chosen !== null) this.field.value = String(chosen);
        const at = pages.findIndex(({ id }) => id === chosen);
        this.before.disabled = at <= 0;
        this.after.disabled = at < 0 || at === pages.length - 1;
        if (isOther) this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
        if (!hadFocus) return;
        const links = [...this.list.querySelectorAll("a")];
        links.find((link) => link.getAttribute("href") === focused)?.focus();
    }

    /**
     * @param {Page} page
     * @param {Page} [before]
     * @returns {HTMLElement}
     */
    row(page, before) {
        const name = element(
            "a",
            {
                href: linkOf({ batch: page.batch_id, page: page.id }),
                "aria-current": page.id === this.chosen && "page",
            },
            element("span", { class: "page-name" }, pageName(page, before?.source)),
            element(
                "span",
                { class: page.state === "failed" ? "small bad" : "small muted" },
                pageLine(page),
            ),
            page.counts.to_check > 0 &&
                element(
                    "span",
                    { class: "badge", "aria-hidden": "true" },
                    countText(page.counts.to_check),
                ),
        );
        const again = element(
            "button",
            {
                type: "button",
                "aria-label": `Try ${pageName(page)} again`,
                onclick: () => attempt(() => retryPage(page.id)),
            },
            icon("restart"),
            "Try again",
        );
        const kind = { class: `page is-${page.state}` };
        return element("li", kind, name, page.state === "failed" && again);
    }

    /** @param {number} by */
    move(by) {
        const next = this.pages[this.pages.findIndex(({ id }) => id === this.chosen) + by];
        if (next) this.choose(next.id);
    }
}

/** @param {Page} page */
function countsWords({ counts }) {
    return counts.to_check ? `${countText(counts.to_check)} to check` : "nothing to check";
}

/**
 * @param {string} image
 * @param {string} label
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
function step(image, label, onclick) {
    return element(
        "button",
        { type: "button", class: "icon", "aria-label": label, title: label, onclick },
        icon(image),
    );
}
