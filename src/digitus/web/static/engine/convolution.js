/**
 * Convolution and max pooling, on images stored as rows.
 *
 * An image (rows, cols, channels) is one row of `d = rows * cols * channels` values, channels last;
 * each layer knows the image's shape. Source: LeCun, Bottou, Bengio and Haffner (1998), section II.
 */

import { NONE, Scratch } from "./arrays.js";
import { heNormal } from "./initializers.js";
import { Layer } from "./layers.js";
import { addProduct, addRows, addTransposedProduct, repeatRow } from "./products.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./layers.js").Views} Views */
/** @typedef {import("./random.js").Random} Random */
/** @typedef {[number, number]} Sides rows and cols */
/** @typedef {[number, number, number]} ImageShape rows, cols and channels */

/**
 * Return rows and cols of a size that is one number (a square) or a pair.
 *
 * @param {number | number[]} size
 * @returns {Sides}
 */
function asSides(size) {
    return typeof size === "number" ? [size, size] : [size[0], size[1]];
}

/**
 * Return rows and cols as stored in model files: one number for a square.
 *
 * @param {Sides} sides
 * @returns {number | number[]}
 */
function option(sides) {
    return sides[0] === sides[1] ? sides[0] : [...sides];
}

/** Base of the layers over images of one shape. */
export class SpatialLayer extends Layer {
    /** @param {number[]} shape rows, cols and channels of the input images */
    constructor(shape) {
        super();
        if (shape.length !== 3 || !shape.every((side) => side >= 1)) {
            throw new RangeError(`an image has rows, cols and channels, all above 0; got ${shape}`);
        }
        /** @type {ImageShape} */
        this.shape = [shape[0], shape[1], shape[2]];
    }

    /**
     * Rows, cols and channels of the output images.
     *
     * @returns {ImageShape}
     */
    get outputShape() {
        return this.shape;
    }

    /**
     * Return the shape of the input images.
     *
     * @returns {Record<string, unknown>}
     */
    options() {
        return { shape: [...this.shape] };
    }

    /**
     * Return the number of values of an output image.
     *
     * @param {number} d
     * @returns {number}
     */
    outputWidth(d) {
        if (d !== sizeOf(this.shape)) {
            throw new RangeError(`a layer for images of ${this.shape} cannot take ${d} inputs`);
        }
        return sizeOf(this.outputShape);
    }
}

/** @param {ImageShape} shape @returns {number} */
function sizeOf([rows, cols, channels]) {
    return rows * cols * channels;
}

/**
 * The windows of a zero-padded image as the rows of a matrix, stride 1 ("im2col").
 *
 * A convolution becomes one matrix product of this matrix with the filters (Chellapilla, Puri and
 * Simard 2006, section 3).
 */
class Windows {
    /**
     * @param {ImageShape} shape rows, cols and channels of an image
     * @param {Sides} size rows and cols of a window
     * @param {Sides} padding rows of zeros above and below, cols of zeros left and right
     */
    constructor(shape, size, padding) {
        this.shape = shape;
        this.size = size;
        this.padding = padding;
        /** Number of windows down and across. */
        this.rows = shape[0] + 2 * padding[0] - size[0] + 1;
        this.cols = shape[1] + 2 * padding[1] - size[1] + 1;
        if (Math.min(...size, this.rows, this.cols) < 1 || Math.min(...padding) < 0) {
            throw new RangeError(
                `no window of ${size} with ${padding} zeros around fits images of ${shape}`,
            );
        }
        /** Number of values in a window. */
        this.width = size[0] * size[1] * shape[2];
        this.scratch = new Scratch();
    }

    /**
     * Return the windows of one image, valid until the next call.
     *
     * @param {Floats} x
     * @param {number} start index of the image's first value
     * @returns {Floats} (rows * cols, width), the values of a window ordered by row, col, channel
     */
    matrix(x, start) {
        const [height, width, channels] = this.shape;
        const [sizeRows, sizeCols] = this.size;
        const matrix = this.scratch.like(x, this.rows * this.cols * this.width);
        let to = 0;
        for (let row = 0; row < this.rows; row++) {
            for (let col = 0; col < this.cols; col++) {
                const left = col - this.padding[1];
                for (let i = 0; i < sizeRows; i++) {
                    const above = row - this.padding[0] + i;
                    // One row of a window is contiguous: its cols and channels lie side by side.
                    const from = start + (above * width + left) * channels;
                    const isInside = above >= 0 && above < height;
                    const first = isInside ? Math.max(0, -left) * channels : sizeCols * channels;
                    const last = Math.min(sizeCols, width - left) * channels;
                    let c = 0;
                    for (; c < first; c++) matrix[to + c] = 0;
                    for (; c < last; c++) matrix[to + c] = x[from + c];
                    for (; c < sizeCols * channels; c++) matrix[to + c] = 0;
                    to += sizeCols * channels;
                }
            }
        }
        return matrix;
    }
}

