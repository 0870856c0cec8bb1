/**
 * One step of learning from one image, split into all that happens: forward layer by layer, loss,
 * backward layer by layer, update, and forward once more. Computed on a copy of the network.
 */

import { asFloat64 } from "../engine/gradient_check.js";
import { SGD } from "../engine/optimizers.js";
import { countText, numberText } from "../ui/numbers.js";
import { className, stageTitles, stepName, unitName, weightName } from "./descriptions.js";
import { formulaOf, lossFormula, writtenBackward, writtenForward } from "./formulas.js";
import { learningSignal, parametersOf } from "./learning_signal.js";
import { stagesOf } from "./stages.js";
import { sumLine, writtenSum } from "./written_sum.js";

/** @typedef {import("../engine/arrays.js").Floats} Floats */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./learning_signal.js").Signal} Signal */
/** @typedef {import("./look_inside.js").Inside} Inside */
/** @typedef {import("./stages.js").ImageShape} ImageShape */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {import("./stages.js").Unit} Unit */

const MOST_ROWS = 8;
const MOST_TERMS = 3;
const WEIGHTS_EACH = 3; // of each stage, in the table of the update

/**
 * @typedef {object} Picture values as an image
 * @property {string} label
 * @property {Floats} values
 * @property {ImageShape} shape
 */
/** @typedef {{name: string, before: number, after: number}} Row */
/**
 * @typedef {object} WalkStep
 * @property {"forward" | "loss" | "backward" | "update"} phase
 * @property {string} title
 * @property {string} text what happens, in a sentence
 * @property {string} formula
 * @property {string} written the formula with the numbers of one unit
 * @property {[string, string]} heads what the two numbers of a row are
 * @property {Row[]} rows
 * @property {string} note which of how many rows these are
 * @property {Picture[]} pictures before and after
 */

/** The steps of learning from one image. */
export class Walk {
    /**
     * @param {Inside} inside of the image
     * @param {Network} network in Float64; not changed
     * @param {number} target class that the image should be
     * @param {number} rate of the update
     * @param {Map<number, number>} [focus] unit to write out, by stage; else the most active
     */
    constructor(inside, network, target, rate, focus = new Map()) {
        this.inside = inside;
        this.target = target;
        this.rate = rate;
        /** The network before the update. */
        this.before = asFloat64(network);
        /** The network after the update. */
        this.after = asFloat64(network);
        this.signal = learningSignal(this.before, inside.x, target);
        this.after.gradient.set(this.signal.gradient);
        const optimizer = new SGD();
        optimizer.bind(this.after);
        optimizer.step(rate);
        this.changed = learningSignal(this.after, inside.x, target);
        this.stages = stagesOf(this.before, this.signal.values);
        this.titles = stageTitles(this.stages);
        this.focus = this.stages.map((stage, i) => {
            return stage.isOutput ? target : (focus.get(i) ?? stage.mostActive());
        });
        this.steps = [
            ...this.forwardSteps(),
            this.lossStep(),
            ...this.backwardSteps(),
            this.updateStep(),
            this.onceMoreStep(),
        ];
    }

    // Forward

    /** @returns {WalkStep[]} */
    forwardSteps() {
        const first = this.before.layers[0].kind === "input_bias" ? [this.inputBiasStep()] : [];
        return [...first, ...this.stages.flatMap((stage, i) => this.forwardStage(stage, i))];
    }

    /** @returns {WalkStep} */
    inputBiasStep() {
        const [x, y] = this.signal.values;
        const strongest = largest(y, MOST_ROWS);
        const { forward, text } = formulaOf("input_bias");
        const at = strongest[0];
        const bias = this.before.parameters[at];
        return {
            phase: "forward",
            title: "Input: a bias for each pixel",
            text,
            formula: forward,
            written: `y = tanh(${numberText(x[at])} + ${numberText(bias)}) = ${numberText(y[at])}`,
            heads: ["pixel", "after tanh"],
            rows: strongest.map((i) => ({ name: pixelName(i), before: x[i], after: y[i] })),
            note: largestOf(strongest.length, y.length, "pixels"),
            pictures: [this.picture("Pixels", 0), this.picture("After tanh", 1)],
        };
    }

