/**
 * ZIP archives: written as they are, read stored or deflated (PKWARE 2022, APPNOTE 6.3.10).
 *
 * A file is a local header and its bytes; at the end of the archive stands a directory of all
 * headers, and behind it the record that says where the directory begins. All numbers are little
 * endian.
 */

import { DigitusError } from "../errors.js";

/** @typedef {{name: string, bytes: Uint8Array}} Entry */

const SIGNATURES = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 };
const SIZES = { local: 30, directory: 46, end: 22 };
const METHODS = { stored: 0, deflated: 8 };
const VERSION = 20; // of the format, 2.0: what folders and deflated files need
const UTF_8 = 1 << 11; // flag: names are UTF-8
const ENCRYPTED = 1;
const FIRST_DATE = (1 << 5) | 1; // 1 January 1980: the same files always give the same archive

/** Bounds of an archive that is read: a class's drawings are far below, a trap far above. */
const LIMITS = { files: 50000, bytes: 256 * 2 ** 20, comment: 2 ** 16 - 1 };

/** @type {Uint32Array | null} */
let crcTable = null;

/**
 * Return an archive of files, stored without compression.
 *
 * @param {Entry[]} entries names with "/" between folders
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {DigitusError} if there are more files than are read back
 */
export function writeZip(entries) {
    if (entries.length > LIMITS.files) {
        throw new DigitusError(
            `A ZIP archive is saved with at most ${LIMITS.files} files, these are ` +
                `${entries.length}; delete some drawings, which have two files each.`,
        );
    }
    const files = entries.map(({ name, bytes }) => ({
        name: new TextEncoder().encode(name),
        bytes,
        crc: crc32(bytes),
    }));
    const directorySize = files.reduce((sum, { name }) => sum + SIZES.directory + name.length, 0);
    const size = files.reduce((sum, { name, bytes }) => {
        return sum + SIZES.local + name.length + bytes.length;
    }, 0);
    const archive = new Uint8Array(size + directorySize + SIZES.end);
    const view = new DataView(archive.buffer);
    let at = 0;
    let entryAt = size;
    for (const { name, bytes, crc } of files) {
        view.setUint32(entryAt, SIGNATURES.directory, true);
        view.setUint16(entryAt + 4, VERSION, true);
        writeFacts(view, entryAt + 6, name, bytes, crc);
        view.setUint32(entryAt + 42, at, true);
        archive.set(name, entryAt + SIZES.directory);
        entryAt += SIZES.directory + name.length;

        view.setUint32(at, SIGNATURES.local, true);
        writeFacts(view, at + 4, name, bytes, crc);
        archive.set(name, at + SIZES.local);
        archive.set(bytes, at + SIZES.local + name.length);
        at += SIZES.local + name.length + bytes.length;
    }
    view.setUint32(entryAt, SIGNATURES.end, true);
    view.setUint16(entryAt + 8, files.length, true);
    view.setUint16(entryAt + 10, files.length, true);
    view.setUint32(entryAt + 12, directorySize, true);
    view.setUint32(entryAt + 16, size, true);
    return archive;
}

/**
 * Write what the two headers of a file have in common.
 *
 * @param {DataView} view
 * @param {number} at
 * @param {Uint8Array} name
 * @param {Uint8Array} bytes
 * @param {number} crc
 */
function writeFacts(view, at, name, bytes, crc) {
    view.setUint16(at, VERSION, true);
    view.setUint16(at + 2, UTF_8, true);
    view.setUint16(at + 4, METHODS.stored, true);
    view.setUint16(at + 8, FIRST_DATE, true);
    view.setUint32(at + 10, crc, true);
    view.setUint32(at + 14, bytes.length, true);
    view.setUint32(at + 18, bytes.length, true);
    view.setUint16(at + 22, name.length, true);
}

/**
 * Return the files of an archive by name, folders left out.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>}
 * @throws {DigitusError} if it is no archive, damaged, encrypted, or too large
 */
export async function readZip(buffer) {
    const view = new DataView(buffer);
    const end = findEnd(view);
    const count = view.getUint16(end + 10, true);
    if (count > LIMITS.files) throw tooLarge(`${count} files`);
    const files = new Map();
    let left = LIMITS.bytes;
    const first = end - view.getUint32(end + 12, true);
    const before = first - view.getUint32(end + 16, true); // other bytes, such as a program
    if (first < 0 || before < 0) throw damaged("its directory is broken");
    let at = first;
    try {
        for (let i = 0; i < count; i++) {
            const entry = readEntry(view, at);
            entry.local += before;
            at = entry.next;
            if (files.has(entry.name)) {
                throw new DigitusError(
                    `${entry.name}: is in the ZIP archive twice; rename one of them.`,
                );
            }
            if (entry.name.endsWith("/")) continue;
            const bytes = await contents(view, entry, left);
            left -= bytes.length;
            files.set(entry.name, bytes);
        }
    } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw damaged("a header points beyond its end"); // a DataView refuses to read there
    }
    return files;
}

