/**
 * Matrix products, where nearly all the time of a training step goes.
 *
 * All matrices are row-major. Zeros of the left factor are skipped: four of five pixels and about
 * half of the outputs of ReLU are zero.
 */

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./sparse_rows.js").SparseRows} SparseRows */

/**
 * Add x @ w to y.
 *
 * @param {Floats} x (n, d)
 * @param {Floats} w (d, h)
 * @param {Floats} y (n, h)
 * @param {number} n
 * @param {number} d
 * @param {number} h
 * @returns {void}
 */
export function addProduct(x, w, y, n, d, h) {
    for (let r = 0; r < n; r++) {
        for (let j = 0; j < d; j++) {
            const value = x[r * d + j];
            if (value === 0) continue;
            const from = j * h;
            const to = r * h;
            for (let c = 0; c < h; c++) y[to + c] += value * w[from + c];
        }
    }
}

/**
 * Add rows @ w to y: a sum of rows of w for each row of y.
 *
 * @param {SparseRows} rows (n, d)
 * @param {Floats} w (d, h)
 * @param {Floats} y (n, h)
 * @param {number} h
 * @returns {void}
 */
export function addSparseProduct(rows, w, y, h) {
    const { n, starts, columns, values } = rows;
    for (let r = 0; r < n; r++) {
        const to = r * h;
        for (let at = starts[r]; at < starts[r + 1]; at++) {
            const value = values[at];
            const from = columns[at] * h;
            for (let c = 0; c < h; c++) y[to + c] += value * w[from + c];
        }
    }
}

/**
 * Add xᵀ @ g to `out`.
 *
 * @param {Floats} x (n, d)
 * @param {Floats} g (n, h)
 * @param {Floats} out (d, h)
 * @param {number} n
 * @param {number} d
 * @param {number} h
 * @returns {void}
 */
export function addTransposedProduct(x, g, out, n, d, h) {
    for (let r = 0; r < n; r++) {
        for (let j = 0; j < d; j++) {
            const value = x[r * d + j];
            if (value === 0) continue;
            const from = r * h;
            const to = j * h;
            for (let c = 0; c < h; c++) out[to + c] += value * g[from + c];
        }
    }
}

/**
 * Add rowsᵀ @ g to `out`: each entry adds a multiple of a row of g to a row of `out`.
 *
 * @param {SparseRows} rows (n, d)
 * @param {Floats} g (n, h)
 * @param {Floats} out (d, h)
 * @param {number} h
 * @returns {void}
 */
export function addSparseTransposedProduct(rows, g, out, h) {
    const { n, starts, columns, values } = rows;
    for (let r = 0; r < n; r++) {
        const from = r * h;
        for (let at = starts[r]; at < starts[r + 1]; at++) {
            const value = values[at];
            const to = columns[at] * h;
            for (let c = 0; c < h; c++) out[to + c] += value * g[from + c];
        }
    }
}

/**
 * Write g @ wᵀ to `out`: every entry is the dot product of two rows.
 *
 * @param {Floats} g (n, h)
 * @param {Floats} w (d, h)
 * @param {Floats} out (n, d)
 * @param {number} n
 * @param {number} d
 * @param {number} h
 * @returns {void}
 */
export function productWithTransposed(g, w, out, n, d, h) {
    for (let r = 0; r < n; r++) {
        for (let j = 0; j < d; j++) {
            let sum = 0;
            for (let c = 0; c < h; c++) sum += g[r * h + c] * w[j * h + c];
            out[r * d + j] = sum;
        }
    }
}

/**
 * Add the sum of the rows of g to `out`.
 *
 * @param {Floats} g (n, h)
 * @param {Floats} out (h,)
 * @param {number} n
 * @param {number} h
 * @returns {void}
 */
export function addRows(g, out, n, h) {
    for (let r = 0; r < n; r++) {
        for (let c = 0; c < h; c++) out[c] += g[r * h + c];
    }
}

/**
 * Write the same row to every row of y.
 *
 * @param {Floats} row (h,)
 * @param {Floats} y (n, h)
 * @param {number} n
 * @returns {void}
 */
export function repeatRow(row, y, n) {
    for (let r = 0; r < n; r++) y.set(row, r * row.length);
}
