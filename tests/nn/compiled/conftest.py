"""Runs of the same training, compiled and not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.layers import Dense, Dropout, Layer
from digitus.nn.losses import Loss
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam, Optimizer

ACTIVATIONS: dict[str, Callable[[], Layer]] = {
    "relu": ReLU,
    "leaky_relu": lambda: LeakyReLU(0.3),
    "tanh": Tanh,
    "sigmoid": Sigmoid,
}
OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "nesterov": lambda: SGD(momentum=0.8, nesterov=True),
    "adam": Adam,
    "adamw": lambda: Adam(beta_1=0.8, weight_decay=0.1),
}
RATES = {"sgd": 0.3, "momentum": 0.05, "nesterov": 0.05, "adam": 0.01, "adamw": 0.01}


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., Examples]:
    """Make rows of which a share of the entries is not zero; column 7 is always empty."""

    def make(
        *, filled: float = 0.2, n: int = 230, d: int = 40, k: int = 5, weighted: bool = False
    ) -> Examples:
        rng = np.random.default_rng(0)
        x = rng.normal(size=(n, d)) * (rng.random((n, d)) < filled)
        x[:, 7] = 0
        targets = np.eye(k)[(x[:, :k]).argmax(axis=1)]
        weights = rng.uniform(0.5, 2, (n, 1)).astype(np.float32) if weighted else None
        return Examples(x.astype(np.float32), targets.astype(np.float32), weights)

    return make


@pytest.fixture(scope="session")
def make_run(make_rows: Callable[..., Examples]) -> Callable[..., Trainer]:
    """Make a trainer of two epochs of ten steps, the last on fewer rows."""

    def make(
        compiled: bool | str = True,
        *,
        hidden: tuple[int, ...] = (20, 9),
        activation: str = "relu",
        dropout: float = 0.0,
        loss: Loss | None = None,
        optimizer: str = "adam",
        rows: Examples | None = None,
        **changes: Any,
    ) -> Trainer:
        examples = rows or make_rows()
        layers: list[Layer] = []
        for width in hidden:
            layers.append(Dense(width))
            layers += [ACTIVATIONS[activation]()] if activation in ACTIVATIONS else []
            layers += [Dropout(dropout)] if dropout else []
        d, k = examples.x.shape[1], examples.targets.shape[1]
        network = Network(d, [*layers, Dense(k)], loss=loss, rng=np.random.default_rng(1))
        others = {name: changes.pop(name) for name in ("callbacks", "notify") if name in changes}
        settings = {"n_epochs": 2, "batch_size": 25, "seed": 3, **changes}
        return Trainer(
            network,
            examples,
            optimizer=OPTIMIZERS[optimizer](),
            schedule=RATES[optimizer],
            settings=TrainerSettings(compiled=compiled, **settings),
            **others,
        )

    return make
