/** Numbers as text: with a true minus, few digits, and groups of three in large counts. */

const MINUS = "\u2212";
const FEWEST_PLAIN = 1e-3; // smaller numbers of few digits are written with an exponent
const MOST_PLAIN = 1e5; // so are larger ones with decimals

/**
 * Write a number with three decimals, or three digits where those would be zero or too many.
 *
 * @param {number} value
 * @returns {string} such as "2.767", "−0.500", "1.23e−5", "0"
 */
export function numberText(value) {
    return withDecimals(value, 3);
}

/**
 * Write a number with six decimals, for changes that three would not show.
 *
 * @param {number} value
 * @returns {string} such as "2.767013", "−0.500001"
 */
export function fineText(value) {
    return withDecimals(value, 6);
}

/**
 * Write a number as `numberText` does, with its sign.
 *
 * @param {number} value
 * @returns {string} such as "+0.254", "−0.500", "0"
 */
export function signedText(value) {
    return value > 0 ? `+${numberText(value)}` : numberText(value);
}

/**
 * Write a number with many digits, for numbers that differ little.
 *
 * @param {number} value
 * @param {number} [digits]
 * @returns {string} such as "0.0123456789"
 */
export function preciseText(value, digits = 9) {
    return value === 0 ? "0" : tidy(value.toPrecision(digits));
}

/**
 * Write a number with few digits and without zeros at its end.
 *
 * @param {number} value
 * @param {number} [digits] at most
 * @returns {string} such as "2.77", "−0.5", "1.2e−5", "0"
 */
export function shortText(value, digits = 3) {
    const rounded = Number(value.toPrecision(digits));
    const isSmall = rounded !== 0 && Math.abs(rounded) < FEWEST_PLAIN;
    return tidy(isSmall ? rounded.toExponential() : String(rounded));
}

/**
 * Write a whole number in groups of three digits, with its noun.
 *
 * @param {number} n
 * @param {string} [noun] in the singular, of a regular plural
 * @returns {string} such as "60,000", "1 image", "2,000 images"
 */
export function countText(n, noun = "") {
    const count = n.toLocaleString("en");
    if (noun === "") return count;
    return n === 1 ? `${count} ${noun}` : `${count} ${noun}s`;
}

/**
 * Write a number with some decimals, or three digits.
 *
 * @param {number} value
 * @param {number} decimals
 */
function withDecimals(value, decimals) {
    if (value === 0) return "0";
    const magnitude = Math.abs(value);
    const isPlain = magnitude >= 0.5 * 10 ** -decimals && magnitude < MOST_PLAIN;
    return tidy(isPlain ? value.toFixed(decimals) : value.toExponential(2));
}

/**
 * Set a true minus, and leave the plus of an exponent out.
 *
 * @param {string} text of a number, as JavaScript writes it
 */
function tidy(text) {
    return text.replaceAll("-", MINUS).replace("e+", "e");
}
