/** Each setting of a config: its range, and how it is read from and written into a link. */

import { DigitusError } from "../errors.js";
import {
    ACTIVATIONS,
    INITIALIZERS,
    LIMITS,
    NORMALIZERS,
    OPTIMIZERS,
    OUTPUTS,
} from "./config.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */
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
    if (INITIALIZERS.includes(value)) return null;
    const [kind, text] = String(value).split(":");
    const limit = readNumber(text);
    if (kind === "uniform" && limit > 0 && limit <= LIMITS.initial) return null;
    return `one of ${INITIALIZERS.join(", ")}, or uniform:0.15`;
}

/** @type {Check} */
function aRate(value) {
    const wanted = `a number above 0, up to ${LIMITS.rate}`;
    return typeof value === "number" && value > 0 && value <= LIMITS.rate ? null : wanted;
}

/** @type {Check} */
function hiddenLayers(value) {
    const unit = whole(1, LIMITS.units);
    const fits = Array.isArray(value) && value.length <= LIMITS.layers;
    if (fits && value.every((h) => !unit(h))) return null;
    return `at most ${LIMITS.layers} widths from 1 to ${LIMITS.units}, such as 128,64`;
}

/** @type {Check} */
function ratesOfStages(value) {
    if (value === null) return null;
    const epoch = whole(0, LIMITS.epochs);
    const fits =
        typeof value === "object" &&
        "0" in value &&
        Object.entries(value).every(([start, rate]) => {
            const isPlain = String(Number(start)) === start; // "1e0" and "01" would not be found
            return isPlain && !epoch(Number(start)) && !aRate(rate);
        });
    return fits ? null : "rates from epoch 0 on, such as 0:0.1,2:0.03";
}

/**
 * @param {Check} check
 * @returns {Check}
 */
function orNull(check) {
    return (value) => (value === null ? null : check(value) && `${check(value)}, or all`);
}

/** @type {Check} */
const aSwitch = (value) => (typeof value === "boolean" ? null : "on or off");

// Each setting: how it is named in the link, read and written there

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
function numberSetting(name, check) {
    return { name, check, read: readNumber, write: writeNumber };
}

/**
 * @param {string} name
 * @param {Check} check
 * @returns {Setting}
 */
function numberOrAllSetting(name, check) {
    return {
        name,
        check: orNull(check),
        read: (text) => (text === "all" ? null : readNumber(text)),
        write: (value) => (value === null ? "all" : writeNumber(value)),
    };
}

/**
 * @param {string} name
 * @param {Check} check
 * @returns {Setting}
 */
function wordSetting(name, check) {
    return { name, check, read: (text) => text, write: (value) => value };
}

/** All settings but the preset. @type {Record<Exclude<keyof TrainingConfig, "preset">, Setting>} */
export const SETTINGS = {
    hidden: {
        name: "hidden",
        check: hiddenLayers,
        read: (text) => (text === "none" ? [] : text.split(",").map(readNumber)),
        write: (value) => (value.length ? value.join(",") : "none"),
    },
    activation: wordSetting("activation", oneOf(ACTIVATIONS)),
    slope: numberSetting("slope", between(0, 0.99)),
    output: wordSetting("output", oneOf(OUTPUTS)),
    inputBias: {
        name: "inputbias",
        check: aSwitch,
        read: (text) => ({ on: true, off: false })[text],
        write: (value) => (value ? "on" : "off"),
    },
    weights: wordSetting("weights", anInitializer),
    biases: wordSetting("biases", anInitializer),
    normalizer: wordSetting("normalizer", oneOf(NORMALIZERS)),
    optimizer: wordSetting("optimizer", oneOf(OPTIMIZERS)),
    momentum: numberSetting("momentum", between(0, 0.999)),
    rate: numberSetting("rate", aRate),
    stages: {
        name: "stages",
        check: ratesOfStages,
        read: (text) => (text === "none" ? null : readStages(text)),
        write: (value) =>
            value === null
                ? "none"
                : Object.entries(value).map(([epoch, rate]) => `${epoch}:${rate}`).join(","),
    },
    epochs: numberSetting("epochs", whole(1, LIMITS.epochs)),
    batchSize: numberOrAllSetting("batch", whole(1, LIMITS.batchSize)),
    l2: numberSetting("l2", between(0, LIMITS.l2)),
    dropout: numberSetting("dropout", between(0, LIMITS.dropout)),
    nImages: numberOrAllSetting("images", whole(LIMITS.nImages.low, LIMITS.nImages.high)),
    seed: numberSetting("seed", whole(0, LIMITS.seed)),
    shift: numberSetting("shift", whole(0, LIMITS.shift)),
    trainShift: numberSetting("trainshift", whole(0, LIMITS.shift)),
};

/** The names of the settings in a config, in the order of a link. */
export const KEYS = /** @type {(keyof typeof SETTINGS)[]} */ (Object.keys(SETTINGS));

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
    for (const key of KEYS) {
        const { name, check, write } = SETTINGS[key];
        const wanted = check(config[key]);
        if (wanted) {
            const given = config[key];
            const found = given === undefined ? "nothing" : `"${shorten(written(write, given))}"`;
            throw new DigitusError(`${name}: expected ${wanted}, got ${found}.`);
        }
    }
}

/**
 * @param {(value: any) => string} write
 * @param {any} value perhaps of another type
 */
function written(write, value) {
    try {
        return String(write(value));
    } catch {
        return String(value);
    }
}

/**
 * Return the beginning of a text, which may be of any length, for a sentence.
 *
 * @param {string} text of a link
 * @returns {string} at most 40 characters
 */
export function shorten(text) {
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
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
                `${name} cannot change in the middle of a run; start a new run, ` +
                    `or change ${CHANGEABLE.join(", ")}.`,
            );
        }
    }
    const stages = "rate" in changes ? { stages: null } : {};
    const branched = { ...config, ...stages, ...changes };
    checkConfig(branched);
    return branched;
}
