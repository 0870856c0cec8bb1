/** The state of the Learn room: images, one run or two, own drawings, speed, and the link. */

import { DigitusError } from "../errors.js";
import { mnistImages, resourceList } from "../resources.js";
import { PIXELS } from "../sizes.js";
import { DEFAULT_CONFIG } from "../training/config.js";
import { experimentOf } from "../training/experiments.js";
import { Run } from "../training/run.js";
import { Trainer } from "../training/trainer.js";
import { splitImages, trainingData } from "../training/training_images.js";
import { attempt, say } from "../ui/messages.js";
import { countText } from "../ui/numbers.js";
import { configOfModel } from "./setup/config_of_model.js";

/** @typedef {import("../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("../training/training_images.js").Images} Images */
/** @typedef {import("../training/training_images.js").RunImages} RunImages */
/** @typedef {import("../training/run.js").Start} Start */
/** @typedef {import("../training/trainer.js").HistoryPoint} HistoryPoint */
/** @typedef {import("../session.js").Session} Session */
/**
 * @typedef {object} Origin
 * @property {Promise<Start>} start
 * @property {import("../models/normalizer.js").Normalizer} normalizer that of the weights
 */
/**
 * @typedef {object} Slot a run and its place in the room
 * @property {"A" | "B"} letter
 * @property {Run} run
 * @property {number} branchedAt images after which it branched off; 0 for the first weights
 * @property {HistoryPoint[]} curve its history, points that lie ahead after a rewind included
 */

/** Share of the images seen to which a run that diverged is rewound: trouble begins earlier. */
const BEFORE_DIVERGENCE = 0.8;
/** Numbers come more often than that while a run trains. */
const LONGEST_TICK_MS = 1000;

/**
 * Holds the runs and gives them commands.
 *
 * Events: "tick" (numbers have changed; at most once an animation frame), "runs" (other runs),
 * "own" (own drawings have changed), "loading" (images were asked for or have come).
 */
export class Workbench extends EventTarget {
    /** @param {Session} session */
    constructor(session) {
        super();
        this.session = session;
        /** @type {TrainingConfig} of run A */
        this.config = DEFAULT_CONFIG;
        /** @type {Slot[]} none without images, else run A and perhaps run B */
        this.slots = [];
        /** @type {"A" | "B"} the run whose details a narrow screen shows */
        this.shown = "A";
        /** @type {Images | null} MNIST's training images */
        this.mnist = null;
        /** Number of test images that the page has. */
        this.nTest = 0;
        /** @type {Images | null} labelled drawings */
        this.own = null;
        /** Images a second; Infinity is as fast as it goes. */
        this.speed = Infinity;
        /** A sentence on what keeps the runs from training, or "". */
        this.obstacle = "";
        this.isLoading = false;
        /** @type {string[]} labels of the settings that are typed wrong */
        this.wrongSettings = [];
        /** @type {Promise<void> | null} */
        this.opened = null;
        this.frame = 0;
        /** @type {number | null} images to rewind to as soon as the runs have answered */
        this.wanted = null;
        /** Milliseconds in which these runs have trained. */
        this.trainedMs = 0;
        /** When the latest numbers came, in milliseconds. */
        this.tickedAt = 0;
        /** Runs that have not yet answered the last rewind. */
        this.unanswered = 0;
    }

    /**
     * Read MNIST, once, and begin the runs.
     *
     * @param {TrainingConfig} config
     * @param {TrainingConfig | null} versus of run B
     */
    async open(config, versus) {
        this.opened ??= this.readImages();
        this.config = config;
        await this.opened;
        this.begin(config, versus);
    }

    /** Read MNIST's training images; without them the obstacle says why. */
    async readImages() {
        this.isLoading = true;
        this.dispatchEvent(new Event("loading"));
        try {
            this.nTest = (await resourceList()).mnist.test?.n ?? 0;
            this.mnist = await mnistImages("train");
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            this.obstacle = error.message;
        }
        this.isLoading = false;
        this.dispatchEvent(new Event("loading"));
    }

