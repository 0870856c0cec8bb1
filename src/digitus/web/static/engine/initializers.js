/**
 * Initial weights: random, scaled so that signals keep their variance from layer to layer.
 *
 * An initializer fills an array for a layer of d inputs and h outputs: initializer(random, values,
 * d, h).
 */

/** @typedef {import("./arrays.js").Floats} Floats */
/** @typedef {import("./random.js").Random} Random */
/** @typedef {(random: Random, values: Floats, d: number, h: number) => void} Initializer */

/**
 * Fill with zeros: for biases only, as units with equal weights would learn the same.
 *
 * @type {Initializer}
 */
export function zeros(random, values, d, h) {
    values.fill(0);
}

/**
 * Draw from a normal distribution of variance 2/d, for ReLU (He et al. 2015, eq. 10).
 *
 * @type {Initializer}
 */
export function heNormal(random, values, d, h) {
    drawNormal(random, values, Math.sqrt(2 / d));
}

/**
 * Draw uniformly within +-sqrt(6/d): the variance is 2/d, as in `heNormal`.
 *
 * @type {Initializer}
 */
export function heUniform(random, values, d, h) {
    drawWithin(random, values, Math.sqrt(6 / d));
}

/**
 * Draw from a normal distribution of variance 2/(d+h) (Glorot and Bengio 2010, eq. 12).
 *
 * @type {Initializer}
 */
export function glorotNormal(random, values, d, h) {
    drawNormal(random, values, Math.sqrt(2 / (d + h)));
}

/**
 * Draw uniformly within +-sqrt(6/(d+h)) (Glorot and Bengio 2010, eq. 16).
 *
 * @type {Initializer}
 */
export function glorotUniform(random, values, d, h) {
    drawWithin(random, values, Math.sqrt(6 / (d + h)));
}

/**
 * Draw from a normal distribution of variance 1/d (LeCun et al. 1998b, "Efficient BackProp",
 * eq. 16).
 *
 * @type {Initializer}
 */
export function scaledNormal(random, values, d, h) {
    drawNormal(random, values, Math.sqrt(1 / d));
}

/**
 * Return an initializer that draws uniformly within +-limit, whatever the layer's size.
 *
 * @param {number} limit
 * @returns {Initializer}
 */
export function uniform(limit) {
    return (random, values) => drawWithin(random, values, limit);
}

/** @param {Random} random @param {Floats} values @param {number} deviation */
function drawNormal(random, values, deviation) {
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * deviation;
}

/** @param {Random} random @param {Floats} values @param {number} limit */
function drawWithin(random, values, limit) {
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.random() - 1) * limit;
}
