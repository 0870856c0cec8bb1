"""Hard examples: what the network misreads in training is shown to it again (S0)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from digitus.nn.arrays import Ints
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.history import History
from digitus.nn.fitting.trainer import Settings, Trainer
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer
from digitus.nn.schedules import Schedule


def misread(network: Network, examples: Examples) -> Ints:
    """Return the indices of the rows whose largest output is not their class, in order."""
    wrong: Ints = np.flatnonzero(network.predict(examples.x) != examples.targets.argmax(axis=1))
    return wrong


def train_on_misread(
    network: Network,
    examples: Examples,
    *,
    rounds: int,
    make_optimizer: Callable[[], Optimizer],
    schedule: Schedule | float,
    settings: Settings,
    callbacks: Sequence[Callback] = (),
) -> list[tuple[int, History]]:
    """Collect the misread rows and train on them alone, ``rounds`` times over.

    Returns:
        For each round, the number of misread rows at its start and its history. It ends early
        when nothing is misread.
    """
    done: list[tuple[int, History]] = []
    for round_ in range(rounds):
        rows = misread(network, examples)
        if len(rows) == 0:
            break
        weights = None if examples.weights is None else examples.weights[rows]
        hard = Examples(examples.x[rows], examples.targets[rows], weights)
        trainer = Trainer(
            network,
            hard,
            optimizer=make_optimizer(),
            schedule=schedule,
            settings=replace(settings, seed=settings.seed + 1 + round_),
            callbacks=callbacks,
        )
        done.append((len(rows), trainer.run()))
    return done
