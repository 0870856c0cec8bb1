"""Descent for the reader's small networks, whose arrays change in place."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

FADING = (0.9, 0.999)


class Adam:
    """Adam with decoupled weight decay (D. Kingma, J. Ba 2015; I. Loshchilov, F. Hutter 2019).

    Args:
        arrays: that every step changes.
        decay: share by which a step of rate 1 would shrink them.
    """

    def __init__(self, arrays: Sequence[Array], *, decay: float = 1e-4) -> None:
        self.arrays, self.decay, self.steps = list(arrays), decay, 0
        self._mean, self._square = ([np.zeros_like(array) for array in arrays] for _ in FADING)

    def step(self, gradient: Sequence[Array], *, rate: float) -> None:
        """Go one step against the gradient, an array for each."""
        self.steps += 1
        fading = [1 - share**self.steps for share in FADING]
        for array, slope, mean, square in zip(
            self.arrays, gradient, self._mean, self._square, strict=True
        ):
            mean += (1 - FADING[0]) * (slope - mean)
            square += (1 - FADING[1]) * (slope**2 - square)
            change = mean / fading[0] / (np.sqrt(square / fading[1]) + 1e-8)
            array -= rate * (change + self.decay * array)


def batches(n: int, size: int, epochs: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Return the rows of each batch, in another order each epoch."""
    for _ in range(epochs):
        order = rng.permutation(n)
        for start in range(0, n, size):
            yield order[start : start + size]
