/** Histograms of what stands in the layers after a batch: activations, and gradients of weights. */

import { gradientNorms } from "../engine/inspection.js";

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("../engine/network.js").Workspace} Workspace */

/**
 * @typedef {object} Histogram
 * @property {number} low lower edge of the first bin
 * @property {number} high upper edge of the last bin
 * @property {number[]} counts of bins of equal width
 */
/**
 * @typedef {object} LayerHistograms of a dense layer and its activation
 * @property {string} name "hidden 1" or "output"
 * @property {number} layer index of the dense layer in `network.layers`
 * @property {number} units width of the layer
 * @property {Histogram} activations over the rows of the latest batch (at most 512); of the output
 *     layer, its logits
 * @property {Histogram} gradients dLoss/dweight of the latest batch
 * @property {number} gradientNorm Euclidean norm of dLoss/dweight and dLoss/dbias
 * @property {number | null} dead share of ReLU units at zero for every one of the first 1,000
 *     validation images; null for other activations, and before these are answered
 */

const BINS = 24;
const WITHOUT_ACTIVATION = ["dense", "dropout", "input_bias"];

/**
 * Return the histograms of all dense layers, from the input on.
 *
 * @param {Network} network with the gradient of a whole batch
 * @param {Workspace} work of the latest rows of that batch
 * @param {(number | null)[]} dead share of dead units of each layer
 * @returns {LayerHistograms[]}
 */
export function layerHistograms(network, work, dead) {
    const found = [];
    const norms = new Map(gradientNorms(network).map(({ layer, norm }) => [layer, norm]));
    const last = network.layers.length - 1;
    for (let i = 0; i <= last; i++) {
        if (network.layers[i].kind !== "dense") continue;
        const next = network.layers[i + 1];
        const active = next && !WITHOUT_ACTIVATION.includes(next.kind) ? i + 1 : i;
        const own = network.namedParameters().filter(({ layer }) => layer === i);
        found.push({
            name: i === last ? "output" : `hidden ${found.length + 1}`,
            layer: i,
            units: network.widths[i],
            activations: histogram(work.outputs[active]),
            gradients: histogram(own[0].gradient),
            gradientNorm: norms.get(i) ?? 0,
            dead: dead[active],
        });
    }
    return found;
}

/**
 * Return the counts of values in bins of equal width between the smallest and the largest.
 *
 * @param {ArrayLike<number>} values
 * @returns {Histogram}
 */
function histogram(values) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < values.length; i++) {
        if (values[i] < low) low = values[i];
        if (values[i] > high) high = values[i];
    }
    const counts = Array(BINS).fill(0);
    const scale = high > low ? BINS / (high - low) : 0;
    for (let i = 0; i < values.length; i++) {
        counts[Math.min(BINS - 1, Math.floor((values[i] - low) * scale))]++;
    }
    return { low, high, counts };
}
