"""Augmented training rows: MNIST distorted anew each epoch, synthetic digits, negatives.

MNIST knows the pens of one country and one way to scan. Drawings and photographs differ, so each
epoch shows every training image with another distortion, a share of digits of the synthetic pen
and, for networks with an eleventh class, a share of negatives.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from digitus.data import Samples, one_hot
from digitus.data.samples import CLASSES, SIDE_PX
from digitus.nn.arrays import Floats, Ints
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer
from digitus.synthesis.augmentation.augmentation import Augmentation, augment
from digitus.training.synthetic_digits import SyntheticDigits


@dataclass(frozen=True)
class AugmentationShares:
    """Composition of an epoch; chosen on validation rows and held-out synthetic digits.

    Attributes:
        pen: synthetic digits per epoch, for each training image.
        negatives: negatives per epoch, for each training image.
        most: most patches of each kind that are made; an epoch takes some of them.
        held_out: patches of each kind that are made for calibration.
        undistorted: share of all patches that are shown as they are.
    """

    pen: float = 0.3
    negatives: float = 0.2
    most: int = 60_000
    held_out: int = 4_000
    undistorted: float = 0.15


SHARES = AugmentationShares()
_CHUNK = 1000
"""Rows that are distorted at a time, with a seed of their own."""


@dataclass(frozen=True)
class _Source:
    """Rows of an epoch that come from one source.

    Attributes:
        start: the first row.
        n: rows an epoch.
        pixels: (m, 784) uint8 to choose from; all of them, in order, where m is n.
        labels: (m,).
    """

    start: int
    n: int
    pixels: NDArray[np.uint8]
    labels: Ints


@dataclass(frozen=True)
class _Chunk:
    """Rows of one source that are distorted together, from row ``start`` of the epoch on."""

    source: _Source
    start: int
    rows: Ints


class AugmentedRows:
    """The rows of an epoch, filled in place anew for each.

    Args:
        train: MNIST, or another training set.
        synthetic: digits of the synthetic pen, with or without negatives.
        seed: of what is chosen and how it is distorted.
        threads: that distort; their number does not change the rows.

    Attributes:
        examples: x (n, 784), 0 paper to 1 full ink; targets (n, 10), or (n, 11) with negatives.

    Raises:
        ValueError: if the training set has no labels.
    """

    def __init__(
        self, train: Samples, synthetic: SyntheticDigits, *, seed: int, threads: int = 1
    ) -> None:
        self.seed, self.threads = seed, threads
        self._sources = list(_sources(train, synthetic))
        n = self._sources[-1].start + self._sources[-1].n
        k = CLASSES + (synthetic.negatives is not None)
        self.examples = Examples(
            np.zeros((n, train.pixels.shape[1]), np.float32), np.zeros((n, k), np.float32)
        )

    def fill(self, epoch: int) -> None:
        """Put the rows of an epoch, counted from 0, into ``examples``."""
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(lambda job: self._fill(epoch, *job), enumerate(self._chunks(epoch))))

    def _chunks(self, epoch: int) -> Iterator[_Chunk]:
        rng = np.random.default_rng([self.seed, 3, epoch])
        for source in self._sources:
            n, m = source.n, len(source.labels)
            chosen = np.arange(m) if m == n else rng.choice(m, n, replace=n > m)
            for start in range(0, n, _CHUNK):
                yield _Chunk(source, source.start + start, chosen[start : start + _CHUNK])

    def _fill(self, epoch: int, number: int, chunk: _Chunk) -> None:
        rng = np.random.default_rng([self.seed, 4, epoch, number])
        rows = chunk.rows
        patches = chunk.source.pixels[rows].astype(np.float32).reshape(-1, SIDE_PX, SIDE_PX)
        patches /= np.float32(255)
        here = slice(chunk.start, chunk.start + len(rows))
        self.examples.x[here] = _distorted(patches, rng).reshape(len(rows), -1)
        k = self.examples.targets.shape[1]
        self.examples.targets[here] = one_hot(chunk.source.labels[rows], k)


def _sources(train: Samples, synthetic: SyntheticDigits) -> Iterator[_Source]:
    if train.labels is None:
        raise ValueError(f"{train.source}: has no labels to train with")
    n = len(train)
    yield _Source(0, n, train.pixels, train.labels)
    n_pen = round(SHARES.pen * n)
    yield _Source(n, n_pen, synthetic.digits, synthetic.labels)
    if synthetic.negatives is not None:
        labels = np.full(len(synthetic.negatives), CLASSES)
        n_negatives = round(SHARES.negatives * n)
        yield _Source(n + n_pen, n_negatives, synthetic.negatives, labels)


def _distorted(patches: Floats, rng: Generator) -> Floats:
    """Distort most of the patches (n, 28, 28)."""
    new: Floats = augment(patches, rng, Augmentation())
    is_kept = rng.random(len(patches)) < SHARES.undistorted
    new[is_kept] = patches[is_kept]
    return new


class EpochFiller(Protocol):
    """Fills the trainer's examples with the rows of an epoch."""

    def fill(self, epoch: int) -> None:
        """Fill in the rows of an epoch, counted from 0; the same ones each time."""


class RefillEachEpoch(Callback):
    """Fills in the rows of each epoch before it begins, the same ones again after a resume."""

    name = "refill"

    def __init__(self, filler: EpochFiller) -> None:
        self._filler = filler

    def started(self, trainer: Trainer) -> None:
        """Fill in the present epoch."""
        self._fill(trainer)

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Fill in the next epoch."""
        self._fill(trainer)

    def _fill(self, trainer: Trainer) -> None:
        if trainer.progress.epoch < trainer.settings.n_epochs:
            self._filler.fill(trainer.progress.epoch)
            trainer.rows_changed()
