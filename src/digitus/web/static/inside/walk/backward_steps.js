/** The steps backward from the loss, layer by layer to the pixels. */

import { numberText } from "../../ui/numbers.js";
import { parametersOf } from "../backpropagation.js";
import { className, pixelName, stepName, unitName, weightName } from "../descriptions.js";
import { largest } from "../ranking.js";
import { formulaOf, writtenBackward } from "./formulas.js";
import { MOST_ROWS, MOST_TERMS, shownNote, shownUnits } from "./shown.js";

/** @typedef {import("../stages.js").Unit} Unit */
/** @typedef {import("./walk.js").Walk} Walk */
/** @typedef {import("./walk.js").WalkStep} WalkStep */

/**
 * Return the steps from the loss back to the first weights.
 *
 * @param {Walk} walk
 * @returns {WalkStep[]}
 */
export function backwardSteps(walk) {
    /** @type {WalkStep[]} */
    const steps = [scoresStep(walk)];
    for (let i = walk.stages.length - 1; i >= 0; i--) {
        const stage = walk.stages[i];
        if (!stage.isOutput) {
            for (const { kind, at } of [...stage.steps].reverse()) {
                steps.push(backwardStep(walk, i, kind, at));
            }
        }
        steps.push(weightsStep(walk, i));
        if (i > 0) steps.push(passedBackStep(walk, i));
    }
    if (walk.before.layers[0].kind === "input_bias") steps.push(inputBiasBackStep(walk));
    return steps;
}

/**
 * Return the gradient of the scores.
 *
 * @param {Walk} walk
 * @returns {WalkStep}
 */
function scoresStep(walk) {
    const gradients = walk.pass.valueGradients[walk.before.layers.length];
    const { probabilities, target } = walk;
    const kind = walk.before.loss.kind.split("_")[0];
    const { backward, back } = formulaOf(kind, true);
    const [p, t, grad] = [probabilities[target], walk.targets[target], gradients[target]].map(
        numberText,
    );
    return {
        phase: "backward",
        title: "Back to the scores",
        text: back,
        formula: backward,
        written: `Output ${className(target)}: dL/dz = ${p} − ${t} = ${grad}`,
        heads: ["output p", "dL/dz"],
        rows: Array.from(gradients, (value, i) => ({
            name: className(i),
            before: probabilities[i],
            after: value,
        })),
        note: "",
        images: [walk.gradientImage("dL/dz", walk.before.layers.length)],
    };
}

/**
 * Return the step back through a layer without weights.
 *
 * @param {Walk} walk
 * @param {number} i number of the stage
 * @param {string} kind of a layer without weights
 * @param {number} at its index
 * @returns {WalkStep}
 */
function backwardStep(walk, i, kind, at) {
    const stage = walk.stages[i];
    const { valueGradients } = walk.pass;
    const { backward, back } = formulaOf(kind);
    /** @param {Unit} unit */
    const moved = (unit) => {
        const { row, col } = unit.place ?? { row: 0, col: 0 };
        return {
            name: unitName(stage, unit.index),
            before: valueGradients[at + 1][stage.indexAfter(at, unit.index, row, col)],
            after: valueGradients[at][stage.indexAfter(at - 1, unit.index, row, col)],
        };
    };
    const units = shownUnits(stage, (unit) => Math.abs(moved(unit).before));
    const focus = stage.unit(walk.focus[i]);
    const { name, before, after } = moved(focus);
    const { row, col } = focus.place ?? { row: 0, col: 0 };
    const passed = {
        x: stage.values[at][stage.indexAfter(at - 1, focus.index, row, col)],
        y: stage.values[at + 1][stage.indexAfter(at, focus.index, row, col)],
    };
    const layer = walk.before.layers[at];
    return {
        phase: "backward",
        title: `Back through ${stepName(kind)} of ${walk.stageName(i)}`,
        text: back,
        formula: backward,
        written: `${name}: ${writtenBackward(kind, before, after, passed, layer, focus.index)}`,
        heads: [`after ${stepName(kind)}`, "before it"],
        rows: units.map(moved),
        note: shownNote(
            units.length,
            stage.nUnits,
            stage.hasMaps ? "filter" : "unit",
            `strongest gradient after ${stepName(kind)}`,
        ),
        images: [
            walk.gradientImage("Gradient after it", at + 1),
            walk.gradientImage("Gradient before it", at),
        ],
    };
}

/**
 * Return the gradient of the weights of one unit.
 *
 * @param {Walk} walk
 * @param {number} i number of the stage
 * @returns {WalkStep}
 */