/**
 * The same filters at every position: `y[r, c] = window(x, r, c) @ weight + bias`.
 *
 * As usual in this field it is a cross-correlation: the filters are not flipped.
 */
export class Convolution extends SpatialLayer {
    kind = "convolution";
    /** @type {Floats} (rows * cols * input channels, h) */
    weight = NONE;
    /** @type {Floats} (h,) */
    bias = NONE;
    /** @type {Floats} */
    weightGrad = NONE;
    /** @type {Floats} */
    biasGrad = NONE;
    turned = new Scratch();

    /**
     * @param {number} channels number of filters h
     * @param {object} options
     * @param {number[]} options.shape rows, cols and channels of the input images
     * @param {number | number[]} [options.size] rows and cols of a filter; one number for a square
     * @param {number | number[]} [options.padding] rows and cols of zeros around the image;
     *     `size // 2` keeps the image's size
     */
    constructor(channels, { shape, size = 3, padding = 1 }) {
        super(shape);
        this.channels = channels;
        this.size = asSides(size);
        this.padding = asSides(padding);
        const [above, left] = this.padding;
        if (!(channels >= 1) || above >= this.size[0] || left >= this.size[1]) {
            throw new RangeError(
                `a convolution needs at least 1 filter and less padding than filter; ` +
                    `got ${channels} of size ${size} with padding ${padding}`,
            );
        }
        this.makeWindows();
    }

    /** Make the windows of the forward and the backward pass, with arrays of their own. */
    makeWindows() {
        const [above, left] = this.padding;
        this.windows = new Windows(this.shape, this.size, this.padding);
        const full = /** @type {Sides} */ ([this.size[0] - 1 - above, this.size[1] - 1 - left]);
        this.gradWindows = new Windows(this.outputShape, this.size, full);
    }

    /** @returns {ImageShape} rows and cols of the window positions, one channel per filter */
    get outputShape() {
        const windows = /** @type {Windows} */ (this.windows);
        return [windows.rows, windows.cols, this.channels];
    }

    /** @returns {Record<string, unknown>} filters and shape */
    options() {
        const sides = { size: option(this.size), padding: option(this.padding) };
        return { channels: this.channels, ...sides, ...super.options() };
    }

    /**
     * Return the shapes of weight (rows * cols * input channels, h) and bias (h,).
     *
     * @param {number} d
     * @returns {Record<string, number[]>}
     */
    parameterShapes(d) {
        const width = this.size[0] * this.size[1] * this.shape[2];
        return { weight: [width, this.channels], bias: [this.channels] };
    }

    /** @param {Views} parameters @param {Views} gradients */
    bind(parameters, gradients) {
        ({ weight: this.weight, bias: this.bias } = parameters);
        this.weightGrad = gradients.weight;
        this.biasGrad = gradients.bias;
    }

    /**
     * Draw the weight (He et al. 2015) for the inputs of one window; the bias is 0.
     *
     * @param {Random} random
     */
    initialize(random) {
        const d = this.weight.length / this.channels;
        heNormal(random, this.weight, d, this.channels);
        this.bias.fill(0);
    }

    /** @returns {this} */
    copy() {
        const layer = super.copy();
        layer.turned = new Scratch();
        layer.makeWindows();
        return layer;
    }

