/**
 * The model file: safetensors, arrays plus a JSON header.
 *
 * The arrays are the network's parameters by name ("layer0.weight" (d, h), "layer0.bias" (h)). The
 * header's key "digitus" holds JSON: format version, architecture, normalizer, calibration,
 * training record. The same files are refused as in Python's `models/file.py`.
 */

import { DigitusError } from "../errors.js";
import { CLASSES, PIXELS } from "../sizes.js";
import { build, describe } from "./architecture.js";
import { Model } from "./model.js";
import { Normalizer } from "./normalizer.js";
import { readSafe, writeSafe } from "./safe_file.js";
import { pythonJson, refuseRecord } from "./training_record.js";

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./safe_file.js").SafeFile} SafeFile */
/** @typedef {import("./safe_file.js").StoredArray} StoredArray */

const FORMAT_VERSION = 2;
const KEY = "digitus";
const SEQUENCE_KEY = "digitus_lines";
const AGAIN = "train or download the model again.";

/**
 * Read a model that reads images of digits.
 *
 * @param {ArrayBuffer} buffer the file
 * @param {string} fileName for messages
 * @returns {Model}
 * @throws {DigitusError} if the file is damaged, another program's, of a newer format, or holds
 *     NaN, infinities, weights that overflow, arrays of the wrong shape or a record of another
 *     form
 */
export function readModel(buffer, fileName) {
    const { arrays, header } = opened(buffer, fileName);
    const model = restored(header, fileName);
    refuseRecord(model.record, fileName);
    const { nInputs, nOutputs } = model.network;
    if (nInputs !== PIXELS || (nOutputs !== CLASSES && nOutputs !== CLASSES + 1)) {
        throw new DigitusError(
            `${fileName}: expected a network from ${PIXELS} pixels to ${CLASSES} digits, ` +
                `found ${nInputs} inputs and ${nOutputs} outputs; choose another model.`,
        );
    }
    fill(model.network, arrays, fileName);
    refuseNonfinite(model.network, fileName);
    refuseOverflow(model, fileName);
    return model;
}

/**
 * Write a model file, which `digitus evaluate --model` reads.
 *
 * @param {Model} model
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {DigitusError} if a parameter is NaN or infinite, the weights overflow, or the record
 *     could not be read back
 */
export function writeModel(model) {
    refuseNonfinite(model.network, model.name);
    refuseOverflow(model, model.name);
    refuseRecord(model.record, model.name);
    const header = {
        format_version: FORMAT_VERSION,
        name: model.name,
        architecture: describe(model.network),
        normalizer: model.normalizer.toJson(),
        calibration: {
            temperature: model.temperature,
            digit_threshold: model.digitThreshold,
            errors: model.errors,
        },
        record: model.record,
    };
    const arrays = new Map(model.network.namedParameters().map((part) => [part.name, part]));
    return writeSafe(arrays, { [KEY]: pythonJson(header) });
}

/**
 * @param {ArrayBuffer} buffer
 * @param {string} fileName
 * @returns {{arrays: SafeFile["arrays"], header: Record<string, any>}}
 */
function opened(buffer, fileName) {
    try {
        const { arrays, metadata } = readSafe(buffer);
        const header = KEY in metadata ? JSON.parse(metadata[KEY]) : null;
        return { arrays, header: known(header, SEQUENCE_KEY in metadata, fileName) };
    } catch (error) {
        if (error instanceof DigitusError) throw error;
        const reason = error instanceof RangeError ? error.message : "its header is not JSON";
        throw new DigitusError(`${fileName}: not a whole model file (${reason}); ${AGAIN}`);
    }
}

/**
 * @param {any} header
 * @param {boolean} isSequenceFile
 * @param {string} fileName
 * @returns {Record<string, any>}
 */
function known(header, isSequenceFile, fileName) {
    if (header === null && isSequenceFile) {
        throw new DigitusError(
            `${fileName}: holds the sequence models of \`digitus train --preset lines\`, which ` +
                "read lines; expected a model that reads single digits, such as cnn or mlp.",
        );
    }
    if (typeof header !== "object" || header === null || Array.isArray(header)) {
        throw new DigitusError(
            `${fileName}: a safetensors file of another program (no \`${KEY}\` in its header); ` +
                "see `digitus model import --help` for formats that can be imported.",
        );
    }
    const version = header.format_version;
    if (version === 1) return upgraded(header);
    if (version !== FORMAT_VERSION) {
        throw new DigitusError(
            `${fileName}: model format ${version}, this program reads ${FORMAT_VERSION}; ` +
                "update digitus.",
        );
    }
    return header;
}

/**
 * Rename the fields that format 1 named differently.
 *
 * @param {Record<string, any>} header
 */
function upgraded(header) {
    return {
        ...header,
        record: renamed(header.record, "plan", "config"),
        calibration: renamed(header.calibration, "digit_from", "digit_threshold"),
    };
}

/**
 * @param {any} entries
 * @param {string} old name of a field
 * @param {string} now its name
 */
function renamed(entries, old, now) {
    if (!entries || !Object.hasOwn(entries, old)) return entries;
    const { [old]: value, ...rest } = entries;
    return { ...rest, [now]: value };
}

