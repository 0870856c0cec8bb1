/** Images as arrays of floats, row by row, and what is cut out of them. */

/**
 * @typedef {object} Raster
 * @property {number} width number of columns
 * @property {number} height number of rows
 * @property {Float32Array} values height x width. Grey: 0 black to 1 white, upright. Ink: 0 paper
 *     to 1 full ink.
 */

/**
 * Return an image of zeros.
 *
 * @param {number} width
 * @param {number} height
 * @returns {Raster}
 */
export function emptyRaster(width, height) {
    return { width, height, values: new Float32Array(width * height) };
}

/**
 * Return an image whose values are computed from those of another.
 *
 * @param {Raster} raster
 * @param {(value: number, place: number) => number} value of each pixel
 * @returns {Raster}
 */
export function mapped(raster, value) {
    const made = emptyRaster(raster.width, raster.height);
    for (let i = 0; i < made.values.length; i++) made.values[i] = value(raster.values[i], i);
    return made;
}

/**
 * Cut a rectangle out of an image.
 *
 * @param {Raster} raster
 * @param {number} left first column
 * @param {number} top first row
 * @param {number} right the column after the last
 * @param {number} bottom the row after the last
 * @returns {Raster} the image itself if the rectangle is all of it
 */
export function part(raster, left, top, right, bottom) {
    const { width, height, values } = raster;
    if (left === 0 && top === 0 && right === width && bottom === height) return raster;
    const made = emptyRaster(right - left, bottom - top);
    for (let row = 0; row < made.height; row++) {
        const start = (top + row) * width + left;
        made.values.set(values.subarray(start, start + made.width), row * made.width);
    }
    return made;
}

/**
 * Lay an image onto a larger one of zeros.
 *
 * @param {Raster} raster
 * @param {number} width of the larger one
 * @param {number} height of the larger one
 * @param {number} left column of the first pixel
 * @param {number} top row of the first pixel
 * @returns {Raster}
 */
export function placed(raster, width, height, left, top) {
    const made = emptyRaster(width, height);
    for (let row = 0; row < raster.height; row++) {
        const start = row * raster.width;
        const line = raster.values.subarray(start, start + raster.width);
        made.values.set(line, (top + row) * width + left);
    }
    return made;
}

/**
 * Return the largest value.
 *
 * @param {ArrayLike<number>} values at least one
 * @returns {number}
 */
export function largest(values) {
    let most = values[0];
    for (let i = 1; i < values.length; i++) if (values[i] > most) most = values[i];
    return most;
}

/**
 * Return the smallest value.
 *
 * @param {ArrayLike<number>} values at least one
 * @returns {number}
 */
export function smallest(values) {
    let least = values[0];
    for (let i = 1; i < values.length; i++) if (values[i] < least) least = values[i];
    return least;
}
