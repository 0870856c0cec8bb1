"""The compiled steps on compressed and on dense rows, by the share of entries that are not zero.

    python benchmarks/density.py [--steps N]

Microseconds of one core a step at 784-128-64-10, batch 128, Adam, one thread; the two alternate.
`Density.most` of `digitus.nn.compiled.arrays.compressed_rows` is chosen from this.
"""

import argparse
from statistics import median
from time import process_time

import numpy as np

from digitus.nn.activations import ReLU
from digitus.nn.compiled import compressed_rows
from digitus.nn.compiled.arrays.compressed_rows import Density
from digitus.nn.compiled.engine import CompiledSteps
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.nn.optimizers import Adam

N_ROWS, BATCH, ROUNDS = 8_192, 128, 7


def make_steps(filled: float, *, compress: bool) -> CompiledSteps:
    """Return compiled steps on random rows of which a share is not zero."""
    rng = np.random.default_rng(0)
    x = rng.random((N_ROWS, 784), np.float32) * (rng.random((N_ROWS, 784)) < filled)
    targets = np.eye(10, dtype=np.float32)[rng.integers(10, size=N_ROWS)]
    network = Network(784, [Dense(128), ReLU(), Dense(64), ReLU(), Dense(10)], rng=rng)
    optimizer = Adam()
    optimizer.bind(network)
    steps = CompiledSteps(network, optimizer, n_rows=BATCH, threads=1, l2=0.0, notify=print)
    compressed_rows.DENSITY = Density(most=1.0 if compress else -1.0)
    steps.set_rows(x.astype(np.float32), targets, None)
    return steps


def microseconds(steps: CompiledSteps, n_steps: int) -> float:
    """Return the time of the core that a step takes."""
    rng = np.random.default_rng(1)
    order = rng.integers(N_ROWS, size=n_steps * BATCH)
    start = process_time()
    steps.run(order, [1e-3] * n_steps, rng)
    return (process_time() - start) / n_steps * 1e6


def main() -> None:
    """Print the medians for each share."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=60, help="steps of a measurement")
    n_steps = parser.parse_args().steps
    print("not zero  compressed      dense")
    for filled in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        both = [make_steps(filled, compress=compress) for compress in (True, False)]
        times = [[microseconds(steps, n_steps) for steps in both] for _ in range(ROUNDS + 1)][1:]
        compressed, dense = (median(column) for column in zip(*times, strict=True))
        print(f"{filled:8.0%}  {compressed:7.0f} us {dense:7.0f} us")


if __name__ == "__main__":
    main()
