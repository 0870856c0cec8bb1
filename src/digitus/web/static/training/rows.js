/** Images as a network takes them: normalized, with targets, in batches of any rows. */

import { SparseRows } from "../engine/sparse_rows.js";

/** @typedef {import("./training_images.js").Images} Images */
/** @typedef {import("../models/normalizer.js").Normalizer} Normalizer */

/**
 * @typedef {object} Batch
 * @property {Float32Array | SparseRows} x (n, 784) normalized
 * @property {Float32Array} targets (n, 10) one-hot
 * @property {number} n
 */

const PIXELS = 784;
const CLASSES = 10;
const BYTES = 256;

/**
 * Rows to train on or to evaluate; the arrays of a batch are used again for the next one.
 *
 * Where paper stays zero, only the ink is stored, for four of five pixels are paper. The z-score
 * moves paper away from zero, and the input bias takes all pixels; these rows stay bytes, and each
 * batch is normalized when it is made.
 */
export class Rows {
    /**
     * @param {Images} images which need not be kept
     * @param {Normalizer} normalizer
     * @param {boolean} takesSparse whether the network's first layer takes sparse rows
     */
    constructor({ pixels, labels }, normalizer, takesSparse) {
        this.n = labels.length;
        this.labels = labels;
        const levels = Uint8Array.from({ length: BYTES }, (_, value) => value);
        /** The normalized value of each byte. */
        this._values = new Float32Array(BYTES);
        normalizer.apply(levels, this._values);
        /** @type {SparseRows | null} */
        this._sparse = takesSparse && this._values[0] === 0 ? this._compressed(pixels) : null;
        /** @type {Uint8Array | null} */
        this._pixels = this._sparse ? null : pixels;
        /** @type {SparseRows | null} */
        this._gathered = null;
        this._dense = new Float32Array(0);
        this._targets = new Float32Array(0);
    }

    /**
     * Return the rows with these indices.
     *
     * @param {Uint32Array} rows
     * @returns {Batch} overwritten by the next batch
     */
    gather(rows) {
        if (!this._sparse) return { x: this._normalized(rows), ...this._oneHot(rows) };
        this._gathered = this._sparse.rows(rows, this._gathered);
        return { x: this._gathered, ...this._oneHot(rows) };
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
        if (!this._sparse) return { x: this._normalized(rows), ...this._oneHot(rows) };
        return { x: this._sparse.slice(first, last), ...this._oneHot(rows) };
    }

    /** @param {Uint8Array} pixels */
    _compressed(pixels) {
        const sparse = SparseRows.of(pixels, this.n, PIXELS);
        const { values } = sparse;
        for (let i = 0; i < values.length; i++) values[i] = this._values[values[i]];
        return sparse;
    }

    /** @param {Uint32Array} rows */
    _normalized(rows) {
        const pixels = /** @type {Uint8Array} */ (this._pixels);
        if (this._dense.length < rows.length * PIXELS) this._dense = new Float32Array(rows.length * PIXELS);
        const x = this._dense.subarray(0, rows.length * PIXELS);
        for (let i = 0; i < rows.length; i++) {
            const start = rows[i] * PIXELS;
            for (let j = 0; j < PIXELS; j++) x[i * PIXELS + j] = this._values[pixels[start + j]];
        }
        return x;
    }

    /** @param {Uint32Array} rows */
    _oneHot(rows) {
        const n = rows.length;
        if (this._targets.length < n * CLASSES) this._targets = new Float32Array(n * CLASSES);
        const targets = this._targets.subarray(0, n * CLASSES).fill(0);
        for (let i = 0; i < n; i++) targets[i * CLASSES + this.labels[rows[i]]] = 1;
        return { targets, n };
    }
}
