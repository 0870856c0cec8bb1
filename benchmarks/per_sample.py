"""One epoch of 784-100-10, SGD, batches of 50, on MNIST: Digitus beside a loop over samples.

    python benchmarks/per_sample.py [--quick] [--json] [--threads N]

The loop is the method of S0, one of the systems that Digitus replaces, rewritten in plain NumPy:
float64, one sample at a time, and for each layer a separate backward pass from the output down. It
is timed on a part of the rows, in whole batches, and scaled to 60,000; the Trainer does all rows,
in float32. Both run in one process, alternating (A B A B ...), with the same number of BLAS
threads; the ratio is that of the medians after one warm-up. First, both must reach the same loss
from the same weights on the same rows.
"""

import argparse
import json
from statistics import median
from time import perf_counter

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from digitus.data import load, one_hot
from digitus.nn.activations import ReLU
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.initializers import glorot_uniform
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD

BATCH, RATE, ROWS, AT_LEAST = 50, 10**-1.1, 60_000, 20
LOSS_TOLERANCE = 1e-3  # relative: float32 against float64
Doubles = npt.NDArray[np.float64]


class PerSample:
    """A ReLU network with softmax that computes one sample at a time.

    Args:
        weights: (d, h) of each layer.
        biases: (h,) of each layer.
    """

    def __init__(self, weights: list[Doubles], biases: list[Doubles]) -> None:
        self.weights, self.biases = weights, biases

    def train(self, x: Doubles, targets: Doubles) -> float:
        """Train one epoch on rows (n, d) and targets (n, k); return the mean loss."""
        loss = 0.0
        for start in range(0, len(x), BATCH):
            part = slice(start, start + BATCH)
            loss += self._train_batch(x[part], targets[part])
        return loss / len(x)

    def _train_batch(self, x: Doubles, targets: Doubles) -> float:
        weight_grads = [np.zeros_like(weight) for weight in self.weights]
        bias_grads = [np.zeros_like(bias) for bias in self.biases]
        loss = 0.0
        for row, target in zip(x, targets, strict=True):
            outputs = self._forward(row)
            loss -= float(np.log(outputs[-1] @ target))
            for layer in range(len(self.weights)):
                grad = self._backward(outputs, target, layer)
                weight_grads[layer] += np.outer(outputs[layer], grad)
                bias_grads[layer] += grad
        for layer in range(len(self.weights)):
            self.weights[layer] -= RATE / len(x) * weight_grads[layer]
            self.biases[layer] -= RATE / len(x) * bias_grads[layer]
        return loss

    def _forward(self, row: Doubles) -> list[Doubles]:
        """Return the input (d,), the hidden outputs and the probabilities (k,) of one sample."""
        outputs = [row]
        for weight, bias in zip(self.weights, self.biases, strict=True):
            outputs.append(np.maximum(outputs[-1] @ weight + bias, 0))
        logits = outputs[-2] @ self.weights[-1] + self.biases[-1]
        scores = np.exp(logits - logits.max())
        outputs[-1] = scores / scores.sum()
        return outputs

    def _backward(self, outputs: list[Doubles], target: Doubles, layer: int) -> Doubles:
        """Return dLoss/d(x @ weight + bias) of one layer (h,), computed from the output down."""
        grad: Doubles = outputs[-1] - target
        for above in range(len(self.weights) - 1, layer, -1):
            grad = (self.weights[above] @ grad) * (outputs[above] > 0)
        return grad


def new_network() -> Network:
    """Return 784-100-10 with the same first parameters at every call."""
    layers = [Dense(100, weights=glorot_uniform), ReLU(), Dense(10, weights=glorot_uniform)]
    return Network(784, layers, rng=np.random.default_rng(0))


def train_loop(rows: Examples) -> tuple[float, float]:
    """Train one epoch with the loop; return seconds and mean loss."""
    dense = new_network().dense_layers()
    loop = PerSample(
        [layer.weight.astype(np.float64) for layer in dense],
        [layer.bias.astype(np.float64) for layer in dense],
    )
    x, targets = rows.x.astype(np.float64), rows.targets.astype(np.float64)
    start = perf_counter()
    loss = loop.train(x, targets)
    return perf_counter() - start, loss


def train_engine(rows: Examples, *, shuffle: bool) -> tuple[float, float]:
    """Train one epoch with the engine; return seconds and mean loss."""
    settings = TrainerSettings(n_epochs=1, batch_size=BATCH, shuffle=shuffle)
    trainer = Trainer(new_network(), rows, optimizer=SGD(), schedule=RATE, settings=settings)
    start = perf_counter()
    history = trainer.run()
    return perf_counter() - start, history[-1].loss


def check_losses(part: Examples) -> tuple[float, float]:
    """Return the losses of loop and engine on the same rows in the same order.

    Raises:
        SystemExit: if they differ.
    """
    loop, engine = train_loop(part)[1], train_engine(part, shuffle=False)[1]
    if abs(loop - engine) > LOSS_TOLERANCE * loop:
        raise SystemExit(f"the losses differ ({loop:.5f}, {engine:.5f}): not the same training")
    return loop, engine


def measure(rows: Examples, part: Examples, runs: int) -> tuple[float, float]:
    """Return the median seconds per epoch of the loop, scaled to all rows, and of the engine."""
    loop, engine = [], []
    for run in range(runs + 1):
        times = train_loop(part)[0] * len(rows) / len(part), train_engine(rows, shuffle=True)[0]
        if run:
            loop.append(times[0])
            engine.append(times[1])
    return median(loop), median(engine)


def main() -> None:
    """Print the ratio and the required one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="1,000 rows with the loop, 3 runs each"
    )
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=1, help="BLAS threads, the same for both")
    options = parser.parse_args()
    n_loop, runs = (1_000, 3) if options.quick else (3_000, 7)
    data = load("mnist").train.rows(slice(ROWS))
    x = data.pixels.astype(np.float32) / np.float32(255)
    rows = Examples(x, one_hot(data.labels))
    part = rows.part(slice(n_loop))
    with threadpool_limits(options.threads, user_api="blas"):
        losses = check_losses(part)
        loop_s, engine_s = measure(rows, part, runs)
    found = {
        "rows": len(rows),
        "rows_by_loop": n_loop,
        "runs": runs,
        "losses": losses,
        "loop_s": loop_s,
        "engine_s": engine_s,
        "ratio": loop_s / engine_s,
        "at_least": AT_LEAST,
    }
    if options.as_json:
        print(json.dumps(found))
        return
    print(
        f"one epoch of {len(rows):,} rows, batches of {BATCH}, {runs} runs each, "
        f"{options.threads} BLAS thread(s)"
    )
    print(f"mean loss on {n_loop:,} rows: loop {losses[0]:.5f}, digitus {losses[1]:.5f}")
    print(
        f"loop over samples {loop_s:.2f} s (scaled from {n_loop:,} rows), Trainer {engine_s:.3f} s"
    )
    print(f"{loop_s / engine_s:.0f} times as fast (at least {AT_LEAST})")


if __name__ == "__main__":
    main()
