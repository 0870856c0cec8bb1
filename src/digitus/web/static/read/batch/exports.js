/** The exports of a batch, at any time. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import { exported } from "../api.js";
import { showDialog } from "../dialogs.js";
import { KEPT_HERE } from "../words.js";

/** @typedef {import("../api.js").Batch} Batch */

/** Format, button, and what it is for. @type {[string, string, string][]} */
const FORMATS = [
    ["xlsx", "Excel", "A workbook, with the image beside each number that is not checked"],
    ["csv", "CSV", "A row for each number"],
    ["json", "JSON", "All that was read, with boxes and alternatives"],
    ["corrections", "Corrections", "Confirmed digits, for digitus train --data"],
    ["labelled", "Labelled pages", "Pages with what you confirmed, to measure how well they are read"],
];

/**
 * Offer the exports of a batch.
 *
 * @param {Batch} batch
 */
export function openExports({ id, counts }) {
    const note = counts.to_check
        ? `${countText(counts.to_check, "number")} not checked yet; every file marks what a person ` +
          "confirmed."
        : "Every file marks what a person confirmed.";
    const rows = FORMATS.map(([format, title, purpose]) => {
        const onclick = () => attempt(() => save(id, format, button));
        const button = element("button", { type: "button", onclick }, icon("save"), title);
        return element("li", {}, button, element("span", { class: "small muted" }, purpose));
    });
    showDialog(
        "Export",
        "exports",
        element("p", { class: "muted" }, note),
        element("ul", { class: "export-list" }, ...rows),
        element("p", { class: "small muted" }, KEPT_HERE),
    );
}

/**
 * @param {number} batchId
 * @param {string} format
 * @param {HTMLButtonElement} button disabled until the file is there
 */
async function save(batchId, format, button) {
    button.disabled = true;
    try {
        const { name, content } = await exported(batchId, format);
        const url = URL.createObjectURL(content);
        element("a", { href: url, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(url), 1000); // the browser has opened it by then
    } finally {
        button.disabled = false;
    }
}
