/**
 * A training run as the page sees it: commands, what is shown now, and the messages to its worker.
 *
 * The worker trains (`worker.js`); about ten times a second it posts a tick, a copy of everything
 * that is shown. The page never waits for the worker, and the worker never gets ahead of the page:
 * it posts the next tick only when the last one was taken over.
 */

import { title } from "../models/architecture.js";
import { Model } from "../models/model.js";
import { writeModel } from "../models/safetensors.js";
import { DigitusError } from "../errors.js";
import { buildNetwork, recordOfConfig } from "./config.js";
import { branchedConfig, checkConfig } from "./config_check.js";
import { CLASSES } from "../sizes.js";
import { startWorker } from "./start_worker.js";
import { trainingData } from "./training_images.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("./training_images.js").RunImages} RunImages */
/** @typedef {import("./training_images.js").Images} Images */
/** @typedef {import("./trainer.js").Position} Position */
/** @typedef {import("./trainer.js").Snapshot} Snapshot */
/** @typedef {import("./trainer.js").HistoryPoint} HistoryPoint */
/** @typedef {import("./trainer.js").Walk} Walk */
/** @typedef {import("./histograms.js").LayerHistograms} LayerHistograms */
/** @typedef {import("../models/normalizer.js").Normalizer} Normalizer */
/** @typedef {import("../engine/network.js").Network} Network */

/**
 * @typedef {"new" | "running" | "paused" | "diverged"} RunState
 *     "new" before the first command; "diverged" after a NaN, with the last good parameters:
 *     rewind, or begin another run
 */
/**
 * @typedef {object} SnapshotEntry
 * @property {number} index names the snapshot in `rewind` and `branch`; it never changes
 * @property {number} images trained on until then, the place on the curves' axis
 * @property {number} epoch epochs completed by then
 */
/**
 * @typedef {object} Mistake
 * @property {number} index row of the validation images
 * @property {number} label its true digit
 * @property {number} answer what the network answered
 * @property {number} confidence probability of the answer, 0 to 1
 */
/**
 * @typedef {object} Start where a run begins that branches off another
 * @property {Snapshot} snapshot
 * @property {HistoryPoint[]} history up to the snapshot
 * @property {TrainingConfig} config of that run
 */
/**
 * @typedef {{kind: "open", config: TrainingConfig, train: Images, validation: Images,
 *     normalizer: {kind: string, mean: number, std: number}, start: Start | null,
 *     snapshotBytes?: number}
 *     | {kind: "start" | "pause" | "image" | "step" | "epoch"}
 *     | {kind: "speed", imagesPerSecond: number}
 *     | {kind: "rewind", index: number}
 *     | {kind: "start of", index: number, request: number}
 *     | {kind: "test", images: Images, request: number}
 *     | {kind: "shown", buffers: ArrayBuffer[]}} Command
 *     from the page to the worker; "image" trains on one image, "step" to the end of the batch,
 *     "epoch" to the end of the epoch; "shown" says that a tick was taken over, and gives its
 *     buffers back; "start of" and "test" are answered by a reply
 */
/**
 * @typedef {object} Tick all that is shown
 * @property {"tick"} kind
 * @property {RunState} state
 * @property {boolean} finished whether the configured epochs are done
 * @property {Position} position
 * @property {Float32Array} parameters
 * @property {{from: number, points: HistoryPoint[]}} history the points from this index on
 * @property {{answers: Uint8Array, confidences: Float32Array} | null} validation null: as before
 * @property {LayerHistograms[]} histograms
 * @property {SnapshotEntry[] | null} snapshots null: as before
 * @property {number} snapshotBytes memory of all snapshots
 * @property {Walk | null} walk
 */
/**
 * @typedef {Tick
 *     | {kind: "problem", sentence: string}
 *     | {kind: "reply", request: number, value: any, problem?: string}} Report
 *     from the worker to the page
 */

const SHOWN_MISTAKES = 24;
const CLOSED = "The run was closed; start it again.";

/**
 * A training run.
 *
 * Events: "tick" after each command and about ten times a second while running (all that is shown
 * may have changed), "state" when `state` or `finished` has changed, "problem" with a sentence in
 * `problem`.
 */
