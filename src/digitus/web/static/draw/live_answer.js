/** When to compute: at every frame where that is quick, otherwise as often as it can be. */

/** A frame of 60 a second has 16 ms; painting and the page need the rest. */
const QUICK_MS = 9;
/** Weight of the latest time in the running mean. */
const NEWEST = 0.3;

/**
 * Runs a computation for the latest state; requests never queue up.
 *
 * A quick one runs at once. A slow one runs after the frame has been painted, and requests that
 * come until then are answered by the same run, which sees the newest state.
 */
export class LiveAnswer {
    /** @param {() => void} compute reads the state itself */
    constructor(compute) {
        this.compute = compute;
        /** Running mean of the time of a run, in ms. */
        this.meanMs = 0;
        /** @type {ReturnType<typeof setTimeout> | null} */
        this.waiting = null;
    }

    /** The state has changed; more changes are to be expected soon. */
    request() {
        if (this.meanMs <= QUICK_MS) this.now();
        else this.waiting ??= setTimeout(() => this.now());
    }

    /** Compute now. */
    now() {
        if (this.waiting !== null) clearTimeout(this.waiting);
        this.waiting = null;
        const start = performance.now();
        this.compute();
        const took = performance.now() - start;
        this.meanMs = this.meanMs ? NEWEST * took + (1 - NEWEST) * this.meanMs : took;
    }
}
