"""Digits of the synthetic pen, to write lines with."""

import numpy as np
import pytest

from digitus.data import DataSet, Samples
from digitus.synthesis.pen.pen_drawings import pen_patches


def _draw(n: int, seed: int) -> Samples:
    patches, labels = pen_patches(n, np.random.default_rng(seed))
    pixels = np.rint(255 * patches).astype(np.uint8).reshape(len(patches), -1)
    return Samples(pixels, labels, "pen")


@pytest.fixture(scope="package")
def samples() -> Samples:
    """300 digits."""
    return _draw(300, 0)


@pytest.fixture(scope="package")
def digits() -> DataSet:
    """2,000 digits, of which 1,000 can be held out."""
    return DataSet("pen", _draw(2000, 1), None)
