/**
 * Line charts in SVG: curves with their names at the right end instead of a legend.
 *
 * The twin of `digitus.plots.training_curves`. A chart is made once and updated in place, ten
 * times a second: only the attributes that changed are written.
 */

import { keptAbove, linearTicks, logTicks, spreadApart } from "./chart_layout.js";
import { element, setAttributes, svg } from "./element.js";
import { countUpTo, lastShown, longest, nearest, thinned } from "./lines.js";
import { shortText } from "./numbers.js";
import { ValuesTable } from "./values_table.js";

/** @typedef {import("./lines.js").Line} Line */
/**
 * @typedef {object} LineChartOptions
 * @property {string} title
 * @property {string} xName name of the horizontal axis
 * @property {(value: number) => string} written formats a value of a line
 * @property {(value: number) => string} tick formats the value of a tick
 * @property {number} [top] the axis never shows more than this
 * @property {string} empty what stands in the chart while there is no line
 */
/**
 * @typedef {object} Scales
 * @property {(value: number) => number} x place of a value
 * @property {(value: number) => number} y
 * @property {number} left edges of the plot
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 */

/** How charts are drawn; lengths in CSS pixels, chosen by eye. */
const LAYOUT = {
    width: 640, // until the page has said how wide it is
    height: 220,
    narrow: 460, // below this width a label takes two short lines
    left: 46,
    right: 150,
    rightNarrow: 62,
    top: 10,
    bottom: 34,
    labelGap: 17,
    labelGapNarrow: 29,
    mostTicks: 5,
    mostTicksX: 6,
};

/** Curves over a common axis; `update` draws them anew. */
export class LineChart {
    /** @param {LineChartOptions} options */
    constructor(options) {
        this.options = options;
        this.isLog = false;
        /** @type {Line[]} */
        this.lines = [];
        /** @type {number | null} value of x where a vertical line says "you are here" */
        this.mark = null;
        /** @type {Scales | null} */
        this.scales = null;
        /** @type {number | null} value of x that pointer or keys point at */
        this.pointed = null;
        this.width = LAYOUT.width;
        this.grid = svg("g", { class: "chart-grid" });
        this.paths = svg("g", { class: "chart-lines" });
        this.labels = svg("g", { class: "chart-labels" });
        this.markLine = svg("line", { class: "chart-mark" });
        this.pointer = svg("line", { class: "chart-pointer" });
        this.emptyText = svg("text", { class: "chart-empty", "text-anchor": "middle" });
        this.svg = this.makeSvg();
        this.readout = element("p", { class: "chart-readout small", "aria-live": "polite" });
        this.table = new ValuesTable(options.written);
        this.plot = element("div", { class: "chart-plot" }, this.svg, this.readout);
        this.element = element("figure", { class: "chart-figure" }, this.plot, this.table.element);
        this.followWidth();
    }

    /** @returns {SVGSVGElement} the drawing, with its listeners */
    makeSvg() {
        return svg(
            "svg",
            {
                class: "chart",
                role: "img",
                tabindex: "0",
                height: LAYOUT.height,
                onpointermove: (/** @type {PointerEvent} */ event) => this.pointAt(event),
                onpointerleave: () => this.point(null),
                onblur: () => this.point(null),
                onkeydown: (/** @type {KeyboardEvent} */ event) => this.pointByKey(event),
            },
            this.grid,
            this.markLine,
            this.paths,
            this.pointer,
            this.labels,
            this.emptyText,
        );
    }

    /** Draw anew whenever the page gives the chart another width. */
    followWidth() {
        new ResizeObserver(([entry]) => {
            const width = Math.round(entry.contentRect.width);
            if (width > 0 && width !== this.width) {
                this.width = width;
                this.draw();
            }
        }).observe(this.plot);
    }

    /**
     * Draw lines.
     *
     * @param {Line[]} lines the first is on top
     * @param {number | null} [mark] value of x of the shown position; null for none
     */
    update(lines, mark = null) {
        this.lines = lines.map(thinned).filter((line) => line.y.some(Number.isFinite));
        this.mark = mark;
        this.draw();
        this.table.update(this.lines, this.options.xName);
    }

    /** @param {boolean} isLog whether the vertical axis is logarithmic */
    setLog(isLog) {
        this.isLog = isLog;
        this.draw();
    }

    /** Draw what `update` was given last, at the present width. */
    draw() {
        const { lines, width } = this;
        setAttributes(this.svg, {
            viewBox: `0 0 ${width} ${LAYOUT.height}`,
            width,
            "aria-label": this.summary(),
        });
        this.emptyText.classList.toggle("is-hidden", this.hasBegun);
        this.emptyText.textContent = this.options.empty;
        setAttributes(this.emptyText, { x: width / 2, y: 0.44 * LAYOUT.height });
        this.scales = lines.length ? this.makeScales() : null;
        this.drawGrid();
        this.drawLines();
        this.drawLabels();
        this.drawMark();
        this.point(this.pointed);
    }

