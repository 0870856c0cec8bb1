/**
 * Charts in SVG: curves with their names at the right end instead of a legend, and histograms.
 *
 * The twin of `digitus.plots.training_curves`. A chart is made once and updated in place, ten
 * times a second: only the attributes that changed are written.
 */

import { element, setAttributes, svg } from "./element.js";

/**
 * @typedef {object} Line
 * @property {string} name written at the right end
 * @property {string} shortName the same where the chart is narrow
 * @property {string} kind class of the path and its label, such as "a validation"
 * @property {number[]} x (n,)
 * @property {number[]} y (n,) NaN where unknown
 */
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
    height: 220,
    narrow: 460, // below this width a label takes two short lines
    left: 46,
    right: 150,
    rightNarrow: 62,
    top: 10,
    bottom: 34,
    labelGap: 17,
    labelGapNarrow: 29,
    mostPoints: 400, // of a line; more are thinned out, for the eye they are the same
    mostTicks: 5,
    rowsOfTable: 12,
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
        this.width = 640;
        this.tableIsStale = false;

        this.grid = svg("g", { class: "chart-grid" });
        this.paths = svg("g", { class: "chart-lines" });
        this.labels = svg("g", { class: "chart-labels" });
        this.markLine = svg("line", { class: "chart-mark" });
        this.pointer = svg("line", { class: "chart-pointer" });
        this.emptyText = svg(
            "text",
            { class: "chart-empty", "text-anchor": "middle" },
            options.empty,
        );
        this.svg = svg(
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
        this.readout = element("p", { class: "chart-readout small", "aria-live": "polite" });
        this.table = element("table", { class: "small" });
        const details = element(
            "details",
            { class: "chart-table", ontoggle: () => this.writeTable() },
            element("summary", { class: "small" }, "Values as a table"),
            this.table,
        );
        this.details = details;
        this.plot = element("div", { class: "chart-plot" }, this.svg, this.readout);
        this.element = element("figure", { class: "chart-figure" }, this.plot, details);
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
        this.tableIsStale = true;
        this.draw();
        this.writeTable();
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
        return this.hasBegun ? Math.max(...this.lines.map((line) => line.x[line.x.length - 1])) : 1;
    }

    /** @returns {boolean} whether labels take two short lines */
    get isNarrow() {
        return this.width < LAYOUT.narrow;
    }

    /** @returns {Scales} */
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

    drawGrid() {
        const { scales } = this;
        const marks = [];
        if (scales) {
            const [low, high] = this.range();
            const ticks = this.isLog
                ? logTicks(low, high, LAYOUT.mostTicks)
                : linearTicks(low, high, LAYOUT.mostTicks);
            for (const value of ticks) {
                const y = scales.y(value);
                marks.push(
                    svg("line", { x1: scales.left, x2: scales.right, y1: y, y2: y }),
                    svg(
                        "text",
                        { x: scales.left - 8, y: y + 4, "text-anchor": "end" },
                        this.options.tick(value),
                    ),
                );
            }
            for (const value of linearTicks(0, this.mostX, this.isNarrow ? 5 : 6)) {
                const text = String(Number(value.toPrecision(4)));
                marks.push(
                    svg(
                        "text",
                        { x: scales.x(value), y: scales.bottom + 16, "text-anchor": "middle" },
                        text,
                    ),
                );
            }
            marks.push(
                svg("line", {
                    class: "base",
                    x1: scales.left,
                    x2: scales.right,
                    y1: scales.bottom,
                    y2: scales.bottom,
                }),
                svg("text", { x: scales.left, y: scales.bottom + 31 }, this.options.xName),
            );
        }
        this.grid.replaceChildren(...marks);
    }

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
     * @param {Line} line
     * @param {number} at
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

    drawLabels() {
        const { scales } = this;
        if (!scales) return this.labels.replaceChildren();
        const ends = this.lines.map((line) => this.lastShown(line));
        const gap = this.isNarrow ? LAYOUT.labelGapNarrow : LAYOUT.labelGap;
        const heights = keptAbove(
            spreadApart(
                ends.map((at, i) => scales.y(this.lines[i].y[at])),
                gap,
            ),
            scales.bottom - (this.isNarrow ? 12 : 4),
            gap,
        );
        this.labels.replaceChildren(
            ...this.lines.map((line, i) => {
                const y = heights[i];
                const value = this.options.written(line.y[ends[i]]);
                const x = scales.right + 8;
                const attributes = { class: line.kind, x };
                if (!this.isNarrow)
                    return svg("text", { ...attributes, y: y + 4 }, `${line.name} ${value}`);
                return svg(
                    "text",
                    { ...attributes, y: y - 2 },
                    line.shortName,
                    svg("tspan", { x, dy: 13, class: "value" }, value),
                );
            }),
        );
    }

    /**
     * Return the index of the last known value up to the mark.
     *
     * @param {Line} line
     */
    lastShown(line) {
        let at =
            (this.mark === null ? line.x.length : Math.max(countUpTo(line.x, this.mark), 1)) - 1;
        while (at > 0 && !Number.isFinite(line.y[at])) at--;
        return Number.isFinite(line.y[at]) ? at : line.y.findIndex(Number.isFinite);
    }

    drawMark() {
        const { scales, mark } = this;
        this.markLine.classList.toggle("is-hidden", !scales || mark === null);
        if (!scales || mark === null) return;
        const x = scales.x(mark);
        setAttributes(this.markLine, { x1: x, x2: x, y1: scales.top, y2: scales.bottom });
    }

    /** @param {PointerEvent} event */
    pointAt(event) {
        const { scales } = this;
        if (!scales) return;
        const x = event.clientX - this.svg.getBoundingClientRect().left;
        const longest = this.longest();
        const share = (x - scales.left) / (scales.right - scales.left);
        this.point(share * longest.x[longest.x.length - 1]);
    }

    /** @param {KeyboardEvent} event */
    pointByKey(event) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step || !this.lines.length) return;
        event.preventDefault();
        event.stopPropagation();
        const { x } = this.longest();
        const at = this.pointed === null ? x.length : nearest(x, this.pointed) + step;
        this.point(x[Math.min(Math.max(at, 0), x.length - 1)]);
    }

    /** @returns {Line} */
    longest() {
        return this.lines.reduce((a, b) => (b.x[b.x.length - 1] > a.x[a.x.length - 1] ? b : a));
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
        const { x } = this.longest();
        const at = x[nearest(x, value)];
        setAttributes(this.pointer, {
            x1: scales.x(at),
            x2: scales.x(at),
            y1: scales.top,
            y2: scales.bottom,
        });
        const values = this.lines.map((line) => {
            const i = nearest(line.x, at);
            return `${line.name} ${Number.isFinite(line.y[i]) ? this.options.written(line.y[i]) : "unknown"}`;
        });
        this.readout.textContent = `${this.options.xName} ${Number(at.toPrecision(4))}: ${values.join(", ")}`;
    }

    /** @returns {string} what the chart shows, for those who do not see it */
    summary() {
        if (!this.lines.length) return `${this.options.title}: ${this.options.empty}`;
        const parts = this.lines.map((line) => {
            const first = line.y.find(Number.isFinite) ?? NaN;
            const last = line.y[this.lastShown(line)];
            return `${line.name} from ${this.options.written(first)} to ${this.options.written(last)}`;
        });
        const most = this.mark ?? Math.max(...this.lines.map((line) => line.x[line.x.length - 1]));
        return `${this.options.title} up to ${this.options.xName} ${Number(most.toPrecision(3))}: ${parts.join("; ")}`;
    }

    /** Write the table, if it is open: some rows, the last one included. */
    writeTable() {
        if (!this.details.open || !this.tableIsStale) return;
        this.tableIsStale = false;
        const head = [
            this.options.xName,
            ...this.lines.map((line) => (this.isNarrow ? line.shortName : line.name)),
        ];
        const x = this.lines.length ? this.longest().x : [];
        const rows = Math.min(x.length, LAYOUT.rowsOfTable);
        const places = Array.from(
            { length: rows },
            (_, i) => Math.round(((i + 1) * x.length) / rows) - 1,
        );
        this.table.replaceChildren(
            element(
                "thead",
                {},
                element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text))),
            ),
            element(
                "tbody",
                {},
                ...places.map((at) => {
                    const cells = this.lines.map((line) => {
                        const i = nearest(line.x, x[at]);
                        return element(
                            "td",
                            {},
                            Number.isFinite(line.y[i]) ? this.options.written(line.y[i]) : "",
                        );
                    });
                    return element(
                        "tr",
                        {},
                        element("th", { scope: "row" }, Number(x[at].toPrecision(4))),
                        ...cells,
                    );
                }),
            ),
        );
    }
}

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

