/**
 * Labelled drawings as a class folder in a ZIP: `<digit>/<name>.png` and `<digit>/<name>.json`.
 *
 * The twin of `digitus.data.corrections`, whose records these are. The PNG is the patch, grey,
 * 0 paper to 255 full ink; `digitus train --data` reads the archive as it is. A PNG is written here
 * byte by byte, so that its pixels are exact in every browser (PNG specification, third edition);
 * one that is read may come from any program, and the browser decodes it.
 */

import { DigitusError } from "../errors.js";
import { PIXELS, SIDE_PX } from "../sizes.js";
import { crc32, readZip, writeZip } from "./zip.js";

/** @typedef {import("../imaging/strokes.js").Drawing} Drawing */

/**
 * @typedef {object} CorrectionRecord
 * @property {number} label the true digit
 * @property {number | null} answer the digit that the model answered; null if it declined
 * @property {number | null} confidence of the answer, 0 to 1; null without one
 * @property {string} model name of the model
 * @property {"drawing" | "image" | "test_set"} source_kind where the patch came from
 * @property {Drawing | null} drawing the strokes; null for an image
 * @property {string} date ISO 8601 in UTC
 */
/**
 * @typedef {object} Correction
 * @property {number} label the true digit, 0 to 9
 * @property {Uint8Array} patch (784,) 0 paper to 255 full ink
 * @property {CorrectionRecord} record
 * @property {string} [name] of its files, without folder and ending; one is made for a new drawing
 */

const DIGIT = /^(?:.*\/)?([0-9])\/([^/]+)\.png$/i;
/** Names that every system takes; others are replaced. */
const PLAIN_NAME = /^\w[\w.-]{0,99}$/;
const SOURCES = ["drawing", "image", "test_set"];
const MOST_POINTS = 100000;
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const ADLER_MODULUS = 65521;

/**
 * Return corrections as a ZIP of a class folder.
 *
 * @param {Correction[]} corrections at least one
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {DigitusError} if there is none
 */
export async function writeCorrections(corrections) {
    if (!corrections.length) {
        throw new DigitusError("There are no drawings to save; draw a digit and label it first.");
    }
    const encoder = new TextEncoder();
    /** @type {Set<string>} */
    const taken = new Set();
    return writeZip(
        corrections.flatMap(({ label, patch, record, name: own }, i) => {
            const isFree = own && PLAIN_NAME.test(own) && !taken.has(`${label}/${own}`);
            const name = `${label}/${isFree ? own : newName(record.date, i)}`;
            taken.add(name);
            const json = `${JSON.stringify(factsOf(record, label))}\n`;
            return [
                { name: `${name}.json`, bytes: encoder.encode(json) },
                { name: `${name}.png`, bytes: writePng(patch) },
            ];
        }),
    );
}

/**
 * Read a ZIP of a class folder, or of a folder that holds it.
 *
 * @param {ArrayBuffer} buffer
 * @param {string} [fileName] for messages
 * @returns {Promise<{corrections: Correction[], problems: string[]}>} in the order of their names,
 *     and a sentence for each image that was left out
 * @throws {DigitusError} if it is no archive, or holds no digit
 */
export async function readCorrections(buffer, fileName = "The file") {
    const files = await readZip(buffer);
    /** @type {Correction[]} */
    const corrections = [];
    /** @type {string[]} */
    const problems = [];
    let count = 0;
    for (const name of [...files.keys()].sort()) {
        const match = DIGIT.exec(name);
        if (!match || match[2].startsWith(".") || name.startsWith("__MACOSX/")) continue;
        count++;
        const label = Number(match[1]);
        try {
            const png = /** @type {Uint8Array<ArrayBuffer>} */ (files.get(name));
            const patch = await readPatch(png, name);
            const record = readRecord(files.get(name.replace(/\.png$/i, ".json")), label, name);
            corrections.push({ label, patch, record, name: match[2] });
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            problems.push(error.message);
        }
    }
    if (!count) {
        throw new DigitusError(
            `${fileName}: expected folders 0 to 9 with PNG images, found none; ` +
                "choose a ZIP that was saved here or by digitus.",
        );
    }
    return { corrections, problems };
}

