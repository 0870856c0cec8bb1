/** The patch: the 28x28 input of the network, each value a square of the screen's pixels. */

import { SIDE_PX } from "../sizes.js";
import { element } from "../ui/element.js";

const LEVELS = 255;

/** Shows a patch with white ink on black, as in MNIST, without smoothing. */
export class PatchView {
    constructor() {
        this.canvas = element("canvas", {
            class: "patch pixelated",
            width: SIDE_PX,
            height: SIDE_PX,
            role: "img",
        });
        this.element = element(
            "figure",
            { class: "patch-figure", title: "The 28 × 28 values that the network gets" },
            this.canvas,
            element("figcaption", { class: "small muted", "aria-hidden": "true" }, "28 × 28"),
        );
        this.show(null);
    }

    /**
     * Show a patch, or an empty square.
     *
     * @param {Float32Array | null} patch 784 values, 0 paper to 1 full ink
     */
    show(patch) {
        paintWhiteOnBlack(this.canvas, patch);
        const what = patch ? "an image of 28 by 28 pixels, the ink centered" : "empty";
        this.canvas.setAttribute("aria-label", `Input of the network: ${what}`);
    }
}

/**
 * Paint a patch onto a canvas of 28x28 pixels, white ink on black; null leaves it empty.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array | null} patch 784 values, 0 paper to 1 full ink
 */
export function paintWhiteOnBlack(canvas, patch) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.clearRect(0, 0, SIDE_PX, SIDE_PX);
    if (!patch) return;
    const image = context.createImageData(SIDE_PX, SIDE_PX);
    for (let i = 0; i < patch.length; i++) {
        image.data.fill(Math.round(patch[i] * LEVELS), 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = LEVELS;
    }
    context.putImageData(image, 0, 0);
}
