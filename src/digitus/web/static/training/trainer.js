/** The training loop: batches in parts of any size, epochs, and a state that is kept to the bit. */

import { Random } from "../engine/random.js";
import { buildNetwork, makeOptimizer, makeSchedule } from "./config.js";
import { Evaluation } from "./evaluation.js";
import { layerHistograms } from "./histograms.js";
import { RowOrder } from "./row_order.js";
import { Rows } from "./rows.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("./evaluation.js").Answers} Answers */
/** @typedef {import("./row_order.js").OrderState} OrderState */
/** @typedef {import("./histograms.js").LayerHistograms} LayerHistograms */
/** @typedef {import("./training_images.js").Images} Images */
/** @typedef {import("../models/normalizer.js").Normalizer} Normalizer */
/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/network.js").Network} Network */

/**
 * @typedef {object} Position
 * @property {number} epoch epochs completed
 * @property {number} batch batches completed in the current epoch
 * @property {number} row images of the current batch that are done
 * @property {number} step updates of the parameters, all in all
 * @property {number} images trained on, all in all
 * @property {number} rate learning rate of the latest step, or of the first one
 */
/**
 * @typedef {object} HistoryPoint
 * @property {number} epoch epochs done, 1.5 in the middle of the second
 * @property {number} images trained on so far
 * @property {number | null} trainLoss mean over the images since the point before, as they were
 *     when they were trained on (with dropout), without penalty; null before the first image
 * @property {number | null} trainAccuracy share of the same images answered right, 0 to 1
 * @property {number} validationLoss mean over the first 1,000 validation images
 * @property {number} validationAccuracy share of the same answered right, 0 to 1
 * @property {boolean} whole whether all validation images were answered
 */
/**
 * @typedef {object} Walk one image on its way through the network and back
 * @property {number} row of the training images
 * @property {number} label
 * @property {number} loss of this image
 * @property {Float32Array} input (784,) normalized
 * @property {Float32Array[]} outputs of each layer; the last are the logits
 * @property {Float32Array} probabilities (10,)
 * @property {Float32Array[]} gradients dLoss/doutput of each layer; they carry 1/n of the batch
 * @property {number} batchSize n
 * @property {boolean} updated whether the image was the last of its batch, so that the parameters
 *     have changed since
 */
/** @typedef {{loss: number, right: number, rows: number}} Sums over the images since a point */
/**
 * @typedef {object} Snapshot everything that training goes on from
 * @property {Position} position
 * @property {Float32Array} parameters
 * @property {{nSteps: number, arrays: Record<string, Float32Array>}} optimizer
 * @property {OrderState} order
 * @property {Sums} sums
 * @property {{gradient: Float32Array, loss: number} | null} batch the batch at hand, or null
 *     between two batches
 * @property {Answers} answers to the validation images
 * @property {number} evaluatedAt step at which all of them were answered
 * @property {LayerHistograms[]} histograms
 */

/** Up to this speed, in images per second, they are trained on one by one. */
export const ROW_BY_ROW = 1000;

/** Validation images that are answered again and again while training. */
export const PROBE_ROWS = 1000;

/**
 * Sizes of the parts of a batch. A part is computed without a break, so it must not take longer
 * than a fiftieth of a second; 4 million products of weights and inputs forward, and twice as many
 * backward, take about that long in a browser. A fifth of the pixels is not zero.
 */
const PARTS = { rows: 512, fewestRows: 4, products: 4e6, share: 0.2 };

/**
 * Trains a network; its state can be kept between any two parts, and taken up again exactly.
 *
 * A batch is computed in parts whose gradients add up. The size of the parts depends on the network
 * alone, unless fewer rows are asked for, so that sums are rounded alike in each run.
 */
export class Trainer {
    /** @type {import("../engine/schedules.js").Schedule} */
    #schedule;
    /** Sources of the dropout masks of the batch at hand. @type {Random[] | null} */
    #masks = null;
    /** Parameters that gave a finite loss, before the latest step. @type {Floats} */
    #good;
    #latestLoss = 0;
    /** @type {LayerHistograms[]} */
    #histograms = [];
    #histogramsAt = 0;

