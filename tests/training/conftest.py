"""A small data set that any network learns: each digit is a bright row of its own, with noise."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from digitus.data import DataSet, Samples
from digitus.models.config import TrainingConfig, build_network
from digitus.training.listeners import Listener
from digitus.training.run import Run
from digitus.training.training_rows import prepare_rows


def _make(n: int, seed: int) -> Samples:
    rng, labels = np.random.default_rng(seed), np.arange(n) % 10
    images = rng.integers(0, 60, (n, 28, 28))
    images[np.arange(n), 2 * labels + 4] += 150
    return Samples(images.reshape(n, 784).astype(np.uint8), labels, f"made with seed {seed}")


@pytest.fixture(scope="session")
def data() -> DataSet:
    return DataSet("rows", _make(100, seed=1), _make(30, seed=2))


@pytest.fixture(scope="session")
def quick() -> Callable[..., TrainingConfig]:
    """Make a config that takes a moment; changes by keyword."""
    base = {"hidden": (12,), "epochs": 4, "batch_size": 16, "validation": 20, "rate": 0.01}
    return lambda **changes: TrainingConfig(**{**base, **changes})


class _Stopper(Listener):
    """Interrupts when it is asked for the second time."""

    asked = 0

    def wants_to_stop(self) -> bool:
        self.asked += 1
        return self.asked == 2


@pytest.fixture
def stopper() -> Listener:
    """A listener that interrupts when it is asked for the second time."""
    return _Stopper()


@pytest.fixture
def make_run(data: DataSet, tmp_path: Path) -> Callable[..., Run]:
    """Make a run of a config; its checkpoint lies in a folder of the test."""

    def make(
        config: TrainingConfig, *, listener: Listener | None = None, resume: bool = False
    ) -> Run:
        rows = prepare_rows(config, data)
        network = build_network(config)
        checkpoint = tmp_path / "m.checkpoint.safetensors"
        return Run(config, network, rows, checkpoint, data.sha256, resume, listener or Listener())

    return make
