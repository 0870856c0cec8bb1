/** Where ticks and labels of a chart stand. */

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
export function keptAbove(heights, floor, gap) {
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
