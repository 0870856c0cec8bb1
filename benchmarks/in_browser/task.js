/**
 * The task that all contestants get: images, first weights, the order of the images, and the loss.
 *
 * Every contestant is a worker: it answers {command: "prepare", task} with {ready: true}, and
 * {command: "train", part} with {seconds, loss} of one part of an epoch, loss being the mean of its
 * batches as they were trained on.
 */

import { Random } from "/engine/random.js";

/**
 * @typedef {object} Task
 * @property {number[]} widths from the pixels to the classes
 * @property {"sgd" | "adam"} optimizer
 * @property {number} rate
 * @property {number} batch
 * @property {number} n images of an epoch
 * @property {number} parts of an epoch
 */

/** Fetch the task's images: pixels 0..255 (n, 784) and labels (n,). */
export async function fetchImages(n) {
    const bytes = new Uint8Array(await (await fetch(`/images/${n}`)).arrayBuffer());
    return { labels: bytes.subarray(0, n), pixels: bytes.subarray(n) };
}

/** Return the first weight (d, h) of every layer, He-initialized from one seed; biases are 0. */
export function firstWeights(widths) {
    const random = new Random([0, 1]);
    return widths.slice(1).map((h, i) => {
        const d = widths[i];
        return Float32Array.from({ length: d * h }, () => random.normal() * Math.sqrt(2 / d));
    });
}

/** Return the indices of each batch of an epoch, in the order of one seed. */
function batchesOf({ n, batch }) {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    new Random([0, 2]).shuffle(order);
    const starts = Array.from({ length: Math.ceil(n / batch) }, (_, i) => i * batch);
    return starts.map((start) => order.subarray(start, start + batch));
}

/**
 * Answer the commands of the page with a contestant.
 *
 * @param {object} contestant
 * @param {(task: Task) => Promise<void>} contestant.prepare make the network
 * @param {(indices: Uint32Array) => number} contestant.train take a step and return the loss
 */
export function serve({ prepare, train }) {
    let batches = [];
    let parts = 1;
    const trainPart = (part) => {
        const size = Math.ceil(batches.length / parts);
        const losses = batches.slice(part * size, (part + 1) * size).map(train);
        return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    };
    self.onmessage = async ({ data: { command, task, part } }) => {
        try {
            if (command === "prepare") {
                batches = batchesOf(task);
                parts = task.parts;
                await prepare(task);
                self.postMessage({ ready: true });
                return;
            }
            const start = performance.now();
            const loss = trainPart(part);
            self.postMessage({ seconds: (performance.now() - start) / 1000, loss });
        } catch (error) {
            self.postMessage({ error: String(error) });
        }
    };
}
