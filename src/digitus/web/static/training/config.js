/**
 * The training config: all settings of a run, the presets, what they build, and the page's link.
 *
 * The twin of `digitus.models.config` and `digitus.models.presets`, for what the page can train.
 */

import { LeakyReLU, ReLU, Sigmoid, Tanh } from "../engine/activations.js";
import * as initializers from "../engine/initializers.js";
import { Dense, Dropout, InputBias } from "../engine/layers.js";
import { SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy } from "../engine/losses.js";
import { Network } from "../engine/network.js";
import { Adam, SGD } from "../engine/optimizers.js";
import { Random } from "../engine/random.js";
import { constant, staged } from "../engine/schedules.js";
import { DigitusError } from "../errors.js";

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
/**
 * @typedef {object} Preset
 * @property {string} title what it is, in one line
 * @property {string} note what differs from the original system, or ""
 * @property {TrainingConfig} config
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

const N_INPUTS = 784;
const N_CLASSES = 10;

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
        note: "S1 was optimized by L-BFGS-B over all images at once. Here Adam takes mini-batches, with the penalty in proportion to the batch.",
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

// Checks

/** @typedef {(value: any) => string | null} Check what was expected, or null where it is met */

/**
 * @param {number} low
 * @param {number} high
 * @returns {Check}
 */
function whole(low, high) {
    const wanted = `a whole number from ${low} to ${high}`;
    return (value) => (Number.isInteger(value) && value >= low && value <= high ? null : wanted);
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {Check}
 */
function between(low, high) {
    const wanted = `a number from ${low} to ${high}`;
    return (value) => (typeof value === "number" && value >= low && value <= high ? null : wanted);
}

/**
 * @param {string[]} names
 * @returns {Check}
 */
function oneOf(names) {
    return (value) => (names.includes(value) ? null : `one of ${names.join(", ")}`);
}

/** @type {Check} */
function anInitializer(value) {
    const wanted = `one of ${INITIALIZERS.join(", ")}, or uniform:0.15`;
    if (INITIALIZERS.includes(value)) return null;
    const [kind, limit] = String(value).split(":");
    return kind === "uniform" && readNumber(limit) > 0 && Number(limit) <= LIMITS.initial ? null : wanted;
}

/** @type {Check} */
function aRate(value) {
    const wanted = `a number above 0, up to ${LIMITS.rate}`;
    return typeof value === "number" && value > 0 && value <= LIMITS.rate ? null : wanted;
}

/** @type {Check} */
function hiddenLayers(value) {
    const unit = whole(1, LIMITS.units);
    const fits = Array.isArray(value) && value.length <= LIMITS.layers && value.every((h) => !unit(h));
    return fits ? null : `at most ${LIMITS.layers} widths from 1 to ${LIMITS.units}, such as 128,64`;
}

/** @type {Check} */
function ratesOfStages(value) {
    if (value === null) return null;
    const epoch = whole(0, LIMITS.epochs);
    const fits =
        typeof value === "object" &&
        "0" in value &&
        Object.entries(value).every(([start, rate]) => !epoch(readNumber(start)) && !aRate(rate));
    return fits ? null : "rates from epoch 0 on, such as 0:0.1,2:0.03";
}

/**
 * @param {Check} check
 * @returns {Check}
 */
function orAll(check) {
    return (value) => (value === null ? null : check(value) && `${check(value)}, or all`);
}

/** @type {Check} */
const aSwitch = (value) => (typeof value === "boolean" ? null : "on or off");

// The link: how each setting is named, read and written there

/**
 * @typedef {object} Setting
 * @property {string} name in the link and in messages
 * @property {Check} check
 * @property {(text: string) => any} read what a text says; the check refuses what is none
 * @property {(value: any) => string} write
 */

/** @param {string | undefined} text a number in decimal notation, else NaN */
function readNumber(text) {
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text ?? "") ? Number(text) : NaN;
}

/** @param {number} value @returns {string} as short as it reads back to the same number */
function writeNumber(value) {
    return String(value);
}

/**
 * @param {string} name
 * @param {Check} check
 * @returns {Setting}
 */
function number(name, check) {
    return { name, check, read: readNumber, write: writeNumber };
}

