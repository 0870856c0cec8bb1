/** Numbers as text: three decimals, a true minus. */

const MINUS = "\u2212";
const SMALL = 5e-4; // would be shown as 0.000

/**
 * Write a number with three decimals, or three digits if it is small or large, and a true minus.
 *
 * @param {number} value
 * @returns {string} such as "2.767", "−0.500", "1.23e−5", "0"
 */
export function numberText(value) {
    if (value === 0) return "0";
    const magnitude = Math.abs(value);
    const isPlain = magnitude >= SMALL && magnitude < 1e5;
    const text = isPlain ? value.toFixed(3) : value.toExponential(2);
    return text.replaceAll("-", MINUS).replace("e+", "e");
}

/**
 * Write a number with its sign.
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
 * @returns {string}
 */
export function preciseText(value, digits = 9) {
    if (value === 0) return "0";
    return value.toPrecision(digits).replaceAll("-", MINUS).replace("e+", "e");
}
