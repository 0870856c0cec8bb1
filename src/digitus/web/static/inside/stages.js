/**
 * The layers of a network as stages, and the units in them: what each adds up for one patch.
 *
 * A stage is a layer with weights, and the layers after it up to the next one with weights. The
 * twin of `digitus.models.inside`.
 */

import { SIDE_PX } from "../sizes.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/layers.js").Layer} Layer */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {[number, number, number]} ImageShape rows, cols, channels; (1, 1, d) for a vector */
/** @typedef {Layer & {weight: Floats, bias: Floats}} Weighted */
/** @typedef {{kind: string, at: number}} Step a layer without weights: its kind and its index */

/**
 * @typedef {object} Term one product of a sum
 * @property {number} input
 * @property {number} weight
 * @property {number} product
 * @property {number} index of the weight among those of the unit
 * @property {number | null} source index of the input in the stage before; null in the padding
 */

/**
 * @typedef {object} Unit one unit, or one filter at one place; its sum is that of its terms + bias
 * @property {number} index
 * @property {ImageShape} shape of its weights and inputs
 * @property {Floats} weights (rows * cols * channels,)
 * @property {Floats} inputs (rows * cols * channels,) that the weights multiply
 * @property {(number | null)[]} sources where the inputs stand in the stage's inputs
 * @property {number} bias
 * @property {number} total the sum, as the network computed it
 * @property {{kind: string, value: number}[]} chain value after each step
 * @property {number} activation of the unit; of a filter, the largest on its map
 * @property {{row: number, col: number} | null} place of a filter's window on its map of sums
 */

/** A stage of a network; the values are those of one patch. */
export class Stage {
    /**
     * @param {object} fields
     * @param {Weighted} fields.layer
     * @param {number} fields.at index of the layer
     * @param {Step[]} fields.steps the layers after it, without dropout
     * @param {boolean} fields.isOutput whether the sums are the logits, the activations the outputs
     * @param {number} fields.end index of the activations among the values of the network
     * @param {Floats[]} fields.values of the network: input, output of each layer, probabilities
     * @param {ImageShape[]} fields.shapes of the values
     */
    constructor({ layer, at, steps, isOutput, end, values, shapes }) {
        this.layer = layer;
        this.at = at;
        this.steps = steps;
        this.isOutput = isOutput;
        this.end = end;
        this.values = values;
        this.shapes = shapes;
    }

    /** The inputs of the layer. */
    get inputs() {
        return this.values[this.at];
    }

    /** Shape of the inputs. */
    get inputShape() {
        return this.shapes[this.at];
    }

    /** The sum of every unit, at every place. */
    get sums() {
        return this.values[this.at + 1];
    }

    /** The activations, after all steps; fewer rows and columns after pooling. */
    get activations() {
        return this.values[this.end];
    }

    /** Shape of the activations. */
    get shape() {
        return this.shapes[this.end];
    }

    /** Number of units, or of filters. */
    get nUnits() {
        return this.shape[2];
    }

    /** Whether a unit is a filter with a map. */
    get hasMaps() {
        return this.layer.kind === "convolution";
    }

    /**
     * Return the activation of a unit; of a filter, the largest on its map.
     *
     * @param {number} index
     * @returns {number}
     */
    activation(index) {
        return this.activations[this.largestPlace(index) * this.nUnits + index];
    }

    /** Return the unit with the largest activation. */
    mostActive() {
        let best = 0;
        for (let i = 1; i < this.nUnits; i++) {
            if (this.activation(i) > this.activation(best)) best = i;
        }
        return best;
    }

    /**
     * Return one unit, a filter where its map is largest.
     *
     * @param {number} index
     * @returns {Unit}
     */
    unit(index) {
        const h = this.nUnits;
        const weights = gathered(this.layer.weight, index, h);
        const { row, col } = this.strongest(index);
        const [, cols] = this.shapes[this.at + 1];
        const { shape, sources } = this.window(row, col);
        return {
            index,
            shape,
            weights,
            inputs: Float64Array.from(sources, (at) => (at === null ? 0 : this.inputs[at])),
            sources,
            bias: this.layer.bias[index],
            total: this.sums[(row * cols + col) * h + index],
            chain: this.chain(index, row, col),
            activation: this.activation(index),
            place: this.hasMaps ? { row, col } : null,
        };
    }

    /**
     * Return where a map of activations is largest, row * cols + col.
     *
     * @param {number} index
     */
    largestPlace(index) {
        return placeOfLargest(this.activations, this.nUnits, index);
    }

    /**
     * Return the place of the sum that the largest activation comes from, before pooling.
     *
     * @param {number} index
     * @returns {{row: number, col: number}}
     */
    strongest(index) {
        const [rows, cols] = this.shape;
        const [sumRows, sumCols] = this.shapes[this.at + 1];
        const place = this.largestPlace(index);
        const [down, across] = [Math.floor(sumRows / rows), Math.floor(sumCols / cols)];
        const top = Math.floor(place / cols) * down;
        const left = (place % cols) * across;
        let best = { row: top, col: left };
        for (let row = top; row < top + down; row++) {
            for (let col = left; col < left + across; col++) {
                if (this.sumAt(row, col, index) > this.sumAt(best.row, best.col, index)) {
                    best = { row, col };
                }
            }
        }
        return best;
    }

    /**
     * Return the sum of a unit at a place.
     *
     * @param {number} row
     * @param {number} col
     * @param {number} index
     */
    sumAt(row, col, index) {
        const [, cols, h] = this.shapes[this.at + 1];
        return this.sums[(row * cols + col) * h + index];
    }

