/** The sum of a unit written out: its largest terms, the rest, the zeros, the bias. */

import { numberText } from "../ui/numbers.js";

/** @typedef {import("./stages.js").Term} Term */
/** @typedef {import("./stages.js").Unit} Unit */

/**
 * @typedef {object} WrittenSum terms + rest + bias = total
 * @property {Term[]} terms the largest in magnitude first
 * @property {{n: number, sum: number}} rest the other terms
 * @property {number} nZero terms that are zero because their input is
 * @property {number} bias
 * @property {number} total
 */

/**
 * Write a sum out.
 *
 * @param {Unit} unit
 * @param {number} [most] terms that stand alone
 * @returns {WrittenSum}
 */
export function writtenSum(unit, most = 8) {
    /** @type {Term[]} */
    const found = [];
    unit.inputs.forEach((input, index) => {
        const weight = unit.weights[index];
        const product = input * weight;
        if (input !== 0) found.push({ input, weight, product, index, source: unit.sources[index] });
    });
    const nZero = unit.inputs.length - found.length;
    found.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
    const others = found.slice(most);
    const sum = others.reduce((total, { product }) => total + product, 0);
    return {
        terms: found.slice(0, most),
        rest: { n: others.length, sum },
        nZero,
        bias: unit.bias,
        total: unit.total,
    };
}

/**
 * Write a sum as one line.
 *
 * @param {WrittenSum} sum
 * @returns {string} such as "0.820 × 0.310 + … (143 more: 0.412) + bias −0.030 = 1.270"
 */
export function sumLine({ terms, rest, bias, total }) {
    const products = terms.map(
        ({ input, weight }) => `${numberText(input)} × ${numberText(weight)}`,
    );
    const others = rest.n ? [`… (${rest.n} more: ${numberText(rest.sum)})`] : [];
    const summands = [...products, ...others, `bias ${numberText(bias)}`];
    return `${summands.join(" + ")} = ${numberText(total)}`;
}
