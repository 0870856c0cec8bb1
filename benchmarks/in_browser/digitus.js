/** Digitus: its engine as the page's worker uses it. */

import { ReLU } from "/engine/activations.js";
import { Dense } from "/engine/layers.js";
import { Network } from "/engine/network.js";
import { Adam, SGD } from "/engine/optimizers.js";
import { SparseRows } from "/engine/sparse_rows.js";
import { fetchImages, firstWeights, serve } from "./task.js";

let rows, targets, network, optimizer, task, batch;

async function prepare(given) {
    task = given;
    const { pixels, labels } = await fetchImages(task.n);
    rows = SparseRows.of(pixels, task.n, 784, 255);
    targets = new Float32Array(task.n * 10);
    labels.forEach((label, i) => (targets[i * 10 + label] = 1));
    const [d, ...widths] = task.widths;
    const layers = widths.flatMap((h) => [new Dense(h), new ReLU()]).slice(0, -1);
    network = new Network(d, layers);
    const weights = network.namedParameters().filter(({ name }) => name.endsWith("weight"));
    firstWeights(task.widths).forEach((values, i) => weights[i].values.set(values));
    optimizer = task.optimizer === "adam" ? new Adam() : new SGD();
    optimizer.bind(network);
    batch = null;
}

function train(indices) {
    batch = rows.rows(indices, batch);
    const wanted = new Float32Array(indices.length * 10);
    indices.forEach((from, to) => wanted.set(targets.subarray(from * 10, (from + 1) * 10), to * 10));
    const loss = network.lossAndGradient(batch, wanted);
    optimizer.step(task.rate);
    return loss;
}

serve({ prepare, train });