// Records

/**
 * Return a new name of the two files; later corrections have later names.
 *
 * @param {string} date ISO 8601
 * @param {number} number of the correction in its list
 * @returns {string} such as "20260102-030405-000000-0badcafe"
 */
export function newName(date, number) {
    const digits = date.replace(/[^0-9T]/g, "").replace("T", "-").slice(0, 15);
    const random = [...crypto.getRandomValues(new Uint8Array(4))];
    const unique = random.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${digits}-${String(number).padStart(6, "0")}-${unique}`;
}

/**
 * @param {CorrectionRecord} record
 * @param {number} label
 */
function factsOf({ answer, confidence, model, source_kind, drawing, date }, label) {
    const strokes = drawing && {
        width: drawing.width,
        height: drawing.height,
        pen_px: drawing.penPx,
        strokes: drawing.strokes,
    };
    return { label, answer, confidence, model, source_kind, drawing: strokes, date };
}

/**
 * Return the record of an image; one that is missing or damaged says as little as is known.
 *
 * @param {Uint8Array | undefined} bytes
 * @param {number} label the folder's, so that an image can be moved to another digit
 * @param {string} name
 * @returns {CorrectionRecord}
 */
function readRecord(bytes, label, name) {
    const unknown = { answer: null, confidence: null, model: "none", drawing: null };
    const date = "1970-01-01T00:00:00+00:00";
    if (!bytes) return { label, ...unknown, source_kind: "image", date };
    let facts;
    try {
        facts = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
        facts = null;
    }
    if (typeof facts !== "object" || facts === null || !SOURCES.includes(facts.source_kind)) {
        throw new DigitusError(
            `${name}: its record is damaged; delete the image and the JSON file beside it.`,
        );
    }
    const { answer, confidence, model, source_kind, drawing } = facts;
    return {
        label,
        answer: Number.isInteger(answer) && answer >= 0 && answer <= 9 ? answer : null,
        confidence: typeof confidence === "number" ? Math.min(1, Math.max(0, confidence)) : null,
        model: String(model ?? "none"),
        source_kind,
        drawing: drawing ? readDrawing(drawing, name) : null,
        date: typeof facts.date === "string" ? facts.date : date,
    };
}

/**
 * @param {any} facts
 * @param {string} name
 * @returns {Drawing}
 */
function readDrawing(facts, name) {
    const { width, height, pen_px: penPx, strokes } = facts;
    const isSize = (/** @type {any} */ size) => Number.isFinite(size) && size > 0 && size <= 10000;
    const isDrawing =
        [width, height, penPx].every(isSize) &&
        Array.isArray(strokes) &&
        strokes.every(isStroke) &&
        strokes.reduce((count, stroke) => count + stroke.length, 0) <= MOST_POINTS;
    if (isDrawing) return { width, height, penPx, strokes };
    throw new DigitusError(
        `${name}: its strokes are damaged; delete the image and the JSON file beside it.`,
    );
}

/** @param {any} stroke whether it is a list of points [x, y] or [x, y, share] */
function isStroke(stroke) {
    const isPoint = (/** @type {any} */ point) =>
        Array.isArray(point) && [2, 3].includes(point.length) && point.every(Number.isFinite);
    return Array.isArray(stroke) && stroke.every(isPoint);
}

// Images

/**
 * Return a patch as a PNG of 8-bit grey.
 *
 * @param {Uint8Array} patch (784,)
 * @returns {Uint8Array<ArrayBuffer>}
 */
function writePng(patch) {
    const header = new Uint8Array(13);
    const view = new DataView(header.buffer);
    view.setUint32(0, SIDE_PX);
    view.setUint32(4, SIDE_PX);
    header[8] = 8; // bits a pixel; grey, deflated, filtered, not interlaced are zeros
    const rows = new Uint8Array(SIDE_PX * (SIDE_PX + 1)); // each begins with its filter, 0 for none
    for (let row = 0; row < SIDE_PX; row++) {
        rows.set(patch.subarray(row * SIDE_PX, (row + 1) * SIDE_PX), row * (SIDE_PX + 1) + 1);
    }
    return concatenated(
        PNG_SIGNATURE,
        chunk("IHDR", header),
        chunk("IDAT", storedZlib(rows)),
        chunk("IEND", new Uint8Array(0)),
    );
}

/**
 * @param {string} kind four letters
 * @param {Uint8Array} bytes
 */
function chunk(kind, bytes) {
    const named = concatenated(new TextEncoder().encode(kind), bytes);
    return concatenated(bigEndian(bytes.length), named, bigEndian(crc32(named)));
}

/**
 * Return bytes as a zlib stream of one stored block (RFC 1950 and 1951).
 *
 * @param {Uint8Array} bytes below 65,536
 */
function storedZlib(bytes) {
    const n = bytes.length;
    const start = Uint8Array.of(0x78, 0x01, 1, n & 0xff, n >> 8, ~n & 0xff, (~n >> 8) & 0xff);
    let a = 1; // the checksum Adler-32
    let b = 0;
    for (const byte of bytes) {
        a = (a + byte) % ADLER_MODULUS;
        b = (b + a) % ADLER_MODULUS;
    }
    return concatenated(start, bytes, bigEndian(b * 65536 + a));
}

/** @param {number} value 32 bits */
function bigEndian(value) {
    return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
function concatenated(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

/**
 * Decode a PNG of 28 x 28 grey pixels.
 *
 * The size is read before anything is decoded: a small file may hold a huge image.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} name
 * @returns {Promise<Uint8Array>}
 */
async function readPatch(bytes, name) {
    const isPng = bytes.length >= 24 && PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);
    if (!isPng) {
        throw new DigitusError(`${name}: expected a PNG image, found another file; remove it.`);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [width, height] = [view.getUint32(16), view.getUint32(20)];
    if (width !== SIDE_PX || height !== SIDE_PX) {
        throw new DigitusError(
            `${name}: expected an image of ${SIDE_PX} x ${SIDE_PX} pixels, ` +
                `found ${width} x ${height}; scale it first.`,
        );
    }
    let bitmap;
    try {
        // As they are: no color profile and no premultiplied transparency changes the bytes.
        bitmap = await createImageBitmap(new Blob([bytes]), {
            colorSpaceConversion: "none",
            premultiplyAlpha: "none",
        });
    } catch {
        throw new DigitusError(`${name}: the image is damaged; remove it.`);
    }
    const canvas = new OffscreenCanvas(SIDE_PX, SIDE_PX);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
        canvas.getContext("2d", { willReadFrequently: true })
    );
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return greyPatch(context.getImageData(0, 0, SIDE_PX, SIDE_PX).data, name);
}

/**
 * @param {Uint8ClampedArray} rgba
 * @param {string} name
 */
function greyPatch(rgba, name) {
    const patch = new Uint8Array(PIXELS);
    for (let i = 0; i < PIXELS; i++) {
        const [red, green, blue, alpha] = rgba.subarray(4 * i, 4 * i + 4);
        if (alpha !== 255) {
            throw new DigitusError(
                `${name}: has transparent pixels; save it without transparency.`,
            );
        }
        // The luma of ITU-R BT.601, as Python's reader takes it; of grey it is the grey itself.
        const isGrey = red === green && green === blue;
        patch[i] = isGrey ? red : (299 * red + 587 * green + 114 * blue) / 1000;
    }
    return patch;
}