/**
 * Return a line with at most `LAYOUT.mostPoints` points, first and last kept.
 *
 * @param {Line} line
 * @returns {Line}
 */
function thinned(line) {
    const n = line.x.length;
    if (n <= LAYOUT.mostPoints) return line;
    const places = Array.from({ length: LAYOUT.mostPoints }, (_, i) =>
        Math.round((i * (n - 1)) / (LAYOUT.mostPoints - 1)),
    );
    return { ...line, x: places.map((i) => line.x[i]), y: places.map((i) => line.y[i]) };
}

/**
 * @param {Line} line
 * @param {Scales | null} scales
 * @param {number} from first point
 * @param {number} until point after the last
 * @returns {string} path through the known points
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

/**
 * @param {number[]} x rising
 * @param {number} value
 * @returns {number} of entries up to the value
 */
function countUpTo(x, value) {
    let n = x.length;
    while (n > 0 && x[n - 1] > value + 1e-9) n--;
    return n;
}

/**
 * @param {number[]} x rising, not empty
 * @param {number} value
 * @returns {number} index of the entry next to the value
 */
function nearest(x, value) {
    let best = 0;
    for (let i = 1; i < x.length; i++)
        if (Math.abs(x[i] - value) <= Math.abs(x[best] - value)) best = i;
    return best;
}

