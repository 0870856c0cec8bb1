"""A sieve: candidates that a glance shows to be no one thing are never shown to the network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

COARSE_PX = 14  # side of a patch at a glance


@dataclass(frozen=True, eq=False)
class Sieve:
    """A small network from a range's coarse patch and geometry to the log odds of being a thing.

    Attributes:
        mean: (f,) of what it looks at, where it was learned.
        spread: (f,) its standard deviation.
        hidden: (f + 1, h) weights to the hidden layer; the last row is the bias.
        output: (h + 1, 1) weights to the log odds.
        least: (1,) log odds from which a range is kept.
    """

    mean: Floats
    spread: Floats
    hidden: Floats
    output: Floats
    least: Floats

    def keeps(self, patches: Floats, geometry: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which ranges are worth a look.

        Args:
            patches: (n, 28, 28) of the ranges.
            geometry: (n, g) see ``features``.
        """
        kept: NDArray[np.bool_] = self.odds(at_a_glance(patches, geometry)) >= self.least[0]
        return kept

    def odds(self, glances: Floats) -> Floats:
        """Log odds (n,) that a range is any one thing."""
        hidden = np.tanh(with_one((glances - self.mean) / self.spread) @ self.hidden)
        odds: Floats = (with_one(hidden) @ self.output)[:, 0].astype(np.float32)
        return odds


def at_a_glance(patches: Floats, geometry: NDArray[np.float64]) -> Floats:
    """Join coarse patches and geometry (n, f)."""
    n = len(patches)
    coarse = patches.reshape(n, COARSE_PX, 2, COARSE_PX, 2).mean(axis=(2, 4))
    return np.concatenate([coarse.reshape(n, -1), geometry], axis=1, dtype=np.float32)


def with_one(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Add a column of ones, which a bias multiplies."""
    return np.concatenate([rows, np.ones((len(rows), 1), rows.dtype)], axis=1)
