/** The images of a run: what is trained on, what is held out for validation, and the normalizer. */

import { Random } from "../engine/random.js";
import { DigitusError } from "../errors.js";
import { Normalizer } from "../models/normalizer.js";
import { PIXELS, SIDE_PX } from "../sizes.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */

/**
 * @typedef {object} Images
 * @property {Uint8Array} pixels n x 784, 0 paper to 255 ink
 * @property {Uint8Array} labels n digits
 */
/**
 * @typedef {object} RunImages as `splitImages` returns them
 * @property {Images} train
 * @property {Images} validation no image of `train`
 * @property {Images} [own] labelled drawings, added to the training images
 */

/** How images are held out, and how much a few drawings count beside thousands of images. */
const SHARES = {
    // As `digitus train` does by default with MNIST's 60,000.
    validation: 1 / 6,
    // Own drawings make up this share of the training images, so that ten of them are not lost
    // among 50,000; but none is repeated more often than `mostRepeats`, or it is learned by heart.
    own: 0.1,
    mostRepeats: 50,
};

/**
 * Hold out images for validation: the last sixth, 10,000 of MNIST's 60,000, as in Python.
 *
 * Without MNIST, own drawings are trained on, and every sixth of them is held out: they come
 * digit by digit, so that the last sixth would lack most digits.
 *
 * @param {Images | null} images MNIST's training images, or none
 * @param {Images | null} [own] labelled drawings
 * @returns {RunImages}
 * @throws {DigitusError} if there are too few to hold some out
 */
export function splitImages(images, own = null) {
    if (images && images.labels.length >= 1 / SHARES.validation) {
        const n = images.labels.length;
        const nTrain = n - Math.round(n * SHARES.validation);
        const parts = { train: slice(images, 0, nTrain), validation: slice(images, nTrain, n) };
        return own && own.labels.length ? { ...parts, own } : parts;
    }
    const n = own?.labels.length ?? 0;
    if (!own || n < 1 / SHARES.validation) {
        throw new DigitusError(
            `Training needs at least ${1 / SHARES.validation} labelled images, found ${n}; ` +
                "draw and label more.",
        );
    }
    const every = 1 / SHARES.validation;
    const rows = [...Array(n).keys()];
    return {
        train: pick(own, rows.filter((row) => row % every !== every - 1)),
        validation: pick(own, rows.filter((row) => row % every === every - 1)),
    };
}

/**
 * Return how often each own drawing stands among the training images.
 *
 * @param {number} nTrain other training images
 * @param {number} nOwn drawings
 * @returns {number} 1 or more
 */
export function repeats(nTrain, nOwn) {
    return Math.max(1, Math.min(SHARES.mostRepeats, Math.round((SHARES.own * nTrain) / nOwn)));
}

/**
 * Return what a run trains on and validates with.
 *
 * @param {TrainingConfig} config its nImages, normalizer, seed, shift and trainShift
 * @param {RunImages} images
 * @returns {{train: Images, validation: Images, normalizer: Normalizer}} own drawings behind the
 *     other training images; the normalizer is fitted on the training images alone
 * @throws {DigitusError} if a part is empty
 */
export function trainingData(config, images) {
    const n = Math.min(config.nImages ?? Infinity, images.train.labels.length);
    if (n === 0 || images.validation.labels.length === 0) {
        throw new DigitusError(
            "There are no images to train on; open MNIST, or draw and label your own.",
        );
    }
    let train = slice(images.train, 0, n);
    if (config.trainShift) train = shifted(train, config.trainShift, new Random([config.seed, 2]));
    const { own } = images;
    if (own?.labels.length) train = joined(train, own, repeats(n, own.labels.length));
    let { validation } = images;
    if (config.shift) validation = shifted(validation, config.shift, new Random([config.seed, 3]));
    return { train, validation, normalizer: fit(config.normalizer, train.pixels) };
}

/**
 * Return the normalizer of training images.
 *
 * @param {string} kind
 * @param {Uint8Array} pixels
 */
function fit(kind, pixels) {
    // Division by 255 needs no statistics, so that 47 million pixels need not be counted.
    return kind === "unit" ? new Normalizer("unit") : Normalizer.fit(kind, pixels);
}

/**
 * Shift each image by whole pixels, at random in both directions; what leaves it is lost.
 *
 * @param {Images} images
 * @param {number} most pixels
 * @param {Random} random
 * @returns {Images} a copy
 */
export function shifted(images, most, random) {
    const { pixels, labels } = images;
    const moved = new Uint8Array(pixels.length);
    for (let start = 0; start < pixels.length; start += PIXELS) {
        const down = random.below(2 * most + 1) - most;
        const right = random.below(2 * most + 1) - most;
        for (let row = Math.max(0, down); row < SIDE_PX + Math.min(0, down); row++) {
            const from = start + (row - down) * SIDE_PX;
            const first = Math.max(0, right);
            const last = SIDE_PX + Math.min(0, right);
            const kept = pixels.subarray(from + first - right, from + last - right);
            moved.set(kept, start + row * SIDE_PX + first);
        }
    }
    return { pixels: moved, labels };
}

/**
 * Return the images from `first` to before `last`.
 *
 * @param {Images} images
 * @param {number} first
 * @param {number} last
 * @returns {Images} views
 */
function slice({ pixels, labels }, first, last) {
    return {
        pixels: pixels.subarray(first * PIXELS, last * PIXELS),
        labels: labels.subarray(first, last),
    };
}

/**
 * Return the images of some rows.
 *
 * @param {Images} images
 * @param {number[]} rows
 * @returns {Images} copies
 */
function pick({ pixels, labels }, rows) {
    const picked = new Uint8Array(rows.length * PIXELS);
    rows.forEach((row, i) => {
        picked.set(pixels.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
    });
    return { pixels: picked, labels: Uint8Array.from(rows, (row) => labels[row]) };
}

/**
 * Return images with own drawings behind them.
 *
 * @param {Images} images
 * @param {Images} own
 * @param {number} times that `own` is repeated
 * @returns {Images} copies
 */
function joined(images, own, times) {
    const n = images.labels.length;
    const each = own.labels.length;
    const pixels = new Uint8Array((n + times * each) * PIXELS);
    const labels = new Uint8Array(n + times * each);
    pixels.set(images.pixels);
    labels.set(images.labels);
    for (let i = 0; i < times; i++) {
        pixels.set(own.pixels, (n + i * each) * PIXELS);
        labels.set(own.labels, n + i * each);
    }
    return { pixels, labels };
}
