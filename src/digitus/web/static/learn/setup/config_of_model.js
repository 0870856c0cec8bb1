/** The training config of a network from a file, so that the page can go on with it. */

import { DigitusError } from "../../errors.js";
import { ACTIVATIONS, LIMITS, OPTIMIZERS } from "../../training/config.js";

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("../../models/model.js").Model} Model */

/**
 * Return a config that builds the network of a model; how it learns comes from its record, where
 * the page can do so, else from another config.
 *
 * @param {Model} model
 * @param {TrainingConfig} current
 * @returns {TrainingConfig}
 * @throws {DigitusError} if it is none of dense layers, or larger than the page trains
 */
export function configOfModel(model, current) {
    const { network, normalizer } = model;
    const { layers } = network;
    const kinds = layers.map(({ kind }) => kind);
    const dense = kinds.flatMap((kind, i) => (kind === "dense" ? [network.widths[i]] : []));
    const activations = new Set(kinds.filter((kind) => ACTIVATIONS.includes(kind)));
    const known = kinds.every((kind) =>
        ["dense", "dropout", "input_bias", ...activations].includes(kind),
    );
    const hidden = dense.slice(0, -1);
    if (
        !known ||
        activations.size > 1 ||
        network.nOutputs !== 10 ||
        hidden.length > LIMITS.layers ||
        Math.max(0, ...hidden) > LIMITS.units
    ) {
        throw new DigitusError(
            `${model.name}: the page trains networks of up to ${LIMITS.layers} dense layers of ${LIMITS.units} units and ten digits; this one is of another kind, use it in Draw.`,
        );
    }
    const record = model.record.config ?? {};
    const [activation = current.activation] = activations;
    const leaky = /** @type {any} */ (layers.find(({ kind }) => kind === "leaky_relu"));
    return {
        ...current,
        preset: "",
        hidden,
        activation,
        slope: leaky?.slope ?? current.slope,
        output: network.loss.kind.startsWith("sigmoid") ? "sigmoid" : "softmax",
        inputBias: kinds.includes("input_bias"),
        normalizer: normalizer.kind,
        optimizer: OPTIMIZERS.includes(record.optimizer) ? record.optimizer : current.optimizer,
        rate:
            typeof record.rate === "number" && record.rate > 0
                ? Math.min(record.rate, LIMITS.rate)
                : current.rate,
        stages: null,
        dropout: typeof record.dropout === "number" ? Math.min(record.dropout, LIMITS.dropout) : 0,
    };
}
