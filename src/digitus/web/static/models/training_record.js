/**
 * The training record in a model file: the fields that Python reads back, and how it is written.
 */

import { DigitusError } from "../errors.js";

const FLOAT_FIELDS = ["accuracy", "ece", "nll"];
const MARK = "\ufffffloat:";

/** @param {any} value */
const isWhole = (value) => Number.isInteger(value);
/** @param {any} value */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
/** @param {any} value */
const isText = (value) => typeof value === "string";
/** @param {any} value */
const isWholeOrNothing = (value) => value === null || value === undefined || isWhole(value);

/** @type {Record<string, (value: any) => boolean>} */
const SCORES = { n: isWhole, accuracy: isNumber, ece: isNumber, nll: isNumber };
/** @type {Record<string, Record<string, (value: any) => boolean>>} */
const RECORD = {
    config: { seed: isWhole, validation: isWhole, split_seed: isWholeOrNothing },
    data: { name: isText, sha256: isText },
    versions: {},
};

/**
 * Refuse a training record whose entries have other fields; whole entries may be missing.
 *
 * @param {Record<string, any>} record
 * @param {string} fileName for the message
 * @throws {DigitusError}
 */
export function refuseRecord(record, fileName) {
    const { scores = {} } = record;
    const areFit = isTable(scores) && Object.values(scores).every((part) => fits(part, SCORES));
    const unfit = Object.keys(RECORD).filter((name) => {
        return record[name] !== undefined && !fits(record[name], RECORD[name]);
    });
    if (!areFit) unfit.push("scores");
    if (unfit.length) {
        throw new DigitusError(
            `${fileName}: '${unfit[0]}' in the training record is not what digitus writes there; ` +
                "train or download the model again.",
        );
    }
}

/** @param {any} value */
function isTable(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {any} entry
 * @param {Record<string, (value: any) => boolean>} wanted
 */
function fits(entry, wanted) {
    return isTable(entry) && Object.entries(wanted).every(([name, isFit]) => isFit(entry[name]));
}

/**
 * Write JSON in which the scores are floats for Python too: 1.0, where JavaScript writes 1.
 *
 * @param {any} value
 * @returns {string}
 */
export function pythonJson(value) {
    const text = JSON.stringify(value, (name, entry) =>
        FLOAT_FIELDS.includes(name) && isWhole(entry) ? `${MARK}${entry}.0` : entry,
    );
    return text.replace(new RegExp(`"${MARK}([^"]*)"`, "g"), "$1");
}
