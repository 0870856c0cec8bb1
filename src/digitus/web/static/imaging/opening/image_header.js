/** What the first bytes of a file say: which kind of image it is, and how large. */

/**
 * @typedef {object} Header
 * @property {string} kind "PNG", "JPEG", "GIF", "BMP", "WebP", "HEIC", "TIFF", "PDF", "SVG", or ""
 *     if it is none of these
 * @property {number} [width] in pixels, as stored
 * @property {number} [height] in pixels, as stored
 */

const LENGTH_BYTES = 2; // of a JPEG's segment; the length counts itself
const START_OF_FRAME = [0xc0, 0xcf]; // first and last marker of a frame header
const OTHER_TABLES = [0xc4, 0xc8, 0xcc]; // among them, but no frames: ITU-T T.81, table B.1

/**
 * Read the header of an image.
 *
 * @param {ArrayBuffer} bytes the beginning of a file
 * @returns {Header}
 */
export function readHeader(bytes) {
    const view = new DataView(bytes);
    const text = (/** @type {number} */ start, /** @type {number} */ end) =>
        String.fromCharCode(...new Uint8Array(bytes.slice(start, end)));
    try {
        if (text(1, 4) === "PNG") {
            return { kind: "PNG", width: view.getUint32(16), height: view.getUint32(20) };
        }
        if (text(0, 3) === "GIF") {
            return { kind: "GIF", width: view.getUint16(6, true), height: view.getUint16(8, true) };
        }
        if (text(0, 2) === "BM") {
            const height = Math.abs(view.getInt32(22, true)); // negative: the top row comes first
            return { kind: "BMP", width: view.getInt32(18, true), height };
        }
        if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") {
            return { kind: "WebP", ...sizeOfWebP(view, text(12, 16)) };
        }
        if (view.getUint16(0) === 0xffd8) return { kind: "JPEG", ...sizeOfJpeg(view) };
    } catch (error) {
        if (!(error instanceof RangeError)) throw error; // the file ends within its header
    }
    return { kind: kindWithoutSize(text(0, 12)) };
}

/** @param {string} start first 12 bytes */
function kindWithoutSize(start) {
    if (/^....ftyp(hei|hev|mif1|msf1)/s.test(start)) return "HEIC";
    if (/^(II\*\0|MM\0\*)/.test(start)) return "TIFF";
    if (start.startsWith("%PDF")) return "PDF";
    if (/^\s*<(svg|\?xml)/.test(start)) return "SVG";
    if (start.startsWith("\xff\xd8")) return "JPEG";
    if (start.startsWith("\x89PNG")) return "PNG";
    return "";
}

/**
 * Find the frame header of a JPEG among its segments (ITU-T T.81, section B.2.2).
 *
 * @param {DataView} view
 * @returns {{width: number, height: number}}
 */
function sizeOfJpeg(view) {
    for (let place = 2; ; ) {
        while (view.getUint8(place) !== 0xff) place++;
        while (view.getUint8(place) === 0xff) place++;
        const marker = view.getUint8(place++);
        const isFrame = marker >= START_OF_FRAME[0] && marker <= START_OF_FRAME[1];
        if (isFrame && !OTHER_TABLES.includes(marker)) {
            return { height: view.getUint16(place + 3), width: view.getUint16(place + 5) };
        }
        place += Math.max(LENGTH_BYTES, view.getUint16(place));
    }
}

/**
 * @param {DataView} view
 * @param {string} chunk name of the first one
 * @returns {{width?: number, height?: number}}
 */
function sizeOfWebP(view, chunk) {
    if (chunk === "VP8 ") {
        const side = (/** @type {number} */ place) => view.getUint16(place, true) & 0x3fff;
        return { width: side(26), height: side(28) };
    }
    if (chunk === "VP8L") {
        const bits = view.getUint32(21, true);
        return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    if (chunk !== "VP8X") return {};
    const number = (/** @type {number} */ place) =>
        view.getUint16(place, true) + (view.getUint8(place + 2) << 16) + 1;
    return { width: number(24), height: number(27) };
}
