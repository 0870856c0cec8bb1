/**
 * Layers: each maps a batch forward and propagates the gradient backward.
 *
 * Rows are samples: `x` is (n, d), `y` is (n, h), row-major. `gradA` is dLoss/da. Parameters and
 * their gradients are views into the network's two flat vectors, assigned by `Layer.bind`; results
 * are written into arrays of the caller, so that a training step allocates nothing. The formulas
 * are those of backpropagation (Rumelhart, Hinton and Williams 1986).
 */

import { NONE, Scratch } from "./arrays.js";
import { glorotUniform, zeros } from "./initializers.js";
import {
    addProduct,
    addRows,
    addSparseProduct,
    addTransposedProduct,
    productWithTransposed,
    repeatRow,
} from "./products.js";
import { SparseRows } from "./sparse_rows.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./initializers.js").Initializer} Initializer */
/** @typedef {import("./random.js").Random} Random */
/** @typedef {Record<string, Floats>} Views arrays by name, such as "weight" */

/** Base of all layers: no parameters, as many outputs as inputs. */
export class Layer {
    /** Name of the class in model files. */
    kind = "layer";
    /** Whether `forward` and `backward` take `SparseRows` for x as well. */
    takesSparseRows = false;

    /**
     * Return the options of the layer in model files (JSON types only).
     *
     * @returns {Record<string, unknown>}
     */
    options() {
        return {};
    }

    /**
     * Return the number of outputs h for d inputs.
     *
     * @param {number} d
     * @returns {number}
     */
    outputWidth(d) {
        return d;
    }

    /**
     * Return the names and shapes of the parameters for d inputs, in storage order.
     *
     * @param {number} d
     * @returns {Record<string, number[]>}
     */
    parameterShapes(d) {
        return {};
    }

    /**
     * Keep views into the network's flat vectors, such as `weight` and `weightGrad`.
     *
     * @param {Views} parameters
     * @param {Views} gradients
     * @returns {void}
     */
    bind(parameters, gradients) {}

    /**
     * Draw new parameters.
     *
     * @param {Random} random
     * @returns {void}
     */
    initialize(random) {}

    /**
     * Return a layer of the same options, to be bound to another network.
     *
     * @returns {this}
     */
    copy() {
        return Object.assign(Object.create(Object.getPrototypeOf(this)), this);
    }

    /**
     * Compute the outputs of a batch.
     *
     * @param {Floats | SparseRows} x (n, d) inputs
     * @param {Floats} y (n, h) filled with the outputs
     * @param {number} n
     * @param {Random | null} random given during training only; source of random masks
     * @returns {void}
     */
    forward(x, y, n, random) {
        throw new Error(`the layer ${this.kind} has no forward pass`);
    }

    /**
     * Add to the parameter gradients, and compute dLoss/dx, from dLoss/dy.
     *
     * @param {Floats | SparseRows} x (n, d) inputs of the forward pass
     * @param {Floats} y (n, h) its outputs
     * @param {Floats} gradY (n, h) dLoss/dy; it already carries the 1/n, so gradients are sums here
     * @param {Floats | null} gradX (n, d) filled with dLoss/dx; null if it is not needed
     * @param {number} n
     * @returns {void}
     */
    backward(x, y, gradY, gradX, n) {
        throw new Error(`the layer ${this.kind} has no backward pass`);
    }
}

/** Affine map of every row: `y = x @ weight + bias`. */
export class Dense extends Layer {
    kind = "dense";
    takesSparseRows = true;
    /** @type {Floats} (d, h) */
    weight = NONE;
    /** @type {Floats} (h,) */
    bias = NONE;
    /** @type {Floats} */
    weightGrad = NONE;
    /** @type {Floats} */
    biasGrad = NONE;
    /** @type {SparseRows | null} the last sparse batch by columns */
    columns = null;
    transposed = new Scratch();

    /**
     * @param {number} width number of outputs h
     * @param {{weights?: Initializer, biases?: Initializer}} [initializers] of weight and bias
     */
    constructor(width, { weights = glorotUniform, biases = zeros } = {}) {
        super();
        if (!(width >= 1)) {
            throw new RangeError(`a dense layer needs at least 1 output, got ${width}`);
        }
        this.width = width;
        this.weights = weights;
        this.biases = biases;
    }

    /** Return the width; the initializers are of no use once the weights are drawn. */
    options() {
        return { width: this.width };
    }

    /** @returns {this} */
    copy() {
        const layer = super.copy();
        layer.columns = null;
        layer.transposed = new Scratch();
        return layer;
    }

    /** @param {number} d */
    outputWidth(d) {
        return this.width;
    }

    /**
     * Return the shapes of weight (d, h) and bias (h,).
     *
     * @param {number} d
     * @returns {Record<string, number[]>}
     */
    parameterShapes(d) {
        return { weight: [d, this.width], bias: [this.width] };
    }

    /** @param {Views} parameters @param {Views} gradients */
    bind(parameters, gradients) {
        ({ weight: this.weight, bias: this.bias } = parameters);
        this.weightGrad = gradients.weight;
        this.biasGrad = gradients.bias;
    }

