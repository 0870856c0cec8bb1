"""A small data set that any network learns: each digit is a bright row of its own, with noise."""

from collections.abc import Callable

import numpy as np
import pytest

from digitus.data import DataSet, Samples
from digitus.models.config import TrainingConfig


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
