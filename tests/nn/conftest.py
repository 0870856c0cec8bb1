"""Small networks and examples for the engine's tests."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.losses import Loss
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam
from digitus.nn.schedules import OneCycle

ACTIVATIONS = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "leaky_relu_0.3": lambda: LeakyReLU(0.3),
    "tanh": Tanh,
    "sigmoid": Sigmoid,
}


@pytest.fixture(scope="session")
def make_network() -> Callable[..., Network]:
    def make(
        d: int = 6,
        k: int = 3,
        *,
        hidden: Sequence[int] = (8,),
        activation: str = "relu",
        dropout: float = 0.0,
        input_bias: bool = False,
        loss: Loss | None = None,
        dtype: type = np.float32,
        seed: int = 0,
    ) -> Network:
        layers: list[Layer] = [InputBias()] if input_bias else []
        for width in hidden:
            layers += [Dense(width), ACTIVATIONS[activation]()]
            layers += [Dropout(dropout)] if dropout else []
        layers.append(Dense(k))
        return Network(d, layers, loss=loss, dtype=dtype, rng=np.random.default_rng(seed))

    return make


@pytest.fixture(scope="session")
def make_examples() -> Callable[..., Examples]:
    """Make rows around one center per class; the first k rows are of k classes."""

    def make(
        n: int = 60,
        d: int = 6,
        k: int = 3,
        *,
        seed: int = 0,
        noise: float = 0.5,
        weighted: bool = False,
        dtype: type = np.float32,
    ) -> Examples:
        rng = np.random.default_rng(seed)
        classes = np.arange(n) % k
        x = np.eye(k, d)[classes] + noise * rng.standard_normal((n, d))
        weights = rng.uniform(0.5, 2, (n, 1)).astype(dtype) if weighted else None
        return Examples(x.astype(dtype), np.eye(k, dtype=dtype)[classes], weights)

    return make


@pytest.fixture
def train(make_network, make_examples) -> Callable[..., Trainer]:
    """Train a small network with dropout for three epochs of four batches."""

    def run(*, optimizer=None, schedule=0.1, callbacks=(), validation=None, **changes) -> Trainer:
        trainer = Trainer(
            make_network(dropout=0.2),
            make_examples(),
            optimizer=optimizer or SGD(),
            schedule=schedule,
            settings=TrainerSettings(**{"n_epochs": 3, "batch_size": 16, **changes}),
            callbacks=callbacks,
            validation=validation,
        )
        trainer.run()
        return trainer

    return run


@pytest.fixture(scope="session")
def make_trainer(make_network, make_examples) -> Callable[..., Trainer]:
    """Make a trainer of five epochs of four batches that uses every kind of state."""

    def make(
        optimizer=None,
        *,
        callbacks=(),
        seed=0,
        order_seed=3,
        schedule=None,
        network=None,
        rows=None,
        **changes,
    ) -> Trainer:
        settings = {"n_epochs": 5, "batch_size": 16, "l2": 0.1, **changes}
        network = network or make_network(hidden=(8, 5), dropout=0.3, input_bias=True, seed=seed)
        return Trainer(
            network,
            rows or make_examples(weighted=True),
            optimizer=optimizer or Adam(),
            schedule=schedule or OneCycle(0.05),
            settings=TrainerSettings(**settings, seed=order_seed),
            validation=make_examples(n=30, seed=1),
            callbacks=callbacks,
        )

    return make