/**
 * Find the record at the end, behind which a comment may stand.
 *
 * @param {DataView} view
 * @returns {number}
 */
function findEnd(view) {
    const first = Math.max(0, view.byteLength - SIZES.end - LIMITS.comment);
    for (let at = view.byteLength - SIZES.end; at >= first; at--) {
        if (view.getUint32(at, true) === SIGNATURES.end) return at;
    }
    throw new DigitusError(
        "This is not a ZIP archive, or not a whole one; choose the file that was saved here.",
    );
}

/**
 * @typedef {object} Header
 * @property {string} name
 * @property {number} flags
 * @property {number} method
 * @property {number} crc
 * @property {number} packed bytes in the archive
 * @property {number} size bytes of the file
 * @property {number} local place of the local header
 * @property {number} next place of the next entry of the directory
 */

/**
 * @param {DataView} view
 * @param {number} at
 * @returns {Header}
 */
function readEntry(view, at) {
    if (view.getUint32(at, true) !== SIGNATURES.directory) throw damaged("its directory is broken");
    const nameLength = view.getUint16(at + 28, true);
    const others = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = new Uint8Array(view.buffer, at + SIZES.directory, nameLength);
    return {
        name: new TextDecoder().decode(name),
        flags: view.getUint16(at + 8, true),
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        packed: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        local: view.getUint32(at + 42, true),
        next: at + SIZES.directory + nameLength + others,
    };
}

/**
 * @param {DataView} view
 * @param {Header} entry
 * @param {number} left bytes that all files may still take
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function contents(view, entry, left) {
    const { name, flags, method, crc, packed, size, local } = entry;
    if (flags & ENCRYPTED) {
        throw new DigitusError(`${name}: is encrypted; save the archive without a password.`);
    }
    if (size > left) throw tooLarge(`${LIMITS.bytes - left + size} bytes and more`);
    if (view.getUint32(local, true) !== SIGNATURES.local) throw damaged(`${name} is missing`);
    const [nameLength, extraLength] = [26, 28].map((at) => view.getUint16(local + at, true));
    const start = local + SIZES.local + nameLength + extraLength;
    const found = new Uint8Array(/** @type {ArrayBuffer} */ (view.buffer), start, packed);
    if (method !== METHODS.stored && method !== METHODS.deflated) {
        throw new DigitusError(
            `${name}: is packed by method ${method}; save the archive with plain ZIP.`,
        );
    }
    const bytes = method === METHODS.stored ? found.slice() : await inflated(found, size, name);
    if (bytes.length !== size || crc32(bytes) !== crc) {
        throw damaged(`${name} does not have its checksum`);
    }
    return bytes;
}

/**
 * Inflate, and stop as soon as more comes out than the header says.
 *
 * @param {Uint8Array<ArrayBuffer>} packed
 * @param {number} size
 * @param {string} name
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function inflated(packed, size, name) {
    const bytes = new Uint8Array(size);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    let at = 0;
    try {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            if (at + part.value.length > size) {
                await reader.cancel();
                throw damaged(`${name} is longer than it says`);
            }
            bytes.set(part.value, at);
            at += part.value.length;
        }
    } catch (error) {
        if (error instanceof DigitusError) throw error;
        throw damaged(`${name} cannot be unpacked`);
    }
    return bytes.subarray(0, at);
}

/** @param {string} what */
function damaged(what) {
    return new DigitusError(`The ZIP archive is damaged: ${what}; save it again.`);
}

/** @param {string} found */
function tooLarge(found) {
    const wanted = `${LIMITS.files} files of ${LIMITS.bytes / 2 ** 20} MB`;
    return new DigitusError(
        `The ZIP archive is too large: expected at most ${wanted}, found ${found}; split it.`,
    );
}

/**
 * Return the checksum of bytes: their remainder as a polynomial, CRC-32 of ISO 3309.
 *
 * @param {Uint8Array} bytes
 * @returns {number} 32 bits
 */
export function crc32(bytes) {
    crcTable ??= makeCrcTable();
    let crc = 0xffffffff;
    for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
}

/** Return the remainder of each byte. */
function makeCrcTable() {
    return Uint32Array.from({ length: 256 }, (_, byte) => {
        let remainder = byte;
        for (let bit = 0; bit < 8; bit++) {
            remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
        }
        return remainder;
    });
}
