/** Batch normalization: mean 0 and variance 1 per channel, then a learned scale and shift. */

import { NONE } from "./arrays.js";
import { SpatialLayer } from "./convolution.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./layers.js").Views} Views */
/** @typedef {import("./random.js").Random} Random */

/** Added to the variance; PyTorch's and ONNX's default. */
const EPSILON = 1e-5;
const NAMES = ["scale", "shift", "mean", "variance"];

/**
 * `y = scale * (x - mean) / sqrt(variance + epsilon) + shift` per channel.
 *
 * Mean and variance are the running averages of training (Ioffe and Szegedy 2015, algorithm 2,
 * steps 10 and 11), stored among the parameters with a gradient of zero. The networks that learn in
 * the page have no such layer: the statistics of a batch (algorithm 1) are left to Python.
 */
export class BatchNormalization extends SpatialLayer {
    kind = "batch_normalization";
    /** @type {Floats} (channels,) */
    scale = NONE;
    /** @type {Floats} (channels,) */
    shift = NONE;
    /** @type {Floats} (channels,) */
    mean = NONE;
    /** @type {Floats} (channels,) */
    variance = NONE;
    /** @type {Floats} */
    scaleGrad = NONE;
    /** @type {Floats} */
    shiftGrad = NONE;

    /**
     * @param {{shape: number[]}} options shape: rows, cols and channels of the images; (1, 1, d)
     *     normalizes each of d inputs
     */
    constructor({ shape }) {
        super(shape);
    }

    /**
     * Return the shapes of scale, shift, running mean and variance, (channels,) each.
     *
     * @param {number} d
     * @returns {Record<string, number[]>}
     */
    parameterShapes(d) {
        return Object.fromEntries(NAMES.map((name) => [name, [this.shape[2]]]));
    }

    /** @param {Views} parameters @param {Views} gradients */
    bind(parameters, gradients) {
        ({ scale: this.scale, shift: this.shift } = parameters);
        ({ mean: this.mean, variance: this.variance } = parameters);
        this.scaleGrad = gradients.scale;
        this.shiftGrad = gradients.shift;
    }

    /**
     * Set scale and variance to 1, shift and mean to 0.
     *
     * @param {Random} random
     */
    initialize(random) {
        this.scale.fill(1);
        this.variance.fill(1);
        this.shift.fill(0);
        this.mean.fill(0);
    }

    /**
     * Normalize with the running statistics.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        const channels = this.shape[2];
        for (let c = 0; c < channels; c++) {
            const factor = this.scale[c] * this.inverseDeviation(c);
            const offset = this.shift[c] - this.mean[c] * factor;
            for (let i = c; i < y.length; i += channels) y[i] = x[i] * factor + offset;
        }
    }

    /**
     * Add to the gradients of scale and shift, and compute dLoss/dx, from G = dLoss/dy.
     *
     * With z the normalized x: dLoss/dscale = sum(G * z), dLoss/dshift = sum(G), and as mean and
     * variance are constants, dLoss/dx = scale/deviation * G.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        const channels = this.shape[2];
        for (let c = 0; c < channels; c++) {
            const inverse = this.inverseDeviation(c);
            let product = 0;
            let sum = 0;
            for (let i = c; i < y.length; i += channels) {
                product += gradY[i] * (x[i] - this.mean[c]) * inverse;
                sum += gradY[i];
            }
            this.scaleGrad[c] += product;
            this.shiftGrad[c] += sum;
            if (!gradX) continue;
            const factor = this.scale[c] * inverse;
            for (let i = c; i < y.length; i += channels) gradX[i] = gradY[i] * factor;
        }
    }

    /** Return 1 / standard deviation of a channel. @param {number} c @returns {number} */
    inverseDeviation(c) {
        return 1 / Math.sqrt(this.variance[c] + EPSILON);
    }
}
