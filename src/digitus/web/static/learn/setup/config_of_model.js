/** The training config of a network from a file, so that the page can go on with it. */

import { DigitusError } from "../../errors.js";
import { describe } from "../../models/architecture.js";
import { ACTIVATIONS, LIMITS, OPTIMIZERS, buildNetwork } from "../../training/config.js";
import { checkConfig } from "../../training/config_check.js";

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("../../models/model.js").Model} Model */
/** @typedef {import("../../engine/network.js").Network} Network */

/**
 * Return a config that builds the network of a model; how it learns comes from its record, where
 * the page can do so, else from another config.
 *
 * @param {Model} model
 * @param {TrainingConfig} current
 * @returns {TrainingConfig}
 * @throws {DigitusError} if no config builds this network, layer by layer and with its loss
 */
export function configOfModel(model, current) {
    const { network, normalizer } = model;
    const kinds = network.layers.map(({ kind }) => kind);
    const dense = kinds.flatMap((kind, i) => (kind === "dense" ? [network.widths[i]] : []));
    const options = Object.assign({}, ...network.layers.map((layer) => layer.options()));
    const record = model.record.config ?? {};
    const config = {
        ...current,
        preset: "",
        hidden: dense.slice(0, -1),
        activation: kinds.find((kind) => ACTIVATIONS.includes(kind)) ?? current.activation,
        slope: options.slope ?? current.slope,
        output: network.loss.kind.startsWith("sigmoid") ? "sigmoid" : "softmax",
        inputBias: kinds.includes("input_bias"),
        normalizer: normalizer.kind,
        optimizer: OPTIMIZERS.includes(record.optimizer) ? record.optimizer : current.optimizer,
        rate:
            typeof record.rate === "number" && record.rate > 0
                ? Math.min(record.rate, LIMITS.rate)
                : current.rate,
        stages: null,
        dropout: options.share ?? 0,
    };
    if (!isOfPage(config) || structure(buildNetwork(config)) !== structure(network)) {
        throw new DigitusError(
            `${model.name}: the page trains networks of up to ${LIMITS.layers} hidden layers of ${LIMITS.units} units, each followed by the same activation, and ten digits; this one is of another kind, use it in Draw.`,
        );
    }
    return config;
}

/** @param {TrainingConfig} config */
function isOfPage(config) {
    try {
        checkConfig(config);
        return true;
    } catch (error) {
        if (error instanceof DigitusError) return false;
        throw error;
    }
}

/**
 * Return inputs, layers and loss with their options; the precision may differ.
 *
 * @param {Network} network
 */
function structure(network) {
    const { inputs, layers, loss } = describe(network);
    return JSON.stringify([inputs, layers, loss]);
}