    /**
     * @param {object} options
     * @param {TrainingConfig} options.config
     * @param {Images} options.train
     * @param {Images} options.validation
     * @param {Normalizer} options.normalizer
     * @param {Float32Array} [options.parameters] the first ones; by default drawn with the seed
     */
    constructor({ config, train, validation, normalizer, parameters }) {
        this.config = config;
        /** @type {Network} */
        this.network = buildNetwork(config);
        if (parameters) this.network.parameters.set(parameters);
        this.optimizer = makeOptimizer(config);
        this.optimizer.bind(this.network);
        this.#schedule = makeSchedule(config);
        const sparse = this.network.layers[0].takesSparseRows;
        this.train = new Rows(train, normalizer, sparse);
        this.partRows = rowsOfPart(this.network);
        this.evaluation = new Evaluation(
            this.network,
            new Rows(validation, normalizer, sparse),
            this.partRows,
        );
        this.batchSize = Math.min(config.batchSize ?? Infinity, this.train.n);
        this.nBatches = Math.ceil(this.train.n / this.batchSize);
        this.order = new RowOrder(this.train.n, config.seed);
        /** @type {Position} */
        this.position = { epoch: 0, batch: 0, row: 0, step: 0, images: 0, rate: this.#rate(0, 0) };
        /** @type {Sums} */
        this.sums = { loss: 0, right: 0, rows: 0 };
        /** Loss of the rows of the current batch so far, divided by the rows of the batch. */
        this.batchLoss = 0;
        /** Whether the loss became NaN or infinite; the parameters are those before that step. */
        this.diverged = false;
        /** Step at which all validation images were answered; -1 for never. */
        this.evaluatedAt = -1;
        this.#good = this.network.parameters.slice();
        /** @type {Uint32Array} the rows of the latest part */
        this.rows = new Uint32Array(0);
    }

    /** Number of images that `advance` takes at once, where it may. */
    get nextRows() {
        const { batch, row } = this.position;
        return Math.min(this.partRows, this.#rowsOfBatch(batch) - row);
    }

    /**
     * Train on the next part of the current batch; its last part updates the parameters.
     *
     * @param {number} [most] images at most
     * @returns {boolean} whether the batch is complete
     */
    advance(most = Infinity) {
        const { position, network } = this;
        if (position.batch === 0 && position.row === 0) this.order.beginEpoch();
        const n = Math.min(most, this.nextRows);
        const total = this.#rowsOfBatch(position.batch);
        const first = this.#firstRow(position.batch) + position.row;
        this.rows = this.order.rows.subarray(first, first + n);
        const { x, targets } = this.train.gather(this.rows);
        const loss = network.lossAndGradient(x, targets, n, {
            total,
            accumulate: position.row > 0,
            random: this.config.dropout ? this.#maskSources() : null,
        });
        this.batchLoss = position.row ? this.batchLoss + loss : loss;
        this.#count(loss * total, targets, n);
        position.row += n;
        position.images += n;
        if (!Number.isFinite(this.batchLoss)) this.#giveUp();
        else if (position.row === total) this.#step(total);
        return position.row === 0;
    }

    /**
     * Return a source of dropout masks for each layer, at the current row of the batch.
     *
     * Each layer draws its masks row by row from a source of its own, so that they do not depend
     * on how many rows are computed at once.
     *
     * @returns {Random[]}
     */
    #maskSources() {
        const { row, step } = this.position;
        if (row > 0 && this.#masks) return this.#masks;
        this.#masks = this.network.layers.map((layer, i) => {
            const random = new Random([this.config.seed, 4, step, i]);
            const drawn = layer.kind === "dropout" ? row * this.network.widths[i] : 0;
            for (let n = 0; n < drawn; n++) random.random();
            return random;
        });
        return this.#masks;
    }

    /** Train to the end of the current batch. */
    step() {
        while (!this.advance() && !this.diverged);
    }

    /** Whether the latest part ended an epoch. */
    get atEpochEnd() {
        const { epoch, batch, row } = this.position;
        return epoch > 0 && batch === 0 && row === 0;
    }

