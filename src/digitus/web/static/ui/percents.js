/** The probabilities of an answer in percent: shares that sum to 100 and agree everywhere. */

/** @typedef {import("../recognizer.js").Prediction} Prediction */

const NO_BREAK = "\u00a0";
const TENTHS = 1000; // tenths of a percent in 100 %

/**
 * Return the probability shown for each digit; they sum to one. Null for a blank and for several
 * digits.
 *
 * The share of an answered digit is its confidence, the probability that the image is a digit and
 * this one; the rest is divided among the others in proportion. If the answer was declined, the
 * shares are the probabilities of the digits given that it is a digit.
 *
 * @param {Prediction} found
 * @returns {number[] | null} (10)
 */
export function sharesOf(found) {
    const { probabilities: shares, digit: best, confidence } = found;
    if (found.verdict === "several_digits") return null;
    if (shares === null || best === null || confidence === null || shares[best] >= 1) return shares;
    const rest = (1 - confidence) / (1 - shares[best]);
    const shown = shares.map((share, digit) => (digit === best ? confidence : rest * share));
    // The answer must have the longest bar.
    return confidence >= Math.max(...shown) ? shown : shares;
}

/**
 * Return the shares as texts; empty for a blank.
 *
 * @param {Prediction} found
 * @returns {string[]}
 */
export function textsOf(found) {
    const shares = sharesOf(found);
    return shares === null ? [] : percentTexts(shares);
}

/**
 * Round shares to tenths of a percent such that the results sum to 100.
 *
 * Each share is rounded down, and the missing tenths go to those with the largest remainders
 * (Hamilton 1792).
 *
 * @param {number[]} probabilities not negative, summing to one
 * @returns {number[]} such as [33.4, 33.3, 33.3] for three thirds
 */
function roundedPercents(probabilities) {
    const total = probabilities.reduce((sum, share) => sum + share, 0);
    const exact = probabilities.map((share) => (TENTHS * share) / total);
    const tenths = exact.map(Math.floor);
    const missing = TENTHS - tenths.reduce((sum, value) => sum + value, 0);
    const remainders = exact.map((value, i) => value - tenths[i]);
    const byRemainder = exact.map((_, i) => i).sort((a, b) => remainders[b] - remainders[a]);
    for (const i of byRemainder.slice(0, missing)) tenths[i]++;
    return tenths.map((value) => value / 10);
}

/**
 * Write shares that sum to one as percentages that sum to 100; see `percent`.
 *
 * @param {number[]} probabilities
 * @returns {string[]} such as ["> 99.9 %", "< 0.1 %", "0.0 %"]
 */
export function percentTexts(probabilities) {
    return roundedPercents(probabilities).map((value, i) => bounded(value, probabilities[i]));
}

/**
 * Write a share in percent; only 1 is written as 100 %, and only 0 as 0 %.
 *
 * @param {number} share 0 to 1
 * @returns {string} such as "98.7 %", "> 99.9 %" or "< 0.1 %"
 */
export function percent(share) {
    return bounded(100 * share, share);
}

/**
 * Keep each number on one line with its sign and unit.
 *
 * @param {string} text
 * @returns {string}
 */
export function unbroken(text) {
    return text.replace(/(?<=[<>]) | (?=%)/g, NO_BREAK);
}

/**
 * @param {number} value in percent
 * @param {number} share
 */
function bounded(value, share) {
    const text = oneDecimal(value);
    if (text === "100.0" && share < 1) return "> 99.9 %";
    if (text === "0.0" && share > 0) return "< 0.1 %";
    return `${text} %`;
}

/**
 * Round to one decimal, a tie to the even one, as Python does; `toFixed` rounds it up.
 *
 * @param {number} value not negative
 */
function oneDecimal(value) {
    const isTie = Number.isInteger(4 * value) && !Number.isInteger(2 * value); // .25 and .75
    if (!isTie) return value.toFixed(1);
    const below = Math.floor(10 * value);
    return ((below % 2 ? below + 1 : below) / 10).toFixed(1);
}
