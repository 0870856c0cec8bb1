/**
 * One step of learning from one image, split into all that happens: forward layer by layer, loss,
 * backward layer by layer, update, and forward once more. Computed on a copy of the network.
 */

import { asFloat64 } from "../../engine/gradient_check.js";
import { SGD } from "../../engine/optimizers.js";
import { backpropagate } from "../backpropagation.js";
import { stageTitles } from "../descriptions.js";
import { stagesOf } from "../stages.js";
import { backwardSteps } from "./backward_steps.js";
import { forwardSteps, lossStep } from "./forward_steps.js";
import { onceMoreStep, updateStep } from "./update_steps.js";

/** @typedef {import("../../engine/arrays.js").Floats} Floats */
/** @typedef {import("../../engine/network.js").Network} Network */
/** @typedef {import("../backpropagation.js").Pass} Pass */
/** @typedef {import("../look_inside.js").Inside} Inside */
/** @typedef {import("../stages.js").ImageShape} ImageShape */

/**
 * @typedef {object} LabeledImage values as an image
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
 * @property {LabeledImage[]} images before and after
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
        /** @type {Pass} forward and backward, before the update */
        this.pass = backpropagate(this.before, inside.x, target);
        this.after.gradient.set(this.pass.gradient);
        const optimizer = new SGD();
        optimizer.bind(this.after);
        optimizer.step(rate);
        /** @type {Pass} the same after it */
        this.passAfter = backpropagate(this.after, inside.x, target);
        this.stages = stagesOf(this.before, this.pass.values);
        this.titles = stageTitles(this.stages);
        /** Unit of each stage that is written out. */
        this.focus = this.stages.map((stage, i) => {
            return stage.isOutput ? target : (focus.get(i) ?? stage.mostActive());
        });
        this.steps = [
            ...forwardSteps(this),
            lossStep(this),
            ...backwardSteps(this),
            updateStep(this),
            onceMoreStep(this),
        ];
    }

    /** The outputs before the update. */
    get probabilities() {
        return this.pass.values[this.pass.values.length - 1];
    }

    /** The targets t: 1 for what it should be, else 0; softened where the loss does so. */
    get targets() {
        const k = this.probabilities.length;
        const smoothing = Number(this.before.loss.options().label_smoothing ?? 0);
        return Array.from({ length: k }, (_, i) => {
            return (1 - smoothing) * Number(i === this.target) + smoothing / k;
        });
    }

    /**
     * Return the name of a stage in a sentence.
     *
     * @param {number} i number of the stage
     * @returns {string} such as "hidden layer 1"
     */
    stageName(i) {
        return this.stages[i].isOutput ? "the output" : this.titles[i].toLowerCase();
    }

    /**
     * Return values of the pass as an image.
     *
     * @param {string} label
     * @param {number} at index of the values
     * @returns {LabeledImage}
     */
    valueImage(label, at) {
        return { label, values: this.pass.values[at], shape: this.stages[0].shapes[at] };
    }

    /**
     * Return the gradient of the loss by values of the pass as an image.
     *
     * @param {string} label
     * @param {number} at index of the values
     * @returns {LabeledImage}
     */
    gradientImage(label, at) {
        return { label, values: this.pass.valueGradients[at], shape: this.stages[0].shapes[at] };
    }
}
