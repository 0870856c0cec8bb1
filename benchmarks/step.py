"""Where a training step spends its time: microseconds of each part, on real MNIST.

    python benchmarks/step.py [--hidden 128,64] [--batch N] [--optimizer adam] [--threads N]
                              [--compiled] [--epochs N] [--json]

The clocks stand around the methods of the engine as it is; they add about a tenth to a small
network's step. A first epoch, in which Numba compiles, is not measured. "rest" is gathering the
rows, the trainer's own lines and the clocks.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

import contest  # noqa: F401  (frees OpenBLAS's choice of kernels before NumPy is imported)

# isort: split
import numpy as np
from threadpoolctl import threadpool_limits

from digitus.data import load, one_hot
from digitus.models.config import TrainingConfig, build_network, make_optimizer
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.layers import Dense

Clocks = dict[str, float]


class AfterWarmUp(Callback):
    """Sets the clocks back after the first epoch, in which Numba compiles."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Forget what was measured in the first epoch."""
        if epoch.epoch == 1:
            self.clocks.clear()


def clocked(function: Callable[..., Any], name: str, clocks: Clocks) -> Callable[..., Any]:
    """Return the function with a clock around it."""

    def timed(*arguments: Any, **options: Any) -> Any:
        start = perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            clocks[name] += perf_counter() - start

    return timed


def put_clocks(trainer: Trainer, clocks: Clocks) -> None:
    """Put a clock around every part of the trainer's step."""
    network = trainer.network
    for i, layer in enumerate(network.layers):
        width = f" {layer.width}" if isinstance(layer, Dense) else ""
        for way in ("forward", "backward"):
            name = f"{i} {layer.kind}{width} {way}"
            setattr(layer, way, clocked(getattr(layer, way), name, clocks))
    loss = network.loss
    loss.value_and_gradient = clocked(loss.value_and_gradient, "loss", clocks)  # type: ignore[method-assign]  # a clock around it
    loss.are_correct = clocked(loss.are_correct, "counting right answers", clocks)  # type: ignore[method-assign]  # a clock around it
    optimizer = trainer.optimizer
    optimizer.step = clocked(optimizer.step, "optimizer", clocks)  # type: ignore[method-assign]  # a clock around it


def measure(options: argparse.Namespace) -> dict[str, float]:
    """Train some epochs and give the microseconds a step of each part, and of the whole."""
    data = load("mnist").train
    rows = Examples(data.pixels / np.float32(255), one_hot(data.labels))
    hidden = tuple(int(width) for width in options.hidden.split(","))
    config = TrainingConfig(hidden=hidden, optimizer=options.optimizer)
    settings = TrainerSettings(
        n_epochs=1 + options.epochs,
        batch_size=options.batch,
        threads=options.threads,
        compiled=options.compiled,
    )
    clocks: Clocks = defaultdict(float)
    trainer = Trainer(
        build_network(config),
        rows,
        optimizer=make_optimizer(config),
        schedule=1e-3,
        settings=settings,
        callbacks=[AfterWarmUp(clocks)],
    )
    put_clocks(trainer, clocks)
    with threadpool_limits(options.threads, user_api="blas"):
        seconds = sum(epoch.seconds for epoch in list(trainer.run())[1:])
    steps = options.epochs * trainer.n_batches
    found = {name: value / steps * 1e6 for name, value in clocks.items()}
    whole = seconds / steps * 1e6
    return {**found, "rest": whole - sum(found.values()), "whole step": whole}


def main() -> None:
    """Print the parts, in the order of the step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hidden", default="128,64")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--optimizer", default="adam")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    found = measure(options)
    if options.as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:<28}{value:8.1f} us")


if __name__ == "__main__":
    main()
