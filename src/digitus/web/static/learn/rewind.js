/** The slider over the snapshots: everything as it was, and ways on from there. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { countText } from "../ui/numbers.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */

/** Rewinds all runs together, by the number of images they had seen. */
export class RewindBar {
    /**
     * @param {Workbench} bench
     * @param {() => void} branch opens the dialog that begins a second run
     */
    constructor(bench, branch) {
        this.bench = bench;
        this.slider = element("input", {
            type: "range",
            id: "rewind",
            min: 0,
            max: 0,
            step: 1,
            value: 0,
            oninput: () => bench.rewind(Number(this.slider.value)),
        });
        this.where = element("output", { class: "small", for: "rewind" });
        this.branch = element(
            "button",
            { onclick: branch },
            icon("branch"),
            "Branch: change one setting",
        );
        this.element = element(
            "section",
            { class: "learn-rewind", "aria-label": "Rewind" },
            element(
                "div",
                { class: "row spread" },
                element("label", { for: "rewind" }, element("h3", {}, "Rewind")),
                this.where,
            ),
            this.slider,
            element("div", { class: "row" }, this.branch),
        );
    }

    /** Show where the runs stand among their snapshots. */
    update() {
        const { bench } = this;
        const moments = bench.moments;
        const last = Math.max(moments.length - 1, 0);
        const at = bench.moment;
        this.slider.max = String(last);
        this.slider.disabled = last === 0;
        // While the user drags, the runs follow a moment behind.
        if (!bench.isRewinding && Number(this.slider.value) !== at) this.slider.value = String(at);
        this.element.setAttribute("aria-busy", String(bench.isRewinding));
        const text = bench.hasBegun
            ? momentText(bench, at)
            : "Snapshots are taken during training.";
        this.where.textContent = text;
        this.slider.setAttribute("aria-valuetext", text);
        this.branch.disabled = !bench.slots.length;
    }
}

/**
 * Say which moment is shown.
 *
 * @param {Workbench} bench
 * @param {number} at
 * @returns {string} such as "now: 51,200 images" or
 *     "as it was after 12,800 images; Resume goes on from here"
 */
function momentText(bench, at) {
    const images = countText(bench.slots[0].run.position.images, "image");
    const isPast = !bench.isRunning && at < bench.moments.length - 1;
    return isPast ? `as it was after ${images}; Resume goes on from here` : `now: ${images}`;
}