export class Run extends EventTarget {
    /** @type {RunState} */
    state = "new";
    /** Whether the configured epochs are done; `start` trains for as many more. */
    finished = false;
    /** @type {HistoryPoint[]} */
    history = [];
    /** @type {LayerHistograms[]} from the input on; empty before the first step */
    histograms = [];
    /** @type {SnapshotEntry[]} oldest first */
    snapshots = [];
    /** Memory of all snapshots, in bytes. */
    snapshotBytes = 0;
    /** @type {Walk | null} the latest image with all its numbers; null at full speed */
    walk = null;
    /** @type {number | null} share of the test images answered right; see `evaluateTest` */
    testAccuracy = null;
    /** The sentence of the latest "problem". */
    problem = "";
    /** Images per second; Infinity is as fast as it goes. */
    speed = Infinity;

    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    #requests = new Map();
    #lastRequest = 0;
    #closed = false;
    /** @type {Worker} begun once the config has been checked */
    #worker;
    /** @type {Command[] | null} commands given before the worker had its data; null afterwards */
    #waiting = [];
    /** @type {number | undefined} images trained on when the test images were answered */
    #testedAt = undefined;
    /** @type {number | null} epochs after which a run that went on past its end stops */
    #lastEpoch = null;
    /** Epochs that are done when the worker has answered. */
    #nextEpoch = 0;

