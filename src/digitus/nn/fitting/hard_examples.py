"""Hard examples: additional training on the rows that the network misreads (system S0)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from digitus.nn.arrays import Ints
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.history import History
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer
from digitus.nn.schedules import Schedule


def misread(network: Network, examples: Examples) -> Ints:
    """Return the indices of the rows whose largest output is not their class, ascending."""
    wrong: Ints = np.flatnonzero(network.predict(examples.x) != examples.targets.argmax(axis=1))
    return wrong


def train_on_misread(
    network: Network,
    examples: Examples,
    *,
    rounds: int,
    make_optimizer: Callable[[], Optimizer],
    schedule: Schedule | float,
    settings: TrainerSettings,
) -> list[tuple[int, History]]:
    """Train on the misread rows alone, ``rounds`` times.

    Args:
        network: to train.
        examples: rows to search for misread ones.
        rounds: how often to search and train.
        make_optimizer: returns a new optimizer for each round.
        schedule: learning rate of each round.
        settings: of each round; each uses another seed, counted on from this one.

    Returns:
        For each round, the number of misread rows at its start and its history; fewer rounds
        when nothing is misread.
    """
    done: list[tuple[int, History]] = []
    for round_ in range(rounds):
        rows = misread(network, examples)
        if len(rows) == 0:
            break
        weights = None if examples.weights is None else examples.weights[rows]
        trainer = Trainer(
            network,
            Examples(examples.x[rows], examples.targets[rows], weights),
            optimizer=make_optimizer(),
            schedule=schedule,
            settings=replace(settings, seed=settings.seed + 1 + round_),
        )
        done.append((len(rows), trainer.run()))
    return done
