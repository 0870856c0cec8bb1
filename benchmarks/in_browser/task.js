/**
 * The task that all contestants get: images, first weights, the order of the images, and the loss.
 *
 * Every contestant is a worker: it answers {command: "prepare", task} with {ready: true}, and
 * {command: "train"} with {seconds, loss} of one pass over the images, loss being the mean of the
 * last tenth of the batches as they were trained on.
 */

import { Random } from "/engine/random.js";

/**
 * @typedef {object} Task
 * @property {number[]} widths from the pixels to the classes
 * @property {"sgd" | "adam"} optimizer
 * @property {number} rate
 * @property {number} batch
 * @property {number} n images
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

/** Yield the indices of each batch of one pass, in the order of one seed and pass. */
export function* batches(n, batch, pass) {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    new Random([0, 2, pass]).shuffle(order);
    for (let start = 0; start < n; start += batch) yield order.subarray(start, start + batch);
}

/** The mean loss of the last tenth of the batches. */
export class LastLosses {
    constructor() {
        this.losses = [];
    }

    add(loss) {
        this.losses.push(loss);
    }

    mean() {
        const last = this.losses.slice(-Math.ceil(this.losses.length / 10));
        return last.reduce((sum, loss) => sum + loss, 0) / last.length;
    }
}

/** Answer the commands of the page with a contestant: `prepare(task)` and `train(pass) -> loss`. */
export function serve(contestant) {
    let pass = 0;
    self.onmessage = async ({ data: { command, task } }) => {
        try {
            if (command === "prepare") {
                pass = 0;
                await contestant.prepare(task);
                self.postMessage({ ready: true });
                return;
            }
            const start = performance.now();
            const loss = contestant.train(pass++);
            self.postMessage({ seconds: (performance.now() - start) / 1000, loss });
        } catch (error) {
            self.postMessage({ error: String(error) });
        }
    };
}