    /**
     * Begin run A anew, and run B if there is to be one.
     *
     * @param {TrainingConfig} config of run A
     * @param {TrainingConfig | null} [versus] of run B
     * @param {Origin | null} [origin] where run A begins; null draws initial weights
     */
    begin(config, versus = null, origin = null) {
        /** @type {RunImages} */
        let images;
        /** @type {Run[]} */
        let runs;
        try {
            // The same numbers for all who open an experiment: no own drawings among its images.
            images = splitImages(this.mnist, experimentOf(config, versus) ? null : this.own);
            runs = [new Run(config, images, { ...origin, name: "run A" })];
            if (versus) runs.push(new Run(versus, images, { name: "run B" }));
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            if (this.mnist || this.own) say(error.message);
            else this.obstacle ||= error.message;
            this.changedRuns();
            return;
        }
        this.obstacle = "";
        this.config = config;
        this.close();
        runs.forEach((run, i) => this.adopt(i ? "B" : "A", run));
        this.changedRuns();
    }

    /**
     * Restart with the same settings, or with others; run B goes.
     *
     * @param {TrainingConfig} [config]
     */
    restart(config) {
        const versus = config ? null : (this.slots[1]?.run.config ?? null);
        this.begin(config ?? this.config, versus);
    }

    /**
     * Begin run B from the initial weights with other settings; run A begins anew, so that both
     * are seen at the same time.
     *
     * @param {TrainingConfig} config
     */
    compare(config) {
        this.begin(this.config, config);
        this.start();
    }

    /**
     * Begin run B where run A stands now, with other settings.
     *
     * @param {Partial<TrainingConfig>} changes
     */
    async branch(changes) {
        await attempt(() => {
            const { run } = this.slots[0];
            const { index, images } = this.snapshot;
            const other = run.branch(index, changes, { name: "run B" });
            this.closeB();
            this.adopt("B", other, images);
            this.changedRuns();
        });
    }

    /** Continue from run A's weights in a new run that trains on the own drawings, too. */
    continueWithOwn() {
        this.beginFrom(this.config, this.slots[0].run.model);
    }

    /**
     * Continue from the weights of a model file.
     *
     * @param {import("../models/model.js").Model} model
     * @throws {DigitusError} if the page cannot train such a network
     */
    openModel(model) {
        this.beginFrom(configOfModel(model, this.config), model);
    }

    /**
     * Begin run A with given weights.
     *
     * @param {TrainingConfig} config that builds the model's network
     * @param {import("../models/model.js").Model} model whose weights and normalizer are kept
     */
    beginFrom(config, { network, normalizer }) {
        const images = splitImages(this.mnist, this.own);
        const { train, validation } = trainingData(config, images);
        // A snapshot holds nothing of the training images; one of them is enough to make it.
        const one = {
            pixels: train.pixels.subarray(0, PIXELS),
            labels: train.labels.subarray(0, 1),
        };
        const trainer = new Trainer({
            config,
            train: one,
            validation,
            normalizer,
            parameters: Float32Array.from(network.parameters),
        });
        const start = Promise.resolve({ snapshot: trainer.snapshot(), history: [], config });
        this.begin(config, null, { start, normalizer });
    }

    /**
     * Answer the test images with the network as shown.
     *
     * @param {Slot} slot
     */
    async test({ run }) {
        await run.evaluateTest(await mnistImages("test"));
        this.soon();
    }

    /** @returns {import("../training/run.js").SnapshotEntry} run A's latest one at the shown moment */
    get snapshot() {
        const { snapshots, position } = this.slots[0].run;
        return snapshots.findLast(({ images }) => images <= position.images) ?? snapshots[0];
    }

    /** End run B. */
    closeB() {
        const slot = this.slots.find(({ letter }) => letter === "B");
        if (!slot) return;
        slot.run.close();
        this.slots = this.slots.filter((one) => one !== slot);
        this.shown = "A";
        this.session.removeRun("run B");
        this.changedRuns();
    }

    /** End all runs. */
    close() {
        this.trainedMs = 0;
        for (const { run } of this.slots) run.close();
        if (this.slots.length > 1) this.session.removeRun("run B");
        this.slots = [];
        this.shown = "A";
        this.wanted = null;
        this.unanswered = 0;
    }