/**
 * Make the model of a header, its parameters zero.
 *
 * @param {Record<string, any>} header
 * @param {string} fileName
 */
function restored(header, fileName) {
    const { name, architecture, normalizer, calibration, record } = header;
    try {
        return new Model({
            name: shownName(typeof name === "string" ? name : fileName.replace(/\.[^.]*$/, "")),
            network: build(architecture),
            normalizer: Normalizer.fromJson(normalizer),
            temperature: numberIn(calibration, "temperature"),
            digitThreshold: numberIn(calibration, "digit_threshold", 0),
            record: tableIn(record ?? {}),
            errors: checkedCurve(calibration?.errors ?? null),
        });
    } catch (error) {
        // Refused options are RangeErrors, as is an array too large for the memory.
        const reason = error instanceof Error ? error.message : String(error);
        throw new DigitusError(`${fileName}: the header is incomplete (${reason}); ${AGAIN}`);
    }
}

/**
 * Replace signs that are obeyed instead of shown, such as line ends and changes of direction.
 *
 * @param {string} name
 */
function shownName(name) {
    return name.replace(/\p{C}/gu, "\ufffd");
}

/**
 * @param {any} entries
 * @param {string} field
 * @param {number} [otherwise] where it is missing
 * @returns {number}
 */
function numberIn(entries, field, otherwise) {
    const value = entries?.[field] ?? otherwise;
    if (typeof value !== "number") throw new RangeError(`${field} is not a number`);
    return value;
}

/**
 * @param {any} record
 * @returns {Record<string, any>}
 */
function tableIn(record) {
    if (typeof record !== "object" || Array.isArray(record)) {
        throw new RangeError("record is not a table");
    }
    return record;
}

/**
 * Refuse a risk-coverage curve that cannot have been measured.
 *
 * @param {any} errors
 */
function checkedCurve(errors) {
    if (errors === null) return null;
    const { n, confidence, kept } = errors;
    const isCurve =
        Number.isInteger(n) &&
        n >= 1 &&
        Array.isArray(confidence) &&
        Array.isArray(kept) &&
        confidence.length === kept.length &&
        areOrdered(confidence, -1, 1) &&
        areOrdered(kept, 1, n - 1);
    if (!isCurve) throw new RangeError("the error curve is not one that was measured");
    return errors;
}

/**
 * @param {any[]} values
 * @param {number} sign 1 if they may not fall, -1 if they may not rise
 * @param {number} most of a value; the least is 0
 */
function areOrdered(values, sign, most) {
    return values.every((value, i) => {
        const isWithin = typeof value === "number" && value >= 0 && value <= most;
        return isWithin && !(i && sign * (value - values[i - 1]) < 0);
    });
}

/**
 * @param {Network} network
 * @param {SafeFile["arrays"]} arrays
 * @param {string} fileName
 */
function fill(network, arrays, fileName) {
    for (const { name, shape, values } of network.namedParameters()) {
        const wanted = kindOf(values instanceof Float64Array ? "F64" : "F32", shape);
        const stored = arrays.get(name);
        const found = stored ? kindOf(stored.dtype, stored.shape) : "nothing";
        if (!stored || found !== wanted) {
            throw new DigitusError(
                `${fileName}: ${name}: expected ${wanted}, found ${found}; ${AGAIN}`,
            );
        }
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(stored.bytes);
    }
}

/**
 * @param {string} dtype
 * @param {number[]} shape
 */
function kindOf(dtype, shape) {
    /** @type {Record<string, string>} */
    const names = { F32: "float32", F64: "float64", F16: "float16" };
    return `${names[dtype] ?? dtype} of shape (${shape.join(", ")})`;
}

/**
 * @param {Network} network
 * @param {string} fileName
 */
function refuseNonfinite(network, fileName) {
    for (const { name, values } of network.namedParameters()) {
        let count = 0;
        for (let i = 0; i < values.length; i++) count += Number(!Number.isFinite(values[i]));
        if (count) {
            throw new DigitusError(
                `${fileName}: ${name} holds ${count} values that are NaN or infinite; ` +
                    "these weights are broken, train the model again.",
            );
        }
    }
}

/**
 * Refuse finite weights that overflow for an image of paper or of full ink.
 *
 * @param {Model} model
 * @param {string} fileName
 */
function refuseOverflow(model, fileName) {
    const { network, temperature, name } = model;
    const patches = new Float32Array(2 * PIXELS).fill(1, PIXELS);
    const logits = network.logits(model.input(patches), 2);
    if (!logits.every(Number.isFinite)) {
        throw new DigitusError(
            `${fileName}: ${name}: its weights overflow, so that answers cannot be computed; ` +
                "train the model again.",
        );
    }
    const scaled = Float64Array.from(logits, (logit) => logit / temperature);
    if (!scaled.every(Number.isFinite)) {
        throw new DigitusError(
            `${fileName}: ${name}: its temperature ${Number(temperature.toPrecision(3))} is too ` +
                "low to compute probabilities; train the model again.",
        );
    }
}