/**
 * @param {string} name
 * @param {Check} check
 * @returns {Setting}
 */
function numberOrAll(name, check) {
    return {
        name,
        check: orAll(check),
        read: (text) => (text === "all" ? null : readNumber(text)),
        write: (value) => (value === null ? "all" : writeNumber(value)),
    };
}

/**
 * @param {string} name
 * @param {Check} check
 * @returns {Setting}
 */
function word(name, check) {
    return { name, check, read: (text) => text, write: (value) => value };
}

/** @type {Record<Exclude<keyof TrainingConfig, "preset">, Setting>} */
const SETTINGS = {
    hidden: {
        name: "hidden",
        check: hiddenLayers,
        read: (text) => (text === "none" ? [] : text.split(",").map(readNumber)),
        write: (value) => (value.length ? value.join(",") : "none"),
    },
    activation: word("activation", oneOf(ACTIVATIONS)),
    slope: number("slope", between(0, 0.99)),
    output: word("output", oneOf(OUTPUTS)),
    inputBias: {
        name: "inputbias",
        check: aSwitch,
        read: (text) => ({ on: true, off: false })[text],
        write: (value) => (value ? "on" : "off"),
    },
    weights: word("weights", anInitializer),
    biases: word("biases", anInitializer),
    normalizer: word("normalizer", oneOf(NORMALIZERS)),
    optimizer: word("optimizer", oneOf(OPTIMIZERS)),
    momentum: number("momentum", between(0, 0.999)),
    rate: number("rate", aRate),
    stages: {
        name: "stages",
        check: ratesOfStages,
        read: (text) => (text === "none" ? null : readStages(text)),
        write: (value) =>
            value === null
                ? "none"
                : Object.entries(value).map(([epoch, rate]) => `${epoch}:${rate}`).join(","),
    },
    epochs: number("epochs", whole(1, LIMITS.epochs)),
    batchSize: numberOrAll("batch", whole(1, LIMITS.batchSize)),
    l2: number("l2", between(0, LIMITS.l2)),
    dropout: number("dropout", between(0, LIMITS.dropout)),
    nImages: numberOrAll("images", whole(LIMITS.nImages.low, LIMITS.nImages.high)),
    seed: number("seed", whole(0, LIMITS.seed)),
    shift: number("shift", whole(0, LIMITS.shift)),
    trainShift: number("trainshift", whole(0, LIMITS.shift)),
};

const FIELDS = /** @type {(keyof typeof SETTINGS)[]} */ (Object.keys(SETTINGS));

/** @param {string} text such as "0:0.1,2:0.03" */
function readStages(text) {
    return Object.fromEntries(
        text.split(",").map((part) => {
            const [epoch, rate] = part.split(":");
            return [epoch, readNumber(rate)];
        }),
    );
}

/**
 * Refuse a config that is out of range.
 *
 * @param {TrainingConfig} config
 * @throws {DigitusError} naming the setting, what was expected and what was given
 */
export function checkConfig(config) {
    for (const field of FIELDS) {
        const { name, check, write } = SETTINGS[field];
        const wanted = check(config[field]);
        if (wanted) {
            const found = config[field] === undefined ? "nothing" : `"${shorten(attemptWrite(write, config[field]))}"`;
            throw new DigitusError(`${name}: expected ${wanted}, got ${found}.`);
        }
    }
}

/**
 * @param {(value: any) => string} write
 * @param {any} value perhaps of another type
 */
function attemptWrite(write, value) {
    try {
        return String(write(value));
    } catch {
        return String(value);
    }
}

/**
 * Return the settings as a part of the link: what differs from the preset, or from the default.
 *
 * @param {TrainingConfig} config
 * @returns {string} such as "#learn?preset=s0&hidden=30&rate=0.5&seed=3"
 */
export function configToLink(config) {
    const base = PRESETS[config.preset]?.config ?? DEFAULT_CONFIG;
    const parts = config.preset in PRESETS ? [`preset=${config.preset}`] : [];
    for (const field of FIELDS) {
        const { name, write } = SETTINGS[field];
        const value = write(config[field]);
        if (value !== write(base[field])) parts.push(`${name}=${value}`);
    }
    return parts.length ? `#learn?${parts.join("&")}` : "#learn";
}

