"""Learning-rate search: a short training run at each of several rates (system S0; Smith 2017)."""

from collections.abc import Callable, Sequence
from math import inf, isfinite

import numpy as np

from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer

S0_RATES = tuple(float(10 ** (-2.5 + 0.2 * i)) for i in range(11))
"""10^-2.5 to 10^-0.5, the exponents 0.2 apart."""


def find_rate(
    network: Network,
    examples: Examples,
    *,
    make_optimizer: Callable[[], Optimizer],
    settings: TrainerSettings,
    rates: Sequence[float] = S0_RATES,
) -> list[tuple[float, float]]:
    """Train at each rate from the same parameters, which are restored at the end.

    Args:
        network: with the first parameters of each run.
        examples: rows to train on and to compute the loss on afterwards.
        make_optimizer: returns a new optimizer for each run.
        settings: settings of each run.
        rates: the learning rates to try.

    Returns:
        For each rate, (rate, loss after the run); the loss is infinite where training diverged.
    """
    start = network.parameters.copy()

    def loss_after(rate: float) -> float:
        network.parameters[...] = start
        optimizer = make_optimizer()
        return _loss_after(
            Trainer(network, examples, optimizer=optimizer, schedule=rate, settings=settings)
        )

    try:
        return [(float(rate), loss_after(float(rate))) for rate in rates]
    finally:  # after an interruption too
        network.parameters[...] = start


def _loss_after(trainer: Trainer) -> float:
    try:
        with np.errstate(all="ignore"):  # divergence at a large rate is a result, not an error
            trainer.run()
            loss, _ = evaluate(trainer.network, trainer.examples)
    except DivergenceError:
        return inf
    return loss if isfinite(loss) else inf


def best_rate(table: Sequence[tuple[float, float]]) -> float:
    """Return the rate with the lowest loss.

    Args:
        table: (rate, loss) for each rate, as `find_rate` returns it.

    Raises:
        DivergenceError: if training diverged at every rate.
    """
    rate, loss = min(table, key=lambda row: row[1])
    if not isfinite(loss):
        raise DivergenceError(
            "training diverged at every rate tried; try smaller ones, or inputs nearer to 0"
        )
    return rate
