/** The settings of a run as fields: label, a one-line explanation, text to value and back. */

import { DigitusError } from "../../errors.js";
import { LIMITS } from "../../training/config.js";
import { ACTIVATION_NAMES } from "../../ui/activation_names.js";
import { element } from "../../ui/element.js";
import { countText } from "../../ui/numbers.js";

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {[value: string, text: string]} Option */
/**
 * @typedef {object} Field
 * @property {keyof TrainingConfig} key of the config
 * @property {string} label
 * @property {string} help what it is, in a sentence
 * @property {"network" | "learning" | "data" | "more"} group where it stands
 * @property {Option[]} [options] to choose from; without, the value is typed
 * @property {boolean} [isWide] takes the whole width
 * @property {(value: any) => string} show the text of a value
 * @property {(text: string) => any} parse the value of a text; throws a sentence
 */

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

const same = (/** @type {any} */ value) => {
    const isFraction = typeof value === "number" && !Number.isInteger(value);
    return String(isFraction ? Number(value.toPrecision(SHOWN_DIGITS)) : value);
};
const orAll = (/** @type {number | null} */ value) => (value === null ? "all" : String(value));

/** @type {Field[]} in the order in which they are shown */
export const FIELDS = [
    {
        key: "hidden",
        label: "Hidden layers",
        help: "How many units each layer between pixels and digits has: 128, 64 means two layers. Empty means none.",
        group: "network",
        isWide: true,
        show: (/** @type {number[]} */ value) => value.join(", "),
        parse: parseHidden,
    },
    {
        key: "activation",
        label: "Activation",
        help: "The nonlinear function of each hidden unit. Without it, many layers could do no more than one.",
        group: "network",
        options: Object.entries(ACTIVATION_NAMES),
        show: same,
        parse: same,
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
        show: same,
        parse: same,
    },
    {
        key: "weights",
        label: "Initial weights",
        help: "Where the weights start: random, so that units can become different, and not too large, not too small.",
        group: "network",
        options: INITIALIZERS,
        show: same,
        parse: same,
    },
    {
        key: "seed",
        label: "Seed",
        help: "Fixes all that is random: initial weights, order of images, dropout. The same seed gives the same run.",
        group: "network",
        show: same,
        parse: (text) =>
            number(text, { name: "The seed", low: 0, high: LIMITS.seed, isWhole: true }),
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
        show: same,
        parse: same,
    },
    {
        key: "rate",
        label: "Learning rate",
        help: "How far each step goes. Too small, and learning crawls; too large, and steps overshoot.",
        group: "learning",
        show: same,
        parse: (text) => number(text, { name: "The learning rate", low: 1e-7, high: LIMITS.rate }),
    },
    {
        key: "batchSize",
        label: "Batch size",
        help: "How many images are averaged for each step; all means one step an epoch.",
        group: "learning",
        show: orAll,
        parse: (text) => numberOrAll(text, { name: "The batch size", low: 1, high: LIMITS.batchSize }),
    },
    {
        key: "l2",
        label: "L2",
        help: "Pulls all weights towards zero, so that the network cannot rely on a few pixels; the λ of the penalty.",
        group: "learning",
        show: same,
        parse: (text) => number(text, { name: "L2", low: 0, high: LIMITS.l2 }),
    },
    {
        key: "dropout",
        label: "Dropout",
        help: "Share of hidden units switched off at random in each step, so that none relies on another; 0 to 0.9.",
        group: "learning",
        show: same,
        parse: (text) => number(text, { name: "Dropout", low: 0, high: LIMITS.dropout }),
    },
    {
        key: "nImages",
        label: "Training images",
        help: "How many images it learns from, or all. A few are learned by heart, and validation shows it.",
        group: "data",
        show: orAll,
        parse: (text) => numberOrAll(text, { name: "The number of images", ...LIMITS.nImages }),
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
        show: same,
        parse: same,
    },
    {
        key: "epochs",
        label: "Epochs",
        help: "How many times all images are used before the run pauses; it can be resumed.",
        group: "data",
        show: same,
        parse: (text) =>
            number(text, {
                name: "The number of epochs",
                low: 1,
                high: LIMITS.epochs,
                isWhole: true,
            }),
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
        show: same,
        parse: same,
    },
    {
        key: "momentum",
        label: "Momentum",
        help: "Share of the last step that is kept in the next; used by momentum and Nesterov.",
        group: "more",
        show: same,
        parse: (text) => number(text, { name: "Momentum", low: 0, high: 0.999 }),
    },
    {
        key: "shift",
        label: "Shift of validation images",
        help: "Validation images are moved by up to this many pixels, at random.",
        group: "more",
        show: same,
        parse: (text) =>
            number(text, { name: "The shift", low: 0, high: LIMITS.shift, isWhole: true }),
    },
    {
        key: "trainShift",
        label: "Shift of training images",
        help: "Training images are moved by up to this many pixels, at random.",
        group: "more",
        show: same,
        parse: (text) =>
            number(text, { name: "The shift", low: 0, high: LIMITS.shift, isWhole: true }),
    },
];

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
 * Read the widths of the hidden layers.
 *
 * @param {string} text such as "128, 64"
 * @returns {number[]}
 */
function parseHidden(text) {
    const parts = text.split(/[\s,;x-]+/).filter((part) => part !== "");
    const widths = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : NaN));
    if (
        widths.every((width) => width >= 1 && width <= LIMITS.units) &&
        widths.length <= LIMITS.layers
    )
        return widths;
    throw new DigitusError(
        `Hidden layers are up to ${LIMITS.layers} numbers from 1 to ${LIMITS.units}, such as "128, 64"; got "${text}".`,
    );
}

/**
 * Read a whole number, or "all".
 *
 * @param {string} text
 * @param {{name: string, low: number, high: number}} range
 * @returns {number | null} null for all
 */
function numberOrAll(text, range) {
    if (text.trim().toLowerCase() === "all") return null;
    return number(text, { ...range, isWhole: true, orElse: ", or all" });
}

/**
 * Read a number within a range.
 *
 * @param {string} text
 * @param {{name: string, low: number, high: number, isWhole?: boolean, orElse?: string}} range
 * @returns {number}
 */
function number(text, { name, low, high, isWhole = false, orElse = "" }) {
    const plain = text.trim().replace(",", ".");
    const value = plain === "" ? NaN : Number(plain);
    if (value >= low && value <= high && (!isWhole || Number.isInteger(value))) return value;
    const kind = isWhole ? "a whole number" : "a number";
    throw new DigitusError(
        `${name} is ${kind} from ${low} to ${countText(high)}${orElse}; got "${text.trim()}".`,
    );
}