function weightsStep(walk, i) {
    const stage = walk.stages[i];
    const unit = stage.unit(walk.focus[i]);
    const { weights, bias } = parametersOf(walk.before, stage, unit.index);
    const { gradient, valueGradients } = walk.pass;
    const found = Float64Array.from(weights, (at) => gradient[at]);
    const shown = largest(found, MOST_ROWS);
    const { backward, back } = formulaOf(stage.layer.kind);
    const name = unitName(stage, unit.index);
    const input = numberText(unit.inputs[shown[0]]);
    const grad = numberText(valueGradients[stage.at + 1][unit.index]);
    return {
        phase: "backward",
        title: `Gradient of the weights of ${walk.stageName(i)}`,
        text: back,
        formula: backward,
        written: stage.hasMaps
            ? `${name}: dL/dbias = ${numberText(gradient[bias])}`
            : `${name}: dL/dw = ${input} × ${grad} = ${numberText(found[shown[0]])}`,
        heads: ["weight w", "dL/dw"],
        rows: [
            ...shown.map((at) => ({
                name: weightName(walk.stages, i, unit, at),
                before: unit.weights[at],
                after: found[at],
            })),
            { name: "bias", before: unit.bias, after: gradient[bias] },
        ],
        note: shownNote(shown.length, weights.length, "weight", "strongest gradient"),
        images: [
            {
                label: `Weights of ${name.toLowerCase()}`,
                values: unit.weights,
                shape: unit.shape,
            },
            { label: "Their gradient", values: found, shape: unit.shape },
        ],
    };
}

/**
 * Return the gradient of the inputs of a stage, the activations of the stage before.
 *
 * @param {Walk} walk
 * @param {number} i number of the stage
 * @returns {WalkStep}
 */
function passedBackStep(walk, i) {
    const [stage, before] = [walk.stages[i], walk.stages[i - 1]];
    const gradients = walk.pass.valueGradients[stage.at];
    /** @param {Unit} unit */
    const moved = (unit) => {
        const { row, col } = unit.place ?? { row: 0, col: 0 };
        const at = before.indexAfter(before.end - 1, unit.index, row, col);
        return {
            name: unitName(before, unit.index),
            before: before.values[before.end][at],
            after: gradients[at],
        };
    };
    const units = shownUnits(before, (unit) => Math.abs(moved(unit).after));
    const { name, after } = moved(before.unit(walk.focus[i - 1]));
    return {
        phase: "backward",
        title: `Back to the activations of ${walk.stageName(i - 1)}`,
        text: "Its gradient adds up what came back over all the weights that it feeds.",
        formula: "dL/da = w₁ × dL/dz₁ + w₂ × dL/dz₂ + …",
        written: `${name}: ${passedBackLine(walk, i)} = ${numberText(after)}`,
        heads: ["activation a", "dL/da"],
        rows: units.map(moved),
        note: shownNote(
            units.length,
            before.nUnits,
            before.hasMaps ? "filter" : "unit",
            "strongest gradient",
        ),
        images: [
            walk.valueImage("Activations", stage.at),
            walk.gradientImage("Their gradient", stage.at),
        ],
    };
}

/**
 * Write the largest terms of the gradient of an activation before a stage.
 *
 * @param {Walk} walk
 * @param {number} i number of the stage
 * @returns {string}
 */
function passedBackLine(walk, i) {
    const [stage, before] = [walk.stages[i], walk.stages[i - 1]];
    if (stage.hasMaps || before.hasMaps) return "dL/da at its largest place";
    const gradients = walk.pass.valueGradients[stage.at + 1];
    const h = stage.nUnits;
    const start = walk.focus[i - 1] * h;
    const products = gradients.map((grad, k) => grad * stage.layer.weight[start + k]);
    const shown = largest(products, MOST_TERMS).map((k) => {
        return `${numberText(stage.layer.weight[start + k])} × ${numberText(gradients[k])}`;
    });
    return `dL/da = ${[...shown, ...(h > MOST_TERMS ? ["…"] : [])].join(" + ")}`;
}

/**
 * Return the gradient of the biases of the pixels.
 *
 * @param {Walk} walk
 * @returns {WalkStep}
 */
function inputBiasBackStep(walk) {
    const { gradient } = walk.pass;
    const shown = largest(gradient.subarray(0, walk.inside.x.length), MOST_ROWS);
    const { backward, back } = formulaOf("input_bias");
    return {
        phase: "backward",
        title: "Gradient of the pixels' biases",
        text: back,
        formula: backward,
        written: `${pixelName(shown[0])}: dL/dbias = ${numberText(gradient[shown[0]])}`,
        heads: ["bias", "dL/dbias"],
        rows: shown.map((i) => ({
            name: pixelName(i),
            before: walk.before.parameters[i],
            after: gradient[i],
        })),
        note: shownNote(shown.length, walk.inside.x.length, "pixel", "strongest gradient"),
        images: [walk.gradientImage("Gradient after tanh", 1)],
    };
}
