/**
 * Learning-rate schedules.
 *
 * A schedule is asked with the progress in epochs (1.5 is the middle of the second epoch) and
 * returns the learning rate. It has no state, so a run that was taken back gets the rates that it
 * had.
 */

/** @typedef {Constant | Staged} Schedule */

/** The same rate in every step. */
export class Constant {
    /** @param {number} rate */
    constructor(rate) {
        this.rate = rate;
    }

    /**
     * Return the rate.
     *
     * @param {number} epoch
     * @returns {number}
     */
    at(epoch) {
        return this.rate;
    }
}

/** A new rate from given epochs on, as in the system S0. */
export class Staged {
    /** @param {Record<number, number>} stages epoch, counted from 0, to the rate from it on */
    constructor(stages) {
        if (!(0 in stages)) throw new RangeError("staged rates need a rate for epoch 0");
        this.stages = stages;
    }

    /**
     * Return the rate of the current stage.
     *
     * @param {number} epoch
     * @returns {number}
     */
    at(epoch) {
        const starts = Object.keys(this.stages).map(Number);
        return this.stages[Math.max(...starts.filter((start) => start <= epoch))];
    }
}
