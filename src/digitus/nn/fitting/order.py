"""Which training row comes when."""

from typing import Any

import numpy as np

from digitus.nn.arrays import Ints


class Order:
    """A new order of n rows each epoch, drawn by a generator that dropout uses too.

    The generator's state at the start of the epoch is kept, so that a run resumed in mid-epoch
    draws the same order again and then goes on from where the generator was.

    Args:
        n: number of rows.
        seed: of the generator.
        shuffle: False keeps the rows as they lie.
    """

    def __init__(self, n: int, *, seed: int, shuffle: bool) -> None:
        self.n, self.shuffle = n, shuffle
        self.rng = np.random.default_rng(seed)
        self.rows: Ints | None = None
        self._at_epoch: dict[str, Any] | None = None

    def begin_epoch(self) -> None:
        """Draw the rows of the next epoch, unless they are there from a resume."""
        if self.rows is None:
            self._at_epoch = dict(self.rng.bit_generator.state)
            self.rows = self._draw()

    def end_epoch(self) -> None:
        """Forget the order; the next epoch has its own."""
        self.rows = self._at_epoch = None

    def _draw(self) -> Ints:
        return self.rng.permutation(self.n) if self.shuffle else np.arange(self.n)

    def state(self) -> dict[str, Any]:
        """Return the generator's state now and at the start of the epoch (JSON types)."""
        return {"now": self.rng.bit_generator.state, "at_epoch": self._at_epoch}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what `state` gave."""
        self.end_epoch()
        if state["at_epoch"] is not None:
            self.rng.bit_generator.state = state["at_epoch"]
            self.begin_epoch()
        self.rng.bit_generator.state = state["now"]
