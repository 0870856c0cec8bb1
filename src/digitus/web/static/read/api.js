/** Calls of the server's review API: its answers as types, its refusals as errors. */

import { DigitusError } from "../errors.js";

/** @typedef {[number, number, number, number]} Box left, top, width, height in pixels */
/**
 * @typedef {object} Batch
 * @property {number} id
 * @property {string} name
 * @property {string} created_at
 * @property {"open" | "reading" | "done" | "cancelled"} state
 * @property {{documents: number, pages: number, waiting: number, read: number, failed: number,
 *     numbers: number, to_check: number, confirmed: number, sure_pages: number}} counts
 *     `sure_pages` are pages of an archive without doubts, which are in no list
 * @property {number | null} seconds_left until all pages are read
 */
/**
 * @typedef {object} Cell a number, or a cell of a grid
 * @property {number} id
 * @property {number} page_id
 * @property {number | null} line from 1; null where it stands in no line
 * @property {number | null} position in its line, from 1
 * @property {number | null} grid from 1, as row and column
 * @property {number | null} row
 * @property {number | null} column
 * @property {Box | null} box
 * @property {string} text
 * @property {string} verdict "digit", or what a cell of a grid holds instead of a number
 * @property {string | null} read_text as the network read it
 * @property {number | null} confidence null where a person confirmed or added it
 * @property {boolean} to_check
 * @property {"read" | "confirmed" | "added" | "deleted"} state
 * @property {{text: string, probability: number}[]} alternatives the likeliest first
 * @property {string | null} confirmed_by
 * @property {number} version
 * @property {string | null} locked_by reviewer who has it open
 */
/** @typedef {{cell: number | null, verdict: string, text: string, box: Box}} GridCell */
/**
 * @typedef {object} Page
 * @property {number} id
 * @property {number} batch_id
 * @property {number} position in the batch
 * @property {string} source name of its file
 * @property {number} page number in its file
 * @property {"waiting" | "reading" | "read" | "failed"} state
 * @property {string | null} error
 * @property {number | null} width in pixels; null before it is read
 * @property {number | null} height
 * @property {{numbers: number, to_check: number, confirmed: number}} counts
 */
/**
 * @typedef {object} Content what was read of a page
 * @property {{cells: Cell[]}[]} lines the numbers
 * @property {{box: Box, rows: GridCell[][]}[]} grids
 * @property {Cell[]} others cells of grids that hold no number
 * @property {Cell[]} deleted
 * @property {string[]} warnings
 */
/** @typedef {Page & Content} WholePage */
/** @typedef {{id: number, version: number}} CellVersion */
/** @typedef {"digit" | "text" | "length"} GroupedBy */
/** @typedef {{key: string, n: number, n_open: number}} Group n_open are not verified yet */
/**
 * @typedef {object} GroupItem a digit, or a number where `index` is null
 * @property {number} cell_id
 * @property {number} page_id
 * @property {number | null} index of the digit in its number
 * @property {number | null} best_guess the likeliest digit; null for a number
 * @property {number} version of the cell
 * @property {number | null} confidence
 * @property {boolean} verified
 */
/** @typedef {{cell_id: number, index: number | null, version: number}} DigitVersion */
/** What a person says that a digit is. @typedef {DigitVersion & {digit: number}} TypedDigit */
/** @typedef {{cells: Cell[], total: number}} CellList */

/**
 * Return all cells of a page: its numbers, other cells of its grids, and what was deleted.
 *
 * @param {WholePage | null} page
 * @returns {Cell[]}
 */
export function cellsOf(page) {
    if (!page) return [];
    return [...page.lines.flatMap(({ cells }) => cells), ...page.others, ...page.deleted];
}

/** The server runs, but something has changed there since: who, and what it is now. */
export class Conflict extends DigitusError {
    /**
     * @param {string} sentence
     * @param {Cell[]} cells as they are now
     */
    constructor(sentence, cells) {
        super(sentence);
        this.cells = cells;
    }
}

/** There is no such thing any more. */
export class NotThere extends DigitusError {}

/** The server does not answer at all. */
class NoAnswer extends DigitusError {}

