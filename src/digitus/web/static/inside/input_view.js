/** The input of the network: the patch, what the answer is, and what would change it. */

import { element } from "../ui/element.js";
import {
    imageCanvas,
    largestMagnitude,
    paintGradientOver,
    paintPatch,
    signedLegend,
} from "../ui/patch_image.js";
import { className, pixelName } from "./descriptions.js";

/** @typedef {import("./look_inside.js").Inside} Inside */
/** @typedef {import("../recognizer.js").Prediction} Prediction */

/** The patch, and the gradient of the answer over it. */
export class InputView {
    constructor() {
        this.ink = imageCanvas("The 28 × 28 patch", "inside-patch");
        this.over = imageCanvas("", "inside-patch");
        this.verdict = element("p", { class: "inside-verdict" });
        this.truth = element("p", { class: "inside-truth" });
        this.words = element("p", { class: "small muted" });
        this.legend = element("div", {}, signedLegend("lowers", "raises"));
        this.element = element(
            "div",
            { class: "inside-input" },
            this.verdict,
            this.truth,
            element(
                "div",
                { class: "inside-patches" },
                figure(this.ink, "28 × 28 pixels"),
                figure(this.over, "Gradient of the answer"),
            ),
            this.legend,
            this.words,
        );
    }

    /**
     * Show an image and the answer to it.
     *
     * @param {Inside} inside
     * @param {Prediction} prediction
     * @param {number | null} trueLabel of an image of MNIST
     */
    show(inside, prediction, trueLabel) {
        paintPatch(this.ink, inside.patch);
        paintGradientOver(this.over, inside.patch, inside.gradient);
        const answer = className(inside.answer);
        const declined = prediction.verdict !== "digit";
        this.verdict.textContent = declined
            ? `Not a digit; most like ${answer}`
            : `The answer is ${answer}`;
        this.showTruth(prediction, trueLabel);
        this.words.textContent =
            `More ink where it is blue raises the score of ${answer}; ` +
            "where it is orange, lowers it.";
        this.over.setAttribute("aria-label", gradientText(inside, answer));
    }

    /**
     * Show the true label, and whether the answer is right.
     *
     * @param {Prediction} prediction
     * @param {number | null} trueLabel
     */
    showTruth(prediction, trueLabel) {
        this.truth.hidden = trueLabel === null;
        if (trueLabel === null) return;
        const isRight = prediction.digit === trueLabel;
        this.truth.className = `inside-truth ${isRight ? "right" : "wrong"}`;
        this.truth.textContent = isRight
            ? `✓ Right: the true label is ${trueLabel}`
            : `✗ Wrong: the true label is ${trueLabel}`;
    }
}

/**
 * Return the gradient in words.
 *
 * @param {Inside} inside
 * @param {string} answer
 */
function gradientText(inside, answer) {
    const { gradient } = inside;
    const limit = largestMagnitude(gradient);
    const raising = gradient.indexOf(Math.max(...gradient));
    const lowering = gradient.indexOf(Math.min(...gradient));
    if (limit === 0) return `The score of ${answer} does not depend on any pixel here`;
    return (
        `Gradient of the score of ${answer} by the ink of each pixel: more ink raises it most at ` +
        `${pixelName(raising)} and lowers it most at ${pixelName(lowering)}`
    );
}

/**
 * Return an image with a caption.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} caption
 */
export function figure(canvas, caption) {
    return element(
        "figure",
        { class: "inside-figure" },
        canvas,
        element("figcaption", { class: "small muted" }, caption),
    );
}
