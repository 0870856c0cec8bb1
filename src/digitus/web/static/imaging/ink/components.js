/** Connected components of the ink. */

/**
 * @typedef {object} Component
 * @property {number} left first column
 * @property {number} top first row
 * @property {number} right the column after the last
 * @property {number} bottom the row after the last
 */

/**
 * @typedef {object} Labelled
 * @property {Int32Array} labels (height, width) 0 paper, or 1 + the place of the component
 * @property {Component[]} components
 */

/**
 * Label the connected components of a mask, diagonal neighbors included.
 *
 * @param {ArrayLike<number>} mask (height, width) 0 is paper
 * @param {number} width
 * @param {number} height
 * @returns {Labelled}
 */
export function labelComponents(mask, width, height) {
    const labels = new Int32Array(width * height);
    const queue = new Int32Array(width * height);
    /** @type {Component[]} */
    const components = [];
    for (let start = 0; start < labels.length; start++) {
        if (!mask[start] || labels[start]) continue;
        const box = { left: width, top: height, right: 0, bottom: 0 };
        const label = components.push(box);
        labels[start] = label;
        queue[0] = start;
        for (let done = 0, n = 1; done < n; done++) {
            const row = Math.floor(queue[done] / width);
            const col = queue[done] - row * width;
            box.left = Math.min(box.left, col);
            box.right = Math.max(box.right, col + 1);
            box.top = Math.min(box.top, row);
            box.bottom = Math.max(box.bottom, row + 1);
            for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
                for (let x = Math.max(0, col - 1); x <= Math.min(width - 1, col + 1); x++) {
                    const place = y * width + x;
                    if (!mask[place] || labels[place]) continue;
                    labels[place] = label;
                    queue[n++] = place;
                }
            }
        }
    }
    return { labels, components };
}