    /**
     * Return where the inputs of a sum stand among the stage's inputs: all, if the layer is dense.
     *
     * @param {number} row
     * @param {number} col
     * @returns {{shape: ImageShape, sources: (number | null)[]}}
     */
    window(row, col) {
        const [height, width, channels] = this.inputShape;
        if (!this.hasMaps) {
            return { shape: this.inputShape, sources: Array.from(this.inputs, (_, i) => i) };
        }
        const options = this.layer.options();
        const [rows, cols] = sides(options.size);
        const [above, before] = sides(options.padding);
        /** @type {(number | null)[]} */
        const sources = [];
        for (let i = row - above; i < row - above + rows; i++) {
            for (let j = col - before; j < col - before + cols; j++) {
                const inside = i >= 0 && i < height && j >= 0 && j < width;
                for (let channel = 0; channel < channels; channel++) {
                    sources.push(inside ? (i * width + j) * channels + channel : null);
                }
            }
        }
        return { shape: [rows, cols, channels], sources };
    }

    /**
     * Return the value of a sum after each step.
     *
     * @param {number} index
     * @param {number} row of the sum
     * @param {number} col
     */
    chain(index, row, col) {
        return this.steps.map(({ kind, at }) => {
            const value = this.values[at + 1][this.indexAfter(at, index, row, col)];
            return { kind, value };
        });
    }

    /**
     * Return where the value that comes from a sum stands in the output of a later layer.
     *
     * @param {number} at index of the layer
     * @param {number} index of the unit
     * @param {number} row of the sum
     * @param {number} col
     * @returns {number}
     */
    indexAfter(at, index, row, col) {
        const [sumRows, sumCols] = this.shapes[this.at + 1];
        const [rows, cols, h] = this.shapes[at + 1];
        const down = Math.floor(row / Math.floor(sumRows / rows));
        const across = Math.floor(col / Math.floor(sumCols / cols));
        return (down * cols + across) * h + index;
    }
}

/**
 * Split the layers of a network before each one with weights.
 *
 * @param {Network} network of 784 pixels
 * @param {Floats[]} values input, output of each layer, probabilities
 * @returns {Stage[]}
 */
export function stagesOf(network, values) {
    const { layers } = network;
    const shapes = shapesOf(layers);
    const starts = layers.flatMap((layer, i) => (isWeighted(layer) ? [i] : []));
    return starts.map((at, i) => {
        const isOutput = i === starts.length - 1;
        const stop = isOutput ? layers.length + 1 : starts[i + 1];
        const after = layers.slice(at + 1, stop).map(({ kind }, j) => ({ kind, at: at + 1 + j }));
        const steps = after.filter(({ kind }) => kind !== "dropout");
        if (isOutput) steps.push({ kind: network.loss.kind.split("_")[0], at: layers.length });
        const layer = /** @type {Weighted} */ (layers[at]);
        return new Stage({ layer, at, steps, isOutput, end: stop, values, shapes });
    });
}

/**
 * Return the shapes of the pixels, of each layer's output, and of the probabilities.
 *
 * @param {Layer[]} layers
 * @returns {ImageShape[]}
 */
function shapesOf(layers) {
    /** @type {ImageShape} */
    let shape = [SIDE_PX, SIDE_PX, 1];
    const shapes = [shape];
    for (const layer of layers) {
        shape = outputShape(layer, shape);
        shapes.push(shape);
    }
    return [...shapes, shape];
}

/**
 * Return the shape of a layer's outputs.
 *
 * @param {Layer} layer
 * @param {ImageShape} shape of its inputs
 * @returns {ImageShape}
 */
function outputShape(layer, [rows, cols, channels]) {
    const options = layer.options();
    if (layer.kind === "dense") return [1, 1, Number(options.width)];
    if (layer.kind === "convolution") {
        const [[down, across], [above, before]] = [sides(options.size), sides(options.padding)];
        return [
            rows + 2 * above - down + 1,
            cols + 2 * before - across + 1,
            Number(options.channels),
        ];
    }
    if (layer.kind === "max_pooling") {
        const [down, across] = sides(options.size);
        return [Math.floor(rows / down), Math.floor(cols / across), channels];
    }
    return [rows, cols, channels];
}

/**
 * Return whether a layer has weights.
 *
 * @param {Layer} layer
 */
function isWeighted(layer) {
    return layer.kind === "dense" || layer.kind === "convolution";
}

/**
 * Return rows and cols of a size that is one number (a square) or a pair.
 *
 * @param {unknown} size
 * @returns {number[]}
 */
function sides(size) {
    return Array.isArray(size) ? size : [Number(size), Number(size)];
}

/**
 * Return a column of a matrix (d, h).
 *
 * @param {Floats} matrix
 * @param {number} column
 * @param {number} h
 * @returns {Float64Array}
 */
function gathered(matrix, column, h) {
    return Float64Array.from({ length: matrix.length / h }, (_, i) => matrix[i * h + column]);
}

/**
 * Return the place of the largest value of one map, the first if there are several.
 *
 * @param {Floats} maps (places * h,), channels last
 * @param {number} h
 * @param {number} index of the map
 */
function placeOfLargest(maps, h, index) {
    let best = 0;
    for (let place = 1; place * h < maps.length; place++) {
        if (maps[place * h + index] > maps[best * h + index]) best = place;
    }
    return best;
}
