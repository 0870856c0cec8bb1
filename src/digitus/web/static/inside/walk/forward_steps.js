/** The steps forward through the layers, up to the loss. */

import { numberText } from "../../ui/numbers.js";
import { className, pixelName, stepName, unitName } from "../descriptions.js";
import { largest } from "../ranking.js";
import { sumLine, writtenSum } from "../written_sum.js";
import { formulaOf, lossFormula, writtenForward } from "./formulas.js";
import { MOST_ROWS, MOST_TERMS, shownNote, shownUnits } from "./shown.js";

/** @typedef {import("../stages.js").Stage} Stage */
/** @typedef {import("../stages.js").Unit} Unit */
/** @typedef {import("./walk.js").Walk} Walk */
/** @typedef {import("./walk.js").WalkStep} WalkStep */

/**
 * Return the steps from the pixels to the outputs.
 *
 * @param {Walk} walk
 * @returns {WalkStep[]}
 */
export function forwardSteps(walk) {
    const first = walk.before.layers[0].kind === "input_bias" ? [inputBiasStep(walk)] : [];
    return [...first, ...walk.stages.flatMap((stage, i) => forwardStage(walk, stage, i))];
}

/**
 * Return the step of the biases of the pixels.
 *
 * @param {Walk} walk
 * @returns {WalkStep}
 */
function inputBiasStep(walk) {
    const [x, y] = walk.pass.values;
    const strongest = largest(y, MOST_ROWS);
    const { forward, text } = formulaOf("input_bias");
    const at = strongest[0];
    const bias = walk.before.parameters[at];
    return {
        phase: "forward",
        title: "Input: a bias for each pixel",
        text,
        formula: forward,
        written: `y = tanh(${numberText(x[at])} + ${numberText(bias)}) = ${numberText(y[at])}`,
        heads: ["pixel", "after tanh"],
        rows: strongest.map((i) => ({ name: pixelName(i), before: x[i], after: y[i] })),
        note: shownNote(strongest.length, y.length, "pixel", "strongest values after tanh"),
        images: [walk.valueImage("Pixels", 0), walk.valueImage("After tanh", 1)],
    };
}

/**
 * Return the sums of a stage, and each step after them.
 *
 * @param {Walk} walk
 * @param {Stage} stage
 * @param {number} i number of the stage
 * @returns {WalkStep[]}
 */
function forwardStage(walk, stage, i) {
    const units = shownUnits(stage, (unit) => unit.activation);
    const focus = stage.unit(walk.focus[i]);
    const noun = stage.hasMaps ? "filter" : "unit";
    const note = shownNote(units.length, stage.nUnits, noun, "largest activation");
    const { forward, text } = formulaOf(stage.layer.kind);
    const line = sumLine(writtenSum(focus, MOST_TERMS));
    const where = stage.hasMaps ? " where its map is largest" : "";
    /** @type {WalkStep} */
    const sums = {
        phase: "forward",
        title: `${walk.titles[i]}: the sums`,
        text,
        formula: forward,
        written: `${unitName(stage, focus.index)}${where}: z = ${line}`,
        heads: ["bias", "sum z"],
        rows: units.map((unit) => ({
            name: unitName(stage, unit.index),
            before: unit.bias,
            after: unit.total,
        })),
        note,
        images: [walk.valueImage("Inputs", stage.at), walk.valueImage("Sums z", stage.at + 1)],
    };
    return [sums, ...stage.steps.map((step, j) => forwardStep(walk, stage, i, j, units, note))];
}

/**
 * Return a step of a stage after its sums, such as ReLU.
 *
 * @param {Walk} walk
 * @param {Stage} stage
 * @param {number} i number of the stage
 * @param {number} j number of the step
 * @param {Unit[]} units
 * @param {string} note
 * @returns {WalkStep}
 */
function forwardStep(walk, stage, i, j, units, note) {
    const { kind, at } = stage.steps[j];
    const { forward, text } = formulaOf(kind, stage.isOutput);
    const name = stepName(kind);
    /** @param {Unit} unit */
    const moved = (unit) => ({
        name: unitName(stage, unit.index),
        before: j ? unit.chain[j - 1].value : unit.total,
        after: unit.chain[j].value,
    });
    const { name: who, before, after } = moved(stage.unit(walk.focus[i]));
    const layer = walk.before.layers[at];
    return {
        phase: "forward",
        title: `${walk.titles[i]}: ${name}`,
        text,
        formula: forward,
        written: `${who}: ${writtenForward(kind, before, after, layer, walk.focus[i])}`,
        heads: ["before", `after ${name}`],
        rows: units.map(moved),
        note,
        images: [
            walk.valueImage("Before", at),
            walk.valueImage(stage.isOutput ? "Outputs" : `After ${name}`, at + 1),
        ],
    };
}

/**
 * Return the step that says how wrong the outputs are.
 *
 * @param {Walk} walk
 * @returns {WalkStep}
 */
export function lossStep(walk) {
    const { loss } = walk.before;
    const { pass, probabilities, target } = walk;
    const isSoftmax = loss.kind.startsWith("softmax");
    const part = `−log ${numberText(probabilities[target])}`;
    const share = numberText(-Math.log(probabilities[target]));
    const whole = numberText(pass.loss);
    const name = `“${className(target)}”`;
    const isOnePart = isSoftmax && walk.targets[target] === 1;
    return {
        phase: "loss",
        title: "Loss: how wrong is it?",
        text: isSoftmax
            ? `The loss is 0 if ${name} has probability 1, and large if it has little.`
            : `The loss is 0 if ${name} has output 1 and all others 0.`,
        formula: lossFormula(loss.kind),
        written: isOnePart
            ? `L = ${part} = ${whole}`
            : `L: ${whole} in all, of which ${name} gives ${part} = ${share}`,
        heads: ["target t", "output p"],
        rows: Array.from(probabilities, (value, i) => ({
            name: className(i),
            before: walk.targets[i],
            after: value,
        })),
        note: "",
        images: [],
    };
}
