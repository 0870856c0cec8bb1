/** Safetensors files with one JSON text in their header: arrays by name, and facts. */

/**
 * @typedef {object} StoredArray
 * @property {string} dtype as in the file, such as "F32"
 * @property {number[]} shape
 * @property {Uint8Array} bytes little-endian
 */

/**
 * @typedef {object} SafeFile
 * @property {Map<string, StoredArray>} arrays
 * @property {Record<string, string>} metadata
 */

const LENGTH_BYTES = 8;
const MOST_HEADER_BYTES = 100_000_000; // the format's limit
/** @type {Record<string, number>} bytes of a number of each kind */
const SIZES = {
    BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, U16: 2, I16: 2, F16: 2, BF16: 2,
    U32: 4, I32: 4, F32: 4, U64: 8, I64: 8, F64: 8,
};

/**
 * Read the arrays and the metadata of a safetensors file.
 *
 * @param {ArrayBuffer} buffer
 * @returns {SafeFile} the arrays are views of the buffer
 * @throws {RangeError} if the file is damaged or another; the text says what is wrong
 */
export function readSafe(buffer) {
    const { header, start } = parsedHeader(buffer);
    const { __metadata__: metadata = {}, ...entries } = header;
    if (!isObject(metadata)) throw new RangeError("its metadata is not a table of texts");
    const bytes = new Uint8Array(buffer, start);
    /** @type {Map<string, StoredArray>} */
    const arrays = new Map();
    let end = 0;
    const byPlace = Object.entries(entries).map(([name, entry]) => checkedEntry(name, entry));
    byPlace.sort((a, b) => a.from - b.from || a.to - b.to);
    for (const { name, dtype, shape, from, to } of byPlace) {
        if (from !== end) throw new RangeError(`${name} does not begin where another array ends`);
        if (to > bytes.length) throw new RangeError(`it ends within ${name}`);
        arrays.set(name, { dtype, shape, bytes: bytes.subarray(from, to) });
        end = to;
    }
    const rest = bytes.length - end;
    if (rest) throw new RangeError(`${rest} bytes belong to no array`);
    return { arrays, metadata };
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {{header: Record<string, any>, start: number}}
 */
function parsedHeader(buffer) {
    if (buffer.byteLength < LENGTH_BYTES) throw new RangeError(`it has ${buffer.byteLength} bytes`);
    const view = new DataView(buffer);
    const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
    if (length > MOST_HEADER_BYTES) throw new RangeError("its header is too long");
    if (length > buffer.byteLength - LENGTH_BYTES) {
        throw new RangeError("it ends within its header");
    }
    let header;
    try {
        const decoder = new TextDecoder("utf-8", { fatal: true });
        header = JSON.parse(decoder.decode(new Uint8Array(buffer, LENGTH_BYTES, length)));
    } catch {
        throw new RangeError("its header is not JSON");
    }
    if (!isObject(header)) throw new RangeError("its header is not a table of arrays");
    return { header, start: LENGTH_BYTES + length };
}

/**
 * @param {string} name
 * @param {any} entry
 */
function checkedEntry(name, entry) {
    const { dtype, shape, data_offsets: offsets } = entry ?? {};
    const areWhole = (/** @type {any} */ values) =>
        Array.isArray(values) && values.every((value) => Number.isSafeInteger(value) && value >= 0);
    const isKnown = Object.hasOwn(SIZES, dtype);
    if (!isKnown || !areWhole(shape) || !areWhole(offsets) || offsets.length !== 2) {
        throw new RangeError(`the entry of ${name} is not that of an array`);
    }
    const [from, to] = offsets;
    let bytes = SIZES[dtype];
    for (const side of shape) bytes *= side;
    if (to - from !== bytes) {
        throw new RangeError(`${name} has ${to - from} bytes in place of ${bytes}`);
    }
    return { name, dtype, shape, from, to };
}

/** @param {any} value */
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Write arrays and metadata as a safetensors file.
 *
 * @param {Map<string, {shape: number[], values: Float32Array | Float64Array}>} arrays
 * @param {Record<string, string>} metadata
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeSafe(arrays, metadata) {
    /** @type {Record<string, any>} */
    const header = { __metadata__: metadata };
    let end = 0;
    for (const [name, { shape, values }] of arrays) {
        const dtype = values instanceof Float64Array ? "F64" : "F32";
        header[name] = { dtype, shape, data_offsets: [end, (end += values.byteLength)] };
    }
    const text = new TextEncoder().encode(JSON.stringify(header));
    const length = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES; // the arrays are aligned
    const file = new Uint8Array(LENGTH_BYTES + length + end);
    file.fill(" ".charCodeAt(0), LENGTH_BYTES, LENGTH_BYTES + length);
    new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
    file.set(text, LENGTH_BYTES);
    let place = LENGTH_BYTES + length;
    for (const { values } of arrays.values()) {
        file.set(littleEndian(values), place);
        place += values.byteLength;
    }
    return file;
}

/**
 * Return the bytes of numbers; every machine with a browser stores them in this order.
 *
 * @param {Float32Array | Float64Array} values
 * @returns {Uint8Array}
 */
function littleEndian(values) {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
