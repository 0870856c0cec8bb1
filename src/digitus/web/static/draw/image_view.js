/** The opened image, in the place of the canvas, until one draws or closes it. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";

/** Longest side of the preview, in pixels; more is not seen. */
const MOST_PX = 1024;

/** Lies over the canvas and lets the pen through: a stroke on it begins a new drawing. */
export class ImageView {
    /** @param {() => void} onclose called when the image is put away by its button */
    constructor(onclose) {
        this.canvas = element("canvas", { class: "image-shown", role: "img" });
        const close = element(
            "button",
            { type: "button", class: "image-close", onclick: onclose },
            icon("close"),
            "Back to the drawing",
        );
        this.element = element("div", { class: "image-view", hidden: true }, this.canvas, close);
    }

    /** @returns {boolean} */
    get isShown() {
        return !this.element.hidden;
    }

    /**
     * Show an image as large as it fits.
     *
     * @param {ImageBitmap | HTMLCanvasElement} image
     * @param {{name: string, isPatch?: boolean}} about its name; whether its pixels are to be seen
     */
    show(image, { name, isPatch = false }) {
        const scale = Math.min(1, MOST_PX / Math.max(image.width, image.height));
        this.canvas.width = Math.max(1, Math.round(image.width * scale));
        this.canvas.height = Math.max(1, Math.round(image.height * scale));
        const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
        if ("close" in image) image.close();
        this.canvas.classList.toggle("pixelated", isPatch);
        this.canvas.setAttribute("aria-label", `Opened image: ${name}`);
        this.element.hidden = false;
    }

    /** Put the image away. */
    hide() {
        this.element.hidden = true;
        this.canvas.width = this.canvas.height = 1; // its memory is not needed any more
    }
}
