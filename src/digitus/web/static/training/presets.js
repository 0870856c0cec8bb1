/** Presets: the configs of the five original systems, as in `digitus.models.presets`. */

import { DEFAULT_CONFIG } from "./config.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */
/**
 * @typedef {object} Preset
 * @property {string} title what it is, in one line
 * @property {string} note what differs from the original system, or ""
 * @property {TrainingConfig} config
 */

/** @type {TrainingConfig} */
const S2 = {
    ...DEFAULT_CONFIG,
    preset: "s2",
    hidden: [10],
    weights: "uniform:0.5",
    biases: "uniform:0.5",
    rate: 0.1,
    epochs: 500,
    batchSize: null,
};

/** @type {Record<string, Preset>} the five original systems */
export const PRESETS = {
    s0: {
        title: "784-100-10, ReLU and softmax, mini-batch SGD in stages",
        note: "",
        config: {
            ...DEFAULT_CONFIG,
            preset: "s0",
            hidden: [100],
            weights: "glorot_uniform",
            biases: "uniform:0.1",
            normalizer: "zscore",
            rate: 10 ** -1.1,
            stages: { 0: 10 ** -1.1, 2: 10 ** -1.5, 3: 10 ** -1.6, 4: 10 ** -1.7 },
            epochs: 5,
            batchSize: 50,
        },
    },
    s1: {
        title: "784-100-10, sigmoid throughout",
        note:
            "S1 was optimized by L-BFGS-B over all images at once. Here Adam takes mini-batches, " +
            "with the penalty in proportion to the batch.",
        config: {
            ...DEFAULT_CONFIG,
            preset: "s1",
            hidden: [100],
            activation: "sigmoid",
            output: "sigmoid",
            weights: "uniform:0.15",
            biases: "uniform:0.15",
            optimizer: "adam",
            rate: 0.001,
            epochs: 20,
            batchSize: 100,
            l2: (0.1 * 100) / 60000, // S1's 0.1 over 60,000 images is this share for 100
        },
    },
    s2: {
        title: "784-10-10, ReLU and softmax, 500 full-batch steps",
        note: "",
        config: S2,
    },
    s3: {
        title: "784-128-64-10, ReLU and softmax, 600 full-batch steps three times over",
        note: "",
        config: {
            ...DEFAULT_CONFIG,
            preset: "s3",
            hidden: [128, 64],
            rate: 0.01,
            epochs: 3 * 600,
            batchSize: null,
            seed: 42,
        },
    },
    s4: {
        title: "784-10-10, ReLU and softmax, 1,000 full-batch steps",
        note: "",
        config: { ...S2, preset: "s4", epochs: 1000 },
    },
};
