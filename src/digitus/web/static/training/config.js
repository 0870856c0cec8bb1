/**
 * The training config: all settings of a run, and what they build.
 *
 * The twin of `digitus.models.config`, for what the page can train.
 */

import { LeakyReLU, ReLU, Sigmoid, Tanh } from "../engine/activations.js";
import * as initializers from "../engine/initializers.js";
import { Dense, Dropout, InputBias } from "../engine/layers.js";
import { SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy } from "../engine/losses.js";
import { Network } from "../engine/network.js";
import { Adam, SGD } from "../engine/optimizers.js";
import { Random } from "../engine/random.js";
import { Constant, Staged } from "../engine/schedules.js";
import { CLASSES, PIXELS } from "../sizes.js";

/**
 * @typedef {object} TrainingConfig
 * @property {string} preset the preset that the config began with, or "" for none
 * @property {number[]} hidden widths of the hidden layers
 * @property {string} activation of the hidden layers, one of `ACTIVATIONS`
 * @property {number} slope of the leaky ReLU where x is negative
 * @property {string} output "softmax", or "sigmoid" with summed binary cross-entropy
 * @property {boolean} inputBias a bias of each input and tanh before the first layer, as in S0
 * @property {string} weights initializer of the weights, one of `INITIALIZERS` or "uniform:0.15"
 * @property {string} biases initializer of the biases
 * @property {string} normalizer "unit" (/255), "std" or "zscore"
 * @property {string} optimizer one of `OPTIMIZERS`
 * @property {number} momentum of "momentum" and "nesterov"
 * @property {number} rate learning rate
 * @property {Record<string, number> | null} stages epoch to rate, in place of the one rate
 * @property {number} epochs passes over the training images after which the run pauses
 * @property {number | null} batchSize images a step; null takes all (full batch)
 * @property {number} l2 lambda of the penalty lambda/(2n) * sum(w²), n the images of the batch
 * @property {number} dropout share of hidden units set to zero in training
 * @property {number | null} nImages images trained on, the first ones; null takes all
 * @property {number} seed of the first weights, the order of the images and dropout
 * @property {number} shift validation images are shifted by up to so many pixels
 * @property {number} trainShift training images are shifted by up to so many pixels
 */

export const ACTIVATIONS = ["relu", "leaky_relu", "tanh", "sigmoid"];
export const OUTPUTS = ["softmax", "sigmoid"];
export const NORMALIZERS = ["unit", "std", "zscore"];
export const OPTIMIZERS = ["sgd", "momentum", "nesterov", "adam"];
export const INITIALIZERS = [
    "zeros",
    "he_normal",
    "he_uniform",
    "glorot_normal",
    "glorot_uniform",
    "scaled_normal",
];

/** Bounds of the settings: within them a phone trains, and the page stays alive. */
export const LIMITS = {
    layers: 4,
    units: 512,
    batchSize: 60000,
    nImages: { low: 10, high: 60000 },
    epochs: 10000,
    rate: 100,
    l2: 1000,
    dropout: 0.9,
    shift: 10,
    initial: 100,
    seed: 2 ** 32 - 1,
};

/** @type {TrainingConfig} a small network that learns within seconds */
export const DEFAULT_CONFIG = {
    preset: "",
    hidden: [30],
    activation: "relu",
    slope: 0.1,
    output: "softmax",
    inputBias: false,
    weights: "he_normal",
    biases: "zeros",
    normalizer: "unit",
    optimizer: "sgd",
    momentum: 0.9,
    rate: 0.1,
    stages: null,
    epochs: 10,
    batchSize: 32,
    l2: 0,
    dropout: 0,
    nImages: null,
    seed: 0,
    shift: 0,
    trainShift: 0,
};

/**
 * Make the configured network, its first weights drawn with the config's seed.
 *
 * @param {TrainingConfig} config
 * @returns {Network}
 */
export function buildNetwork(config) {
    const options = { weights: initializer(config.weights), biases: initializer(config.biases) };
    const layers = [];
    if (config.inputBias) layers.push(new InputBias());
    for (const width of config.hidden) {
        layers.push(new Dense(width, options), makeActivation(config));
        if (config.dropout) layers.push(new Dropout(config.dropout));
    }
    layers.push(new Dense(CLASSES, options));
    const random = new Random([config.seed, 1]); // that of the order of images is another
    return new Network(PIXELS, layers, { loss: makeLoss(config), random });
}

/** @param {TrainingConfig} config */
function makeActivation(config) {
    switch (config.activation) {
        case "relu":
            return new ReLU();
        case "leaky_relu":
            return new LeakyReLU(config.slope);
        case "tanh":
            return new Tanh();
        default:
            return new Sigmoid();
    }
}

/** @param {TrainingConfig} config */
function makeLoss(config) {
    return config.output === "softmax"
        ? new SoftmaxCrossEntropy()
        : new SigmoidBinaryCrossEntropy();
}

/** @param {string} name one of `INITIALIZERS`, or such as "uniform:0.15" */
function initializer(name) {
    switch (name) {
        case "zeros":
            return initializers.zeros;
        case "he_normal":
            return initializers.heNormal;
        case "he_uniform":
            return initializers.heUniform;
        case "glorot_normal":
            return initializers.glorotNormal;
        case "glorot_uniform":
            return initializers.glorotUniform;
        case "scaled_normal":
            return initializers.scaledNormal;
        default:
            return initializers.uniform(Number(name.split(":")[1]));
    }
}

/**
 * Make the configured optimizer, not yet bound to a network.
 *
 * @param {TrainingConfig} config
 * @returns {SGD | Adam}
 */
export function makeOptimizer(config) {
    switch (config.optimizer) {
        case "momentum":
            return new SGD({ momentum: config.momentum });
        case "nesterov":
            return new SGD({ momentum: config.momentum, nesterov: true });
        case "adam":
            return new Adam();
        default:
            return new SGD();
    }
}

/**
 * Return the schedule of the learning rate.
 *
 * @param {TrainingConfig} config
 * @returns {import("../engine/schedules.js").Schedule}
 */
export function makeSchedule(config) {
    return config.stages ? new Staged(config.stages) : new Constant(config.rate);
}

/**
 * Return the config under the names of Python's training record.
 *
 * @param {TrainingConfig} config
 * @param {number} nValidation images held out
 * @returns {Record<string, unknown>}
 */
export function recordOfConfig(config, nValidation) {
    return {
        network: "dense",
        hidden: config.hidden,
        activation: config.activation,
        slope: config.slope,
        output: config.output,
        input_bias: config.inputBias,
        weights: config.weights,
        biases: config.biases,
        normalizer: config.normalizer,
        optimizer: config.optimizer,
        momentum: config.momentum,
        rate: config.rate,
        schedule: config.stages ? "staged" : "constant",
        stages: config.stages ?? {},
        epochs: config.epochs,
        batch_size: config.batchSize,
        l2: config.l2,
        dropout: config.dropout,
        validation: nValidation,
        split_seed: null,
        seed: config.seed,
        preset: config.preset || null,
        n_images: config.nImages,
        train_shift_px: config.trainShift,
    };
}
