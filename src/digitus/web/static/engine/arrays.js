/** Array types of the engine, and arrays that are allocated once and used again. */

/**
 * Single precision (training) or double precision (checks); one type within a network.
 *
 * @typedef {Float32Array | Float64Array} Floats
 */
/** @typedef {typeof Float32Array | typeof Float64Array} FloatType */

/** No values: what a layer holds until it is bound. */
export const NONE = new Float32Array(0);

/**
 * Return an array of n zeros.
 *
 * @param {FloatType} type
 * @param {number} n
 * @returns {Floats}
 */
export function allocate(type, n) {
    return type === Float64Array ? new Float64Array(n) : new Float32Array(n);
}

/** A work array that grows to the largest length requested so far. */
export class Scratch {
    constructor() {
        /** @type {Floats} */
        this.array = new Float32Array(0);
    }

    /**
     * Return an array of the type of `x` with n entries of any value, valid until the next call.
     *
     * @param {Floats} x
     * @param {number} n
     * @returns {Floats}
     */
    like(x, n) {
        if (this.array.length < n || typeOf(this.array) !== typeOf(x)) {
            this.array = allocate(typeOf(x), n);
        }
        return this.array.length === n ? this.array : this.array.subarray(0, n);
    }
}

/** @param {Floats} x @returns {FloatType} */
function typeOf(x) {
    return x instanceof Float64Array ? Float64Array : Float32Array;
}
