"""Profile of NumPy's training step on MNIST: microseconds of each part.

    python benchmarks/step.py [--hidden 128,64] [--batch N] [--optimizer adam] [--threads N]
                              [--epochs N] [--json]

The engine's methods are wrapped in timers, which add about 10 % to the step of a small network.
The first epoch is not measured. "rest" is gathering the rows, the code
of the trainer and the timers.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

import contest  # noqa: F401  (must be imported before NumPy)

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

Timers = dict[str, float]
"""Seconds by part."""


class AfterWarmUp(Callback):
    """Resets the timers after the first epoch."""

    def __init__(self, timers: Timers) -> None:
        self.timers = timers

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Reset the timers after the first epoch."""
        if epoch.epoch == 1:
            self.timers.clear()


def with_timer(function: Callable[..., Any], name: str, timers: Timers) -> Callable[..., Any]:
    """Return the function wrapped in a timer."""

    def timed(*arguments: Any, **options: Any) -> Any:
        start = perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            timers[name] += perf_counter() - start

    return timed


def add_timers(trainer: Trainer, timers: Timers) -> None:
    """Wrap every part of a training step in a timer."""
    network = trainer.network
    for i, layer in enumerate(network.layers):
        width = f" {layer.width}" if isinstance(layer, Dense) else ""
        for direction in ("forward", "backward"):
            name = f"{i} {layer.kind}{width} {direction}"
            setattr(layer, direction, with_timer(getattr(layer, direction), name, timers))
    loss = network.loss
    loss.value_and_gradient = with_timer(loss.value_and_gradient, "loss", timers)  # type: ignore[method-assign]  # wrapped
    loss.count_correct = with_timer(loss.count_correct, "counting right answers", timers)  # type: ignore[method-assign]  # wrapped
    optimizer = trainer.optimizer
    optimizer.step = with_timer(optimizer.step, "optimizer", timers)  # type: ignore[method-assign]  # wrapped


def measure(options: argparse.Namespace) -> dict[str, float]:
    """Return the microseconds per step of each part and of the whole."""
    data = load("mnist").train
    rows = Examples(data.pixels / np.float32(255), one_hot(data.labels))
    hidden = tuple(int(width) for width in options.hidden.split(","))
    config = TrainingConfig(hidden=hidden, optimizer=options.optimizer)
    settings = TrainerSettings(
        n_epochs=1 + options.epochs,
        batch_size=options.batch,
    )
    timers: Timers = defaultdict(float)
    trainer = Trainer(
        build_network(config),
        rows,
        optimizer=make_optimizer(config),
        schedule=1e-3,
        settings=settings,
        callbacks=[AfterWarmUp(timers)],
    )
    add_timers(trainer, timers)
    with threadpool_limits(options.threads, user_api="blas"):
        seconds = sum(epoch.seconds for epoch in list(trainer.run())[1:])
    steps = options.epochs * trainer.n_batches
    found = {name: value / steps * 1e6 for name, value in timers.items()}
    whole = seconds / steps * 1e6
    return {**found, "rest": whole - sum(found.values()), "whole step": whole}


def main() -> None:
    """Print the parts in the order of a step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hidden", default="128,64")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--optimizer", default="adam")
    parser.add_argument("--threads", type=int, default=2)
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