    /** @returns {boolean} whether there is more than a point to begin with */
    get hasBegun() {
        return this.lines.some((line) => line.x.length > 1);
    }

    /** @returns {number} right end of the horizontal axis */
    get mostX() {
        const { x } = this.hasBegun ? longest(this.lines) : { x: [1] };
        return x[x.length - 1];
    }

    /** @returns {boolean} whether labels take two short lines */
    get isNarrow() {
        return this.width < LAYOUT.narrow;
    }

    /** @returns {Scales} from values to places in the drawing */
    makeScales() {
        const right = this.width - (this.isNarrow ? LAYOUT.rightNarrow : LAYOUT.right);
        const bottom = LAYOUT.height - LAYOUT.bottom;
        const most = this.mostX;
        const [low, high] = this.range();
        const unit = this.isLog ? Math.log10 : (/** @type {number} */ v) => v;
        const [from, to] = [unit(low), unit(high)];
        return {
            x: (v) => LAYOUT.left + ((right - LAYOUT.left) * v) / most,
            y: (v) =>
                bottom - ((bottom - LAYOUT.top) * (unit(Math.max(v, low)) - from)) / (to - from),
            left: LAYOUT.left,
            right,
            top: LAYOUT.top,
            bottom,
        };
    }

    /** @returns {[number, number]} lowest and highest value on the vertical axis */
    range() {
        const values = this.lines.flatMap((line) => line.y).filter((v) => Number.isFinite(v));
        const positive = this.isLog ? values.filter((v) => v > 0) : values;
        if (!positive.length) return this.isLog ? [1e-3, 1] : [0, 1];
        if (!this.hasBegun && !this.isLog)
            return [0, this.options.top ?? 1.2 * Math.max(...positive)];
        let [low, high] = [Math.min(...positive), Math.max(...positive)];
        if (this.isLog)
            return high / low < 1.2 ? [low / 1.1, high * 1.1] : [low / 1.05, high * 1.05];
        const margin = Math.max((high - low) * 0.06, Math.abs(high) * 1e-3, 1e-6);
        high = Math.min(high + margin, this.options.top ?? Infinity);
        low = low >= 0 ? Math.max(0, low - margin) : low - margin;
        return high > low ? [low, high] : [low - margin, low];
    }

    /** Draw the ticks of both axes, their lines and numbers. */
    drawGrid() {
        const { scales } = this;
        this.grid.replaceChildren(
            ...(scales ? [...this.ticksOfY(scales), ...this.ticksOfX(scales)] : []),
        );
    }

    /**
     * Make the horizontal lines with their numbers.
     *
     * @param {Scales} scales
     * @returns {SVGElement[]}
     */
    ticksOfY(scales) {
        const [low, high] = this.range();
        const ticksOf = this.isLog ? logTicks : linearTicks;
        return ticksOf(low, high, LAYOUT.mostTicks).flatMap((value) => {
            const y = scales.y(value);
            const place = { x: scales.left - 8, y: y + 4, "text-anchor": "end" };
            return [
                svg("line", { x1: scales.left, x2: scales.right, y1: y, y2: y }),
                svg("text", place, this.options.tick(value)),
            ];
        });
    }

    /**
     * Make the base line, its numbers and its name.
     *
     * @param {Scales} scales
     * @returns {SVGElement[]}
     */
    ticksOfX({ x, left, right, bottom }) {
        const most = this.isNarrow ? LAYOUT.mostTicks : LAYOUT.mostTicksX;
        return [
            ...linearTicks(0, this.mostX, most).map((value) => {
                const place = { x: x(value), y: bottom + 16, "text-anchor": "middle" };
                return svg("text", place, String(Number(value.toPrecision(4))));
            }),
            svg("line", { class: "base", x1: left, x2: right, y1: bottom, y2: bottom }),
            svg("text", { x: left, y: bottom + 31 }, this.options.xName),
        ];
    }

    /** Draw the lines; what lies ahead of the mark is faint. */
    drawLines() {
        const { scales, mark } = this;
        const parts = [];
        for (const line of scales ? [...this.lines].reverse() : []) {
            const until = mark === null ? line.x.length : countUpTo(line.x, mark);
            parts.push(
                svg("path", { class: `line ${line.kind}`, d: pathOf(line, scales, 0, until) }),
            );
            if (until < line.x.length) {
                const d = pathOf(line, scales, Math.max(until - 1, 0), line.x.length);
                parts.push(svg("path", { class: `line ahead ${line.kind}`, d }));
            }
            if (until === 1 && Number.isFinite(line.y[0])) parts.push(this.dot(line, 0));
        }
        this.paths.replaceChildren(...parts);
    }

