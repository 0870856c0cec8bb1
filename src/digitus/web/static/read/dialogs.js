/** Questions of the room Read: a name, a text, and whether something may be deleted. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";

/** Asks for a name or a text. */
export class NameDialog {
    /**
     * @param {{title: string, label: string, longest?: number, action?: string}} options title of
     *     the dialog, label of the field, most letters, text of the button
     */
    constructor({ title, label, longest = 200, action = "Save" }) {
        this.field = element("input", {
            type: "text",
            maxlength: longest,
            autocomplete: "off",
            required: true,
        });
        this.heading = element("h2", {}, title);
        this.element = element(
            "dialog",
            { class: "read-dialog", "aria-label": title },
            element(
                "form",
                { class: "stack", method: "dialog" },
                this.heading,
                element("label", { class: "field" }, element("span", {}, label), this.field),
                element(
                    "div",
                    { class: "row" },
                    element("button", { value: "ok", class: "primary" }, action),
                    element(
                        "button",
                        { type: "button", onclick: () => this.element.close("") },
                        "Cancel",
                    ),
                ),
            ),
        );
    }

    /**
     * Ask.
     *
     * @param {string} value that the field begins with
     * @returns {Promise<string | null>} null if the user cancels
     */
    async ask(value) {
        this.field.value = value;
        const answer = await openDialog(this.element, () => this.field.select());
        return answer === "ok" ? this.field.value.trim() || null : null;
    }
}

/**
 * Ask whether a thing may be deleted for good.
 *
 * @param {string} title such as "Delete “Scores” for good?"
 * @param {string} sentence what is deleted
 * @returns {Promise<boolean>}
 */
export async function askToDelete(title, sentence) {
    const dialog = element(
        "dialog",
        { class: "read-dialog", "aria-label": title },
        element(
            "form",
            { class: "stack", method: "dialog" },
            element("h2", {}, title),
            element("p", {}, sentence),
            element(
                "div",
                { class: "row" },
                element("button", { value: "keep", class: "primary" }, "Keep it"),
                element("button", { value: "delete", class: "danger" }, "Delete for good"),
            ),
        ),
    );
    return (await openDialog(dialog)) === "delete";
}

/**
 * Show a dialog until it is closed.
 *
 * @param {HTMLDialogElement} dialog
 * @param {() => void} [opened] called when it is on the screen
 * @returns {Promise<string>} value of the button that closed it; "" for Escape
 */
function openDialog(dialog, opened = () => {}) {
    dialog.returnValue = "";
    document.body.append(dialog);
    dialog.showModal();
    opened();
    return new Promise((resolve) =>
        dialog.addEventListener(
            "close",
            () => {
                dialog.remove();
                resolve(dialog.returnValue);
            },
            { once: true },
        ),
    );
}

/**
 * Show a dialog with a title, a button that closes it, and some content.
 *
 * @param {string} title
 * @param {string} kind class of the dialog, for its styles
 * @param {...HTMLElement} content
 */
export function showDialog(title, kind, ...content) {
    const close = element("button", { class: "icon quiet", "aria-label": "Close" }, icon("close"));
    const head = element("div", { class: "row spread" }, element("h2", {}, title), close);
    const form = element("form", { class: "stack", method: "dialog" }, head, ...content);
    openDialog(element("dialog", { class: `read-dialog ${kind}`, "aria-label": title }, form));
}
