/**
 * The worker that trains: it takes the page's commands between short slices of work, and posts what
 * is shown about ten times a second. The messages are described in `run.js`.
 */

import { DigitusError } from "../errors.js";
import { Normalizer } from "../models/normalizer.js";
import { Evaluation } from "./evaluation.js";
import { History } from "./history.js";
import { Rows } from "./rows.js";
import { SnapshotList } from "./snapshots.js";
import { PROBE_ROWS, ROW_BY_ROW, Trainer } from "./trainer.js";

/** @typedef {import("./run.js").Command} Command */
/** @typedef {import("./run.js").Report} Report */
/** @typedef {import("./run.js").RunState} RunState */
/** @typedef {import("./trainer.js").Walk} Walk */
/** @typedef {Extract<Command, {kind: "open"}>} Opening */
/** @typedef {{request: number, evaluation: Evaluation, pass: Generator<void, void>}} Test */

/**
 * Times in milliseconds. A slice is short enough that a command is taken at once, a tick comes ten
 * times a second, and answering validation images may take a tenth of the time.
 */
const TIMES = { slice: 20, tick: 100, probe: 10 };

/**
 * Steps after which the curves get a point whatever the time: much happens in the first ones, and
 * they take less than a tick.
 */
const EARLY_STEPS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

/** Up to this speed, in images per second, all numbers of the latest image are posted. */
const WALK_SPEED = 20;

/** The run in this worker. */
class WorkerRun {
    /** @type {"run" | "image" | "step" | "epoch" | null} what is trained for */
    goal = null;
    goesBeyond = false;
    speed = Infinity;
    /** Images that the speed allows now. */
    credit = 0;
    creditedAt = performance.now();
    /** @type {Generator<void, void> | null} the pass over all validation images under way */
    pass = null;
    /** @type {Test[]} */
    tests = [];
    /** @type {Walk | null} */
    walk = null;
    /** Images trained on when all validation images were answered. */
    answeredAt = 0;
    tickedAt = -Infinity;
    isShowing = false;
    tickWanted = false;
    answersChanged = true;
    /** Milliseconds that the latest early point took. */
    earlyCost = 0;
    /** @type {string | null} to be reported after the tick that shows it */
    problem = null;
    /** @type {number | null} index of the snapshot that the run was taken back to */
    rewound = null;
    /** @type {ArrayBuffer[]} given back by the page */
    buffers = [];

    /** @param {Opening} opening */
    constructor({ config, train, validation, normalizer, start, snapshotBytes }) {
        const { kind, mean, std } = normalizer;
        this.normalizer = new Normalizer(kind, mean, std);
        this.trainer = new Trainer({ config, train, validation, normalizer: this.normalizer });
        this.nEpochs = config.epochs;
        this.history = new History();
        this.snapshots = new SnapshotList(snapshotBytes);
        /** @type {RunState} */
        this.state = start ? "paused" : "new";
        if (start) {
            this.trainer.branchFrom(start.snapshot, start.config);
            this.history = new History(start.history);
        }
        this.pass = this.trainer.evaluate();
    }

    /** Carry out a command. @param {Exclude<Command, Opening>} command */
    take(command) {
        switch (command.kind) {
            case "shown":
                this.buffers = command.buffers;
                this.isShowing = false;
                if (this.tickWanted) this.tick();
                return;
            case "start":
                return this.trainFor("run");
            case "image":
            case "step":
            case "epoch":
                return this.trainFor(command.kind);
            case "pause":
                return this.pause();
            case "speed":
                this.speed = command.imagesPerSecond;
                this.credit = 0;
                return;
            case "rewind":
                return this.rewind(command.index);
            case "start of":
                return this.reply(command.request, this.startOf(command.index));
            case "test":
                return this.test(command);
        }
    }

    /** Whether there is work to do without a further command. */
    get isBusy() {
        return this.goal !== null || this.pass !== null || this.tests.length > 0;
    }

    /**
     * Work for one slice.
     *
     * @returns {number} milliseconds until the next one
     */
    work() {
        const end = performance.now() + TIMES.slice;
        let wait = 0;
        while (this.isBusy && wait === 0 && performance.now() < end) {
            if (this.tests.length) this.workOnTest(this.tests[0]);
            else if (this.pass) this.workOnPass(this.pass);
            else wait = this.train();
        }
        const due = performance.now() - this.tickedAt >= TIMES.tick;
        if (this.goal !== null && due && !this.isShowing) this.tick();
        return wait;
    }

    /** Begin to train. @param {"run" | "image" | "step" | "epoch"} goal */
    trainFor(goal) {
        if (this.trainer.diverged) {
            report({
                kind: "problem",
                sentence:
                    "This run has diverged; rewind it to an earlier point, or start a new one " +
                    "with a smaller rate.",
            });
            return;
        }
        if (this.rewound !== null) {
            this.snapshots.dropAfter(this.rewound);
            this.rewound = null;
        }
        this.goesBeyond = this.isFinished;
        this.goal = goal;
        this.state = "running";
        this.credit = 1;
        this.creditedAt = performance.now();
        this.tick();
    }

