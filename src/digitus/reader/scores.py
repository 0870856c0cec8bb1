"""Scores of the arcs of a lattice: a small network on their features, learned on whole strings."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from digitus.reader.features import GEOMETRY, NAMES
from digitus.reader.pieces import Kind
from digitus.reader.sieve import COARSE_PX, Sieve, with_one

Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("digit", "dot", "comma", "dash", "other")
DIGITS = 10
CLASSES = DIGITS + len(KINDS) - 1
"""The ten digits, then the other kinds."""
SCORER, SIEVE = "scorer.safetensors", "sieve.safetensors"
LEAST = 1e-5  # probability of a digit


@dataclass(frozen=True, eq=False)
class Scorer:
    """Weights of the network from features to scores.

    Attributes:
        mean: (f,) of the features where it was learned.
        spread: (f,) their standard deviation.
        hidden: (f + 1, h) weights to the hidden layer; the last row is the bias.
        output: (h + 1, 5) weights to the kinds.
        trust: (10,) weight of the logarithm of the probability of each digit.
    """

    mean: Floats
    spread: Floats
    hidden: Floats
    output: Floats
    trust: Floats

    def scores(self, features: Floats, probabilities: Floats) -> Floats:
        """Score every arc as each digit and each other kind.

        Args:
            features: (m, f) see ``features``.
            probabilities: (m, 10) of the digits.

        Returns:
            (m, 14); only differences between the scores of whole ways count.
        """
        hidden = np.tanh(with_one((features - self.mean) / self.spread) @ self.hidden)
        kinds = with_one(hidden) @ self.output
        digits = kinds[:, :1] + self.trust * np.log(np.maximum(probabilities, LEAST))
        return np.concatenate([digits, kinds[:, 1:]], axis=1)


@cache
def shipped_scorer() -> Scorer:
    """Load the weights that come with the program."""
    return read_scorer(_place(SCORER))


@cache
def shipped_sieve() -> Sieve:
    """Load the sieve that comes with the program."""
    return read_sieve(_place(SIEVE))


def read_scorer(path: Path) -> Scorer:
    """Read weights of the scores.

    Raises:
        ValueError: if they were learned on other features.
    """
    arrays = {name: array.astype(np.float64) for name, array in load_file(path).items()}
    _check(len(arrays["mean"]), len(NAMES), path)
    return Scorer(**arrays)


def read_sieve(path: Path) -> Sieve:
    """Read a sieve.

    Raises:
        ValueError: if it was learned on other features.
    """
    arrays = load_file(path)
    _check(len(arrays["mean"]), len(GEOMETRY) + COARSE_PX**2, path)
    return Sieve(**arrays)


def _place(name: str) -> Path:
    return Path(str(files("digitus.reader") / "weights" / name))


def _check(found: int, wanted: int, path: Path) -> None:
    if found != wanted:
        raise ValueError(f"{path.name}: has {found} features, not {wanted}; learn it anew")
