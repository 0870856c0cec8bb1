/**
 * Optimizers: each step is a loop over the flat parameters and gradient.
 *
 * An optimizer is bound to one network, where it allocates its state; a step allocates nothing.
 */

import { allocate } from "./arrays.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./network.js").Network} Network */

/** The smallest normal numbers of single and double precision. */
const [SINGLE_NORMAL, DOUBLE_NORMAL] = [2 ** -126, 2 ** -1022];
/** Decaying moments are kept above this multiple of the smallest normal number. */
const LIFT = 1e8;

/** Base of the optimizers: moves the parameters against the gradient. */
class Optimizer {
    constructor() {
        /**
         * The arrays that a restored run needs, by name, all (p,) like the parameters.
         *
         * @type {Map<string, Floats>}
         */
        this.state = new Map();
        /** Number of steps taken. */
        this.nSteps = 0;
        this.tiny = 0;
    }

    /**
     * Attach to a network's vectors and reset the state.
     *
     * @param {Network} network
     * @returns {void}
     */
    bind(network) {
        this.network = network;
        this.tiny = (network.dtype === Float64Array ? DOUBLE_NORMAL : SINGLE_NORMAL) * LIFT;
        this.nSteps = 0;
        this.state = new Map();
        for (const name of this.stateNames()) {
            const values = allocate(network.dtype, network.parameters.length);
            this.state.set(name, values.fill(this.tiny));
        }
    }

    /**
     * Return the names of the state arrays.
     *
     * @returns {string[]}
     */
    stateNames() {
        return [];
    }

    /**
     * Add a tiny number to the moments before any can have decayed below normal numbers.
     *
     * The weight of an input that is hardly ever on gets no gradient; its moments shrink by `decay`
     * at each step and become denormal numbers, which some processors compute a hundred times
     * slower. The number added (1e-30 in single precision) is too small to move a parameter.
     *
     * @param {number} decay
     */
    avoidDenormals(decay) {
        const nUntilDenormal = decay ? -Math.log(LIFT) / Math.log(decay) : Infinity;
        if (this.nSteps % Math.max(1, Math.floor(Math.min(nUntilDenormal, 1e6)))) return;
        for (const moment of this.state.values()) {
            for (let i = 0; i < moment.length; i++) moment[i] += this.tiny;
        }
    }

    /**
     * Take one step with learning rate `rate`.
     *
     * @param {number} rate
     * @returns {void}
     */
    step(rate) {
        throw new Error("this optimizer has no step");
    }

    /** @returns {Network} the network it is bound to */
    get bound() {
        if (!this.network) throw new Error("bind the optimizer to a network before its first step");
        return this.network;
    }
}

/**
 * Gradient descent, optionally with momentum; the caller chooses the batch size.
 *
 * `velocity = momentum * velocity - rate * gradient; parameters += velocity` (Polyak 1964).
 * Nesterov momentum looks one such step ahead (Sutskever et al. 2013, eqs. 3 and 4, in the form of
 * Bengio et al. 2013).
 */
export class SGD extends Optimizer {
    /**
     * @param {{momentum?: number, nesterov?: boolean}} [options] momentum: decay of the velocity,
     *     from 0 (none) to below 1; nesterov: use Nesterov momentum
     */
    constructor({ momentum = 0, nesterov = false } = {}) {
        super();
        if (!(momentum >= 0 && momentum < 1)) {
            throw new RangeError(`momentum must be from 0 to below 1, got ${momentum}`);
        }
        this.momentum = momentum;
        this.nesterov = nesterov;
    }

    /** Return the velocity, if there is momentum. */
    stateNames() {
        return this.momentum ? ["velocity"] : [];
    }

    /**
     * Take one step with learning rate `rate`.
     *
     * @param {number} rate
     */
    step(rate) {
        this.nSteps++;
        const { parameters, gradient } = this.bound;
        const velocity = this.state.get("velocity");
        if (!velocity) {
            for (let i = 0; i < gradient.length; i++) parameters[i] -= rate * gradient[i];
            return;
        }
        this.avoidDenormals(this.momentum);
        const { momentum } = this;
        for (let i = 0; i < gradient.length; i++) {
            velocity[i] = momentum * velocity[i] - rate * gradient[i];
        }
        if (this.nesterov) {
            for (let i = 0; i < gradient.length; i++) {
                parameters[i] += momentum * velocity[i] - rate * gradient[i];
            }
        } else {
            for (let i = 0; i < gradient.length; i++) parameters[i] += velocity[i];
        }
    }
}

/** Steps scaled by running moments of the gradient (Kingma and Ba 2015, algorithm 1). */
export class Adam extends Optimizer {
    /**
     * @param {object} [options]
     * @param {number} [options.beta1] decay of the mean of the gradient, from 0 to below 1
     * @param {number} [options.beta2] decay of the mean of its square, from 0 to below 1
     * @param {number} [options.epsilon] added to the denominator, above 0
     * @param {number} [options.weightDecay] above 0 it is AdamW: every step first shrinks the
     *     weights, not the biases, by `rate * weightDecay` (Loshchilov and Hutter 2019,
     *     algorithm 2)
     */
    constructor({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = {}) {
        super();
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
            throw new RangeError(`Adam's betas must be from 0 to below 1, got ${beta1}, ${beta2}`);
        }
        if (!(epsilon > 0 && weightDecay >= 0)) {
            throw new RangeError(
                `Adam's epsilon must be above 0 and its weightDecay 0 or more, ` +
                    `got ${epsilon} and ${weightDecay}`,
            );
        }
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
    }

    /** Return the names of the two moments, which `step` turns into means. */
    stateNames() {
        return ["sum", "square_sum"];
    }

    /**
     * Take one step with learning rate `rate`.
     *
     * The means m and v of algorithm 1 are (1 - beta) times the sums kept here, divided by
     * 1 - beta^t as they start at 0. These factors of whole vectors are applied to `rate` and
     * `epsilon` instead, which costs nothing.
     *
     * @param {number} rate
     */
    step(rate) {
        this.nSteps++;
        this.avoidDenormals(this.beta1);
        if (this.weightDecay) this.bound.scaleWeights(1 - rate * this.weightDecay);
        const mean = (1 - this.beta1) / (1 - this.beta1 ** this.nSteps);
        const root = Math.sqrt((1 - this.beta2) / (1 - this.beta2 ** this.nSteps));
        this.#update((rate * mean) / root, this.epsilon / root);
    }

    /**
     * Update the decayed sums, then `parameters -= rate * m / (sqrt(v) + epsilon)`.
     *
     * @param {number} rate
     * @param {number} epsilon
     */
    #update(rate, epsilon) {
        const { parameters, gradient } = this.bound;
        const { beta1, beta2 } = this;
        const m = /** @type {Floats} */ (this.state.get("sum"));
        const v = /** @type {Floats} */ (this.state.get("square_sum"));
        for (let i = 0; i < gradient.length; i++) {
            const g = gradient[i];
            m[i] = beta1 * m[i] + g;
            v[i] = beta2 * v[i] + g * g;
            parameters[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
        }
    }
}