    /** Whether the configured epochs are done. */
    get isFinished() {
        return this.trainer.position.epoch >= this.nEpochs;
    }

    /** Stop to train, and answer all validation images. @param {RunState} [state] */
    pause(state = "paused") {
        if (this.state === "running") this.state = state;
        this.goal = null;
        if (!this.trainer.isEvaluated) this.pass = this.trainer.evaluate();
        this.tick();
    }

    /**
     * Train on the next part of a batch, if the speed allows.
     *
     * @returns {number} milliseconds until it does
     */
    train() {
        const { trainer } = this;
        const singly = this.speed <= ROW_BY_ROW || this.goal === "image";
        const rows = singly ? 1 : trainer.nextRows;
        const wait = this.goal === "image" ? 0 : this.waitFor(rows);
        if (wait > 0) return wait;
        const isBatchDone = trainer.advance(rows);
        if (isBatchDone && EARLY_STEPS.includes(trainer.position.step)) this.observeEarly();
        const showsWalk = this.goal === "image" || this.speed <= WALK_SPEED;
        this.walk = singly && showsWalk ? trainer.walk() : null;
        if (trainer.diverged) this.diverge();
        else if (this.goal === "image" || (this.goal === "step" && isBatchDone)) this.pause();
        else if (isBatchDone && trainer.atEpochEnd) this.endEpoch();
        return 0;
    }

    /** Pause where an epoch was asked for, else answer all validation images. */
    endEpoch() {
        const { trainer } = this;
        if (this.goal === "epoch" || (this.isFinished && !this.goesBeyond)) {
            this.pause();
        } else if (trainer.position.images - this.answeredAt >= trainer.evaluation.rows.n) {
            // Not after each epoch of a few images: answering all would take most of the time.
            this.answeredAt = trainer.position.images;
            this.pass = trainer.evaluate();
        }
    }

    /** Stop after a loss that is not finite, and say so. */
    diverge() {
        const { step, rate } = this.trainer.position;
        this.problem =
            `The loss became infinite in step ${step + 1} at the rate ${rate}; the last good ` +
            "weights are kept. Rewind, or start again with a smaller rate.";
        this.pause("diverged");
    }

    /**
     * Return how long to wait until the speed allows some images, and count them.
     *
     * @param {number} rows
     * @returns {number} milliseconds
     */
    waitFor(rows) {
        if (this.speed === Infinity) return 0;
        const now = performance.now();
        // No more than a slice is made up for: after a pause the run goes on at its speed.
        const most = rows + (this.speed * TIMES.slice) / 1000;
        this.credit = Math.min(most, this.credit + (this.speed * (now - this.creditedAt)) / 1000);
        this.creditedAt = now;
        if (this.credit < rows) return ((rows - this.credit) / this.speed) * 1000;
        this.credit -= rows;
        return 0;
    }

    /** Answer some validation images. @param {Generator<void, void>} pass */
    workOnPass(pass) {
        this.answersChanged = true;
        if (!pass.next().done) return;
        this.pass = null;
        this.history.add(this.trainer.takePoint());
        this.keepSnapshot();
        if (this.goal === null) this.tick();
    }

    /** Keep the state, unless the run was taken back or the last one is close. */
    keepSnapshot() {
        const { trainer, snapshots } = this;
        if (this.rewound === null && snapshots.wants(trainer.position.images)) {
            snapshots.add(trainer.snapshot());
        }
    }

    /** Go back to a snapshot. @param {number} index */
    rewind(index) {
        const found = this.snapshots.find(index);
        if (!found) return;
        this.trainer.restore(found.snapshot);
        this.rewound = found.index;
        this.history.cut(this.trainer.position.images);
        this.answeredAt = this.trainer.position.images;
        this.answersChanged = true;
        this.walk = null;
        this.goal = null;
        this.state = this.trainer.position.images ? "paused" : "new";
        this.pass = this.trainer.isEvaluated ? null : this.trainer.evaluate();
        for (const test of this.tests) test.pass = test.evaluation.all();
        this.tick();
    }

    /** Return where a run begins that branches off here. @param {number} index */
    startOf(index) {
        const snapshot = this.snapshots.find(index)?.snapshot ?? this.trainer.snapshot();
        const { images } = snapshot.position;
        const history = this.history.points.filter((point) => point.images <= images);
        return { snapshot, history, config: this.trainer.config };
    }

    /** Begin to answer test images. @param {Extract<Command, {kind: "test"}>} command */
    test({ images, request }) {
        const { network, partRows } = this.trainer;
        const rows = new Rows(images, this.normalizer, network.layers[0].takesSparseRows);
        const evaluation = new Evaluation(network, rows, partRows);
        this.tests.push({ request, evaluation, pass: evaluation.all() });
    }

