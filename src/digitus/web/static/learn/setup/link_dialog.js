/** The dialog with the part of the room's link that works on every copy of the page. */

import { element } from "../../ui/element.js";

/** Names of this device that other devices do not know. */
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/;

/**
 * Say whether an address leads other devices nowhere.
 *
 * @param {Location | URL} address
 * @returns {boolean} true for a file, and for a server that this device alone reaches
 */
export function isPrivate({ protocol, hostname }) {
    return protocol === "file:" || LOOPBACK.test(hostname);
}

/** Shows the settings as the end of an address, to be copied by hand. */
export class LinkDialog {
    constructor() {
        this.field = element("input", {
            type: "text",
            id: "link-end",
            readonly: true,
            onfocus: () => this.field.select(),
        });
        this.words = element("p", { role: "status" });
        this.element = element(
            "dialog",
            { class: "link-dialog", "aria-labelledby": "link-title" },
            element(
                "form",
                { class: "stack", method: "dialog" },
                element("h2", { id: "link-title" }, "Link to these settings"),
                this.words,
                element(
                    "div",
                    { class: "field" },
                    element("label", { class: "label", for: "link-end" }, "End of the address"),
                    this.field,
                ),
                element(
                    "p",
                    { class: "small muted" },
                    "It works on every copy of the page: open the page there, and put this " +
                        "behind its address.",
                ),
                element("div", { class: "row" }, element("button", { class: "primary" }, "Close")),
            ),
        );
    }

    /**
     * Show a link.
     *
     * @param {string} link from "#" on
     * @param {string} words what was copied, and what the link leaves out
     */
    open(link, words) {
        this.field.value = link;
        this.words.textContent = words;
        this.element.showModal();
        this.field.focus();
    }
}
