/**
 * Losses: from the logits to one number and its gradient, each in a numerically stable form.
 *
 * `logits` and `targets` are (n, k). The value is the mean over the rows, so the gradient carries
 * the 1/n and the layers only sum.
 */

import { allocate } from "./arrays.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./arrays.js").FloatType} FloatType */

/** The arrays of the loss of n rows of k logits, allocated once per batch size. */
export class LossWork {
    /**
     * @param {number} n
     * @param {number} k
     * @param {FloatType} type
     */
    constructor(n, k, type) {
        this.n = n;
        this.k = k;
        /** dLoss/dlogits, (n, k). */
        this.grad = allocate(type, n * k);
    }
}

/** Base of the losses: the function to minimize, together with the output function. */
export class Loss {
    /** Name of the class in model files. */
    kind = "loss";
    /** Whether each row belongs to exactly one class, that of the largest output. */
    exclusive = true;

    /**
     * Return the options of the loss in model files (JSON types only).
     *
     * @returns {Record<string, unknown>}
     */
    options() {
        return {};
    }

    /**
     * Compute the outputs in 0..1; `out` (n, k) may be `logits` itself.
     *
     * @param {Floats} logits (n, k)
     * @param {Floats} out (n, k)
     * @param {number} n
     * @param {number} k
     * @returns {void}
     */
    probabilities(logits, out, n, k) {
        throw new Error(`the loss ${this.kind} has no probabilities`);
    }

    /**
     * Return the number of rows answered right.
     *
     * Exclusive classes: the largest logit is at the largest target. Otherwise: every output is on
     * the same side of 1/2 as its target.
     *
     * @param {Floats} logits (n, k)
     * @param {Floats} targets (n, k)
     * @param {number} n
     * @param {number} k
     * @returns {number}
     */
    countCorrect(logits, targets, n, k) {
        let count = 0;
        for (let r = 0; r < n; r++) {
            const at = r * k;
            if (this.exclusive) {
                let answer = 0;
                let wanted = 0;
                for (let c = 1; c < k; c++) {
                    if (logits[at + c] > logits[at + answer]) answer = c;
                    if (targets[at + c] > targets[at + wanted]) wanted = c;
                }
                if (answer === wanted) count++;
            } else {
                let nAgree = 0;
                for (let c = at; c < at + k; c++) if (logits[c] > 0 === targets[c] > 0.5) nAgree++;
                if (nAgree === k) count++;
            }
        }
        return count;
    }

    /**
     * Return the mean loss and store dLoss/dlogits in `work.grad`.
     *
     * @param {Floats} logits (n, k)
     * @param {Floats} targets (n, k)
     * @param {LossWork} work the arrays for n rows
     * @param {{total?: number}} [options] total: divisor of the sum of losses, n by default; for
     *     rows that are part of a batch
     * @returns {number}
     */
    valueAndGradient(logits, targets, work, { total } = {}) {
        throw new Error(`the loss ${this.kind} has no value`);
    }
}

/** Softmax outputs with the loss `-sum(t * log p)` (Bishop 2006, eqs. 4.104 and 4.108). */
export class SoftmaxCrossEntropy extends Loss {
    kind = "softmax_cross_entropy";

    /**
     * @param {number} [labelSmoothing] share of each target spread evenly over all classes, from 0
     *     to below 1 (Szegedy et al. 2016, section 7)
     */
    constructor(labelSmoothing = 0) {
        super();
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new RangeError(
                `label smoothing is a share from 0 to below 1, got ${labelSmoothing}`,
            );
        }
        this.labelSmoothing = labelSmoothing;
    }

    /** Return the label smoothing. */
    options() {
        return { label_smoothing: this.labelSmoothing };
    }

    /**
     * Compute exp(z) / sum(exp(z)); the largest z is subtracted first, against overflow.
     *
     * @param {Floats} logits
     * @param {Floats} out
     * @param {number} n
     * @param {number} k
     */
    probabilities(logits, out, n, k) {
        for (let r = 0; r < n; r++) {
            const largest = largestOfRow(logits, r, k);
            let sum = 0;
            for (let i = r * k; i < (r + 1) * k; i++) {
                out[i] = Math.exp(logits[i] - largest);
                sum += out[i];
            }
            for (let i = r * k; i < (r + 1) * k; i++) out[i] /= sum;
        }
    }

    /**
     * Return the mean of -sum(t log p), with -log p = log(sum(exp z)) - z; gradient p - t.
     *
     * @param {Floats} logits
     * @param {Floats} targets
     * @param {LossWork} work
     * @param {{total?: number}} [options]
     */
    valueAndGradient(logits, targets, work, { total = work.n } = {}) {
        const { n, k, grad } = work;
        const keep = 1 - this.labelSmoothing;
        const spread = this.labelSmoothing / k;
        let loss = 0;
        for (let r = 0; r < n; r++) {
            const largest = largestOfRow(logits, r, k);
            let sum = 0;
            for (let i = r * k; i < (r + 1) * k; i++) {
                const exponential = Math.exp(logits[i] - largest);
                grad[i] = exponential;
                sum += exponential;
            }
            const logSum = Math.log(sum);
            for (let i = r * k; i < (r + 1) * k; i++) {
                const t = keep * targets[i] + spread;
                loss += t * (logSum - (logits[i] - largest)); // t times -log p
                grad[i] = (grad[i] / sum - t) / total; // dLoss/dz = p - t, as sum(t) = 1
            }
        }
        return loss / total;
    }
}

/** Sigmoid outputs with binary cross-entropy summed over the classes (Bishop 2006, eq. 4.90). */
export class SigmoidBinaryCrossEntropy extends Loss {
    kind = "sigmoid_binary_cross_entropy";

    /**
     * @param {{exclusive?: boolean}} [options] exclusive: true if each row belongs to one class
     *     (the ten outputs of the system S1); false for a single yes/no output or several labels
     *     per row, decided at 1/2 each
     */
    constructor({ exclusive = true } = {}) {
        super();
        this.exclusive = exclusive;
    }

    /** Return whether the classes exclude each other. */
    options() {
        return { exclusive: this.exclusive };
    }

    /**
     * Compute 1 / (1 + exp(-z)); where exp overflows to infinity, the output is 0.
     *
     * @param {Floats} logits
     * @param {Floats} out
     * @param {number} n
     * @param {number} k
     */
    probabilities(logits, out, n, k) {
        for (let i = 0; i < n * k; i++) out[i] = 1 / (1 + Math.exp(-logits[i]));
    }

    /**
     * Return the mean of -t log p - (1-t) log(1-p) = softplus(z) - t z; gradient p - t.
     *
     * Here softplus(z) = log(1 + exp z) = -log(1 - p), and log p = z - softplus(z).
     *
     * @param {Floats} logits
     * @param {Floats} targets
     * @param {LossWork} work
     * @param {{total?: number}} [options]
     */
    valueAndGradient(logits, targets, work, { total = work.n } = {}) {
        const { n, k, grad } = work;
        let loss = 0;
        for (let i = 0; i < n * k; i++) {
            const z = logits[i];
            const t = targets[i];
            const softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            loss += softplus - t * z;
            grad[i] = (Math.exp(z - softplus) - t) / total; // dLoss/dz = p - t
        }
        return loss / total;
    }
}

/** @param {Floats} values (n, k) @param {number} r @param {number} k @returns {number} */
function largestOfRow(values, r, k) {
    let largest = values[r * k];
    for (let i = r * k + 1; i < (r + 1) * k; i++) if (values[i] > largest) largest = values[i];
    return largest;
}
