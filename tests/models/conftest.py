"""Models to save and to damage, and folders to do it in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.models.architecture import LAYERS, build, dense_chain
from digitus.models.model import Model


@pytest.fixture(scope="session")
def make_model() -> Callable[..., Model]:
    """Make a model with random parameters: ``make_model((784, 10, 10), "relu")``."""

    def make(
        widths: Sequence[int] = (784, 12, 10),
        activation: str | None = "relu",
        *,
        output: str = "softmax",
        dtype: Any = np.float32,
        normalizer: Normalizer | None = None,
        seed: int = 0,
        **facts: Any,
    ) -> Model:
        bend = LAYERS[activation]() if activation else None
        network = build(dense_chain(widths, bend, output=output), dtype=dtype)
        rng = np.random.default_rng(seed)
        network.parameters[...] = rng.normal(0, 0.1, network.parameters.size)
        return Model("made", network, normalizer or Normalizer("unit"), **facts)

    return make


@pytest.fixture(scope="session")
def pixels() -> np.ndarray:
    """Give 1,000 rows of bytes, mostly paper."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 256, (1000, 784)) * (rng.random((1000, 784)) < 0.2)
    return rows.astype(np.uint8)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a new empty folder at every call, also within one hypothesis test."""
    return lambda: tmp_path_factory.mktemp("models")
