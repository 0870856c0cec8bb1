"""Arrays that are made once and lent to every pass."""

import numpy as np

from digitus.nn.arrays import Floats


class Scratch:
    """An array of as many rows as were ever needed.

    Args:
        fill: what every entry holds, for arrays that are only read; None leaves them as they are.
    """

    def __init__(self, fill: float | None = None) -> None:
        self.fill = fill
        self._array: Floats | None = None

    def like(self, x: Floats) -> Floats:
        """Return an array of the shape and type of ``x`` (n, ...)."""
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
