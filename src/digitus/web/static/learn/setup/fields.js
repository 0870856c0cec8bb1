/** The settings of a run as fields: label, a one-line explanation, text to value and back. */

import { DigitusError } from "../../errors.js";
import { SETTINGS, shorten } from "../../training/config_check.js";
import { ACTIVATION_NAMES } from "../../ui/activation_names.js";
import { element } from "../../ui/element.js";

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {[value: string, text: string]} Option */
/**
 * @typedef {object} Description
 * @property {keyof typeof SETTINGS} key of the config
 * @property {string} label
 * @property {string} help what it is, in a sentence
 * @property {"network" | "learning" | "data" | "more"} group where it stands
 * @property {Option[]} [options] to choose from; without, the value is typed
 * @property {boolean} [isWide] takes the whole width
 */
/**
 * @typedef {object} Conversion
 * @property {(value: any) => string} show the text of a value
 * @property {(text: string) => any} parse the value of a text; throws a sentence
 */
/** @typedef {Description & Conversion} Field */

/** @type {Option[]} */
const INITIALIZERS = [
    ["he_normal", "He, normal"],
    ["he_uniform", "He, uniform"],
    ["glorot_normal", "Glorot, normal"],
    ["glorot_uniform", "Glorot, uniform"],
    ["scaled_normal", "normal, variance 1/d"],
    ["uniform:0.15", "uniform, ±0.15"],
    ["uniform:0.5", "uniform, ±0.5"],
    ["zeros", "all zero"],
];

/** Digits of a number that is no whole one; a preset's rate may be 10 ** -1.1. */
const SHOWN_DIGITS = 6;

/** @type {Description[]} in the order in which they are shown */
const DESCRIPTIONS = [
    {
        key: "hidden",
        label: "Hidden layers",
        help: "How many units each layer between pixels and digits has: 128, 64 means two layers. Empty means none.",
        group: "network",
        isWide: true,
    },
    {
        key: "activation",
        label: "Activation",
        help: "The nonlinear function of each hidden unit. Without it, many layers could do no more than one.",
        group: "network",
        options: Object.entries(ACTIVATION_NAMES),
    },
    {
        key: "output",
        label: "Output and loss",
        help: "Softmax shares 100 % among the ten digits; ten sigmoids say yes or no to each digit alone.",
        group: "network",
        options: [
            ["softmax", "softmax"],
            ["sigmoid", "sigmoid"],
        ],
    },
    {
        key: "weights",
        label: "Initial weights",
        help: "Where the weights start: random, so that units can become different, and not too large, not too small.",
        group: "network",
        options: INITIALIZERS,
    },
    {
        key: "seed",
        label: "Seed",
        help: "Fixes all that is random: initial weights, order of images, dropout. The same seed gives the same run.",
        group: "network",
    },
    {
        key: "optimizer",
        label: "Optimizer",
        help: "How a gradient becomes a step: straight downhill (SGD), with momentum, or scaled for each weight (Adam).",
        group: "learning",
        options: [
            ["sgd", "SGD"],
            ["momentum", "momentum"],
            ["nesterov", "Nesterov"],
            ["adam", "Adam"],
        ],
    },
    {
        key: "rate",
        label: "Learning rate",
        help: "How far each step goes. Too small, and learning crawls; too large, and steps overshoot.",
        group: "learning",
    },
    {
        key: "batchSize",
        label: "Batch size",
        help: "How many images are averaged for each step; all means one step an epoch.",
        group: "learning",
    },
    {
        key: "l2",
        label: "L2",
        help: "Pulls all weights towards zero, so that the network cannot rely on a few pixels; the λ of the penalty.",
        group: "learning",
    },
    {
        key: "dropout",
        label: "Dropout",
        help: "Share of hidden units switched off at random in each step, so that none relies on another; 0 to 0.9.",
        group: "learning",
    },
    {
        key: "nImages",
        label: "Training images",
        help: "How many images it learns from, or all. A few are learned by heart, and validation shows it.",
        group: "data",
    },
    {
        key: "normalizer",
        label: "Pixel values",
        help: "How the grey values 0 to 255 are scaled before the first layer sees them.",
        group: "data",
        options: [
            ["unit", "0 to 1"],
            ["std", "divided by std. deviation"],
            ["zscore", "mean 0, std. deviation 1"],
        ],
    },
    {
        key: "epochs",
        label: "Epochs",
        help: "How many times all images are used before the run pauses; it can be resumed.",
        group: "data",
    },
    {
        key: "biases",
        label: "Initial biases",
        help: "Where the biases start; zero is usual.",
        group: "more",
        options: [
            ["zeros", "all zero"],
            ["uniform:0.1", "uniform, ±0.1"],
            ["uniform:0.15", "uniform, ±0.15"],
            ["uniform:0.5", "uniform, ±0.5"],
        ],
    },
    {
        key: "momentum",
        label: "Momentum",
        help: "Share of the last step that is kept in the next; used by momentum and Nesterov.",
        group: "more",
    },
    {
        key: "shift",
        label: "Shift of validation images",
        help: "Validation images are moved by up to this many pixels, at random.",
        group: "more",
    },
    {
        key: "trainShift",
        label: "Shift of training images",
        help: "Training images are moved by up to this many pixels, at random.",
        group: "more",
    },
];

