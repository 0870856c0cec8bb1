"""Hard examples: additional training on the rows that the network misreads (system S0)."""

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
    optimizer: Optimizer,
    schedule: Schedule | float,
    settings: TrainerSettings,
) -> tuple[int, History]:
    """Train on the misread rows alone.

    Args:
        network: to train.
        examples: rows to search for misread ones.
        optimizer: a new one.
        schedule: learning rate.
        settings: epochs, batch size, penalty and seed.

    Returns:
        The number of misread rows before the training, and its history; an empty history if
        every row is read right.
    """
    rows = misread(network, examples)
    if len(rows) == 0:
        return 0, History()
    weights = None if examples.weights is None else examples.weights[rows]
    trainer = Trainer(
        network,
        Examples(examples.x[rows], examples.targets[rows], weights),
        optimizer=optimizer,
        schedule=schedule,
        settings=settings,
    )
    return len(rows), trainer.run()
