/** Digitus: its engine as the page's worker uses it. */

import { ReLU } from "/engine/activations.js";
import { Dense } from "/engine/layers.js";
import { Network } from "/engine/network.js";
import { Adam, SGD } from "/engine/optimizers.js";
import { SparseRows } from "/engine/sparse_rows.js";
import { LastLosses, batches, fetchImages, firstWeights, serve } from "./task.js";

let rows, targets, network, optimizer, task;

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
}

function train(pass) {
    const losses = new LastLosses();
    let batch = null;
    const wanted = new Float32Array(task.batch * 10);
    for (const indices of batches(task.n, task.batch, pass)) {
        batch = rows.rows(indices, batch);
        for (let i = 0; i < indices.length; i++) {
            for (let c = 0; c < 10; c++) wanted[i * 10 + c] = targets[indices[i] * 10 + c];
        }
        losses.add(network.lossAndGradient(batch, wanted));
        optimizer.step(task.rate);
    }
    return losses.mean();
}

serve({ prepare, train });