    /**
     * @param {Stage} stage
     * @param {number} i
     * @returns {WalkStep[]} the sums, and each step after them
     */
    forwardStage(stage, i) {
        const units = this.shownUnits(stage, (unit) => unit.activation);
        const focus = stage.unit(this.focus[i]);
        const note = largestOf(units.length, stage.nUnits, stage.hasMaps ? "filters" : "units");
        const { forward, text } = formulaOf(stage.layer.kind);
        const line = sumLine(writtenSum(focus, MOST_TERMS));
        const where = stage.hasMaps ? " where its map is largest" : "";
        /** @type {WalkStep} */
        const sums = {
            phase: "forward",
            title: `${this.titles[i]}: the sums`,
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
            pictures: [this.picture("Inputs", stage.at), this.picture("Sums z", stage.at + 1)],
        };
        return [sums, ...stage.steps.map((step, j) => this.forwardStep(stage, i, j, units, note))];
    }

    /**
     * @param {Stage} stage
     * @param {number} i
     * @param {number} j number of the step
     * @param {Unit[]} units
     * @param {string} note
     * @returns {WalkStep}
     */
    forwardStep(stage, i, j, units, note) {
        const { kind, at } = stage.steps[j];
        const { forward, text } = formulaOf(kind, stage.isOutput);
        const name = stepName(kind);
        /** @param {Unit} unit */
        const moved = (unit) => ({
            name: unitName(stage, unit.index),
            before: j ? unit.chain[j - 1].value : unit.total,
            after: unit.chain[j].value,
        });
        const { name: who, before, after } = moved(stage.unit(this.focus[i]));
        const layer = this.before.layers[at];
        return {
            phase: "forward",
            title: `${this.titles[i]}: ${name}`,
            text,
            formula: forward,
            written: `${who}: ${writtenForward(kind, before, after, layer, this.focus[i])}`,
            heads: ["before", `after ${name}`],
            rows: units.map(moved),
            note,
            pictures: [
                this.picture("Before", at),
                this.picture(stage.isOutput ? "Outputs" : `After ${name}`, at + 1),
            ],
        };
    }

    // Loss