const NO_ANSWER =
    "The server does not answer; start it again with `digitus serve`. What was confirmed is kept.";

/**
 * @param {string} method
 * @param {string} path relative to the page
 * @param {object} [body] sent as JSON
 * @returns {Promise<Response>}
 */
async function call(method, path, body) {
    const options = body && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
    };
    let response;
    try {
        // A lock is given back also while the page is being left.
        response = await fetch(path, { method, keepalive: method === "DELETE", ...options });
    } catch {
        throw new NoAnswer(NO_ANSWER);
    }
    if (!response.ok) throw refusal(response.status, await response.text());
    return response;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>} the answer's JSON
 */
async function json(method, path, body) {
    return (await call(method, path, body)).json();
}

/**
 * Return the error of an answer that refuses, a problem document (RFC 9457).
 *
 * @param {number} status
 * @param {string} text
 * @returns {DigitusError}
 */
function refusal(status, text) {
    /** @type {{detail?: unknown, cells?: Cell[]}} */
    let problem = {};
    try {
        problem = JSON.parse(text);
    } catch {
        // Not from this program's server; the status has to do.
    }
    const known = typeof problem.detail === "string" && problem.detail;
    const sentence = known || `The server answered ${status}; reload the page and try again.`;
    if (status === 409 && problem.cells) return new Conflict(sentence, problem.cells);
    return status === 404 ? new NotThere(sentence) : new DigitusError(sentence);
}

/**
 * Upload a file to a batch.
 *
 * @param {number} batchId
 * @param {File} file
 * @param {{onprogress: (share: number) => void, signal: AbortSignal}} options share of the bytes
 *     that are sent, 0 to 1
 * @returns {Promise<{refused: {name: string, error: string}[]}>}
 */
export function upload(batchId, file, { onprogress, signal }) {
    // XMLHttpRequest, because fetch tells no progress of what it sends.
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("files", file, file.name);
    return new Promise((resolve, reject) => {
        request.upload.addEventListener("progress", ({ loaded, total }) =>
            onprogress(total ? loaded / total : 0),
        );
        request.addEventListener("load", () => {
            const { status, responseText } = request;
            if (status < 300) resolve(JSON.parse(responseText));
            else reject(refusal(status, responseText));
        });
        request.addEventListener("error", () => reject(new NoAnswer(NO_ANSWER)));
        request.addEventListener("abort", () => reject(new DigitusError("Cancelled.")));
        signal.addEventListener("abort", () => request.abort(), { once: true });
        request.open("POST", `api/batches/${batchId}/documents`);
        request.send(form);
    });
}

/** @returns {Promise<Batch[]>} */
export async function batches() {
    return (await json("GET", "api/batches")).batches;
}

/** @param {string} name @returns {Promise<Batch>} */
export const makeBatch = (name) => json("POST", "api/batches", { name });

/** @param {number} id @returns {Promise<Batch>} */
export const batch = (id) => json("GET", `api/batches/${id}`);

/** @param {number} id @param {string} name @returns {Promise<Batch>} */
export const renameBatch = (id, name) => json("PATCH", `api/batches/${id}`, { name });

/** @param {number} id */
export const deleteBatch = (id) => call("DELETE", `api/batches/${id}`);

/** @param {number} id */
export const cancelBatch = (id) => call("POST", `api/batches/${id}/cancel`);

/** @param {number} batchId @returns {Promise<Page[]>} */
export async function pages(batchId) {
    return (await json("GET", `api/batches/${batchId}/pages`)).pages;
}

/** @param {number} id @returns {Promise<WholePage>} */
export const page = (id) => json("GET", `api/pages/${id}`);

/** @param {number} id */
export const retryPage = (id) => call("POST", `api/pages/${id}/retry`);

/** @param {Page} page @returns {string} address of its upright image */
export const pageImage = (page) => `api/pages/${page.id}/image`;

/**
 * @param {CellVersion} cell its version, so that a changed box is fetched anew
 * @param {number | null} [digit] index of one digit of it
 * @returns {string} address of the image
 */
