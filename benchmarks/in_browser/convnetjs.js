/** ConvNetJS: its own layers and trainer, one volume used again for every image. */

import { fetchImages, firstWeights, serve } from "./task.js";

let images, net, trainer, task, volume;

async function prepare(given) {
    task = given;
    if (!self.convnetjs) {
        self.window = self; // which the script fills
        const source = await (await fetch("/npm/convnetjs/build/convnet.js")).text();
        (0, eval)(source);
    }
    images = await fetchImages(task.n);
    const [d, ...widths] = task.widths;
    const hidden = widths.slice(0, -1);
    net = new convnetjs.Net();
    net.makeLayers([
        { type: "input", out_sx: 1, out_sy: 1, out_depth: d },
        ...hidden.map((h) => ({ type: "fc", num_neurons: h, activation: "relu" })),
        { type: "softmax", num_classes: widths.at(-1) },
    ]);
    const dense = net.layers.filter((layer) => layer.layer_type === "fc");
    firstWeights(task.widths).forEach((values, i) => {
        const h = task.widths[i + 1];
        dense[i].filters.forEach((filter, c) => {
            for (let j = 0; j < filter.w.length; j++) filter.w[j] = values[j * h + c];
        });
        dense[i].biases.w.fill(0);
    });
    const options = { method: "sgd", learning_rate: task.rate, momentum: 0, l2_decay: 0 };
    trainer = new convnetjs.Trainer(net, { ...options, batch_size: task.batch });
    volume = new convnetjs.Vol(1, 1, d, 0);
}

function train(indices) {
    trainer.k = 0; // the last batch is shorter
    trainer.batch_size = indices.length;
    let sum = 0;
    for (const i of indices) {
        for (let j = 0; j < 784; j++) volume.w[j] = images.pixels[i * 784 + j] / 255;
        sum += trainer.train(volume, images.labels[i]).cost_loss;
    }
    return sum / indices.length;
}

serve({ prepare, train });