    /** Answer some test images; reply after the last ones. @param {Test} test */
    workOnTest({ request, evaluation, pass }) {
        if (!pass.next().done) return;
        this.tests.shift();
        const { images } = this.trainer.position;
        this.reply(request, { right: evaluation.countCorrect(), images });
    }

    /** Post all that is shown, or as soon as the page has taken over the last tick. */
    tick() {
        if (this.goal !== null && !this.isShowing) this.observe();
        this.tickWanted = this.isShowing; // where it has diverged, it was shown already
        if (this.isShowing) return;
        const { trainer, history, snapshots } = this;
        const parameters = this.copiedParameters();
        const { evaluation } = trainer;
        const validation = this.answersChanged
            ? { answers: evaluation.answers.slice(), confidences: evaluation.confidences.slice() }
            : null;
        this.answersChanged = false;
        this.isShowing = true;
        this.tickedAt = performance.now();
        report(
            {
                kind: "tick",
                state: this.state,
                finished: this.isFinished,
                position: { ...trainer.position },
                parameters,
                history: history.takeChanges(),
                validation,
                histograms: trainer.histograms(),
                snapshots: snapshots.changed ? snapshots.entries() : null,
                snapshotBytes: snapshots.bytes,
                walk: this.walk,
            },
            [/** @type {ArrayBuffer} */ (parameters.buffer)],
        );
        if (this.problem !== null) report({ kind: "problem", sentence: this.problem });
        this.problem = null;
    }

    /** Answer some validation images, and add a point to the curves and a snapshot. */
    observe() {
        const { trainer } = this;
        if (!trainer.checkFinite()) {
            this.diverge();
            return;
        }
        if (this.pass) return; // it answers all images, and adds the point when it is done
        const end = performance.now() + TIMES.probe;
        while (!trainer.evaluation.advance(PROBE_ROWS) && performance.now() < end);
        this.answersChanged = true;
        if (trainer.sums.rows) this.history.add(trainer.takePoint());
        this.keepSnapshot();
    }

    /**
     * Answer all images of the probe at once, and add a point to the curves and a snapshot; not
     * where a network is so large that commands would wait for it.
     */
    observeEarly() {
        const { trainer } = this;
        if (this.earlyCost > 2 * TIMES.slice || !trainer.checkFinite()) return;
        const start = performance.now();
        trainer.evaluation.answerFirst(PROBE_ROWS);
        this.earlyCost = performance.now() - start;
        this.answersChanged = true;
        this.history.add(trainer.takePoint());
        this.keepSnapshot();
    }

    /** @returns {Float32Array} in a buffer that the page has given back, if there is one */
    copiedParameters() {
        const { parameters } = this.trainer.network;
        const buffer = this.buffers.pop();
        const copy = buffer ? new Float32Array(buffer) : new Float32Array(parameters.length);
        copy.set(parameters);
        return copy;
    }

    /**
     * Answer a command that asked for something.
     *
     * @param {number} request
     * @param {unknown} value
     */
    reply(request, value) {
        report({ kind: "reply", request, value });
    }
}

/**
 * Post a message to the page.
 *
 * @param {Report} message
 * @param {Transferable[]} [transfer]
 */
function report(message, transfer = []) {
    /** @type {any} */ (self).postMessage(message, transfer);
}

/** @type {WorkerRun | null} */
let run = null;
let isScheduled = false;
let timer = 0;

// A message to oneself comes after those of the page, and at once: a timer waits for 4 ms.
const channel = new MessageChannel();
channel.port1.onmessage = () => {
    isScheduled = false;
    carryOut(null, work);
};

/** Work for a slice, and come back if there is more to do. */
function work() {
    if (!run) return;
    const wait = run.work();
    if (run.isBusy) schedule(wait);
}

/** Work again after a wait. @param {number} wait milliseconds */
function schedule(wait) {
    clearTimeout(timer);
    if (wait > 0) {
        timer = setTimeout(() => schedule(0), Math.min(wait, TIMES.tick));
    } else if (!isScheduled) {
        isScheduled = true;
        channel.port2.postMessage(null);
    }
}

/**
 * Do something; a failure becomes a sentence for the page, and the run pauses.
 *
 * @param {Command | null} command
 * @param {() => void} action
 */
function carryOut(command, action) {
    try {
        action();
    } catch (error) {
        const expected = error instanceof DigitusError;
        const text = error instanceof Error ? error.message : String(error);
        const sentence = expected ? text : `The training stopped (${text}); start a new run.`;
        if (run) {
            run.goal = run.pass = null;
            run.tests = [];
            if (run.state === "running") run.state = "paused";
            run.tick();
        }
        if (command && "request" in command) {
            report({ kind: "reply", request: command.request, value: null, problem: sentence });
        } else {
            report({ kind: "problem", sentence });
        }
    }
}

self.onmessage = ({ data }) => {
    const command = /** @type {Command} */ (data);
    carryOut(command, () => {
        if (command.kind === "open") run = new WorkerRun(command);
        else run?.take(command);
        if (run?.isBusy) schedule(0);
    });
};
