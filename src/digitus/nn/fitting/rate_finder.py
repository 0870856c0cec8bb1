"""Which learning rate? Try several from the same start and look (S0's finder; Smith 2017)."""

from collections.abc import Callable, Sequence
from math import inf, isfinite

import numpy as np

from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.trainer import Settings, Trainer
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer


def rates_between(low: float = -2.5, high: float = -0.5, step: float = 0.2) -> list[float]:
    """Return the rates 10^low ... 10^high, the exponents ``step`` apart.

    >>> len(rates_between())
    11
    """
    if step <= 0 or high < low:
        raise ValueError(f"expected low <= high and step > 0, got {low}, {high}, {step}")
    count = int(np.floor((high - low) / step + 1e-9)) + 1
    return [float(10 ** (low + i * step)) for i in range(count)]


def find_rate(
    network: Network,
    examples: Examples,
    *,
    make_optimizer: Callable[[], Optimizer],
    rates: Sequence[float] | None = None,
    settings: Settings | None = None,
) -> list[tuple[float, float]]:
    """Train briefly at each rate from the same start; the network ends as it was.

    Args:
        network: the start of each trial.
        examples: rows to train on, and to measure the loss on afterwards.
        make_optimizer: gives a fresh optimizer for each trial.
        rates: what to try; by default 10^-2.5 to 10^-0.5 in 11 steps.
        settings: of each trial; by default one epoch in batches of 50, as S0.

    Returns:
        For each rate, (rate, loss after the trial); the loss is infinite where training broke.
    """
    settings = settings if settings is not None else Settings(n_epochs=1, batch_size=50)
    rates = list(rates) if rates is not None else rates_between()
    start = network.parameters.copy()

    def loss_after(rate: float) -> float:
        network.parameters[...] = start
        optimizer = make_optimizer()
        return _loss_after(
            Trainer(network, examples, optimizer=optimizer, schedule=rate, settings=settings)
        )

    try:
        return [(float(rate), loss_after(float(rate))) for rate in rates]
    finally:  # also when somebody interrupts
        network.parameters[...] = start


def _loss_after(trainer: Trainer) -> float:
    try:
        with np.errstate(all="ignore"):  # a rate that is too large is an answer, not a mishap
            trainer.run()
            loss, _ = evaluate(trainer.network, trainer.examples)
    except DivergenceError:
        return inf
    return loss if isfinite(loss) else inf


def best_rate(table: Sequence[tuple[float, float]]) -> float:
    """Return the rate with the lowest loss.

    Raises:
        DivergenceError: if training broke at every rate.
    """
    rate, loss = min(table, key=lambda row: row[1])
    if not isfinite(loss):
        raise DivergenceError(
            "training broke at every rate tried; try smaller ones, or inputs nearer to 0"
        )
    return rate
