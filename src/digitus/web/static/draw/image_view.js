/** The opened image, in the place of the canvas, until one draws or closes it. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";

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
     * @param {HTMLCanvasElement} image
     * @param {{name: string, isPatch?: boolean}} about its name; whether its pixels are to be seen
     */
    show(image, { name, isPatch = false }) {
        this.canvas.width = image.width;
        this.canvas.height = image.height;
        this.canvas.getContext("2d")?.drawImage(image, 0, 0);
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