    /**
     * Give a run its place, and follow it.
     *
     * @param {"A" | "B"} letter
     * @param {Run} run
     * @param {number} [branchedAt] images after which it branches off
     */
    adopt(letter, run, branchedAt = 0) {
        /** @type {Slot} */
        const slot = { letter, run, curve: [], branchedAt };
        this.slots = [...this.slots, slot];
        run.setSpeed(this.speed);
        run.addEventListener("tick", () => this.ticked(slot));
        run.addEventListener("problem", () => {
            if (run.state === "diverged")
                this.soon(); // `notice` says it
            else say(run.problem);
        });
        this.session.addRun(run.model);
    }

    /**
     * Take over what a run has computed.
     *
     * @param {Slot} slot
     */
    ticked(slot) {
        const now = performance.now();
        if (this.isRunning) this.trainedMs += Math.min(now - this.tickedAt, LONGEST_TICK_MS);
        this.tickedAt = now;
        if (!isPast(slot.run)) slot.curve = slot.run.history.slice();
        this.session.modelChanged(slot.run.model);
        this.unanswered = Math.max(0, this.unanswered - 1);
        if (!this.unanswered) this.rewindNow();
        this.soon();
    }

    /** Say that numbers have changed, at the next animation frame. */
    soon() {
        this.frame ||= requestAnimationFrame(() => {
            this.frame = 0;
            this.dispatchEvent(new Event("tick"));
        });
    }

    /** Say that there are other runs. */
    changedRuns() {
        this.dispatchEvent(new Event("runs"));
        this.soon();
    }

    // -- commands to all runs

    /** Start all runs that have not diverged. */
    start() {
        const able = this.slots.filter(({ run }) => run.state !== "diverged");
        const unfinished = able.filter(({ run }) => !run.isAtEnd);
        for (const { run } of unfinished.length ? unfinished : able) run.start();
    }

    /** Pause all runs. */
    pause() {
        for (const { run } of this.slots) run.pause();
    }

    /** Pause if a run is training, else start. */
    toggle() {
        if (this.isRunning) this.pause();
        else this.start();
    }

    /** Train all runs on one image. */
    image() {
        for (const { run } of this.slots) run.image();
    }

    /** Train all runs to the end of their batch. */
    step() {
        for (const { run } of this.slots) run.step();
    }

    /** Train all runs to the end of their epoch. */
    epoch() {
        for (const { run } of this.slots) run.epoch();
    }

    /**
     * Set the speed of all runs.
     *
     * @param {number} imagesPerSecond
     */
    setSpeed(imagesPerSecond) {
        this.speed = imagesPerSecond;
        for (const { run } of this.slots) run.setSpeed(imagesPerSecond);
        this.soon();
    }

    /**
     * Show all as it was at a moment.
     *
     * A slider asks more often than the runs answer: they get the latest wish when they have
     * answered the one before.
     *
     * @param {number} moment index of one of `moments`
     */
    rewind(moment) {
        this.wanted = this.moments[moment] ?? null;
        this.soon();
        if (!this.unanswered) this.rewindNow();
    }

    /** Send the latest wish to the runs. */
    rewindNow() {
        const { wanted } = this;
        if (wanted === null) return;
        this.wanted = null;
        for (const { run } of this.slots) {
            const snapshot =
                run.snapshots.findLast(({ images }) => images <= wanted) ?? run.snapshots[0];
            if (!snapshot) continue;
            this.unanswered++;
            run.rewind(snapshot.index);
        }
    }

    /** Go back to well before a run diverged. */
    rewindBeforeDivergence() {
        const { moments } = this;
        const wanted = BEFORE_DIVERGENCE * moments[moments.length - 1];
        this.rewind(
            Math.max(
                0,
                moments.findLastIndex((images) => images <= wanted),
            ),
        );
    }

    // -- what the cards show

    /** @returns {boolean} whether a run has diverged */
    get hasDiverged() {
        return this.slots.some(({ run }) => run.state === "diverged");
    }

