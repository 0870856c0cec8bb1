"""One epoch of 784-128-64-10, Adam, batches of 128, on MNIST: Digitus beside scikit-learn.

    python benchmarks/epoch.py [--quick] [--json] [--threads N]

All run in one process, alternating (A B C A B C ...), on the same float32 rows in memory, with the
same BLAS and number of threads. A run includes everything from the labels to the trained weights.
The ratio is that of the medians after one warm-up.
"""

import argparse
import json
import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier as TheirClassifier
from threadpoolctl import threadpool_limits

from digitus.classifier import MLPClassifier as OurClassifier
from digitus.data import load, one_hot
from digitus.nn.activations import ReLU
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.initializers import he_normal
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.nn.optimizers import Adam

BATCH, RATE, LAMBDA = 128, 1e-3, 1e-4
BASELINE = "scikit-learn MLPClassifier"
Rows = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer[Any]]


def train_engine(x: Rows, labels: Labels) -> None:
    """Train one epoch with the engine."""
    layers = [
        Dense(128, weights=he_normal),
        ReLU(),
        Dense(64, weights=he_normal),
        ReLU(),
        Dense(10, weights=he_normal),
    ]
    network = Network(x.shape[1], layers, rng=np.random.default_rng(0))
    settings = TrainerSettings(n_epochs=1, batch_size=BATCH, l2=LAMBDA)
    rows = Examples(x, one_hot(labels))
    Trainer(network, rows, optimizer=Adam(), schedule=RATE, settings=settings).run()


def train_estimator(make: Callable[..., Any]) -> Callable[[Rows, Labels], None]:
    """Return a function that trains a scikit-learn estimator for one epoch."""

    def train(x: Rows, labels: Labels) -> None:
        model = make(
            (128, 64),
            batch_size=BATCH,
            alpha=LAMBDA,
            learning_rate_init=RATE,
            max_iter=1,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is intended
            model.fit(x, labels)

    return train


CONTESTANTS: dict[str, Callable[[Rows, Labels], None]] = {
    "digitus engine": train_engine,
    "digitus MLPClassifier": train_estimator(OurClassifier),
    BASELINE: train_estimator(TheirClassifier),
}


def seconds(train: Callable[[Rows, Labels], None], x: Rows, labels: Labels) -> float:
    """Return the duration of one run."""
    start = perf_counter()
    train(x, labels)
    return perf_counter() - start


def measure(x: Rows, labels: Labels, runs: int) -> dict[str, list[float]]:
    """Return the times of all contestants, alternating, after one warm-up each."""
    times: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for run in range(runs + 1):
        for name, train in CONTESTANTS.items():
            taken = seconds(train, x, labels)
            if run:
                times[name].append(taken)
    return times


def main() -> None:
    """Print the medians and their ratio to scikit-learn's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10,000 rows, 5 runs each")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=1, help="BLAS threads, the same for all")
    options = parser.parse_args()
    data = load("mnist").train
    n, runs = (10_000, 5) if options.quick else (len(data.pixels), 9)
    x = data.pixels[:n].astype(np.float32) / np.float32(255)
    with threadpool_limits(options.threads, user_api="blas"):
        times = measure(x, data.labels[:n], runs)
    base = median(times[BASELINE])
    found = [
        {
            "name": name,
            "median_s": median(each),
            "fastest_s": min(each),
            "ratio": median(each) / base,
        }
        for name, each in times.items()
    ]
    if options.as_json:
        print(json.dumps({"rows": n, "runs": runs, "threads": options.threads, "times": found}))
        return
    print(f"one epoch of {n:,} rows, {runs} runs each, {options.threads} BLAS thread(s)")
    for row in found:
        print(
            f"{row['name']:<28} median {row['median_s']:6.3f} s   fastest {row['fastest_s']:6.3f} s"
            f"   ratio {row['ratio']:.2f}"
        )


if __name__ == "__main__":
    main()
