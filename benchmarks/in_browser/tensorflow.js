/** TensorFlow.js with its WebAssembly backend: variables, and an optimizer that minimizes. */

import { fetchImages, firstWeights, serve } from "./task.js";

let rows, targets, task, weights, biases, optimizer;

async function load(path) {
    const source = await (await fetch(path)).text();
    (0, eval)(source);
}

async function prepare(given) {
    task = given;
    if (!self.tf) {
        await load("/npm/@tensorflow/tfjs/dist/tf.min.js");
        await load("/npm/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
        tf.wasm.setWasmPaths(`${self.location.origin}/npm/@tensorflow/tfjs-backend-wasm/dist/`);
        await tf.setBackend("wasm");
    }
    tf.disposeVariables();
    const { pixels, labels } = await fetchImages(task.n);
    rows = Float32Array.from(pixels, (pixel) => pixel / 255);
    targets = new Float32Array(task.n * 10);
    labels.forEach((label, i) => (targets[i * 10 + label] = 1));
    weights = firstWeights(task.widths).map((values, i) =>
        tf.variable(tf.tensor2d(values, [task.widths[i], task.widths[i + 1]])),
    );
    biases = task.widths.slice(1).map((h) => tf.variable(tf.zeros([h])));
    optimizer = task.optimizer === "adam" ? tf.train.adam(task.rate) : tf.train.sgd(task.rate);
}

function logits(x) {
    return weights.reduce((rows, weight, i) => {
        const z = tf.add(tf.matMul(rows, weight), biases[i]);
        return i < weights.length - 1 ? tf.relu(z) : z;
    }, x);
}

function train(indices) {
    const n = indices.length;
    const x = new Float32Array(n * 784);
    const wanted = new Float32Array(n * 10);
    indices.forEach((from, to) => {
        x.set(rows.subarray(from * 784, (from + 1) * 784), to * 784);
        wanted.set(targets.subarray(from * 10, (from + 1) * 10), to * 10);
    });
    return tf.tidy(() => {
        const [batch, labels] = [tf.tensor2d(x, [n, 784]), tf.tensor2d(wanted, [n, 10])];
        const cost = () => tf.losses.softmaxCrossEntropy(labels, logits(batch));
        return optimizer.minimize(cost, true).dataSync()[0];
    });
}

serve({ prepare, train });