    /**
     * Answer all validation images, some at each step of the iterator; do not train in between.
     *
     * @returns {Generator<void, void>}
     */
    *evaluate() {
        yield* this.evaluation.all();
        this.evaluatedAt = this.position.step;
        if (this.#histogramsAt !== this.position.step) return;
        const { dead } = this.evaluation; // known only now
        this.#histograms = this.#histograms.map((one) => {
            return { ...one, dead: dead[one.layer + 1] ?? null };
        });
    }

    /** Whether all validation images were answered with the present parameters. */
    get isEvaluated() {
        return this.evaluatedAt === this.position.step;
    }

    /**
     * Return the point of the curves for the images since the last call.
     *
     * @returns {HistoryPoint}
     */
    takePoint() {
        const { epoch, batch, row, images } = this.position;
        const { loss, right, rows } = this.sums;
        this.sums = { loss: 0, right: 0, rows: 0 };
        const validation = this.evaluation.mean(PROBE_ROWS);
        return {
            epoch: epoch + (this.#firstRow(batch) + row) / this.train.n,
            images,
            trainLoss: rows ? loss / rows : null,
            trainAccuracy: rows ? right / rows : null,
            validationLoss: validation.loss,
            validationAccuracy: validation.accuracy,
            whole: this.isEvaluated,
        };
    }

    /**
     * Return the histograms of the latest batch that was complete when they were asked for.
     *
     * @returns {LayerHistograms[]} none before the first batch
     */
    histograms() {
        const { work } = this.network;
        const { step, row } = this.position;
        if (work && row === 0 && step !== this.#histogramsAt) {
            this.#histograms = layerHistograms(this.network, work, this.evaluation.dead);
            this.#histogramsAt = step;
        }
        return this.#histograms;
    }

    /**
     * Return all numbers of the latest part, if it was a single image.
     *
     * @returns {Walk | null}
     */
    walk() {
        const { work } = this.network;
        if (!work || this.rows.length !== 1) return null;
        const { x } = this.train.gather(this.rows);
        const [row] = this.rows;
        const k = this.network.nOutputs;
        const outputs = work.outputs.map((y) => Float32Array.from(y));
        const probabilities = new Float32Array(k);
        this.network.loss.probabilities(outputs[outputs.length - 1], probabilities, 1, k);
        const input = new Float32Array(this.network.nInputs);
        if (x instanceof Float32Array) input.set(x);
        else x.toDense(input);
        const updated = this.position.row === 0;
        const { batch } = this.position;
        const batchSize = this.#rowsOfBatch(updated ? (batch || this.nBatches) - 1 : batch);
        return {
            row,
            label: this.train.labels[row],
            loss: this.#latestLoss,
            input,
            outputs,
            probabilities,
            gradients: work.gradients.map((gradient) => Float32Array.from(gradient)),
            batchSize,
            updated,
        };
    }

    /** Return whether all parameters are finite; where not, go back to those that were. */
    checkFinite() {
        if (this.network.parameters.every(Number.isFinite)) return true;
        this.#giveUp();
        return false;
    }

    /**
     * Return copies of all that training goes on from.
     *
     * @returns {Snapshot}
     */
    snapshot() {
        const { network, optimizer, position, sums } = this;
        const copy = (/** @type {Floats} */ values) => Float32Array.from(values);
        const arrays = [...optimizer.state].map(([name, values]) => [name, copy(values)]);
        return {
            position: { ...position },
            parameters: copy(network.parameters),
            optimizer: { nSteps: optimizer.nSteps, arrays: Object.fromEntries(arrays) },
            order: this.order.state(),
            sums: { ...sums },
            batch: position.row ? { gradient: copy(network.gradient), loss: this.batchLoss } : null,
            answers: this.evaluation.state(),
            evaluatedAt: this.evaluatedAt,
            histograms: this.histograms(),
        };
    }

    /**
     * Set the state that `snapshot` returned.
     *
     * @param {Snapshot} snapshot
     */
    restore(snapshot) {
        this.#restoreParameters(snapshot);
        this.optimizer.bind(this.network);
        this.optimizer.nSteps = snapshot.optimizer.nSteps;
        for (const [name, values] of Object.entries(snapshot.optimizer.arrays)) {
            this.optimizer.state.get(name)?.set(values);
        }
        this.order.restore(snapshot.order);
        if (snapshot.batch) {
            this.network.gradient.set(snapshot.batch.gradient);
            this.batchLoss = snapshot.batch.loss;
        }
    }

    /**
     * Go on from a snapshot of a run with another config.
     *
     * Another optimizer or momentum begins with a new state. Another batch size or seed begins the
     * epoch anew, in a new order.
     *
     * @param {Snapshot} snapshot
     * @param {TrainingConfig} config of that run
     */
    branchFrom(snapshot, config) {
        const { optimizer, momentum, batchSize, seed } = this.config;
        const sameOptimizer = optimizer === config.optimizer && momentum === config.momentum;
        const sameOrder = batchSize === config.batchSize && seed === config.seed;
        if (sameOptimizer && sameOrder) {
            this.restore(snapshot);
            return;
        }
        const sameSeed = seed === config.seed;
        const now = sameSeed ? snapshot.order.now : this.order.random.state();
        const order = { now, atEpoch: null };
        const atStart = { ...snapshot.position, batch: 0, row: 0 };
        this.restore(sameOrder ? snapshot : { ...snapshot, order, position: atStart, batch: null });
        if (!sameOptimizer) this.optimizer.bind(this.network);
    }

    /** Set all of a snapshot but optimizer, order and batch. @param {Snapshot} snapshot */
    #restoreParameters({ parameters, position, sums, answers, evaluatedAt, histograms }) {
        this.network.parameters.set(parameters);
        this.#good.set(parameters);
        this.position = { ...position };
        this.sums = { ...sums };
        this.evaluation.restore(answers);
        this.evaluatedAt = evaluatedAt;
        this.diverged = false;
        this.#masks = null;
        this.#histograms = histograms;
        this.#histogramsAt = position.step;
        this.rows = new Uint32Array(0);
    }

    /** Update the parameters. @param {number} n rows of the whole batch */
    #step(n) {
        const { position, network } = this;
        if (this.config.l2) network.addL2(this.config.l2 / n);
        this.#good.set(network.parameters);
        position.rate = this.#rate(position.epoch, position.batch);
        this.optimizer.step(position.rate);
        position.step++;
        position.row = 0;
        position.batch++;
        if (position.batch < this.nBatches) return;
        position.batch = 0;
        position.epoch++;
        this.order.endEpoch();
    }

    /** Return the rate of a step. @param {number} epoch @param {number} batch */
    #rate(epoch, batch) {
        return this.#schedule.at(epoch + batch / this.nBatches);
    }

    /** Keep the parameters of the latest step whose loss was finite. */
    #giveUp() {
        this.network.parameters.set(this.#good);
        this.diverged = true;
        this.evaluatedAt = -1;
        this.position.row = 0;
        this.#histogramsAt = this.position.step; // what stands in the arrays is not finite
    }

    /**
     * Return where a batch begins in the order of the epoch.
     *
     * The rows are shared out evenly: a last batch of a single image would move the parameters as
     * far as a whole one, and away from all other images.
     *
     * @param {number} batch
     */
    #firstRow(batch) {
        return Math.floor((batch * this.train.n) / this.nBatches);
    }

    /** Return the number of rows of a batch, `batchSize` at most. @param {number} batch */
    #rowsOfBatch(batch) {
        return this.#firstRow(batch + 1) - this.#firstRow(batch);
    }

    /**
     * Add the rows of a part to the sums of the curves.
     *
     * @param {number} loss sum over the rows
     * @param {Float32Array} targets
     * @param {number} n
     */
    #count(loss, targets, n) {
        const { network, sums } = this;
        const logits = /** @type {Float32Array} */ (network.work?.outputs.at(-1));
        this.#latestLoss = loss / n;
        sums.loss += loss;
        sums.right += network.loss.countCorrect(logits, targets, n, network.nOutputs);
        sums.rows += n;
    }
}

/**
 * Return the number of rows that are computed without a break.
 *
 * @param {Network} network
 * @returns {number}
 */
function rowsOfPart(network) {
    const products = network.namedParameters().reduce((sum, { layer, values }) => {
        return sum + values.length * (layer === 0 ? PARTS.share : 1);
    }, 0);
    return Math.max(PARTS.fewestRows, Math.min(PARTS.rows, Math.round(PARTS.products / products)));
}