    /** @returns {boolean} whether a run is training */
    get isRunning() {
        return this.slots.some(({ run }) => run.state === "running");
    }

    /** @returns {boolean} whether the runs take commands */
    get canTrain() {
        return this.slots.length > 0 && !this.isMisset;
    }

    /** @returns {boolean} whether a new run would begin with other settings than those typed */
    get isMisset() {
        return this.wrongSettings.length > 0 && !this.hasBegun;
    }

    /** @returns {boolean} whether the runs have done all epochs that were asked for */
    get isAtEnd() {
        const able = this.slots.filter(({ run }) => run.state !== "diverged");
        return able.length > 0 && able.every(({ run }) => run.isAtEnd);
    }

    /** @returns {boolean} whether a run has yet to answer a rewind */
    get isRewinding() {
        return this.wanted !== null || this.unanswered > 0;
    }

    /** @returns {boolean} whether run A has begun to train, even if it was rewound */
    get hasBegun() {
        return this.slots.some(({ run }) => run.position.images > 0 || run.snapshots.length > 1);
    }

    /** @returns {number[]} images seen at each moment that has a snapshot, of any run */
    get moments() {
        const all = this.slots.flatMap(({ run }) => run.snapshots.map(({ images }) => images));
        return [...new Set(all)].sort((a, b) => a - b);
    }

    /** @returns {number} index of the moment that is shown */
    get moment() {
        const images = Math.max(0, ...this.slots.map(({ run }) => run.position.images));
        return Math.max(
            0,
            this.moments.findLastIndex((one) => one <= images),
        );
    }

    /** @returns {number | null} epochs at the moment that is shown; null if nothing lies ahead */
    get shownEpoch() {
        const past = this.slots.filter(({ run }) => isPast(run));
        if (!past.length) return null;
        return Math.max(...past.map(({ run }) => run.position.images / run.nTrain));
    }

    /** @returns {number | null} images seen at the shown moment; null if nothing lies ahead */
    get shownImages() {
        const past = this.slots.filter(({ run }) => isPast(run));
        return past.length ? Math.max(...past.map(({ run }) => run.position.images)) : null;
    }

    /** @returns {import("../training/experiments.js").Experiment | null} which the runs are */
    get experiment() {
        return experimentOf(this.config, this.slots[1]?.run.config ?? null);
    }

    /** @returns {string} a sentence if this copy has too few images for the experiment, or "" */
    get shortage() {
        const wanted = this.experiment?.config.nImages ?? 0;
        const found = this.slots[0]?.run.images.train.labels.length ?? 0;
        if (found >= wanted) return "";
        return (
            `This copy holds ${countText(found, "image")} to train on; the experiment needs ` +
            `${countText(wanted)}: export it with --images 10000.`
        );
    }

    /** @returns {number} how often run A trains on each own drawing in an epoch; 0 for never */
    get repeatsOfOwn() {
        const run = this.slots[0]?.run;
        const nOwn = run?.images.own?.labels.length ?? 0;
        if (!nOwn) return 0;
        const n = Math.min(run.config.nImages ?? Infinity, run.images.train.labels.length);
        return (run.nTrain - n) / nOwn;
    }

    /** @returns {string} a sentence on the state of things that needs attention, or "" */
    get notice() {
        if (this.isLoading) return "Loading MNIST's images …";
        if (this.obstacle) return this.obstacle;
        if (this.isMisset)
            return `Start waits: correct ${this.wrongSettings.join(" and ")} under Settings.`;
        const diverged = this.slots.filter(({ run }) => run.state === "diverged");
        if (!diverged.length) return "";
        const name = this.slots.length > 1 ? `Run ${diverged[0].letter}: ` : "";
        return name + diverged[0].run.problem;
    }
}

/**
 * Return whether a run was rewound, so that snapshots lie ahead.
 *
 * @param {Run} run
 * @returns {boolean} whether it was rewound, so that snapshots lie ahead
 */
function isPast(run) {
    const last = run.snapshots[run.snapshots.length - 1];
    return run.state !== "running" && last !== undefined && last.images > run.position.images;
}
