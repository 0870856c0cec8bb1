/** Counts, times and states of batches and pages in words. */

import { countText } from "../ui/numbers.js";

/** @typedef {import("./api.js").Batch} Batch */
/** @typedef {import("./api.js").Cell} Cell */
/** @typedef {import("./api.js").Page} Page */

/** Where the pages lie; the page says it wherever they are uploaded or exported. */
export const KEPT_HERE =
    "Kept on the machine that runs this server until you delete the batch; sent nowhere else.";

/**
 * @param {number} seconds
 * @returns {string} such as "about 2 min left"
 */
export function timeLeft(seconds) {
    if (seconds < 10) return "a few seconds left";
    if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s left`;
    const minutes = Math.round(seconds / 60);
    return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

/**
 * @param {Batch} batch
 * @returns {string} such as "12 pages · 204 numbers · 12 to check"
 */
export function batchLine({ counts, state }) {
    if (!counts.documents && !counts.pages) return "No pages yet";
    const parts = [countText(counts.pages, "page"), countText(counts.numbers, "number")];
    if (counts.sure_pages) parts.splice(1, 0, `${countText(counts.sure_pages)} sure, not listed`);
    if (counts.to_check) parts.push(`${countText(counts.to_check)} to check`);
    if (counts.confirmed) parts.push(`${countText(counts.confirmed)} confirmed`);
    if (counts.failed) parts.push(`${countText(counts.failed)} failed`);
    if (state === "cancelled") parts.push(`${countText(counts.waiting)} not read`);
    return parts.join(" · ");
}

/**
 * @param {Batch} batch
 * @returns {boolean} whether pages are being read or wait for it
 */
export function isReading({ state, counts }) {
    return state !== "cancelled" && (state === "reading" || counts.waiting > 0);
}

/**
 * @param {Page} page
 * @param {string} [before] of two pages of one file the second names its number alone
 * @returns {string} such as "scores.pdf, page 2"
 */
export function pageName({ source, page }, before) {
    if (page > 1) return before === source ? `page ${page}` : `${source}, page ${page}`;
    return source;
}

/**
 * @param {Page} page
 * @returns {string} such as "12 numbers, 3 to check"
 */
export function pageLine({ state, error, counts }) {
    if (state === "waiting") return "Waiting";
    if (state === "reading") return "Reading …";
    if (state === "failed") return error ?? "Could not be read.";
    const numbers = countText(counts.numbers, "number");
    return counts.to_check ? `${numbers}, ${countText(counts.to_check)} to check` : numbers;
}

/**
 * @param {number} date milliseconds
 * @returns {string} a name for a new batch, such as "Pages of 30 November, 20:41"
 */
export function newBatchName(date) {
    const time = new Date(date);
    const day = time.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    const hour = time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    return `Pages of ${day}, ${hour}`;
}

/**
 * @param {Cell} cell
 * @returns {string} its text, or what it holds instead of a number, such as "struck out"
 */
export function shownCell({ text, verdict }) {
    if (text !== "" || verdict === "digit" || verdict === "blank") return shownText(text);
    return verdict.replaceAll("_", " ");
}

/**
 * @param {string} text of a number; "" where a cell is empty
 * @returns {string}
 */
export function shownText(text) {
    return text === "" ? "empty" : text.replaceAll("-", "\u2212");
}
