/**
 * The network: layers in a row over one flat parameter vector and one flat gradient vector.
 *
 * An optimizer is therefore a loop over two arrays, a gradient check a loop over one vector, and
 * saving a network means saving one array.
 */

import { NONE, Scratch, allocate } from "./arrays.js";
import { LossWork, SoftmaxCrossEntropy } from "./losses.js";
import { SparseRows } from "./sparse_rows.js";

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./arrays.js").FloatType} FloatType */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./losses.js").Loss} Loss */
/** @typedef {import("./random.js").Random} Random */

/** Rows that inference computes at a time, so that the outputs stay in cache. */
const CHUNK_ROWS = 256;
/** Largest number of outputs of a layer in a chunk; wide layers get fewer rows. */
const CHUNK_VALUES = 2 ** 18;
/** Batch sizes whose arrays are kept; a run has two, the batch and the shorter last one. */
const KEPT_WORKSPACES = 4;

/**
 * @typedef {object} NamedParameter
 * @property {string} name such as "layer0.weight"
 * @property {number} layer index of the layer
 * @property {number} start index of the first entry in the flat vectors
 * @property {number[]} shape
 * @property {Floats} values a view of `parameters`
 * @property {Floats} gradient a view of `gradient`
 */
/**
 * @typedef {object} BatchOptions
 * @property {number} [l2] lambda of the penalty `lambda/(2 l2Rows) * sum(w²)` on weights; biases
 *     have none
 * @property {Random | Random[] | null} [random] source of the dropout masks, one for all layers or
 *     one for each; null switches dropout off
 * @property {number} [total] divisor of the sum of losses, n by default; for rows that are part of
 *     a batch
 * @property {boolean} [accumulate] whether the gradient is added to that of the rows before
 * @property {number} [l2Rows] rows of the penalty, `total` by default
 */

/** The arrays of a pass over n rows. */
export class Workspace {
    /**
     * @param {number} n
     * @param {number[]} widths outputs of each layer
     * @param {FloatType} type
     */
    constructor(n, widths, type) {
        this.n = n;
        this.type = type;
        this.widths = widths;
        /** Outputs of each layer, `outputs[i]` (n, h_i); the last are the logits. */
        this.outputs = widths.map((width) => allocate(type, n * width));
        /**
         * dLoss/d(outputs[i]), same shapes; empty before the first backward pass.
         *
         * @type {Floats[]}
         */
        this.gradients = [];
        /** The arrays of the loss; its `grad` is the last of `gradients`. */
        this.loss = new LossWork(n, widths[widths.length - 1], type);
        /** What the first layer got in the last pass. @type {Floats | SparseRows} */
        this.input = NONE;
        /** The inputs with their zeros, where the first layer does not take sparse rows. */
        this.dense = new Scratch();
    }

    /** Allocate the arrays of the backward pass, once. */
    prepareBackward() {
        if (this.gradients.length) return;
        const hidden = this.widths.slice(0, -1);
        this.gradients = hidden.map((width) => allocate(this.type, this.n * width));
        this.gradients.push(this.loss.grad);
    }
}

/** A feedforward network that owns its parameters as one vector. */
export class Network {
    /**
     * @param {number} nInputs width d of the input rows
     * @param {Layer[]} layers from the input to the logits; each belongs to this network alone
     * @param {object} [options]
     * @param {Loss} [options.loss] the loss, which also maps logits to probabilities
     * @param {FloatType} [options.dtype] Float32Array to train, Float64Array to check
     * @param {Random | null} [options.random] draws the first parameters; without it they are zero
     * @param {Floats | null} [options.parameters] (p,) a vector to use instead of a new one
     */
    constructor(nInputs, layers, options = {}) {
        const { loss = new SoftmaxCrossEntropy(), dtype = Float32Array, random = null } = options;
        if (!(nInputs >= 1) || !layers.length) {
            throw new RangeError("a network needs at least one input and one layer");
        }
        if (new Set(layers).size < layers.length) {
            throw new RangeError("a layer stands twice in the network; make one for each place");
        }
        this.nInputs = nInputs;
        this.layers = layers;
        this.loss = loss;
        this.dtype = dtype;
        /** Outputs of each layer. @type {number[]} */
        this.widths = [];
        /** @type {{name: string, layer: number, start: number, shape: number[]}[]} */
        this.views = [];
        const size = this.#layOut();
        /** All parameters, one flat vector (p,); the layers hold views into it. @type {Floats} */
        this.parameters = options.parameters ?? allocate(dtype, size);
        if (this.parameters.length !== size) {
            throw new RangeError(`expected ${size} parameters, got ${this.parameters.length}`);
        }
        /** dLoss/dparameters of the last backward pass (p,), same layout. @type {Floats} */
        this.gradient = allocate(dtype, size);
        this.#bind();
        /** The arrays of the last training pass. @type {Workspace | null} */
        this.work = null;
        /** @type {Map<number, Workspace>} */
        this.trainingWorkspaces = new Map();
        /** @type {Map<number, Workspace>} */
        this.readingWorkspaces = new Map();
        if (random) this.initialize(random);
    }

