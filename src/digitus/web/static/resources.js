/**
 * The models and images that the page was opened with: from the server, beside the page, or in it.
 *
 * A list in JSON says where they are. An exported page holds it, and the bytes, in data blocks; a
 * page on a host fetches `resources.json`, and the files that it names.
 */

import { DigitusError } from "./errors.js";
import { PIXELS } from "./sizes.js";

/**
 * @typedef {object} ModelEntry
 * @property {string} name such as "cnn"
 * @property {string} [url] of the model file, relative to the page
 * @property {string} [embedded] id of the data block that holds the file, gzipped, in base64
 */
/**
 * @typedef {object} PartEntry a part of MNIST: n labels, then n x 784 pixels, bytes
 * @property {number} n number of images
 * @property {string} [url] relative to the page; the bytes there may be gzipped
 * @property {string} [embedded] id of the data block that holds the bytes, gzipped, in base64
 */
/**
 * @typedef {object} ResourceList
 * @property {ModelEntry[]} models the first is the one chosen at the start
 * @property {{train?: PartEntry, test?: PartEntry, problem?: string}} mnist "problem" is a sentence
 *     that says why there are no images and what to do
 * @property {boolean} [review] whether a server reads pages and keeps what is checked
 */
/**
 * @typedef {object} Images
 * @property {Uint8Array} pixels n x 784, 0 paper to 255 ink
 * @property {Uint8Array} labels n digits
 */

/** @type {Promise<ResourceList> | null} */
let listed = null;

/**
 * Return the list of models and images, read once.
 *
 * @returns {Promise<ResourceList>}
 */
export function resourceList() {
    listed ??= readList();
    return listed;
}

/** @returns {Promise<ResourceList>} */
async function readList() {
    const block = document.getElementById("resources");
    if (block) return JSON.parse(block.textContent ?? "");
    const response = await fetched("resources.json");
    return response.json();
}

/**
 * Return the bytes of a model file.
 *
 * @param {ModelEntry} entry
 * @returns {Promise<ArrayBuffer>}
 */
export async function modelBytes(entry) {
    if (entry.embedded) return unzipped(embedded(entry.embedded));
    const response = await fetched(/** @type {string} */ (entry.url));
    return response.arrayBuffer();
}

/**
 * Return a part of MNIST.
 *
 * @param {"train" | "test"} part
 * @returns {Promise<Images>}
 * @throws {DigitusError} if the page has no such images; it says what to do
 */
export async function mnistImages(part) {
    const { mnist } = await resourceList();
    const entry = mnist[part];
    if (!entry) {
        throw new DigitusError(
            mnist.problem ??
                "This page was exported without MNIST's images; export it with --images 10000, " +
                    "or draw and label your own.",
        );
    }
    const stored = entry.embedded
        ? embedded(entry.embedded)
        : await (await fetched(/** @type {string} */ (entry.url))).arrayBuffer();
    const bytes = isZipped(stored) ? await unzipped(stored) : stored;
    const n = bytes.byteLength / (PIXELS + 1);
    if (!Number.isInteger(n) || n !== entry.n) {
        throw new DigitusError(
            `MNIST's ${part} images: expected ${entry.n * (PIXELS + 1)} bytes, ` +
                `got ${bytes.byteLength}; reload the page.`,
        );
    }
    return { labels: new Uint8Array(bytes, 0, n), pixels: new Uint8Array(bytes, n) };
}

/**
 * @param {string} url relative to the page
 * @returns {Promise<Response>}
 */
async function fetched(url) {
    let response;
    try {
        response = await fetch(url);
    } catch {
        throw new DigitusError(
            `${url}: the server does not answer; ` +
                "start it again with `digitus serve`, then reload.",
        );
    }
    if (response.ok) return response;
    throw new DigitusError(await sentence(response, url));
}

/**
 * Return what a refused answer says of itself.
 *
 * @param {Response} response
 * @param {string} url
 * @returns {Promise<string>}
 */
async function sentence(response, url) {
    try {
        const { detail } = await response.json();
        if (typeof detail === "string") return detail;
    } catch {
        // Not from this program's server; the status has to do.
    }
    return `${url}: the server answered ${response.status}; reload the page.`;
}

/**
 * @param {string} id of a data block
 * @returns {ArrayBuffer}
 */
function embedded(id) {
    const text = atob(document.getElementById(id)?.textContent?.trim() ?? "");
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes.buffer;
}

/**
 * Return whether bytes are gzipped; packed images begin with a label, which is never 0x1f.
 *
 * @param {ArrayBuffer} bytes
 */
function isZipped(bytes) {
    const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
    return first === 0x1f && second === 0x8b;
}

/**
 * @param {ArrayBuffer} bytes gzipped
 * @returns {Promise<ArrayBuffer>}
 */
function unzipped(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
}
