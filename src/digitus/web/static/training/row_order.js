/** The order of the training rows in each epoch. */

import { Random } from "../engine/random.js";

/**
 * @typedef {object} OrderState
 * @property {number[]} now state of the generator
 * @property {number[] | null} atEpoch its state at the start of the epoch; null between epochs
 */

/**
 * A new permutation of n rows in each epoch.
 *
 * The generator's state at the start of the epoch is kept: a run that goes on within an epoch draws
 * the same permutation again, then continues with the generator's later state.
 */
export class RowOrder {
    /** @type {number[] | null} */
    #atEpoch = null;

    /**
     * @param {number} n number of rows
     * @param {number} seed
     */
    constructor(n, seed) {
        this.n = n;
        this.random = new Random(seed);
        /** @type {Uint32Array} indices of the rows in the current epoch */
        this.rows = new Uint32Array(n);
    }

    /** Draw the order of a new epoch, unless that of the current one is there. */
    beginEpoch() {
        if (this.#atEpoch) return;
        this.#atEpoch = this.random.state();
        for (let i = 0; i < this.n; i++) this.rows[i] = i;
        this.random.shuffle(this.rows);
    }

    /** Discard the order. */
    endEpoch() {
        this.#atEpoch = null;
    }

    /**
     * Return the generator's state now and at the start of the epoch.
     *
     * @returns {OrderState}
     */
    state() {
        return { now: this.random.state(), atEpoch: this.#atEpoch };
    }

    /**
     * Set the state that `state` returned.
     *
     * @param {OrderState} state
     */
    restore({ now, atEpoch }) {
        this.#atEpoch = null;
        if (atEpoch) {
            this.random = Random.restore(atEpoch);
            this.beginEpoch();
        }
        this.random = Random.restore(now);
    }
}
