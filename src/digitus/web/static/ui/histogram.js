/** Histograms in SVG, made once and updated in place. */

import { setAttributes, svg } from "./element.js";

/** A histogram, small, as one filled outline; zero is marked where it lies inside. */
export class Histogram {
    /** @param {{kind: string, width?: number, height?: number}} options the area's class */
    constructor({ kind, width = 220, height = 48 }) {
        this.width = width;
        this.height = height;
        this.area = svg("path", { class: `area ${kind}` });
        this.zero = svg("line", { class: "zero", y1: 0, y2: height });
        this.svg = svg(
            "svg",
            {
                class: "histogram",
                role: "img",
                viewBox: `0 0 ${width} ${height}`,
                preserveAspectRatio: "none",
            },
            this.zero,
            this.area,
            svg("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }),
        );
    }

    /**
     * Draw counts; heights grow with the square root, so that rare values stay visible.
     *
     * @param {ArrayLike<number>} counts (bins,)
     * @param {number} low left edge of the first bin
     * @param {number} high right edge of the last bin
     * @param {string} label what is shown, for those who do not see it
     */
    update(counts, low, high, label) {
        const { width, height } = this;
        const most = Math.max(1, ...Array.from(counts));
        const step = width / counts.length;
        let d = `M0 ${height}`;
        for (let i = 0; i < counts.length; i++) {
            const y = (
                height -
                1 -
                (height - 3) * Math.sqrt(counts[i] / most) +
                (counts[i] ? 0 : 1)
            ).toFixed(1);
            d += `L${(i * step).toFixed(1)} ${y}L${((i + 1) * step).toFixed(1)} ${y}`;
        }
        this.area.setAttribute("d", `${d}L${width} ${height}Z`);
        const at = high > low ? (width * -low) / (high - low) : 0;
        this.zero.classList.toggle("is-hidden", !(at > 0 && at < width));
        setAttributes(this.zero, { x1: at, x2: at });
        this.svg.setAttribute("aria-label", label);
    }
}
