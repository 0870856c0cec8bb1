"""Splits: which rows train and which rows judge, never the same."""

from dataclasses import dataclass

import numpy as np

from digitus.data.samples import Indices, Samples


@dataclass(frozen=True, eq=False)
class Split:
    """Row numbers of the two parts, each in ascending order, with none in both."""

    train: Indices
    validation: Indices


def split(n: int, *, validation: int, seed: int | None = None, first: bool = False) -> Split:
    """Set ``validation`` of ``n`` rows aside: the last ones, or the first ones.

    Args:
        n: number of rows.
        validation: how many to set aside; 0 is allowed.
        seed: shuffle the rows with this seed before; None keeps their order.
        first: take the first rows instead of the last (S2's "first 1,000 as dev").

    Raises:
        ValueError: if no row would be left to train on.

    >>> split(5, validation=2)
    Split(train=array([0, 1, 2]), validation=array([3, 4]))
    """
    if not 0 <= validation < n:
        raise ValueError(f"validation must be 0 to {n - 1} of {n} rows, not {validation}")
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    cut = validation if first else n - validation
    head, tail = np.sort(order[:cut]), np.sort(order[cut:])
    return Split(tail, head) if first else Split(head, tail)


def shared_rows(train: Samples, test: Samples) -> int:
    """Count the test images that the training part holds too, pixel for pixel."""
    known = {row.tobytes() for row in train.pixels}
    return sum(row.tobytes() in known for row in test.pixels)
