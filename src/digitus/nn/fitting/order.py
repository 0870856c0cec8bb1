"""The order of the training rows in each epoch."""

from typing import Any

import numpy as np

from digitus.nn.arrays import Ints


class RowOrder:
    """A new permutation of n rows in each epoch, from a generator that dropout uses too.

    The generator's state at the start of the epoch is kept: a run resumed within an epoch draws
    the same permutation again, then continues with the generator's later state.

    Args:
        n: number of rows.
        seed: seed of the random generator.
        shuffle: False keeps the rows in their order.

    Attributes:
        rng: the generator.
        rows: (n,) indices of the rows in the current epoch; None between epochs.
    """

    def __init__(self, n: int, *, seed: int, shuffle: bool) -> None:
        self.n, self.shuffle = n, shuffle
        self.rng = np.random.default_rng(seed)
        self.rows: Ints | None = None
        self._at_epoch: dict[str, Any] | None = None

    def begin_epoch(self) -> None:
        """Draw the order of a new epoch, unless `restore` has set that of the current one."""
        if self.rows is None:
            self._at_epoch = dict(self.rng.bit_generator.state)
            self.rows = self._draw()

    def end_epoch(self) -> None:
        """Discard the order."""
        self.rows = self._at_epoch = None

    def _draw(self) -> Ints:
        return self.rng.permutation(self.n) if self.shuffle else np.arange(self.n)

    def state(self) -> dict[str, Any]:
        """Return the generator's state now and at the start of the epoch (JSON types)."""
        return {"now": self.rng.bit_generator.state, "at_epoch": self._at_epoch}

    def restore(self, state: dict[str, Any]) -> None:
        """Set the state that `state` returned."""
        self.end_epoch()
        if state["at_epoch"] is not None:
            self.rng.bit_generator.state = state["at_epoch"]
            self.begin_epoch()
        self.rng.bit_generator.state = state["now"]
