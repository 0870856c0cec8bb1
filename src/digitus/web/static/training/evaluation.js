/** Answers to held-out images while the network learns, a few at a time. */

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("../engine/network.js").Workspace} Workspace */
/** @typedef {import("./rows.js").Rows} Rows */

/**
 * @typedef {object} Answers
 * @property {Uint8Array} answers latest answer to each row
 * @property {Float32Array} confidences the probability of each
 * @property {Float32Array} losses mean loss of each chunk of rows
 */

const CHUNK_ROWS = 100;

/**
 * The latest answer of a network to each of some rows.
 *
 * The network changes between two calls, so its answers may be of different ages; a pass of `all`
 * without training in between brings them up to date.
 */
export class Evaluation {
    #next = 0;
    /** @type {Map<number, {work: Workspace, probabilities: Float32Array}>} by rows */
    #arrays = new Map();
    /** @type {Uint8Array[]} per layer, units that have been above zero in this pass so far */
    #active;

    /**
     * @param {Network} network
     * @param {Rows} rows
     * @param {number} chunkRows rows computed at a time, `CHUNK_ROWS` at most
     */
    constructor(network, rows, chunkRows = CHUNK_ROWS) {
        this.network = network;
        this.rows = rows;
        this.chunkRows = Math.min(CHUNK_ROWS, chunkRows);
        this.nChunks = Math.ceil(rows.n / this.chunkRows);
        this.answers = new Uint8Array(rows.n);
        this.confidences = new Float32Array(rows.n);
        /** Mean loss of each chunk. */
        this.losses = new Float32Array(this.nChunks);
        this.#active = network.widths.map((h) => new Uint8Array(h));
        /** @type {(number | null)[]} share of the units at zero in all of the last pass */
        this.dead = network.widths.map(() => null);
    }

    /**
     * Answer the next chunk among the first rows; after the last of them comes the first again.
     *
     * @param {number} nRows number of rows that take part
     * @returns {boolean} whether a pass over these rows is complete
     */
    advance(nRows) {
        const nChunks = Math.min(this.nChunks, Math.ceil(nRows / this.chunkRows));
        this.#answer(this.#next++);
        if (this.#next < nChunks) return false;
        this.#endPass();
        this.#restartPass();
        return true;
    }

    /**
     * Answer all rows, a chunk at each step of the iterator.
     *
     * @returns {Generator<void, void>}
     */
    *all() {
        this.#restartPass();
        for (let chunk = 0; chunk < this.nChunks; chunk++) {
            this.#answer(chunk);
            yield;
        }
        this.#endPass();
    }

    /**
     * Return mean loss and accuracy over the latest answers to the first rows.
     *
     * @param {number} nRows
     * @returns {{loss: number, accuracy: number}}
     */
    mean(nRows) {
        const n = Math.min(nRows, this.rows.n);
        let loss = 0;
        for (let chunk = 0; chunk * this.chunkRows < n; chunk++) {
            const rows = Math.min((chunk + 1) * this.chunkRows, n) - chunk * this.chunkRows;
            loss += this.losses[chunk] * rows;
        }
        return { loss: loss / n, accuracy: this.countCorrect(n) / n };
    }

    /**
     * Return how many of the first rows are answered right.
     *
     * @param {number} [nRows]
     * @returns {number}
     */
    countCorrect(nRows = this.rows.n) {
        let correct = 0;
        for (let row = 0; row < nRows; row++) {
            if (this.answers[row] === this.rows.labels[row]) correct++;
        }
        return correct;
    }

    /**
     * Return copies of the answers.
     *
     * @returns {Answers}
     */
    state() {
        const { answers, confidences, losses } = this;
        return {
            answers: answers.slice(),
            confidences: confidences.slice(),
            losses: losses.slice(),
        };
    }

    /** Set the answers that `state` returned. @param {Answers} state */
    restore({ answers, confidences, losses }) {
        this.answers.set(answers);
        this.confidences.set(confidences);
        this.losses.set(losses);
        this.#restartPass();
    }

    /** Answer the rows of a chunk. @param {number} chunk */
    #answer(chunk) {
        const first = chunk * this.chunkRows;
        const last = Math.min(first + this.chunkRows, this.rows.n);
        const { x, targets, n } = this.rows.part(first, last);
        const { network } = this;
        const { loss } = network;
        const { work, probabilities } = this.#arraysOf(n);
        const k = network.nOutputs;
        const logits = network.forward(x, work);
        this.losses[chunk] = loss.valueAndGradient(logits, targets, work.loss, { total: n });
        loss.probabilities(logits, probabilities, n, k);
        for (let row = 0; row < n; row++) {
            this.#keep(first + row, logits, probabilities, row * k, k);
        }
        work.outputs.forEach((y, layer) => markActive(y, this.#active[layer]));
    }

    /**
     * Keep the class of the largest logit and its probability; sigmoid outputs are scaled to sum
     * to one.
     *
     * @param {number} row
     * @param {ArrayLike<number>} logits
     * @param {Float32Array} probabilities
     * @param {number} at first class of the row
     * @param {number} k
     */
    #keep(row, logits, probabilities, at, k) {
        let answer = 0;
        let sum = 0;
        for (let c = 0; c < k; c++) {
            if (logits[at + c] > logits[at + answer]) answer = c;
            sum += probabilities[at + c];
        }
        this.answers[row] = answer;
        this.confidences[row] = sum > 0 ? probabilities[at + answer] / sum : 1 / k;
    }

    /** Return the arrays for n rows, allocated once. @param {number} n */
    #arraysOf(n) {
        let arrays = this.#arrays.get(n);
        if (!arrays) {
            const work = this.network.newWorkspace(n);
            work.prepareBackward();
            arrays = { work, probabilities: new Float32Array(n * this.network.nOutputs) };
            this.#arrays.set(n, arrays);
        }
        return arrays;
    }

    /** Begin with the first chunk again. */
    #restartPass() {
        this.#next = 0;
        for (const active of this.#active) active.fill(0);
    }

    /** Find the units that were never above zero. */
    #endPass() {
        this.dead = this.network.layers.map((layer, i) => {
            if (layer.kind !== "relu") return null;
            const active = this.#active[i];
            return active.reduce((count, isActive) => count + 1 - isActive, 0) / active.length;
        });
    }
}

/**
 * Mark the units that are above zero in some row.
 *
 * @param {ArrayLike<number>} y (n, h) outputs
 * @param {Uint8Array} active (h,)
 */
function markActive(y, active) {
    const h = active.length;
    for (let start = 0; start < y.length; start += h) {
        for (let j = 0; j < h; j++) if (y[start + j] > 0) active[j] = 1;
    }
}
