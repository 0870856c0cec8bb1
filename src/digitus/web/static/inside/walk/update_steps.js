/** The update of the parameters, and the pass forward that shows whether it helped. */

import { countText, numberText } from "../../ui/numbers.js";
import { parametersOf } from "../backpropagation.js";
import { className, unitName, weightName } from "../descriptions.js";
import { largest } from "../ranking.js";
import { MOST_UPDATES } from "./shown.js";

/** @typedef {import("../stages.js").Stage} Stage */
/** @typedef {import("./walk.js").LabeledImage} LabeledImage */
/** @typedef {import("./walk.js").Row} Row */
/** @typedef {import("./walk.js").Walk} Walk */
/** @typedef {import("./walk.js").WalkStep} WalkStep */

/**
 * Return the step that moves the parameters.
 *
 * @param {Walk} walk
 * @returns {WalkStep}
 */
export function updateStep(walk) {
    const rows = walk.stages.flatMap((stage, i) => updatedRows(walk, stage, i));
    const { gradient } = walk.pass;
    const still = gradient.filter((value) => value === 0).length;
    const [first] = rows;
    const [old, grad, now] = [first.before, first.gradient, first.after].map(numberText);
    return {
        phase: "update",
        title: "Update: every parameter moves against its gradient",
        text:
            `Of ${countText(gradient.length)} parameters, ${countText(still)} stay: ` +
            "their gradient is 0.",
        formula: "w ← w − rate × dL/dw",
        written: `${old} − ${walk.rate} × ${grad} = ${now}`,
        heads: ["before", "after"],
        rows,
        note: "The parameters that move most in each layer.",
        images: updateImages(walk),
    };
}

/**
 * Return the weights of a unit of the first layer, and how they move.
 *
 * @param {Walk} walk
 * @returns {LabeledImage[]}
 */
function updateImages(walk) {
    const [stage] = walk.stages;
    const { index, shape, weights } = stage.unit(walk.focus[0]);
    const places = parametersOf(walk.before, stage, index).weights;
    const moves = Float64Array.from(places, (at, i) => walk.after.parameters[at] - weights[i]);
    return [
        { label: `Weights of ${unitName(stage, index).toLowerCase()}`, values: weights, shape },
        { label: "How they move", values: moves, shape },
    ];
}

/**
 * Return the parameters of a stage that move most.
 *
 * @param {Walk} walk
 * @param {Stage} stage
 * @param {number} i number of the stage
 * @returns {(Row & {gradient: number})[]}
 */
function updatedRows(walk, stage, i) {
    const { gradient } = walk.pass;
    const h = stage.nUnits;
    const { start, shape } = /** @type {{start: number, shape: number[]}} */ (
        walk.before.views.find(({ layer, name }) => layer === stage.at && name === "weight")
    );
    const size = shape[0] * shape[1];
    return largest(gradient.subarray(start, start + size), MOST_UPDATES).map((at) => {
        const unit = stage.unit(at % h);
        const source = weightName(walk.stages, i, unit, Math.floor(at / h));
        return {
            name: `${walk.titles[i]}, ${unitName(stage, at % h).toLowerCase()}, ${source}`,
            before: walk.before.parameters[start + at],
            after: walk.after.parameters[start + at],
            gradient: gradient[start + at],
        };
    });
}

/**
 * Return the step that compares loss and outputs before and after the update.
 *
 * @param {Walk} walk
 * @returns {WalkStep}
 */
export function onceMoreStep(walk) {
    const { values, loss } = walk.passAfter;
    const now = values[values.length - 1];
    const { pass, probabilities, target } = walk;
    const fell = loss < pass.loss;
    return {
        phase: "update",
        title: "Forward once more: did it help?",
        text: fell
            ? `The loss for this image fell: the network moved towards “${className(target)}”.`
            : "The loss did not fall: the step was too large, or nothing could move.",
        formula: "L before → L after",
        written: `${numberText(pass.loss)} → ${numberText(loss)}`,
        heads: ["before", "after"],
        rows: [
            { name: "loss", before: pass.loss, after: loss },
            ...Array.from(now, (after, i) => ({
                name: `output ${className(i)}`,
                before: probabilities[i],
                after,
            })),
        ],
        note: "",
        images: [],
    };
}
