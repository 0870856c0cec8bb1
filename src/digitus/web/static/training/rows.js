/** Images as a network takes them: normalized, with targets, in batches of any rows. */

import { SparseRows } from "../engine/sparse_rows.js";
import { CLASSES, PIXELS } from "../sizes.js";

/** @typedef {import("./training_images.js").Images} Images */
/** @typedef {import("../models/normalizer.js").Normalizer} Normalizer */

/**
 * @typedef {object} Batch
 * @property {Float32Array | SparseRows} x (n, 784) normalized
 * @property {Float32Array} targets (n, 10) one-hot
 * @property {number} n
 */

const BYTES = 256;

/**
 * Rows to train on or to evaluate; the arrays of a batch are used again for the next one.
 *
 * Where paper stays zero, only the ink is stored, for four of five pixels are paper. The z-score
 * moves paper away from zero, and the input bias takes all pixels; these rows stay bytes, and each
 * batch is normalized when it is made.
 */
export class Rows {
    /** The normalized value of each byte. */
    #values = new Float32Array(BYTES);
    /** @type {SparseRows | null} */
    #sparse;
    /** @type {Uint8Array | null} */
    #pixels;
    /** @type {SparseRows | null} */
    #gathered = null;
    #dense = new Float32Array(0);
    #targets = new Float32Array(0);

    /**
     * @param {Images} images which need not be kept
     * @param {Normalizer} normalizer
     * @param {boolean} takesSparse whether the network's first layer takes sparse rows
     */
    constructor({ pixels, labels }, normalizer, takesSparse) {
        this.n = labels.length;
        this.labels = labels;
        const levels = Uint8Array.from({ length: BYTES }, (_, value) => value);
        normalizer.apply(levels, this.#values);
        this.#sparse = takesSparse && this.#values[0] === 0 ? this.#compressed(pixels) : null;
        this.#pixels = this.#sparse ? null : pixels;
    }

    /**
     * Return the rows with these indices.
     *
     * @param {Uint32Array} rows
     * @returns {Batch} overwritten by the next batch
     */
    gather(rows) {
        if (!this.#sparse) return { x: this.#normalized(rows), ...this.#oneHot(rows) };
        this.#gathered = this.#sparse.rows(rows, this.#gathered);
        return { x: this.#gathered, ...this.#oneHot(rows) };
    }

    /**
     * Return the rows from `first` to before `last`.
     *
     * @param {number} first
     * @param {number} last
     * @returns {Batch} overwritten by the next batch
     */
    part(first, last) {
        const rows = Uint32Array.from({ length: last - first }, (_, i) => first + i);
        if (!this.#sparse) return { x: this.#normalized(rows), ...this.#oneHot(rows) };
        return { x: this.#sparse.slice(first, last), ...this.#oneHot(rows) };
    }

    /** Return the ink of all rows, normalized. @param {Uint8Array} pixels */
    #compressed(pixels) {
        const sparse = SparseRows.of(pixels, this.n, PIXELS);
        const { values } = sparse;
        for (let i = 0; i < values.length; i++) values[i] = this.#values[values[i]];
        return sparse;
    }

    /** Return rows with all their pixels. @param {Uint32Array} rows */
    #normalized(rows) {
        const pixels = /** @type {Uint8Array} */ (this.#pixels);
        const size = rows.length * PIXELS;
        if (this.#dense.length < size) this.#dense = new Float32Array(size);
        const x = this.#dense.subarray(0, size);
        for (let i = 0; i < rows.length; i++) {
            const start = rows[i] * PIXELS;
            for (let j = 0; j < PIXELS; j++) x[i * PIXELS + j] = this.#values[pixels[start + j]];
        }
        return x;
    }

    /** Return the targets of rows, and their number. @param {Uint32Array} rows */
    #oneHot(rows) {
        const n = rows.length;
        if (this.#targets.length < n * CLASSES) this.#targets = new Float32Array(n * CLASSES);
        const targets = this.#targets.subarray(0, n * CLASSES).fill(0);
        for (let i = 0; i < n; i++) targets[i * CLASSES + this.labels[rows[i]]] = 1;
        return { targets, n };
    }
}
