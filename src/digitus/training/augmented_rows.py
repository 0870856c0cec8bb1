"""Many hands to learn from: MNIST distorted anew each epoch, drawings of our own pen, negatives.

MNIST knows one country's pens and one way to scan. What people draw and photograph differs, so
each epoch shows every training image in another distortion, beside a share of drawings that our
own pen made and, for networks that learn to decline, of things that are no digits.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

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
from digitus.training.synthetic_digits import Drawings

PEN_SHARE, NEGATIVES_SHARE = 0.3, 0.2
"""Drawings of each kind that an epoch shows beside one MNIST image."""
MOST_DRAWINGS = 60_000
"""Of each kind; an epoch takes some of them."""
HELD_OUT = 4_000
"""Of each kind, to calibrate by."""
AS_IT_IS = 0.15
"""Share of the images that are not distorted."""
_CHUNK = 1000


@dataclass(frozen=True)
class _Part:
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


class Mixture:
    """The rows of an epoch, drawn anew in place for each.

    Args:
        train: MNIST, or what was chosen in its place.
        drawings: of our own pen, with or without negatives.
        seed: of what is chosen and how it is distorted; the same for any number of threads.
        threads: that distort.

    Attributes:
        examples: x (n, 784), 0 paper to 1 full ink; targets (n, 10), or (n, 11) with negatives.
    """

    def __init__(self, train: Samples, drawings: Drawings, *, seed: int, threads: int = 1) -> None:
        self.seed, self.threads = seed, threads
        self._parts = list(_parts(train, drawings))
        n = self._parts[-1].start + self._parts[-1].n
        k = CLASSES + (drawings.negatives is not None)
        self.examples = Examples(
            np.zeros((n, train.pixels.shape[1]), np.float32), np.zeros((n, k), np.float32)
        )

    def fill(self, epoch: int) -> None:
        """Put the rows of an epoch, counted from 0, into ``examples``."""
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(lambda job: self._fill(epoch, *job), enumerate(self._chunks(epoch))))

    def _chunks(self, epoch: int) -> Iterator[tuple[_Part, int, Ints]]:
        """Return pieces of the parts: where each goes, and the rows of its source."""
        rng = np.random.default_rng([self.seed, 3, epoch])
        for part in self._parts:
            m = len(part.labels)
            chosen = np.arange(m) if m == part.n else rng.choice(m, part.n, replace=part.n > m)
            for start in range(0, part.n, _CHUNK):
                yield part, part.start + start, chosen[start : start + _CHUNK]

    def _fill(self, epoch: int, number: int, chunk: tuple[_Part, int, Ints]) -> None:
        part, start, rows = chunk
        rng = np.random.default_rng([self.seed, 4, epoch, number])
        patches = part.pixels[rows].astype(np.float32).reshape(-1, SIDE_PX, SIDE_PX)
        patches /= np.float32(255)
        stop = start + len(rows)
        self.examples.x[start:stop] = _distorted(patches, rng).reshape(len(rows), -1)
        k = self.examples.targets.shape[1]
        self.examples.targets[start:stop] = one_hot(part.labels[rows], k)


def _parts(train: Samples, drawings: Drawings) -> Iterator[_Part]:
    if train.labels is None:
        raise ValueError(f"{train.source}: has no labels to learn from")
    n = len(train)
    yield _Part(0, n, train.pixels, train.labels)
    n_pen = round(PEN_SHARE * n)
    yield _Part(n, n_pen, drawings.pen, drawings.labels)
    if drawings.negatives is not None:
        labels = np.full(len(drawings.negatives), CLASSES)
        yield _Part(n + n_pen, round(NEGATIVES_SHARE * n), drawings.negatives, labels)


def _distorted(patches: Floats, rng: Generator) -> Floats:
    """Distort most of the patches (n, 28, 28)."""
    new: Floats = augment(patches, rng, Augmentation())
    kept = rng.random(len(patches)) < AS_IT_IS
    new[kept] = patches[kept]
    return new


class Redraw(Callback):
    """Draws the rows of each epoch before it begins, the same again after a resume."""

    name = "redraw"

    def __init__(self, mixture: Mixture) -> None:
        self.mixture = mixture

    def started(self, trainer: Trainer) -> None:
        """Draw the present epoch."""
        self.mixture.fill(trainer.progress.epoch)

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Draw the next epoch, if there is one."""
        if trainer.progress.epoch < trainer.settings.n_epochs:
            self.mixture.fill(trainer.progress.epoch)
