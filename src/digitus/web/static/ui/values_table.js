/** The values of a line chart as a table that can be opened below it. */

import { element } from "./element.js";
import { longest, nearest } from "./lines.js";
import { shortText } from "./numbers.js";

/** @typedef {import("./lines.js").Line} Line */

/** More rows would be read by no one. */
const MOST_ROWS = 12;

/** Some rows of the lines, the last one included; written only while it is open. */
export class ValuesTable {
    /** @param {(value: number) => string} written formats a value of a line */
    constructor(written) {
        this.written = written;
        /** @type {Line[]} */
        this.lines = [];
        this.xName = "";
        this.isStale = false;
        this.table = element("table", { class: "small" });
        this.element = element(
            "details",
            { class: "chart-table", ontoggle: () => this.write() },
            element("summary", { class: "small" }, "Values as a table"),
            this.table,
        );
    }

    /**
     * Show lines.
     *
     * @param {Line[]} lines
     * @param {string} xName name of the horizontal axis
     */
    update(lines, xName) {
        this.lines = lines;
        this.xName = xName;
        this.isStale = true;
        this.write();
    }

    /** Write the table, if it is open and not yet written. */
    write() {
        if (!this.element.open || !this.isStale) return;
        this.isStale = false;
        const names = [this.xName, ...this.lines.map((line) => line.shortName)];
        const head = names.map((text) => element("th", { scope: "col" }, text));
        this.table.replaceChildren(
            element("thead", {}, element("tr", {}, ...head)),
            element("tbody", {}, ...this.places().map((x) => this.row(x))),
        );
    }

    /** @returns {number[]} values of x that have a row */
    places() {
        const x = this.lines.length ? longest(this.lines).x : [];
        const rows = Math.min(x.length, MOST_ROWS);
        return Array.from(
            { length: rows },
            (_, i) => x[Math.round(((i + 1) * x.length) / rows) - 1],
        );
    }

    /**
     * Make a row.
     *
     * @param {number} x
     * @returns {HTMLTableRowElement}
     */
    row(x) {
        const cells = this.lines.map((line) => {
            const y = line.y[nearest(line.x, x)];
            return element("td", {}, Number.isFinite(y) ? this.written(y) : "");
        });
        return element("tr", {}, element("th", { scope: "row" }, shortText(x, 4)), ...cells);
    }
}