export function cropOf({ id, version }, digit = null) {
    return `api/cells/${id}/crop?v=${version}${digit === null ? "" : `&digit=${digit}`}`;
}

/**
 * Return cells to check, in the order of reading.
 *
 * @param {number} batchId
 * @param {number} limit
 * @returns {Promise<CellList>}
 */
export const cellsToCheck = (batchId, limit) =>
    json("GET", `api/batches/${batchId}/cells?state=to_check&order=reading&limit=${limit}`);

/** @param {number} id @param {string} reviewer @returns {Promise<Cell>} as it is now */
export const lock = (id, reviewer) => json("POST", `api/cells/${id}/lock`, { reviewer });

/** @param {number} id @param {string} reviewer */
export const unlock = (id, reviewer) =>
    call("DELETE", `api/cells/${id}/lock?reviewer=${encodeURIComponent(reviewer)}`);

/**
 * Confirm a number with a text.
 *
 * @param {CellVersion} cell
 * @param {string} text
 * @param {string} reviewer
 * @returns {Promise<Cell>}
 * @throws {Conflict} if it was changed since that version
 */
export const confirm = ({ id, version }, text, reviewer) =>
    json("POST", `api/cells/${id}/confirm`, { text, version, reviewer });

/** @param {CellVersion} cell @param {string} reviewer @returns {Promise<Cell>} */
export const flag = ({ id, version }, reviewer) =>
    json("POST", `api/cells/${id}/flag`, { version, reviewer });

/**
 * @param {number} batchId
 * @param {CellVersion[]} cells
 * @param {string} reviewer
 * @returns {Promise<{confirmed: Cell[], conflicts: Cell[]}>}
 */
export const confirmMany = (batchId, cells, reviewer) =>
    json("POST", `api/batches/${batchId}/confirm`, { cells, reviewer });

/** @param {number} batchId @param {GroupedBy} by @returns {Promise<Group[]>} */
export async function groups(batchId, by) {
    return (await json("GET", `api/batches/${batchId}/groups?by=${by}`)).groups;
}

/**
 * @param {number} batchId
 * @param {GroupedBy} by
 * @param {string} key
 * @param {number} offset
 * @param {number} limit
 * @returns {Promise<{items: GroupItem[], total: number}>} the least confident first
 */
export const groupItems = (batchId, by, key, offset, limit) =>
    json(
        "GET",
        `api/batches/${batchId}/groups/${by}/${encodeURIComponent(key)}` +
            `?offset=${offset}&limit=${limit}`,
    );

/**
 * @param {number} batchId
 * @param {{digits: DigitVersion[], odd: DigitVersion[], typed: TypedDigit[], reviewer: string}}
 *     answer
 * @returns {Promise<{cells: Cell[], conflicts: Cell[]}>}
 */
export const verify = (batchId, answer) => json("POST", `api/batches/${batchId}/verify`, answer);

/**
 * Join, split, add, delete or restore numbers, or change the lines of a page.
 *
 * @param {number} pageId
 * @param {{kind: string, [name: string]: unknown}} edit
 * @param {string} reviewer
 * @returns {Promise<WholePage>}
 */
export const editPage = (pageId, edit, reviewer) =>
    json("POST", `api/pages/${pageId}/edits`, { ...edit, reviewer });

/**
 * Undo the reviewer's last change that is not undone yet.
 *
 * @param {number} batchId
 * @param {string} reviewer
 * @returns {Promise<{undone: string | null, cells: Cell[]}>} a sentence that says what was undone
 */
export const undo = (batchId, reviewer) =>
    json("POST", `api/batches/${batchId}/undo`, { reviewer });

/**
 * Return an export and the name that the server gives it.
 *
 * @param {number} batchId
 * @param {string} format
 * @returns {Promise<{name: string, content: Blob}>}
 */
export async function exported(batchId, format) {
    const response = await call("GET", `api/batches/${batchId}/export/${format}`);
    const disposition = response.headers.get("Content-Disposition") ?? "";
    const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition)?.[1];
    const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
    const name = encoded ? decodeURIComponent(encoded) : (plain ?? `digitus-${format}`);
    return { name, content: await response.blob() };
}
