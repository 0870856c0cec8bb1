"""Array types of the engine, and arrays that are allocated once and used again."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
"""float32 (training) or float64 (checks); one type within a network."""

Ints = npt.NDArray[np.integer[Any]]


class Scratch:
    """A work array that grows to the largest number of rows requested so far.

    Args:
        fill: value of every entry, for arrays that are only read; None leaves them undefined.
    """

    def __init__(self, fill: float | None = None) -> None:
        self.fill = fill
        self._array: Floats | None = None

    def like(self, x: Floats) -> Floats:
        """Return an array of the shape and type of ``x`` (n, ...), valid until the next call."""
        kept = self._array
        if kept is not None and kept.shape == x.shape and kept.dtype is x.dtype:
            return kept
        if kept is None or kept.dtype != x.dtype or not _covers(kept.shape, x.shape):
            kept = np.empty(x.shape, x.dtype)
            if self.fill is not None:
                kept[...] = self.fill
            self._array = kept
        return kept[: len(x)]

    def __reduce__(self) -> tuple[type["Scratch"], tuple[float | None]]:
        """Leave the array out of a copy or a pickle."""
        return Scratch, (self.fill,)


def _covers(kept: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return kept[0] >= wanted[0] and kept[1:] == wanted[1:]