    /**
     * Make the dot of a point that has no neighbor to be joined with.
     *
     * @param {Line} line
     * @param {number} at index of the point
     * @returns {SVGCircleElement}
     */
    dot(line, at) {
        const { x, y } = /** @type {Scales} */ (this.scales);
        return svg("circle", {
            class: `dot ${line.kind}`,
            cx: x(line.x[at]),
            cy: y(line.y[at]),
            r: 3,
        });
    }

    /** Write each line's name and last value at its end, a line of text apart. */
    drawLabels() {
        const { scales } = this;
        if (!scales) return this.labels.replaceChildren();
        const ends = this.lines.map((line) => lastShown(line, this.mark));
        const gap = this.isNarrow ? LAYOUT.labelGapNarrow : LAYOUT.labelGap;
        const wanted = ends.map((at, i) => {
            const { y } = this.lines[i];
            return scales.y(y[at] ?? y.find(Number.isFinite) ?? 0);
        });
        const floor = scales.bottom - (this.isNarrow ? 12 : 4);
        const heights = keptAbove(spreadApart(wanted, gap), floor, gap);
        this.labels.replaceChildren(
            ...this.lines.map((line, i) => {
                const value = ends[i] < 0 ? "–" : this.options.written(line.y[ends[i]]);
                const place = { class: line.kind, x: scales.right + 8 };
                if (!this.isNarrow)
                    return svg("text", { ...place, y: heights[i] + 4 }, `${line.name} ${value}`);
                return svg(
                    "text",
                    { ...place, y: heights[i] - 2 },
                    line.shortName,
                    svg("tspan", { x: place.x, dy: 13, class: "value" }, value),
                );
            }),
        );
    }

    /** Draw the vertical line at the mark. */
    drawMark() {
        const { scales, mark } = this;
        this.markLine.classList.toggle("is-hidden", !scales || mark === null);
        if (!scales || mark === null) return;
        const x = scales.x(mark);
        setAttributes(this.markLine, { x1: x, x2: x, y1: scales.top, y2: scales.bottom });
    }

    /**
     * Point at the place under the pointer.
     *
     * @param {PointerEvent} event
     */
    pointAt(event) {
        const { scales } = this;
        if (!scales) return;
        const x = event.clientX - this.svg.getBoundingClientRect().left;
        const share = (x - scales.left) / (scales.right - scales.left);
        this.point(share * this.mostX);
    }

    /**
     * Point at the next or previous value.
     *
     * @param {KeyboardEvent} event
     */
    pointByKey(event) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step || !this.lines.length) return;
        event.preventDefault();
        event.stopPropagation();
        const { x } = longest(this.lines);
        const at = this.pointed === null ? x.length : nearest(x, this.pointed) + step;
        this.point(x[Math.min(Math.max(at, 0), x.length - 1)]);
    }

    /**
     * Show the values at a place of the horizontal axis.
     *
     * @param {number | null} value null to show none
     */
    point(value) {
        const { scales } = this;
        this.pointed = scales ? value : null;
        this.pointer.classList.toggle("is-hidden", this.pointed === null);
        if (!scales || value === null) {
            this.readout.textContent = "";
            return;
        }
        const { x } = longest(this.lines);
        const at = x[nearest(x, value)];
        const place = scales.x(at);
        setAttributes(this.pointer, { x1: place, x2: place, y1: scales.top, y2: scales.bottom });
        const values = this.lines.map((line) => {
            const y = line.y[nearest(line.x, at)];
            return `${line.name} ${Number.isFinite(y) ? this.options.written(y) : "unknown"}`;
        });
        this.readout.textContent = `${this.options.xName} ${shortText(at, 4)}: ${values.join(", ")}`;
    }

    /** @returns {string} what the chart shows, for those who do not see it */
    summary() {
        const { title, empty, xName, written } = this.options;
        if (!this.lines.length) return `${title}: ${empty}`;
        const parts = this.lines.map((line) => {
            const at = lastShown(line, this.mark);
            if (at < 0) return `${line.name} not known yet`;
            const first = line.y.find(Number.isFinite) ?? NaN;
            return `${line.name} from ${written(first)} to ${written(line.y[at])}`;
        });
        const { x } = longest(this.lines);
        const most = this.mark ?? x[x.length - 1];
        return `${title} up to ${xName} ${shortText(most)}: ${parts.join("; ")}`;
    }
}

/**
 * Return the path through the known points of a line.
 *
 * @param {Line} line
 * @param {Scales | null} scales
 * @param {number} from first point
 * @param {number} until point after the last
 * @returns {string}
 */
function pathOf(line, scales, from, until) {
    if (!scales) return "";
    let d = "";
    let pen = "M";
    for (let i = from; i < until; i++) {
        if (!Number.isFinite(line.y[i])) continue; // bridged: validation is rarer than training
        d += `${pen}${scales.x(line.x[i]).toFixed(1)} ${scales.y(line.y[i]).toFixed(1)}`;
        pen = "L";
    }
    return d;
}