    /**
     * Draw the weight, then the bias.
     *
     * @param {Random} random
     */
    initialize(random) {
        const d = this.weight.length / this.width;
        this.weights(random, this.weight, d, this.width);
        this.biases(random, this.bias, d, this.width);
    }

    /**
     * Compute `y = x @ weight + bias`.
     *
     * @param {Floats | SparseRows} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        const d = this.weight.length / this.width;
        repeatRow(this.bias, y, n);
        if (x instanceof SparseRows) addSparseProduct(x, this.weight, y, this.width);
        else addProduct(x, this.weight, y, n, d, this.width);
    }

    /**
     * Add to the parameter gradients, and compute dLoss/dx, from dLoss/dy.
     *
     * With y = x W + b and G = gradY, dLoss = sum(G * dy):
     * dLoss/dW = xᵀ G, dLoss/db = the sum of G over the rows, dLoss/dx = G Wᵀ.
     *
     * @param {Floats | SparseRows} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        const d = this.weight.length / this.width;
        if (x instanceof SparseRows) {
            this.columns = x.transposed(this.columns);
            addSparseProduct(this.columns, gradY, this.weightGrad, this.width);
        } else addTransposedProduct(x, gradY, this.weightGrad, n, d, this.width);
        addRows(gradY, this.biasGrad, n, this.width);
        if (!gradX) return;
        const transposed = this.transposed.like(this.weight, d * this.width);
        productWithTransposed(gradY, this.weight, gradX, transposed, n, d, this.width);
    }
}

/** First layer of the system S0: `y = tanh(x + bias)` with one bias per input. */
export class InputBias extends Layer {
    kind = "input_bias";
    /** @type {Floats} (d,) */
    bias = NONE;
    /** @type {Floats} */
    biasGrad = NONE;
    scratch = new Scratch();

    /**
     * Return the shape of the bias, (d,).
     *
     * @param {number} d
     * @returns {Record<string, number[]>}
     */
    parameterShapes(d) {
        return { bias: [d] };
    }

    /** @param {Views} parameters @param {Views} gradients */
    bind(parameters, gradients) {
        this.bias = parameters.bias;
        this.biasGrad = gradients.bias;
    }

    /**
     * Set the bias to zero.
     *
     * @param {Random} random
     */
    initialize(random) {
        this.bias.fill(0);
    }

    /**
     * Compute `y = tanh(x + bias)`.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        const d = this.bias.length;
        for (let r = 0; r < n; r++) {
            for (let j = 0; j < d; j++) y[r * d + j] = Math.tanh(x[r * d + j] + this.bias[j]);
        }
    }

    /**
     * Compute dLoss/dx with dy/dx = 1 - y²; dLoss/dbias is its sum over the rows.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        const d = this.bias.length;
        gradX ??= this.scratch.like(y, n * d); // as the first layer: the bias needs it all the same
        for (let i = 0; i < n * d; i++) gradX[i] = (1 - y[i] * y[i]) * gradY[i];
        addRows(gradX, this.biasGrad, n, d);
    }
}

/**
 * Set each input to zero with probability `share` in training; the identity otherwise.
 *
 * The other inputs are scaled by 1/(1 - share), which keeps the expected value (Srivastava et al.
 * 2014, section 10, "inverted dropout").
 */
export class Dropout extends Layer {
    kind = "dropout";
    scratch = new Scratch();
    /** @type {Floats} 0 or 1/(1 - share) for each input of the last pass in training */
    mask = NONE;
    /** @type {Floats | null} the output array that the mask belongs to */
    masked = null;

    /** @param {number} share probability of zero, from 0 to below 1 */
    constructor(share) {
        super();
        if (!(share >= 0 && share < 1)) {
            throw new RangeError(`dropout needs a share from 0 to below 1, got ${share}`);
        }
        this.share = share;
    }

    /** Return the share of inputs set to zero. */
    options() {
        return { share: this.share };
    }

    /** @returns {this} */
    copy() {
        const layer = super.copy();
        layer.scratch = new Scratch();
        layer.masked = null;
        return layer;
    }

    /**
     * Compute `y = x * mask` with a new mask of 0 and 1/(1 - share); copy without random.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        if (random === null || this.share === 0) {
            if (this.masked === y) this.masked = null;
            y.set(x);
            return;
        }
        this.masked = y;
        this.mask = this.scratch.like(x, x.length);
        const scale = 1 / (1 - this.share);
        for (let i = 0; i < x.length; i++) {
            this.mask[i] = random.random() >= this.share ? scale : 0;
            y[i] = x[i] * this.mask[i];
        }
    }

    /**
     * Compute dLoss/dx = gradY * mask; copy after a pass without mask.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        if (!gradX) return;
        if (this.masked !== y) gradX.set(gradY);
        else for (let i = 0; i < y.length; i++) gradX[i] = gradY[i] * this.mask[i];
    }
}
