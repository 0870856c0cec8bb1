/** Files on their way to the server, one after the other, each with its progress. */

import { DigitusError } from "../../errors.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { countText } from "../../ui/numbers.js";
import { upload } from "../api.js";

/**
 * @typedef {object} Upload
 * @property {File} file
 * @property {number} batchId
 * @property {AbortController} control
 * @property {HTMLElement} row
 * @property {HTMLProgressElement} bar
 * @property {HTMLElement} words
 */

const SHOWN = 2; // files that wait, by their names; the others are counted

/** Sends files; the list shows those that wait, are sent, or were refused. */
export class Uploads extends EventTarget {
    constructor() {
        super();
        /** @type {Upload[]} that are not sent yet */
        this.queue = [];
        this.isSending = false;
        /** @type {Upload | null} that is being sent */
        this.sent = null;
        this.nMore = element("span", { class: "small muted" });
        this.rest = element(
            "div",
            { class: "uploads-rest", hidden: true },
            this.nMore,
            element(
                "button",
                { type: "button", class: "quiet", onclick: () => this.cancelAll() },
                "Cancel all uploads",
            ),
        );
        this.list = element("ul", { class: "uploads", "aria-label": "Uploads" });
        this.status = element("p", { class: "visually-hidden", role: "status" });
        this.element = element("div", {}, this.list, this.rest, this.status);
    }

    /**
     * Send files to a batch.
     *
     * @param {number} batchId
     * @param {File[]} files
     */
    add(batchId, files) {
        this.queue.push(...files.map((file) => this.makeRow(batchId, file)));
        this.showWaiting();
        this.sendAll();
    }

    /**
     * @param {number} batchId
     * @param {File} file
     * @returns {Upload}
     */
    makeRow(batchId, file) {
        const control = new AbortController();
        const bar = element("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
        const words = element("p", { class: "small muted" }, "Waiting to be sent");
        const cancel = element(
            "button",
            {
                type: "button",
                class: "icon quiet",
                "aria-label": `Cancel ${file.name}`,
                title: "Cancel",
                onclick: () => this.cancel(made),
            },
            icon("close"),
        );
        const row = element(
            "li",
            { class: "upload" },
            element("p", { class: "upload-name" }, file.name),
            cancel,
            bar,
            words,
        );
        const made = { file, batchId, control, row, bar, words };
        this.list.append(row);
        return made;
    }

    /** Send what waits, one file after the other, so that a slow line is not shared. */
    async sendAll() {
        if (this.isSending) return;
        this.isSending = true;
        for (let next = this.queue.shift(); next; next = this.queue.shift()) {
            this.sent = next;
            this.showWaiting();
            await this.send(next);
        }
        this.sent = null;
        this.isSending = false;
    }

    /** Show the first files that wait by their names, and how many there are besides. */
    showWaiting() {
        this.queue.forEach(({ row }, i) => (row.hidden = i >= SHOWN));
        if (this.sent) this.sent.row.hidden = false;
        const n = this.queue.length - SHOWN;
        this.rest.hidden = n <= 0;
        this.nMore.textContent = `${countText(n, "more file")} waiting to be sent`;
    }

    /** Send none of the files that are not sent yet. */
    cancelAll() {
        for (const { row } of this.queue.splice(0)) row.remove();
        this.sent?.control.abort();
        this.showWaiting();
    }

    /** @param {Upload} one */
    async send({ file, batchId, control, row, bar, words }) {
        words.textContent = "Sending …";
        try {
            const { refused } = await upload(batchId, file, {
                onprogress: (share) => {
                    bar.value = share;
                    if (share === 1) words.textContent = "Sent; the server looks at it …";
                },
                signal: control.signal,
            });
            if (refused.length) this.refuse(row, refused[0].error);
            else row.remove();
            this.dispatchEvent(new CustomEvent("sent", { detail: batchId }));
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            if (control.signal.aborted) row.remove();
            else this.refuse(row, error.message, () => this.add(batchId, [file]));
        }
    }

    /**
     * Show why a file did not come in.
     *
     * @param {HTMLElement} row
     * @param {string} sentence
     * @param {() => void} [again] sends it once more
     */
    refuse(row, sentence, again) {
        row.classList.add("is-refused");
        const name = row.querySelector(".upload-name")?.textContent ?? "";
        const close = element(
            "button",
            {
                type: "button",
                class: "icon quiet",
                "aria-label": `Close the message on ${name}`,
                onclick: () => row.remove(),
            },
            icon("close"),
        );
        const repeat = element(
            "button",
            {
                type: "button",
                onclick: () => {
                    row.remove();
                    again?.();
                },
            },
            icon("restart"),
            "Try again",
        );
        row.replaceChildren(
            element("p", { class: "upload-name" }, name),
            close,
            element("p", { class: "small bad" }, sentence),
            ...(again ? [repeat] : []),
        );
        this.status.textContent = `${name}: ${sentence}`;
    }

    /** @param {Upload} one */
    cancel(one) {
        const waiting = this.queue.indexOf(one);
        if (waiting >= 0) {
            this.queue.splice(waiting, 1);
            one.row.remove();
            this.showWaiting();
        } else {
            one.control.abort();
        }
    }
}