    /**
     * Compute `y = windows(x) @ weight + bias`, one image at a time.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        const windows = /** @type {Windows} */ (this.windows);
        const positions = windows.rows * windows.cols;
        repeatRow(this.bias, y, n * positions);
        for (let r = 0; r < n; r++) {
            const matrix = windows.matrix(x, r * sizeOf(this.shape));
            const out = imageOf(y, r, positions * this.channels);
            addProduct(matrix, this.weight, out, positions, windows.width, this.channels);
        }
    }

    /**
     * Add to the parameter gradients, and compute dLoss/dx, from dLoss/dy.
     *
     * Every window is a row of a dense layer with these filters, hence with G = gradY as rows of h
     * values: dLoss/dW = windows(x)ᵀ G, dLoss/db = the sum of G over all windows. The value x[r, c]
     * takes part in y[r - i, c - j] through the weight at (i, j); summing over i and j, dLoss/dx is
     * the convolution of dLoss/dy with the filters turned by 180 degrees, input and output channels
     * exchanged.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        const windows = /** @type {Windows} */ (this.windows);
        const gradWindows = /** @type {Windows} */ (this.gradWindows);
        const [positions, h, d] = [windows.rows * windows.cols, this.channels, sizeOf(this.shape)];
        for (let r = 0; r < n; r++) {
            const grad = imageOf(gradY, r, positions * h);
            const matrix = windows.matrix(x, r * d);
            addTransposedProduct(matrix, grad, this.weightGrad, positions, windows.width, h);
        }
        addRows(gradY, this.biasGrad, n * positions, h);
        if (!gradX) return;
        gradX.fill(0);
        const filters = this.turnedFilters();
        for (let r = 0; r < n; r++) {
            const matrix = gradWindows.matrix(gradY, r * positions * h);
            const [rows, width, channels] = [d / this.shape[2], gradWindows.width, this.shape[2]];
            addProduct(matrix, filters, imageOf(gradX, r, d), rows, width, channels);
        }
    }

    /** Return the filters turned by 180 degrees, (rows * cols * h, input channels). */
    turnedFilters() {
        const { weight, channels: h } = this;
        const channels = this.shape[2];
        const positions = this.size[0] * this.size[1];
        const turned = this.turned.like(weight, weight.length);
        for (let at = 0; at < positions; at++) {
            const opposite = positions - 1 - at;
            for (let i = 0; i < channels; i++) {
                for (let c = 0; c < h; c++) {
                    turned[(opposite * h + c) * channels + i] = weight[(at * channels + i) * h + c];
                }
            }
        }
        return turned;
    }
}

/** Return one image as a view of rows. @param {Floats} x @param {number} r @param {number} d */
function imageOf(x, r, d) {
    return x.subarray(r * d, (r + 1) * d);
}

/**
 * The largest value of each field: `y[r, c] = max(x[r*s : r*s+s, c*t : c*t+t])`.
 *
 * Rows and cols at the end that do not fill a field are ignored.
 */
export class MaxPooling extends SpatialLayer {
    kind = "max_pooling";

    /**
     * @param {object} options
     * @param {number[]} options.shape rows, cols and channels of the input images
     * @param {number | number[]} [options.size] rows s and cols t of a field; one number for a
     *     square
     */
    constructor({ shape, size = 2 }) {
        super(shape);
        this.size = asSides(size);
        const [s, t] = this.size;
        if (!(s >= 1 && t >= 1) || s > this.shape[0] || t > this.shape[1]) {
            throw new RangeError(`fields of size ${size} do not fit images of ${this.shape}`);
        }
    }

    /** @returns {ImageShape} rows and cols divided by those of a field, the same channels */
    get outputShape() {
        const [rows, cols, channels] = this.shape;
        return [Math.floor(rows / this.size[0]), Math.floor(cols / this.size[1]), channels];
    }

    /** @returns {Record<string, unknown>} size of a field and the shape */
    options() {
        return { size: option(this.size), ...super.options() };
    }

    /**
     * Compute the largest value of each field.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {number} n
     * @param {Random | null} random
     */
    forward(x, y, n, random) {
        this.eachField(n, (from, to) => {
            y[to] = x[this.largestAt(x, from)];
        });
    }

    /**
     * Compute dLoss/dx: gradY at the (first) largest value of each field, else 0.
     *
     * @param {Floats} x
     * @param {Floats} y
     * @param {Floats} gradY
     * @param {Floats | null} gradX
     * @param {number} n
     */
    backward(x, y, gradY, gradX, n) {
        if (!gradX) return;
        gradX.fill(0);
        this.eachField(n, (from, to) => {
            gradX[this.largestAt(x, from)] = gradY[to];
        });
    }

    /**
     * Call a function with the indices of each field's first value and of its output.
     *
     * @param {number} n
     * @param {(from: number, to: number) => void} visit
     */
    eachField(n, visit) {
        const [height, width, channels] = this.shape;
        const [rows, cols] = this.outputShape;
        const [s, t] = this.size;
        let to = 0;
        for (let r = 0; r < n; r++) {
            for (let row = 0; row < rows; row++) {
                for (let col = 0; col < cols; col++) {
                    const from = ((r * height + row * s) * width + col * t) * channels;
                    for (let c = 0; c < channels; c++) visit(from + c, to++);
                }
            }
        }
    }

    /**
     * Return the index of the first largest value of a field.
     *
     * @param {Floats} x
     * @param {number} from index of the field's first value
     * @returns {number}
     */
    largestAt(x, from) {
        const [, width, channels] = this.shape;
        const [s, t] = this.size;
        let largest = from;
        for (let i = 0; i < s; i++) {
            for (let j = 0; j < t; j++) {
                const at = from + (i * width + j) * channels;
                if (x[at] > x[largest]) largest = at;
            }
        }
        return largest;
    }
}
