/**
 * Activation functions, each with its derivative.
 *
 * Every activation keeps the width: `x` is the pre-activation (n, h), `y` the activation (n, h).
 * Derivatives are written in terms of `y` where possible, which saves a second evaluation.
 */

import { Layer } from "./layers.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./random.js").Random} Random */

/** Rectified linear unit: `y = max(x, 0)` (Nair and Hinton 2010). */
export class ReLU extends Layer {
    kind = "relu";

    /**
     * Compute `y = max(x, 0)`.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        for (let i = 0; i < y.length; i++) y[i] = x[i] < 0 ? 0 : x[i]; // NaN passes
    }

    /**
     * Compute dLoss/dx: dy/dx is 1 where x > 0, else 0.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        if (!gradX) return;
        for (let i = 0; i < y.length; i++) gradX[i] = y[i] > 0 ? gradY[i] : 0; // y > 0 where x > 0
    }
}

/** Leaky rectifier: `y = x` where x > 0, else `slope * x` (Maas et al. 2013). */
export class LeakyReLU extends Layer {
    kind = "leaky_relu";

    /** @param {number} [slope] for negative inputs, from 0 to below 1 */
    constructor(slope = 0.1) {
        super();
        if (!(slope >= 0 && slope < 1)) {
            throw new RangeError(`a leaky ReLU needs a slope from 0 to below 1, got ${slope}`);
        }
        this.slope = slope;
    }

    /** Return the slope for negative inputs. */
    options() {
        return { slope: this.slope };
    }

    /**
     * Compute `y = x` where x > 0, else `slope * x`.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        for (let i = 0; i < y.length; i++) y[i] = x[i] > 0 ? x[i] : this.slope * x[i];
    }

    /**
     * Compute dLoss/dx: dy/dx is 1 where x > 0, else `slope`.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        if (!gradX) return;
        for (let i = 0; i < y.length; i++) gradX[i] = (x[i] > 0 ? 1 : this.slope) * gradY[i];
    }
}

/** Hyperbolic tangent: `y = tanh(x)`, in (-1, 1). */
export class Tanh extends Layer {
    kind = "tanh";

    /**
     * Compute `y = tanh(x)`.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]);
    }

    /**
     * Compute dLoss/dx with dy/dx = 1 - tanh²(x) = 1 - y².
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        if (!gradX) return;
        for (let i = 0; i < y.length; i++) gradX[i] = (1 - y[i] * y[i]) * gradY[i];
    }
}

/** Logistic function: `y = 1 / (1 + exp(-x))`, in (0, 1). */
export class Sigmoid extends Layer {
    kind = "sigmoid";

    /**
     * Compute `y = 1 / (1 + exp(-x))`; where exp overflows to infinity, y is 0.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-x[i]));
    }

    /**
     * Compute dLoss/dx with dy/dx = y * (1 - y).
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        if (!gradX) return;
        for (let i = 0; i < y.length; i++) gradX[i] = y[i] * (1 - y[i]) * gradY[i];
    }
}
