/**
 * Learning-rate schedules.
 *
 * A schedule is called with the progress in epochs (1.5 is the middle of the second epoch) and the
 * total number of epochs, and returns the learning rate. It has no state, so a run that was taken
 * back gets the rates that it had.
 */

/** @typedef {(epoch: number, nEpochs: number) => number} Schedule */

/**
 * Return a schedule of the same rate in every step.
 *
 * @param {number} rate
 * @returns {Schedule}
 */
export function constant(rate) {
    return () => rate;
}

/**
 * Return a schedule with a new rate from given epochs on, as in the system S0.
 *
 * @param {Record<number, number>} stages epoch, counted from 0, to the rate from its start on
 * @returns {Schedule}
 */
export function staged(stages) {
    if (!(0 in stages)) throw new RangeError("staged rates need a rate for epoch 0");
    const starts = Object.keys(stages).map(Number);
    return (epoch) => stages[Math.max(...starts.filter((start) => start <= epoch))];
}
