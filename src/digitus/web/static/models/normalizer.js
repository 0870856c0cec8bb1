/** Normalizers: one formula for all pixels, fitted on the training rows. */

const KINDS = ["none", "unit", "std", "zscore"];
const FULL = 255;

/** @typedef {"none" | "unit" | "std" | "zscore"} NormalizerKind */

/** Maps pixels x to x (none), x/255 (unit), x/std (std) or (x - mean)/std (zscore). */
export class Normalizer {
    /**
     * @param {string} kind one of the four
     * @param {number} [mean] of all training pixels, 0 to 255
     * @param {number} [std] their standard deviation; 1 if all are equal
     * @throws {RangeError} if the kind is unknown, mean is not finite, or std not finite and
     *     positive
     */
    constructor(kind, mean = 0, std = 1) {
        if (!KINDS.includes(kind)) {
            throw new RangeError(`kind must be one of ${KINDS.join(", ")}, not ${kind}`);
        }
        if (!(Number.isFinite(mean) && Number.isFinite(std) && std > 0)) {
            throw new RangeError(`mean must be finite and std above 0, not ${mean} and ${std}`);
        }
        this.kind = /** @type {NormalizerKind} */ (kind);
        this.mean = mean;
        this.std = std;
    }

    /**
     * Return a normalizer with the mean and standard deviation of training pixels.
     *
     * @param {string} kind
     * @param {Uint8Array} pixels (n, d), at least one
     * @returns {Normalizer}
     */
    static fit(kind, pixels) {
        if (!pixels.length) throw new RangeError("a normalizer needs at least one training row");
        const counts = new Float64Array(FULL + 1);
        for (let i = 0; i < pixels.length; i++) counts[pixels[i]]++;
        let [total, squares] = [0, 0];
        counts.forEach((count, value) => {
            total += value * count;
            squares += value * value * count;
        });
        const n = pixels.length;
        const mean = total / n;
        const variance = squares / n - mean * mean;
        const isConstant = counts[pixels[0]] === n;
        return new Normalizer(kind, mean, isConstant ? 1 : Math.sqrt(variance));
    }

    /**
     * Normalize pixels; each value is computed in double precision and rounded once.
     *
     * @param {ArrayLike<number>} pixels 0 to 255
     * @param {Float32Array | Float64Array} [out] as long as the pixels
     * @returns {Float32Array | Float64Array} `out`
     */
    apply(pixels, out = new Float32Array(pixels.length)) {
        const shift = this.kind === "zscore" ? this.mean : 0;
        const scale = { none: 1, unit: FULL, std: this.std, zscore: this.std }[this.kind];
        for (let i = 0; i < pixels.length; i++) out[i] = (pixels[i] - shift) / scale;
        return out;
    }

    /**
     * Return the fields as they stand in a model file.
     *
     * @returns {{kind: NormalizerKind, mean: number, std: number}}
     */
    toJson() {
        return { kind: this.kind, mean: this.mean, std: this.std };
    }

    /**
     * Return the normalizer of `toJson`'s result.
     *
     * @param {any} fields
     * @returns {Normalizer}
     */
    static fromJson(fields) {
        if (typeof fields?.mean !== "number" || typeof fields.std !== "number") {
            throw new RangeError("a normalizer needs kind, mean and std");
        }
        return new Normalizer(fields.kind, fields.mean, fields.std);
    }
}
