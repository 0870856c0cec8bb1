/** A batch and its pages as they are now: read once, then kept current by server-sent events. */

import { DigitusError } from "../errors.js";
import * as api from "./api.js";

/** @typedef {import("./api.js").Batch} Batch */
/** @typedef {import("./api.js").Page} Page */
/** @typedef {{id: number, page_id: number, version: number}} CellChange */

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;
/** A stream that ends is opened again after 3 seconds by the browser; before, nothing is lost. */
const LOST_AFTER_MS = 5000;

/**
 * Follows a batch on the server.
 *
 * Events: "batch", "pages", "cell" (detail: a `CellChange`), "connection", "gone" (somebody deleted
 * the batch).
 */
export class LiveBatch extends EventTarget {
    /** @param {number} id of the batch */
    constructor(id) {
        super();
        this.id = id;
        /** @type {Batch | null} */
        this.batch = null;
        /** @type {Map<number, Page>} */
        this.pagesById = new Map();
        this.isConnected = true;
        this.isClosed = false;
        this.retryMs = FIRST_RETRY_MS;
        /** @type {EventSource | null} */
        this.source = null;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.waiting = undefined;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.losing = undefined;
    }

    /** @returns {Page[]} in their order */
    get pages() {
        return [...this.pagesById.values()].sort((a, b) => a.position - b.position);
    }

    /** Read the batch, and follow it from now on. */
    async open() {
        this.follow();
        await this.load();
    }

    /** End. */
    close() {
        this.isClosed = true;
        this.source?.close();
        clearTimeout(this.waiting);
        clearTimeout(this.losing);
    }

    /** Read batch and pages anew. */
    async load() {
        const [batch, pages] = await Promise.all([api.batch(this.id), api.pages(this.id)]);
        if (this.isClosed) return;
        this.batch = batch;
        this.pagesById = new Map(pages.map((page) => [page.id, page]));
        this.dispatchEvent(new Event("batch"));
        this.dispatchEvent(new Event("pages"));
    }

    /** Listen to the server; a browser connects again by itself, unless the server refuses. */
    follow() {
        const source = new EventSource(`api/batches/${this.id}/events`);
        this.source = source;
        source.addEventListener("open", () => {
            const wasLost = !this.isConnected;
            this.retryMs = FIRST_RETRY_MS;
            clearTimeout(this.losing);
            this.losing = undefined;
            this.setConnected(true);
            if (wasLost) this.reload(); // what changed meanwhile
        });
        source.addEventListener("error", () => {
            this.losing ??= setTimeout(() => this.setConnected(false), LOST_AFTER_MS);
            if (source.readyState === EventSource.CLOSED) this.followLater();
        });
        source.addEventListener("batch", ({ data }) => {
            this.batch = JSON.parse(data);
            this.dispatchEvent(new Event("batch"));
        });
        source.addEventListener("page", ({ data }) => {
            const page = JSON.parse(data);
            this.pagesById.set(page.id, page);
            this.dispatchEvent(new Event("pages"));
        });
        source.addEventListener("cell", ({ data }) =>
            this.dispatchEvent(new CustomEvent("cell", { detail: JSON.parse(data) })),
        );
    }

    /** Connect again after a pause, which grows with each refusal. */
    followLater() {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(async () => {
            await this.reload(); // the server may have refused because the batch was deleted
            if (!this.isClosed) this.follow();
        }, this.retryMs);
        this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
    }

    /** Read all anew; a failure shows as lost connection, unless the batch was deleted. */
    async reload() {
        try {
            await this.load();
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            if (error instanceof api.NotThere) this.dispatchEvent(new Event("gone"));
            else this.setConnected(false);
        }
    }

    /** @param {boolean} isConnected */
    setConnected(isConnected) {
        if (this.isClosed || isConnected === this.isConnected) return;
        this.isConnected = isConnected;
        this.dispatchEvent(new Event("connection"));
    }
}
