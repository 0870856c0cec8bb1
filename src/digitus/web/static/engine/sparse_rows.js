/** Rows of which only the entries that are not zero are stored; four of five pixels are zero. */

/** @typedef {import("./arrays.js").Floats} Floats */

/**
 * A matrix (n, d) in the compressed sparse row format.
 *
 * Entries of row r are at positions `starts[r]` to `starts[r + 1] - 1` of `columns` and `values`;
 * the first start is above 0 in a view of some rows of a larger matrix.
 */
export class SparseRows {
    /**
     * @param {number} n number of rows
     * @param {number} d number of columns, up to 65,536
     * @param {Uint32Array} starts (n + 1,)
     * @param {Uint16Array} columns
     * @param {Float32Array} values
     */
    constructor(n, d, starts, columns, values) {
        if (d > 2 ** 16) throw new RangeError(`sparse rows have up to 65536 columns; got ${d}`);
        this.n = n;
        this.d = d;
        this.starts = starts;
        this.columns = columns;
        this.values = values;
    }

    /**
     * Compress rows.
     *
     * @param {ArrayLike<number>} x (n, d)
     * @param {number} n
     * @param {number} d
     * @param {number} [divisor] of every entry: 255 makes pixels 0..255 shares 0..1
     * @returns {SparseRows}
     */
    static of(x, n, d, divisor = 1) {
        let size = 0;
        for (let i = 0; i < n * d; i++) if (x[i] !== 0) size++;
        const rows = SparseRows.empty(n, d, size);
        let next = 0;
        for (let r = 0; r < n; r++) {
            for (let j = 0; j < d; j++) {
                const value = x[r * d + j];
                if (value === 0) continue;
                rows.columns[next] = j;
                rows.values[next++] = value / divisor;
            }
            rows.starts[r + 1] = next;
        }
        return rows;
    }

    /**
     * Return n rows of zeros with room for entries.
     *
     * @param {number} n
     * @param {number} d
     * @param {number} size number of entries
     * @returns {SparseRows}
     */
    static empty(n, d, size) {
        const starts = new Uint32Array(n + 1);
        return new SparseRows(n, d, starts, new Uint16Array(size), new Float32Array(size));
    }

    /**
     * Return a view of the rows from `start` to before `stop`.
     *
     * @param {number} start
     * @param {number} stop
     * @returns {SparseRows}
     */
    slice(start, stop) {
        const starts = this.starts.subarray(start, stop + 1);
        return new SparseRows(stop - start, this.d, starts, this.columns, this.values);
    }

    /**
     * Return a copy of the rows with these indices.
     *
     * @param {ArrayLike<number>} indices
     * @param {SparseRows | null} [batch] an earlier copy, whose arrays are used again if they are
     *     large enough
     * @returns {SparseRows}
     */
    rows(indices, batch = null) {
        const { starts } = this;
        let size = 0;
        for (let i = 0; i < indices.length; i++) {
            size += starts[indices[i] + 1] - starts[indices[i]];
        }
        const fits = batch && batch.n === indices.length && batch.values.length >= size;
        const copy = fits ? batch : SparseRows.empty(indices.length, this.d, size + (size >> 2));
        let next = 0;
        for (let i = 0; i < indices.length; i++) {
            const stop = starts[indices[i] + 1];
            for (let at = starts[indices[i]]; at < stop; at++) {
                copy.columns[next] = this.columns[at];
                copy.values[next++] = this.values[at];
            }
            copy.starts[i + 1] = next;
        }
        return copy;
    }

    /**
     * Return the transposed matrix (d, n), by counting the entries of every column.
     *
     * @param {SparseRows | null} [used] an earlier result, whose arrays are used again if they are
     *     large enough
     * @returns {SparseRows}
     */
    transposed(used = null) {
        const { n, d, starts, columns, values } = this;
        const [first, last] = [starts[0], starts[n]];
        const fits = used && used.n === d && used.d === n && used.values.length >= last - first;
        const room = last - first + ((last - first) >> 2);
        const result = fits ? used : SparseRows.empty(d, n, room);
        // Entry j + 1 is first the number of entries in column j, then where the next one goes,
        // which at the end is where column j + 1 starts.
        const next = result.starts.fill(0);
        for (let at = first; at < last; at++) next[columns[at] + 1]++;
        for (let j = 0, start = 0; j < d; j++) {
            const count = next[j + 1];
            next[j + 1] = start;
            start += count;
        }
        for (let r = 0; r < n; r++) {
            for (let at = starts[r]; at < starts[r + 1]; at++) {
                const to = next[columns[at] + 1]++;
                result.columns[to] = r;
                result.values[to] = values[at];
            }
        }
        return result;
    }

    /**
     * Write all entries, zeros too, to `out` (n, d).
     *
     * @param {Floats} out
     * @returns {Floats} out
     */
    toDense(out) {
        out.fill(0);
        for (let r = 0; r < this.n; r++) {
            for (let at = this.starts[r]; at < this.starts[r + 1]; at++) {
                out[r * this.d + this.columns[at]] = this.values[at];
            }
        }
        return out;
    }
}
