/** Random numbers from a seed, the same in every browser; the state can be kept and restored. */

const TWO_32 = 2 ** 32;

/**
 * Return the next word of a sequence of well mixed 32-bit words.
 *
 * The mixing is the finalizer of MurmurHash3 (Appleby 2011).
 *
 * @param {number} word any 32 bits
 * @returns {number} 32 bits
 */
function mixed(word) {
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
}

/** @param {number} word @param {number} k @returns {number} */
function rotatedLeft(word, k) {
    return (word << k) | (word >>> (32 - k));
}

/** The generator xoshiro128** (Blackman and Vigna 2021, section 3), 128 bits of state. */
export class Random {
    /**
     * Seed the generator; different seeds give unrelated numbers.
     *
     * @param {number | number[]} seed whole numbers; [seed, 1] and [seed, 2] are two sources
     */
    constructor(seed) {
        this.words = new Uint32Array(4);
        let word = 0;
        for (const part of [seed].flat()) {
            word = mixed(word + 0x9e3779b9 + (part % TWO_32));
            word = mixed(word + 0x9e3779b9 + Math.floor(part / TWO_32));
        }
        for (let i = 0; i < 4; i++) {
            word = (word + 0x9e3779b9) >>> 0; // the golden ratio's bits, as in SplitMix
            this.words[i] = mixed(word);
        }
        this.words[0] |= 1; // xoshiro's state must not be all zero
    }

    /**
     * Return a number drawn uniformly from [0, 1), a multiple of 2^-32.
     *
     * @returns {number}
     */
    random() {
        const s = this.words;
        const result = Math.imul(rotatedLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
        const shifted = s[1] << 9;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = rotatedLeft(s[3], 11);
        return result / TWO_32;
    }

    /**
     * Return a number drawn from the normal distribution of mean 0 and variance 1.
     *
     * It takes two uniform numbers (Box and Muller 1958).
     *
     * @returns {number}
     */
    normal() {
        const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
        return radius * Math.cos(2 * Math.PI * this.random());
    }

    /**
     * Return a whole number drawn uniformly from 0 to n - 1.
     *
     * @param {number} n up to 2^32
     * @returns {number}
     */
    below(n) {
        return Math.floor(this.random() * n);
    }

    /**
     * Put the entries in random order (Durstenfeld 1964).
     *
     * @param {Uint32Array} values
     * @returns {void}
     */
    shuffle(values) {
        for (let i = values.length - 1; i > 0; i--) {
            const j = this.below(i + 1);
            const kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    /**
     * Return the state, four whole numbers.
     *
     * @returns {number[]}
     */
    state() {
        return [...this.words];
    }

    /**
     * Return a generator that goes on from a state.
     *
     * @param {number[]} state from `state()`
     * @returns {Random}
     */
    static restore(state) {
        const random = new Random(0);
        random.words.set(state);
        return random;
    }
}