    /** @returns {WalkStep} */
    lossStep() {
        const { loss } = this.before;
        const { probabilities, signal, target } = this;
        const isSoftmax = loss.kind.startsWith("softmax");
        const part = `−log ${numberText(probabilities[target])}`;
        const share = numberText(-Math.log(probabilities[target]));
        const whole = numberText(signal.loss);
        const name = `“${className(target)}”`;
        const isOnePart = isSoftmax && this.targets[target] === 1;
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
                before: this.targets[i],
                after: value,
            })),
            note: "",
            pictures: [],
        };
    }

    /** The targets t: 1 for what it should be, else 0; softened where the loss does so. */
    get targets() {
        const k = this.probabilities.length;
        const smoothing = Number(this.before.loss.options().label_smoothing ?? 0);
        return Array.from({ length: k }, (_, i) => {
            return (1 - smoothing) * Number(i === this.target) + smoothing / k;
        });
    }

    /** The outputs before the update. */
    get probabilities() {
        return this.signal.values[this.signal.values.length - 1];
    }

    // Backward

    /** @returns {WalkStep[]} */
    backwardSteps() {
        /** @type {WalkStep[]} */
        const steps = [this.scoresStep()];
        for (let i = this.stages.length - 1; i >= 0; i--) {
            const stage = this.stages[i];
            if (!stage.isOutput) {
                for (const { kind, at } of [...stage.steps].reverse()) {
                    steps.push(this.backwardStep(i, kind, at));
                }
            }
            steps.push(this.weightsStep(i));
            if (i > 0) steps.push(this.passedBackStep(i));
        }
        if (this.before.layers[0].kind === "input_bias") steps.push(this.inputBiasBackStep());
        return steps;
    }

    /** @returns {WalkStep} */
    scoresStep() {
        const slopes = this.signal.slopes[this.before.layers.length];
        const { probabilities, target } = this;
        const kind = this.before.loss.kind.split("_")[0];
        const { backward, back } = formulaOf(kind, true);
        const [p, t, slope] = [probabilities[target], this.targets[target], slopes[target]].map(
            numberText,
        );
        return {
            phase: "backward",
            title: "Back to the scores",
            text: back,
            formula: backward,
            written: `Output ${className(target)}: dL/dz = ${p} − ${t} = ${slope}`,
            heads: ["output p", "dL/dz"],
            rows: Array.from(slopes, (value, i) => ({
                name: className(i),
                before: probabilities[i],
                after: value,
            })),
            note: "",
            pictures: [this.slopePicture("dL/dz", this.before.layers.length)],
        };
    }

    /**
     * @param {number} i number of the stage
     * @param {string} kind of a layer without weights
     * @param {number} at its index
     * @returns {WalkStep}
     */
    backwardStep(i, kind, at) {
        const stage = this.stages[i];
        const { slopes } = this.signal;
        const { backward, back } = formulaOf(kind);
        /** @param {Unit} unit */
        const moved = (unit) => {
            const { row, col } = unit.place ?? { row: 0, col: 0 };
            return {
                name: unitName(stage, unit.index),
                before: slopes[at + 1][stage.indexAfter(at, unit.index, row, col)],
                after: slopes[at][stage.indexAfter(at - 1, unit.index, row, col)],
            };
        };
        const units = this.shownUnits(stage, (unit) => Math.abs(moved(unit).before));
        const focus = stage.unit(this.focus[i]);
        const { name, before, after } = moved(focus);
        const { row, col } = focus.place ?? { row: 0, col: 0 };
        const passed = {
            x: stage.values[at][stage.indexAfter(at - 1, focus.index, row, col)],
            y: stage.values[at + 1][stage.indexAfter(at, focus.index, row, col)],
        };
        const layer = this.before.layers[at];
        return {
            phase: "backward",
            title: `Back through ${stepName(kind)} of ${this.place(i)}`,
            text: back,
            formula: backward,
            written: `${name}: ${writtenBackward(kind, before, after, passed, layer, focus.index)}`,
            heads: [`after ${stepName(kind)}`, "before it"],
            rows: units.map(moved),
            note: largestOf(units.length, stage.nUnits, stage.hasMaps ? "filters" : "units"),
            pictures: [
                this.slopePicture("Gradient after it", at + 1),
                this.slopePicture("Gradient before it", at),
            ],
        };
    }

    /**
     * @param {number} i number of the stage
     * @returns {WalkStep} the gradient of the weights of one unit
     */
    weightsStep(i) {
        const stage = this.stages[i];
        const unit = stage.unit(this.focus[i]);
        const { weights, bias } = parametersOf(this.before, stage, unit.index);
        const { gradient, slopes } = this.signal;
        const found = Float64Array.from(weights, (at) => gradient[at]);
        const shown = largest(found, MOST_ROWS);
        const { backward, back } = formulaOf(stage.layer.kind);
        const name = unitName(stage, unit.index);
        const input = numberText(unit.inputs[shown[0]]);
        const slope = numberText(slopes[stage.at + 1][unit.index]);
        return {
            phase: "backward",
            title: `Gradient of the weights of ${this.place(i)}`,
            text: back,
            formula: backward,
            written: stage.hasMaps
                ? `${name}: dL/dbias = ${numberText(gradient[bias])}`
                : `${name}: dL/dw = ${input} × ${slope} = ${numberText(found[shown[0]])}`,
            heads: ["weight w", "dL/dw"],
            rows: [
                ...shown.map((at) => ({
                    name: weightName(this.stages, i, unit, at),
                    before: unit.weights[at],
                    after: found[at],
                })),
                { name: "bias", before: unit.bias, after: gradient[bias] },
            ],
            note: `${name}; ${largestOf(shown.length, weights.length, "weights")}`,
            pictures: [
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
     * @param {number} i number of the stage
     * @returns {WalkStep} the gradient of its inputs, the activations of the stage before
     */
    passedBackStep(i) {
        const [stage, before] = [this.stages[i], this.stages[i - 1]];
        const slopes = this.signal.slopes[stage.at];
        /** @param {Unit} unit */
        const moved = (unit) => {
            const { row, col } = unit.place ?? { row: 0, col: 0 };
            const at = before.indexAfter(before.end - 1, unit.index, row, col);
            return {
                name: unitName(before, unit.index),
                before: before.values[before.end][at],
                after: slopes[at],
            };
        };
        const units = this.shownUnits(before, (unit) => Math.abs(moved(unit).after));
        const { name, after } = moved(before.unit(this.focus[i - 1]));
        return {
            phase: "backward",
            title: `Back to the activations of ${this.place(i - 1)}`,
            text: "Its gradient adds up what came back over all the weights that it feeds.",
            formula: "dL/da = w₁ × dL/dz₁ + w₂ × dL/dz₂ + …",
            written: `${name}: ${this.passedBackLine(i)} = ${numberText(after)}`,
            heads: ["activation a", "dL/da"],
            rows: units.map(moved),
            note: largestOf(units.length, before.nUnits, before.hasMaps ? "filters" : "units"),
            pictures: [
                this.picture("Activations", stage.at),
                this.slopePicture("Their gradient", stage.at),
            ],
        };
    }

    /**
     * @param {number} i number of the stage
     * @returns {string} the largest terms of the gradient of an activation before it
     */
    passedBackLine(i) {
        const [stage, before] = [this.stages[i], this.stages[i - 1]];
        if (stage.hasMaps || before.hasMaps) return "dL/da at its largest place";
        const slopes = this.signal.slopes[stage.at + 1];
        const h = stage.nUnits;
        const start = this.focus[i - 1] * h;
        const products = slopes.map((slope, k) => slope * stage.layer.weight[start + k]);
        const shown = largest(products, MOST_TERMS).map((k) => {
            return `${numberText(stage.layer.weight[start + k])} × ${numberText(slopes[k])}`;
        });
        return `dL/da = ${[...shown, ...(h > MOST_TERMS ? ["…"] : [])].join(" + ")}`;
    }

    /** @returns {WalkStep} */
    inputBiasBackStep() {
        const { gradient } = this.signal;
        const shown = largest(gradient.subarray(0, this.inside.x.length), MOST_ROWS);
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
                before: this.before.parameters[i],
                after: gradient[i],
            })),
            note: largestOf(shown.length, this.inside.x.length, "biases"),
            pictures: [this.slopePicture("Gradient after tanh", 1)],
        };
    }

    // Update

    /** @returns {WalkStep} */
    updateStep() {
        const rows = this.stages.flatMap((stage, i) => this.updatedRows(stage, i));
        const { gradient } = this.signal;
        const still = gradient.filter((slope) => slope === 0).length;
        const [{ before, after, slope }] = rows;
        const [old, grad, now] = [before, slope, after].map(numberText);
        const [count, unmoved] = [gradient.length, still].map((n) => countText(n));
        return {
            phase: "update",
            title: "Update: every parameter moves against its gradient",
            text: `Of ${count} parameters, ${unmoved} stay: their gradient is 0.`,
            formula: "w ← w − rate × dL/dw",
            written: `${old} − ${this.rate} × ${grad} = ${now}`,
            heads: ["before", "after"],
            rows,
            note: "The parameters that move most in each layer.",
            pictures: this.updatePictures(),
        };
    }

    /** @returns {Picture[]} the weights of a unit of the first layer, and how they move */
    updatePictures() {
        const [stage] = this.stages;
        const { index, shape, weights } = stage.unit(this.focus[0]);
        const places = parametersOf(this.before, stage, index).weights;
        const moves = Float64Array.from(places, (at, i) => this.after.parameters[at] - weights[i]);
        return [
            { label: `Weights of ${unitName(stage, index).toLowerCase()}`, values: weights, shape },
            { label: "How they move", values: moves, shape },
        ];
    }

    /**
     * @param {Stage} stage
     * @param {number} i
     * @returns {(Row & {slope: number})[]} the parameters that move most
     */
    updatedRows(stage, i) {
        const { gradient } = this.signal;
        const h = stage.nUnits;
        const { start, shape } = /** @type {{start: number, shape: number[]}} */ (
            this.before.views.find(({ layer, name }) => layer === stage.at && name === "weight")
        );
        const size = shape[0] * shape[1];
        return largest(gradient.subarray(start, start + size), WEIGHTS_EACH).map((at) => {
            const unit = stage.unit(at % h);
            const source = weightName(this.stages, i, unit, Math.floor(at / h));
            return {
                name: `${this.titles[i]}, ${unitName(stage, at % h).toLowerCase()}, ${source}`,
                before: this.before.parameters[start + at],
                after: this.after.parameters[start + at],
                slope: gradient[start + at],
            };
        });
    }

    /** @returns {WalkStep} */
    onceMoreStep() {
        const { values, loss } = this.changed;
        const now = values[values.length - 1];
        const { probabilities, signal, target } = this;
        const fell = loss < signal.loss;
        return {
            phase: "update",
            title: "Forward once more: did it help?",
            text: fell
                ? `The loss for this image fell: the network moved towards “${className(target)}”.`
                : "The loss did not fall: the step was too large, or nothing could move.",
            formula: "L before → L after",
            written: `${numberText(signal.loss)} → ${numberText(loss)}`,
            heads: ["before", "after"],
            rows: [
                { name: "loss", before: signal.loss, after: loss },
                ...Array.from(now, (after, i) => ({
                    name: `output ${className(i)}`,
                    before: probabilities[i],
                    after,
                })),
            ],
            note: "",
            pictures: [],
        };
    }

    // Parts

    /**
     * @param {number} i number of the stage
     * @returns {string} its name in a sentence
     */
    place(i) {
        return this.stages[i].isOutput ? "the output" : this.titles[i].toLowerCase();
    }

    /**
     * @param {Stage} stage
     * @param {(unit: Unit) => number} size
     * @returns {Unit[]} all units of the output, else the largest
     */
    shownUnits(stage, size) {
        const units = Array.from({ length: stage.nUnits }, (_, i) => stage.unit(i));
        if (stage.isOutput) return units;
        return units.sort((one, other) => size(other) - size(one)).slice(0, MOST_ROWS);
    }

    /** @param {string} label @param {number} at index of the values @returns {Picture} */
    picture(label, at) {
        return { label, values: this.signal.values[at], shape: this.stages[0].shapes[at] };
    }

    /** @param {string} label @param {number} at index of the values @returns {Picture} */
    slopePicture(label, at) {
        return { label, values: this.signal.slopes[at], shape: this.stages[0].shapes[at] };
    }
}

/**
 * Return the indices of the values that are largest in magnitude, the largest first.
 *
 * @param {Floats} values
 * @param {number} n
 * @returns {number[]}
 */
export function largest(values, n) {
    /** @type {number[]} */
    const found = [];
    for (let i = 0; i < values.length; i++) {
        const size = Math.abs(values[i]);
        if (found.length === n && size <= Math.abs(values[found[n - 1]])) continue;
        let place = found.length;
        while (place > 0 && Math.abs(values[found[place - 1]]) < size) place--;
        found.splice(place, 0, i);
        if (found.length > n) found.pop();
    }
    return found;
}

/** @param {number} i */
function pixelName(i) {
    return `row ${Math.floor(i / 28)}, col ${i % 28}`;
}

/** @param {number} shown @param {number} n @param {string} what */
function largestOf(shown, n, what) {
    return shown < n ? `The ${shown} largest of ${n} ${what}.` : "";
}
