"""MNIST as bytes for the page: the labels of a part, then its pixels."""

import gzip
from collections.abc import Callable
from threading import Lock
from typing import Literal, TypeAlias

import numpy as np

from digitus.data.samples import DataSet, Samples

Part: TypeAlias = Literal["train", "test"]
PARTS: tuple[Part, ...] = ("train", "test")
SIZES: dict[Part, int] = {"train": 60_000, "test": 10_000}

GZIP_LEVEL = 6
"""47 MB of images become 9.9 in a second; level 9 makes 9.7 of them, in 18 seconds."""


def pack(samples: Samples, n: int | None = None) -> bytes:
    """Return n labels, then n x 784 pixels, one byte each.

    Args:
        samples: with labels.
        n: number of images, the first ones; None takes all.

    Raises:
        ValueError: if the samples have no labels.
    """
    if samples.labels is None:
        raise ValueError(f"{samples.source} has no labels")
    return samples.labels[:n].astype(np.uint8).tobytes() + samples.pixels[:n].tobytes()


class PackedMnist:
    """Both parts of MNIST, read and compressed at the first request, then kept.

    Args:
        load: returns MNIST; called until it succeeds.
    """

    def __init__(self, load: Callable[[], DataSet]) -> None:
        self._load = load
        self._zipped: dict[Part, bytes] = {}
        self._lock = Lock()  # requests are answered by threads

    def zipped(self, part: Part) -> bytes:
        """Return a part, gzipped.

        Raises:
            DigitusError: as the function that loads.
        """
        with self._lock:
            if not self._zipped:
                found = self._load()
                parts: dict[Part, Samples | None] = {"train": found.train, "test": found.test}
                self._zipped = {
                    name: gzip.compress(pack(samples), GZIP_LEVEL, mtime=0)
                    for name, samples in parts.items()
                    if samples is not None
                }
            return self._zipped[part]