/** @type {Field[]} in the order in which they are shown */
export const FIELDS = DESCRIPTIONS.map((one) => ({
    ...one,
    show: shownText,
    parse: (text) => parsedText(one, text),
}));

/**
 * Make the control of a field; its value is a text.
 *
 * @param {Field} field
 * @param {string} value
 * @param {Record<string, any>} attributes id and listeners
 * @returns {HTMLInputElement | HTMLSelectElement}
 */
export function fieldControl(field, value, attributes) {
    if (!field.options) {
        return element("input", {
            type: "text",
            autocomplete: "off",
            spellcheck: "false",
            value,
            ...attributes,
        });
    }
    const select = element("select", attributes);
    setControl(select, field, value);
    return select;
}

/**
 * Set a control to a value; one that a link brought and the list lacks is added to the list.
 *
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {Field} field
 * @param {string} value
 */
export function setControl(control, field, value) {
    if (control instanceof HTMLSelectElement) {
        const options = /** @type {Option[]} */ (field.options);
        /** @type {Option[]} */
        const all = options.some(([one]) => one === value)
            ? options
            : [...options, [value, spoken(value)]];
        control.replaceChildren(
            ...all.map(([one, text]) => element("option", { value: one }, text)),
        );
    }
    control.value = value;
}

/**
 * Return a value as the page names it.
 *
 * @param {Field} field
 * @param {any} value
 * @returns {string}
 */
export function valueText(field, value) {
    const text = field.show(value);
    return field.options?.find(([one]) => one === text)?.[1] ?? spoken(text);
}

/**
 * Return the fields in which two configs differ.
 *
 * @param {TrainingConfig} one
 * @param {TrainingConfig} other
 * @returns {Field[]}
 */
export function differences(one, other) {
    return FIELDS.filter((field) => field.show(one[field.key]) !== field.show(other[field.key]));
}

/**
 * Write a value that is not among the options.
 *
 * @param {string} value such as "uniform:0.2"
 */
function spoken(value) {
    return value.replace(/^uniform:/, "uniform, ±");
}

/**
 * Write a value as its field shows it.
 *
 * @param {any} value of a setting
 * @returns {string} such as "128, 64", "all", "0.0794328"
 */
function shownText(value) {
    if (value === null) return "all";
    if (Array.isArray(value)) return value.join(", ");
    const isFraction = typeof value === "number" && !Number.isInteger(value);
    return String(isFraction ? Number(value.toPrecision(SHOWN_DIGITS)) : value);
}

/**
 * Read the value of a text, within the range of its setting.
 *
 * @param {Description} field
 * @param {string} text with a decimal point or comma; widths of layers between commas or spaces
 * @returns {any}
 * @throws {DigitusError} if it is none
 */
function parsedText({ key, label }, text) {
    const { read, check } = SETTINGS[key];
    const plain = text.trim().toLowerCase();
    const widths = plain.split(/[\s,;x-]+/).filter(Boolean);
    const value = read(key === "hidden" ? widths.join(",") || "none" : plain.replace(",", "."));
    const wanted = check(value);
    if (!wanted) return value;
    throw new DigitusError(`${label}: expected ${wanted}, got "${shorten(text.trim())}".`);
}
