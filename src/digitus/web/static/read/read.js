/** The room Read: pages of paper are read, checked and exported; a server does the reading. */

import { element } from "../ui/element.js";
import { attempt } from "../ui/messages.js";
import * as api from "./api.js";
import { BatchList } from "./batch/batch_list.js";
import { BatchView } from "./batch/batch_view.js";
import { takeDropsAndPastes } from "./batch/drop_zone.js";
import { Uploads } from "./batch/uploads.js";
import { linkOf, placeOf } from "./link.js";
import { Reviewer } from "./reviewer.js";
import { KEPT_HERE, newBatchName } from "./words.js";

/**
 * Make the room.
 *
 * @returns {{panel: HTMLElement, visible: (shown: boolean) => void} | null} null in the page as one
 *     file, from which this module is left out
 */
export function mountRead() {
    const room = new ReadRoom();
    return { panel: room.panel, visible: (shown) => room.visible(shown) };
}

/** Shows the place that the link names: the list of batches, or a batch. */
class ReadRoom {
    constructor() {
        this.isVisible = false;
        /** The link that is shown; another room may have been chosen since. */
        this.link = linkOf({});
        /** @type {BatchView | null} */
        this.batch = null;
        this.reviewer = new Reviewer();
        this.uploads = new Uploads();
        this.status = element("p", { class: "visually-hidden", role: "status" });
        this.list = new BatchList({
            take: (files) => this.take(files),
            make: () => this.takeInNewBatch([]),
        });
        this.heading = element("h2", { class: "read-title", tabindex: -1 }, "Read pages");
        this.start = element(
            "div",
            { class: "stack" },
            this.heading,
            this.list.element,
        );
        this.content = element("div", { class: "read-content" });
        this.panel = element(
            "section",
            { class: "read" },
            this.content,
            element(
                "footer",
                { class: "read-foot" },
                this.reviewer.element,
                element("p", { class: "small muted" }, KEPT_HERE),
            ),
            this.status,
        );
        addEventListener("hashchange", () => this.follow());
        addEventListener("keydown", (event) => this.key(event), { capture: true });
        takeDropsAndPastes(
            () => this.isVisible,
            (files) => this.take(files),
        );
        addEventListener("pagehide", () => this.closeBatch());
        addEventListener("pageshow", (event) => {
            if (event.persisted) this.follow(); // the browser has kept the page, without its batch
        });
        addEventListener("beforeunload", (event) => {
            if (this.uploads.isSending) event.preventDefault(); // the browser asks
        });
    }

    /** @param {boolean} shown whether the room is the one on the screen */
    visible(shown) {
        if (shown === this.isVisible) return;
        this.isVisible = shown;
        if (!shown) {
            this.closeBatch();
            return;
        }
        // The tab alone names no place: go on where one was.
        if (location.hash === linkOf({})) history.replaceState(null, "", this.link);
        this.follow();
    }

    /** Show the place that the link names. */
    async follow() {
        const place = placeOf(location.hash);
        if (!this.isVisible || !place) return;
        this.link = location.hash;
        if (place.batch === null) {
            this.closeBatch();
            this.content.replaceChildren(this.start);
            await this.list.load();
        } else if (this.batch?.live.id === place.batch) {
            await this.batch.show(place);
        } else {
            this.closeBatch();
            this.batch = new BatchView(place.batch, {
                reviewer: this.reviewer,
                uploads: this.uploads,
                take: (files) => this.take(files),
                announce: (sentence) => this.announce(sentence),
            });
            this.content.replaceChildren(this.batch.element);
            await this.batch.open(place);
        }
    }

    /** Leave the batch that is open. */
    closeBatch() {
        this.batch?.close();
        this.batch = null;
    }

    /**
     * Read files in the batch that is open, or in a new one.
     *
     * @param {File[]} files
     */
    async take(files) {
        if (this.batch) this.uploads.add(this.batch.live.id, files);
        else await this.takeInNewBatch(files);
    }

    /** @param {File[]} files */
    async takeInNewBatch(files) {
        const batch = await attempt(() => api.makeBatch(newBatchName(Date.now())));
        if (!batch) return;
        location.hash = linkOf({ batch: batch.id });
        if (files.length) this.uploads.add(batch.id, files);
    }

    /** @param {string} sentence for screen readers */
    announce(sentence) {
        this.status.textContent = "";
        // Another text in the next frame, so that the same sentence is said again.
        requestAnimationFrame(() => (this.status.textContent = sentence));
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        if (this.isVisible) this.batch?.key(event);
    }
}