    /** Find the place of every parameter array in the flat vectors; return their length. */
    #layOut() {
        let start = 0;
        let d = this.nInputs;
        this.layers.forEach((layer, i) => {
            for (const [name, shape] of Object.entries(layer.parameterShapes(d))) {
                this.views.push({ name, layer: i, start, shape });
                start += product(shape);
            }
            d = layer.outputWidth(d);
            this.widths.push(d);
        });
        return start;
    }

    /** Give every layer its views of the flat vectors. */
    #bind() {
        this.layers.forEach((layer, i) => {
            const own = this.views.filter((view) => view.layer === i);
            /** @param {Floats} vector */
            const byName = (vector) =>
                Object.fromEntries(own.map((view) => [view.name, viewOf(vector, view)]));
            layer.bind(byName(this.parameters), byName(this.gradient));
        });
    }

    /** Number of logits k. */
    get nOutputs() {
        return this.widths[this.widths.length - 1];
    }

    /**
     * Draw new parameters, layer by layer.
     *
     * @param {Random} random
     */
    initialize(random) {
        for (const layer of this.layers) layer.initialize(random);
    }

    /**
     * Return every parameter array, such as "layer0.weight", in the order of the flat vectors.
     *
     * @returns {NamedParameter[]}
     */
    namedParameters() {
        return this.views.map((view) => ({
            name: `layer${view.layer}.${view.name}`,
            layer: view.layer,
            start: view.start,
            shape: view.shape,
            values: viewOf(this.parameters, view),
            gradient: viewOf(this.gradient, view),
        }));
    }

    // Forward

    /**
     * Pass rows through all layers; return the logits (n, k), an array of `work`.
     *
     * @param {Floats | SparseRows} x (n, d)
     * @param {Workspace} work for n rows
     * @param {Random | Random[] | null} [random] in training only; one for all layers or each
     * @returns {Floats}
     */
    forward(x, work, random = null) {
        let input = (work.input = this.inputOf(x, work));
        this.layers.forEach((layer, i) => {
            const source = Array.isArray(random) ? random[i] : random;
            layer.forward(input, work.outputs[i], work.n, source);
            input = work.outputs[i];
        });
        return work.outputs[work.outputs.length - 1];
    }

    /**
     * Return rows as the first layer takes them: with all zeros unless it skips those itself.
     *
     * @param {Floats | SparseRows} x (n, d)
     * @param {Workspace} work
     * @returns {Floats | SparseRows}
     */
    inputOf(x, work) {
        if (!(x instanceof SparseRows) || this.layers[0].takesSparseRows) return x;
        return x.toDense(work.dense.like(work.outputs[0], work.n * this.nInputs));
    }

    /**
     * Return the logits (n, k) of rows.
     *
     * @param {Floats | SparseRows} x (n, d)
     * @param {number} [n]
     * @returns {Floats} a new array
     */
    logits(x, n = this.countRows(x)) {
        const k = this.nOutputs;
        const out = allocate(this.dtype, n * k);
        const step = Math.min(this.#chunkRows(), n);
        for (let start = 0; start < n; start += step) {
            const stop = Math.min(start + step, n);
            const work = this.#workspace(this.readingWorkspaces, stop - start);
            out.set(this.forward(this.#slice(x, start, stop), work), start * k);
        }
        return out;
    }

    /**
     * Return the outputs (n, k) in 0..1 of rows.
     *
     * @param {Floats | SparseRows} x (n, d)
     * @param {number} [n]
     * @returns {Floats} a new array
     */
    probabilities(x, n = this.countRows(x)) {
        const out = this.logits(x, n);
        this.loss.probabilities(out, out, n, this.nOutputs);
        return out;
    }

    // Backward

    /**
     * Return the loss of a batch and store its gradient in `gradient`.
     *
     * Backpropagation (Rumelhart, Hinton and Williams 1986): dLoss/dlogits is propagated through
     * the layers from the last to the first, and each computes the gradient of its parameters.
     *
     * @param {Floats | SparseRows} x (n, d)
     * @param {Floats} targets (n, k), 1 for each row's class and 0 elsewhere
     * @param {number} [n]
     * @param {BatchOptions} [options]
     * @returns {number}
     */
    lossAndGradient(x, targets, n = this.countRows(x), options = {}) {
        const { l2 = 0, random = null, total = n, accumulate = false, l2Rows = total } = options;
        const work = this.#workspace(this.trainingWorkspaces, n);
        work.prepareBackward();
        this.work = work;
        if (!accumulate) this.gradient.fill(0); // every layer adds its part
        const logits = this.forward(x, work, random);
        const loss = this.loss.valueAndGradient(logits, targets, work.loss, { total });
        for (let i = this.layers.length - 1; i >= 0; i--) {
            const input = i ? work.outputs[i - 1] : work.input;
            const gradX = i ? work.gradients[i - 1] : null; // dLoss/d(network's input): not needed
            this.layers[i].backward(input, work.outputs[i], work.gradients[i], gradX, n);
        }
        return l2 ? loss + this.addL2(l2 / l2Rows) : loss;
    }

    /**
     * Return the loss of rows without its gradient, a chunk of rows at a time.
     *
     * @param {Floats | SparseRows} x (n, d)
     * @param {Floats} targets (n, k)
     * @param {number} [n]
     * @returns {number} the mean, without penalty
     */
    meanLoss(x, targets, n = this.countRows(x)) {
        const work = new LossWork(n, this.nOutputs, this.dtype);
        return this.loss.valueAndGradient(this.logits(x, n), targets, work);
    }

    /**
     * Add the gradient of the penalty `rate/2 * sum(w²)`, rate * w; return the penalty.
     *
     * @param {number} rate
     * @returns {number}
     */
    addL2(rate) {
        const { parameters, gradient } = this;
        let squares = 0;
        for (const { start, stop } of this.#decayedWeights()) {
            for (let i = start; i < stop; i++) {
                gradient[i] += rate * parameters[i];
                squares += parameters[i] * parameters[i];
            }
        }
        return (rate / 2) * squares;
    }

    /**
     * Multiply every weight, but no bias, by `factor`.
     *
     * @param {number} factor
     */
    scaleWeights(factor) {
        for (const { start, stop } of this.#decayedWeights()) {
            for (let i = start; i < stop; i++) this.parameters[i] *= factor;
        }
    }

    /** @returns {{start: number, stop: number}[]} where the weights lie in the flat vectors */
    #decayedWeights() {
        const weights = this.views.filter((view) => view.name === "weight");
        return weights.map(({ start, shape }) => ({ start, stop: start + product(shape) }));
    }

    // Arrays

    /**
     * Return the number of rows of inputs.
     *
     * @param {Floats | SparseRows} x
     * @returns {number}
     */
    countRows(x) {
        const d = x instanceof SparseRows ? x.d : this.nInputs;
        const n = x instanceof SparseRows ? x.n : x.length / d;
        if (d === this.nInputs && Number.isInteger(n)) return n;
        throw new RangeError(`expected rows of ${this.nInputs} values; got ${n} rows of ${d}`);
    }

    /**
     * Allocate the arrays of a pass over n rows.
     *
     * @param {number} n
     * @returns {Workspace}
     */
    newWorkspace(n) {
        return new Workspace(n, this.widths, this.dtype);
    }

    /**
     * Return some of the rows.
     *
     * @param {Floats | SparseRows} x
     * @param {number} start
     * @param {number} stop
     */
    #slice(x, start, stop) {
        if (x instanceof SparseRows) return x.slice(start, stop);
        return x.subarray(start * this.nInputs, stop * this.nInputs);
    }

    /** Return the number of rows that inference computes at a time. */
    #chunkRows() {
        const widest = Math.max(this.nInputs, ...this.widths);
        return Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_VALUES / widest)));
    }

    /**
     * Return the workspace for n rows, allocated once per number of rows.
     *
     * @param {Map<number, Workspace>} kept
     * @param {number} n
     * @returns {Workspace}
     */
    #workspace(kept, n) {
        let work = kept.get(n);
        if (!work) {
            if (kept.size === KEPT_WORKSPACES) kept.clear();
            work = this.newWorkspace(n);
            kept.set(n, work);
        }
        return work;
    }
}

/** @param {number[]} shape @returns {number} */
function product(shape) {
    return shape.reduce((size, side) => size * side, 1);
}

/** @param {Floats} vector @param {{start: number, shape: number[]}} view @returns {Floats} */
function viewOf(vector, { start, shape }) {
    return vector.subarray(start, start + product(shape));
}