/**
 * Return the config of a link; whatever is unknown or out of range is left at its default.
 *
 * @param {string} link the part from "#" on, or what stands behind its "?"
 * @returns {{config: TrainingConfig, problems: string[]}} a sentence for each setting left out
 */
export function configOfLink(link) {
    const query = link.startsWith("#") ? link.split("?").slice(1).join("?") : link;
    const entries = query.split("&").filter(Boolean).map(readEntry);
    /** @type {string[]} */
    const problems = [];
    const preset = entries.findLast(([name]) => name === "preset")?.[1] ?? "";
    if (preset && !Object.hasOwn(PRESETS, preset)) {
        const known = Object.keys(PRESETS).join(", ");
        problems.push(`The link's preset "${shorten(preset)}" is unknown; expected one of ${known}.`);
    }
    const base = Object.hasOwn(PRESETS, preset) ? PRESETS[preset].config : DEFAULT_CONFIG;
    /** @type {Record<string, any>} */
    const config = { ...base };
    for (const [name, text] of entries) {
        if (name === "preset") continue;
        const field = FIELDS.find((known) => SETTINGS[known].name === name);
        if (!field) {
            problems.push(`The link's setting "${shorten(name)}" is unknown; it was left out.`);
            continue;
        }
        const { check, read, write } = SETTINGS[field];
        const value = read(text);
        const wanted = check(value);
        if (wanted) {
            problems.push(
                `The link's ${name} should be ${wanted}, not "${shorten(text)}"; ${write(base[field])} is used.`,
            );
        } else {
            config[field] = value;
        }
    }
    return { config: /** @type {TrainingConfig} */ (config), problems };
}

/**
 * @param {string} entry such as "rate=0.5"
 * @returns {[string, string]}
 */
function readEntry(entry) {
    const at = entry.indexOf("=");
    const [name, text] = at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
    return [decoded(name), decoded(text)];
}

/** @param {string} text perhaps with a "%" that begins no code */
function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** @param {string} text of a link, which may be of any length */
function shorten(text) {
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

// What a config builds

/**
 * Make the configured network, its first weights drawn with the config's seed.
 *
 * @param {TrainingConfig} config
 * @returns {Network}
 */
export function buildNetwork(config) {
    const options = { weights: initializerOf(config.weights), biases: initializerOf(config.biases) };
    const layers = [];
    if (config.inputBias) layers.push(new InputBias());
    for (const width of config.hidden) {
        layers.push(new Dense(width, options), makeActivation(config));
        if (config.dropout) layers.push(new Dropout(config.dropout));
    }
    layers.push(new Dense(N_CLASSES, options));
    const loss = config.output === "softmax" ? new SoftmaxCrossEntropy() : new SigmoidBinaryCrossEntropy();
    return new Network(N_INPUTS, layers, { loss, random: new Random([config.seed, 1]) });
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

/** @param {string} name one of `INITIALIZERS`, or such as "uniform:0.15" */
function initializerOf(name) {
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
    return config.stages ? staged(config.stages) : constant(config.rate);
}

/** Settings that a run can change on its way, as they leave the parameters as they are. */
export const CHANGEABLE = [
    "optimizer",
    "momentum",
    "rate",
    "stages",
    "epochs",
    "batchSize",
    "l2",
    "dropout",
    "seed",
];

/**
 * Return the config of a run that goes on from another's parameters with other settings.
 *
 * A new rate replaces the stages of the rate, too.
 *
 * @param {TrainingConfig} config of the run so far
 * @param {Partial<TrainingConfig>} changes
 * @returns {TrainingConfig}
 * @throws {DigitusError} if a change needs other parameters or images, or is out of range
 */
export function branchedConfig(config, changes) {
    for (const name of Object.keys(changes)) {
        if (!CHANGEABLE.includes(name)) {
            throw new DigitusError(
                `${name} cannot change in the middle of a run; start a new run, or change ${CHANGEABLE.join(", ")}.`,
            );
        }
    }
    const stages = "rate" in changes ? { stages: null } : {};
    const branched = { ...config, ...stages, ...changes };
    checkConfig(branched);
    return branched;
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