    /**
     * Begin a run; it is "new", evaluated once, and waits for a command.
     *
     * @param {TrainingConfig} config
     * @param {RunImages} images
     * @param {object} [options]
     * @param {string} [options.name] of its model, such as "run A"
     * @param {Promise<Start> | null} [options.start] where it begins; null draws new parameters
     * @param {Normalizer | null} [options.normalizer] of parameters that were trained before; null
     *     fits one to the training images
     * @param {number} [options.snapshotBytes] memory for snapshots
     * @throws {DigitusError} if the config is out of range or there is nothing to train on
     */
    constructor(
        config,
        images,
        { name = "run", start = null, normalizer = null, snapshotBytes } = {},
    ) {
        super();
        checkConfig(config);
        const data = trainingData(config, images);
        data.normalizer = normalizer ?? data.normalizer;
        /** @type {TrainingConfig} */
        this.config = config;
        /** @type {RunImages} as given */
        this.images = images;
        /** Rows trained on in an epoch, own drawings as often as they are repeated. */
        this.nTrain = data.train.labels.length;
        /** @type {Images} the validation images, shifted if the config says so */
        this.validation = data.validation;
        /** @type {Network} its parameters are those shown */
        this.network = buildNetwork(config);
        /** @type {Model} the same network, to answer drawings with */
        this.model = new Model({ name, network: this.network, normalizer: data.normalizer });
        /** @type {Position} */
        this.position = { epoch: 0, batch: 0, row: 0, step: 0, images: 0, rate: config.rate };
        /** @type {Uint8Array} latest answer to each validation image */
        this.answers = new Uint8Array(this.validation.labels.length);
        /** @type {Float32Array} probability of each of these answers, 0 to 1 */
        this.confidences = new Float32Array(this.validation.labels.length);
        this.#worker = startWorker();
        this.#worker.onmessage = (event) => this.#receive(event.data);
        this.#worker.onerror = (event) => {
            event.preventDefault();
            this.#complain(`The training stopped (${event.message}); start a new run.`);
        };
        /** @type {Promise<void>} kept when the worker was given its data */
        this.ready = this.#open(data, start, snapshotBytes);
    }

    /** Train until paused, or until the configured epochs are done, or as many more. */
    start() {
        const { epochs } = this.config;
        const { epoch } = this.position;
        // The worker itself knows the configured epochs only; more are asked for one by one.
        this.#lastEpoch = epoch < epochs ? null : epochs * (Math.floor(epoch / epochs) + 1);
        this.#nextEpoch = epoch + 1;
        this.#post({ kind: this.#lastEpoch === null ? "start" : "epoch" });
    }

    /** Stop between two images or batches; `start` goes on from there. */
    pause() {
        this.#lastEpoch = null;
        this.#post({ kind: "pause" });
    }

    /** @returns {number} the epoch in which `start` stops: a multiple of the configured ones */
    get wantedEpochs() {
        const { epochs } = this.config;
        return epochs * Math.max(1, Math.ceil(this.position.images / (this.nTrain * epochs)));
    }

    /** @returns {boolean} whether the run stands where `start` has stopped or would have stopped */
    get isAtEnd() {
        const { images } = this.position;
        return this.state === "paused" && images === this.wantedEpochs * this.nTrain;
    }

    /** Train on one image, then pause; `walk` shows its numbers. */
    image() {
        this.#lastEpoch = null;
        this.#post({ kind: "image" });
    }

    /** Train to the end of the batch, which changes the parameters once, then pause. */
    step() {
        this.#lastEpoch = null;
        this.#post({ kind: "step" });
    }

    /** Train to the end of the epoch, then pause. */
    epoch() {
        this.#lastEpoch = null;
        this.#post({ kind: "epoch" });
    }

    /**
     * Set the speed. Up to `ROW_BY_ROW` images a second (`trainer.js`) they are taken one by one.
     *
     * @param {number} imagesPerSecond above 0; Infinity is as fast as it goes
     */
    setSpeed(imagesPerSecond) {
        this.speed = imagesPerSecond;
        this.#post({ kind: "speed", imagesPerSecond });
    }

    /**
     * Go back to a snapshot and pause; later snapshots stay until training goes on from here.
     *
     * @param {number} index of a `SnapshotEntry`
     */
    rewind(index) {
        this.#lastEpoch = null;
        this.#post({ kind: "rewind", index });
    }

    /**
     * Begin a second run at a snapshot of this one, with other settings.
     *
     * @param {number} index of a `SnapshotEntry`
     * @param {Partial<TrainingConfig>} changes such as {rate: 0.01}; see `branchedConfig`
     * @param {{name?: string}} [options]
     * @returns {Run} which takes commands at once
     * @throws {DigitusError} if a change needs other parameters, such as `hidden`
     */
    branch(index, changes, options = {}) {
        const config = branchedConfig(this.config, changes);
        const request = this.#ask((number) => ({ kind: "start of", index, request: number }));
        const { normalizer } = this.model;
        return new Run(config, this.images, { ...options, start: request, normalizer });
    }

    /**
     * Answer the test images.
     *
     * @param {Images} images
     * @returns {Promise<number>} the share answered right, kept in `testAccuracy` until the
     *     parameters change
     */
    async evaluateTest(images) {
        const position = await this.#ask((request) => ({ kind: "test", images, request }));
        this.testAccuracy = position.right / images.labels.length;
        this.#testedAt = position.images;
        return this.testAccuracy;
    }

    /** @returns {number[][]} counts, [true digit][answer], of the latest answers (10, 10) */
    get confusion() {
        const counts = Array.from({ length: CLASSES }, () => Array(CLASSES).fill(0));
        this.answers.forEach((answer, row) => counts[this.validation.labels[row]][answer]++);
        return counts;
    }

    /**
     * Return the rows of the validation images of a digit that got a certain answer.
     *
     * @param {number} label the true digit
     * @param {number} answered
     * @returns {number[]}
     */
    cell(label, answered) {
        const rows = [];
        const { labels } = this.validation;
        for (let row = 0; row < this.answers.length; row++) {
            if (labels[row] === label && this.answers[row] === answered) rows.push(row);
        }
        return rows;
    }

    /** @returns {Mistake[]} the wrong answers that the network is surest of, surest first */
    get mistakes() {
        const { labels } = this.validation;
        const rows = [...this.answers.keys()].filter((row) => this.answers[row] !== labels[row]);
        rows.sort((a, b) => this.confidences[b] - this.confidences[a]);
        return rows.slice(0, SHOWN_MISTAKES).map((index) => ({
            index,
            label: labels[index],
            answer: this.answers[index],
            confidence: this.confidences[index],
        }));
    }

    /**
     * Return the network as shown as a model file, named after its widths and training images.
     *
     * @returns {Uint8Array}
     */
    toModelFile() {
        this.model.record = {
            config: recordOfConfig(this.config, this.validation.labels.length),
            epochs: this.position.epoch,
            steps: this.position.step,
            rows: this.nTrain,
            date: new Date().toISOString().slice(0, 10),
            versions: { page: navigator.userAgent },
        };
        const name = `${title(this.network)} on ${this.nTrain.toLocaleString("en")} images`;
        return writeModel(new Model({ ...this.model, name }));
    }

    /** End the worker; the run shows what it showed last. */
    close() {
        this.#closed = true;
        this.#worker.terminate();
        for (const { reject } of this.#requests.values()) {
            reject(new DigitusError(CLOSED));
        }
        this.#requests.clear();
    }

    /**
     * Give the worker its data, then the commands that waited for it.
     *
     * @param {{train: Images, validation: Images, normalizer: Normalizer}} data
     * @param {Promise<Start> | null} start
     * @param {number} [snapshotBytes]
     */
    async #open({ train, validation, normalizer }, start, snapshotBytes) {
        const { kind, mean, std } = normalizer;
        /** @type {Command} */
        const command = {
            kind: "open",
            config: this.config,
            train,
            validation,
            normalizer: { kind, mean, std },
            start: null,
            snapshotBytes,
        };
        try {
            if (start) command.start = await start;
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            this.#complain(error.message);
            return;
        }
        // Copies of the images, handed over: a view would take the whole array that it looks into.
        command.train = copied(train);
        command.validation = copied(validation);
        const buffers = [...buffersOf(command.train), ...buffersOf(command.validation)];
        this.#worker.postMessage(command, buffers);
        for (const waiting of this.#waiting ?? []) this.#worker.postMessage(waiting);
        this.#waiting = null;
    }

    /**
     * Send a command to the worker, or keep it until the worker has its data.
     *
     * @param {Command} command
     * @param {Transferable[]} [transfer]
     */
    #post(command, transfer = []) {
        if (this.#closed) return;
        if (this.#waiting) this.#waiting.push(command);
        else this.#worker.postMessage(command, transfer);
    }

    /**
     * Send a command that is answered.
     *
     * @param {(request: number) => Command} command
     * @returns {Promise<any>} the value of the reply
     */
    #ask(command) {
        if (this.#closed) return Promise.reject(new DigitusError(CLOSED));
        const request = ++this.#lastRequest;
        return new Promise((resolve, reject) => {
            this.#requests.set(request, { resolve, reject });
            this.#post(command(request));
        });
    }

    /** Take over what the worker posts. @param {Report} report */
    #receive(report) {
        if (this.#closed) return;
        if (report.kind === "tick") {
            this.#show(report);
        } else if (report.kind === "problem") {
            this.#complain(report.sentence);
        } else {
            const request = this.#requests.get(report.request);
            this.#requests.delete(report.request);
            if (report.problem) request?.reject(new DigitusError(report.problem));
            else request?.resolve(report.value);
        }
    }

    /** Show a tick, and give its buffer back. @param {Tick} tick */
    #show(tick) {
        const state = this.#goOn(tick);
        const changed = state !== this.state || tick.finished !== this.finished;
        this.state = state;
        this.finished = tick.finished;
        this.position = tick.position;
        if (this.#testedAt !== tick.position.images) this.testAccuracy = null;
        this.network.parameters.set(tick.parameters);
        this.history.splice(tick.history.from, Infinity, ...tick.history.points);
        this.histograms = tick.histograms;
        this.snapshots = tick.snapshots ?? this.snapshots;
        this.snapshotBytes = tick.snapshotBytes;
        this.walk = tick.walk;
        if (tick.validation) {
            this.answers = tick.validation.answers;
            this.confidences = tick.validation.confidences;
        }
        const buffer = /** @type {ArrayBuffer} */ (tick.parameters.buffer);
        this.#post({ kind: "shown", buffers: [buffer] }, [buffer]);
        if (changed) this.dispatchEvent(new Event("state"));
        this.dispatchEvent(new Event("tick"));
    }

    /**
     * Ask for the next epoch if more are wanted past the configured ones.
     *
     * @param {Tick} tick
     * @returns {RunState} of the run; between two of these epochs the worker alone is paused
     */
    #goOn({ state, position: { epoch } }) {
        if (this.#lastEpoch !== null && (epoch >= this.#lastEpoch || state === "diverged")) {
            this.#lastEpoch = null;
        }
        if (this.#lastEpoch === null || state !== "paused") return state;
        if (epoch >= this.#nextEpoch) {
            this.#nextEpoch = epoch + 1;
            this.#post({ kind: "epoch" });
        }
        return "running";
    }

    /** Tell the page of a problem. @param {string} sentence */
    #complain(sentence) {
        this.problem = sentence;
        this.dispatchEvent(new Event("problem"));
    }
}

/**
 * Return copies of the arrays.
 *
 * @param {Images} images
 * @returns {Images}
 */
function copied({ pixels, labels }) {
    return { pixels: pixels.slice(), labels: labels.slice() };
}

/**
 * Return the buffers, to be handed over.
 *
 * @param {Images} images
 * @returns {ArrayBuffer[]}
 */
function buffersOf({ pixels, labels }) {
    return [/** @type {ArrayBuffer} */ (pixels.buffer), /** @type {ArrayBuffer} */ (labels.buffer)];
}
