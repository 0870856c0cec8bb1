/** The columns in which the numbers of a page stand, found from their boxes. */

/** @typedef {import("../api.js").Cell} Cell */

/**
 * Return the column of each number.
 *
 * Boxes that overlap from left to right share a column. Where two numbers of a line would share
 * one, or a box is not known, the page has no columns and numbers are counted from the left.
 *
 * @param {Cell[][]} lines
 * @returns {number[][]} for each line the columns of its numbers, from 0
 */
export function columnsOf(lines) {
    const counted = lines.map((cells) => cells.map((_, i) => i));
    const spans = lines.flat().map(({ box }) => box && [box[0], box[0] + box[2]]);
    if (spans.length === 0 || !spans.every((span) => span !== null && span[1] > span[0])) {
        return counted;
    }
    /** @type {number[]} right ends of the columns */
    const ends = [];
    for (const [left, right] of /** @type {number[][]} */ (spans).sort((a, b) => a[0] - b[0])) {
        if (ends.length === 0 || left >= ends[ends.length - 1]) ends.push(right);
        else ends[ends.length - 1] = Math.max(ends[ends.length - 1], right);
    }
    const found = lines.map((cells) =>
        cells.map(({ box }) => ends.findIndex((end) => (box?.[0] ?? 0) < end)),
    );
    const isApart = found.every((columns) =>
        columns.every((column, i) => i === 0 || column > columns[i - 1]),
    );
    return isApart ? found : counted;
}