/**
 * Return the nearest heights in the same order with a gap between neighbors.
 *
 * This is isotonic regression of the heights minus their gaps, by the pool-adjacent-violators
 * algorithm (Barlow et al. 1972).
 *
 * @param {number[]} heights (m,)
 * @param {number} gap
 * @returns {number[]} (m,)
 */
export function spreadApart(heights, gap) {
    const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b] || a - b);
    /** @type {number[][]} */
    const blocks = [];
    const mean = (/** @type {number[]} */ block) => block.reduce((a, b) => a + b, 0) / block.length;
    order.forEach((at, rank) => {
        blocks.push([heights[at] - gap * rank]);
        while (
            blocks.length > 1 &&
            mean(blocks[blocks.length - 2]) > mean(blocks[blocks.length - 1])
        ) {
            const last = /** @type {number[]} */ (blocks.pop());
            blocks[blocks.length - 1].push(...last);
        }
    });
    const level = blocks.flatMap((block) => block.map(() => mean(block)));
    const spread = new Array(heights.length);
    order.forEach((at, rank) => (spread[at] = level[rank] + gap * rank));
    return spread;
}

/**
 * Move heights up where they lie below a floor, and those above them as far as it takes.
 *
 * @param {number[]} heights (m,) a gap apart or more
 * @param {number} floor
 * @param {number} gap
 * @returns {number[]} (m,)
 */
function keptAbove(heights, floor, gap) {
    const lowestFirst = heights.map((_, i) => i).sort((a, b) => heights[b] - heights[a]);
    const kept = [...heights];
    lowestFirst.forEach((at, rank) => (kept[at] = Math.min(kept[at], floor - rank * gap)));
    return kept;
}

/**
 * Return at most `most` + 1 round numbers from `low` to `high`: 1, 2 or 5 times a power of ten apart.
 *
 * @param {number} low
 * @param {number} high above `low`
 * @param {number} most
 * @returns {number[]}
 */
export function linearTicks(low, high, most) {
    const rough = (high - low) / most;
    if (!(rough > 0)) return [low];
    const power = 10 ** Math.floor(Math.log10(rough));
    const step =
        power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
        ticks.push(i * step);
    return ticks;
}

/**
 * Return at most `most` round numbers between two positive ones.
 *
 * They are 1, 2 and 5 times the powers of ten; if these are too many, 1 and 3 times; then the
 * powers alone, every second power, and so on.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {number[]}
 */
export function logTicks(low, high, most) {
    const decades = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
        decades.push(e);
    /** @type {number[]} */
    let ticks = [];
    for (const factors of [[1, 2, 5], [1, 3], [1]]) {
        ticks = decades
            .flatMap((e) => factors.map((f) => f * 10 ** e))
            .filter((v) => v >= low && v <= high);
        if (ticks.length <= most) return ticks;
    }
    const every = Math.ceil(ticks.length / most);
    return ticks.filter((_, i) => i % every === 0);
}
