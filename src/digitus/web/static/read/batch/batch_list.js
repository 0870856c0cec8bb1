/** The first view of the room Read: where pages are dropped, and the batches that there are. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { attempt } from "../../ui/messages.js";
import { countText } from "../../ui/numbers.js";
import * as api from "../api.js";
import { NameDialog, askToDelete } from "../dialogs.js";
import { linkOf } from "../link.js";
import { batchLine, isReading } from "../words.js";
import { dropZone } from "./drop_zone.js";

/** @typedef {import("../api.js").Batch} Batch */

const RENAME = { title: "Rename the batch", label: "Name", action: "Rename" };

/** Shows the batches. */
export class BatchList {
    /**
     * @param {{take: (files: File[]) => void, make: () => void}} actions read files in a new batch;
     *     make an empty one
     */
    constructor({ take, make }) {
        this.list = element("ul", { class: "batches" });
        this.heading = element("h3", {}, "Batches");
        this.none = element("p", { class: "muted", hidden: true }, "None yet.");
        this.element = element(
            "div",
            { class: "read-start" },
            element(
                "section",
                { class: "card drop-card", "aria-label": "New pages" },
                dropZone(take),
            ),
            element(
                "section",
                { class: "card batches-card", "aria-label": "Batches" },
                element(
                    "div",
                    { class: "row spread" },
                    this.heading,
                    element(
                        "button",
                        { type: "button", class: "quiet", onclick: make },
                        icon("plus"),
                        "New batch",
                    ),
                ),
                this.none,
                this.list,
            ),
        );
    }

    /** Read the list anew. */
    async load() {
        const found = await attempt(api.batches);
        if (!found) return;
        this.none.hidden = found.length > 0;
        this.list.replaceChildren(...found.map((batch) => this.row(batch)));
    }

    /**
     * @param {Batch} batch
     * @returns {HTMLElement}
     */
    row(batch) {
        const { id, name, counts } = batch;
        const done = counts.pages ? (counts.read + counts.failed) / counts.pages : 0;
        return element(
            "li",
            { class: "batch" },
            element("a", { class: "batch-name", href: linkOf({ batch: id }) }, name),
            element("p", { class: "small muted" }, batchLine(batch)),
            isReading(batch) &&
                element("progress", { max: 1, value: done, "aria-label": `Reading ${name}` }),
            element(
                "div",
                { class: "batch-tools" },
                tool("pencil", `Rename ${name}`, () => this.rename(batch)),
                tool("clear", `Delete ${name}`, () => this.remove(batch)),
            ),
        );
    }

    /** @param {Batch} batch */
    async rename(batch) {
        if (await renameBatch(batch)) await this.load();
    }

    /** @param {Batch} batch */
    async remove(batch) {
        if (await deleteBatch(batch)) await this.load();
    }
}

/**
 * Ask for another name of a batch, and set it.
 *
 * @param {Batch} batch
 * @returns {Promise<boolean>} whether it has another one
 */
export async function renameBatch({ id, name }) {
    const wanted = await new NameDialog(RENAME).ask(name);
    if (wanted === null || wanted === name) return false;
    return Boolean(await attempt(() => api.renameBatch(id, wanted)));
}

/**
 * Delete a batch for good, after a question that names what is deleted.
 *
 * @param {Batch} batch
 * @returns {Promise<boolean>} whether it was deleted
 */
export async function deleteBatch({ id, name, counts }) {
    const agreed = await askToDelete(
        `Delete “${name}” for good?`,
        `Its ${countText(counts.pages, "page")} and ${countText(counts.numbers, "number")}, ` +
            `${countText(counts.confirmed)} of them confirmed, and all its files are deleted from ` +
            "the machine that runs this server. This cannot be undone.",
    );
    return agreed && Boolean(await attempt(() => api.deleteBatch(id)));
}

/**
 * @param {string} image
 * @param {string} label
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
function tool(image, label, onclick) {
    const names = { "aria-label": label, title: label };
    return element("button", { type: "button", class: "icon quiet", ...names, onclick }, icon(image));
}
