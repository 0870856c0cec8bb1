"""A walk through test images: at random, one by one, or over the mistakes alone."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from digitus.data import Samples
from digitus.data.samples import SIDE_PX
from digitus.data.sources.watching import Watch
from digitus.recognizer import Prediction, Recognizer

Mask = NDArray[np.bool_]

FULL_INK = 255
_CHUNK_ROWS = 200  # a tenth of a second: a wish to stop is heard soon


class Walk:
    """Where one stands in a set of n images, and where one may go.

    Args:
        n: number of images.
        rng: shuffles the random order once; every image comes before one comes twice.

    Attributes:
        index: of the image shown, None at first.

    >>> walk = Walk(3, np.random.default_rng(0))
    >>> sorted(walk.random() for _ in range(3))
    [0, 1, 2]
    """

    def __init__(self, n: int, rng: Generator) -> None:
        if n < 1:
            raise ValueError("a walk needs at least one image")
        self.n = n
        self.index: int | None = None
        self._order = [int(i) for i in rng.permutation(n)]
        self._next = 0
        self._open: Mask = np.ones(n, bool)

    @property
    def count(self) -> int:
        """Number of images that the walk goes through."""
        return int(self._open.sum())

    def keep_to(self, wanted: Mask | None) -> None:
        """Go through the wanted images (n,) only; None opens all of them again.

        Raises:
            ValueError: if the mask is of another set.
        """
        if wanted is not None and wanted.shape != (self.n,):
            raise ValueError(f"expected a mask of shape ({self.n},), got {wanted.shape}")
        self._open = np.ones(self.n, bool) if wanted is None else wanted

    def holds(self, index: int) -> bool:
        """Return whether the walk goes through an image."""
        return bool(self._open[index])

    def random(self) -> int | None:
        """Go to the next image of the shuffled order; None where no image is open."""
        for _ in range(self.n):
            index = self._order[self._next]
            self._next = (self._next + 1) % self.n
            if self._open[index]:
                return self.go(index)
        return None

    def step(self, by: int) -> int | None:
        """Go to the next open image by number (+1) or back (-1), round the ends."""
        start = (-1 if by > 0 else 0) if self.index is None else self.index
        for distance in range(1, self.n + 1):
            index = (start + by * distance) % self.n
            if self._open[index]:
                return self.go(index)
        return None

    def go(self, index: int) -> int:
        """Go to an image, open or not."""
        self.index = index
        return index


@dataclass
class Score:
    """How many of the images seen were answered right, each counted once."""

    right: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def count(self, index: int, *, is_right: bool) -> None:
        """Note an answer."""
        self.seen.add(index)
        (self.right.add if is_right else self.right.discard)(index)

    def clear(self) -> None:
        """Start over."""
        self.right.clear()
        self.seen.clear()


def parse_number(text: str, n: int) -> int:
    """Read the number of an image, 0 to n - 1.

    Raises:
        ValueError: with a sentence that says what was wanted.

    >>> parse_number(" 42 ", 10_000)
    42
    """
    wanted = f"Image numbers go from 0 to {n - 1}"
    if not text.strip():
        raise ValueError(f"{wanted}; type one.")
    try:
        number = int(text)
    except ValueError as error:
        raise ValueError(f"{wanted}; “{text.strip()[:20]}” is not a number.") from error
    if not 0 <= number < n:
        raise ValueError(f"{wanted}; there is no {text.strip()[:20]}.")
    return number


def is_right(prediction: Prediction, label: int) -> bool:
    """Return whether the answer is the label; a declined image is not answered right."""
    return prediction.digit == label


@dataclass(frozen=True, eq=False)
class Mistakes:
    """What a model does not answer right.

    Attributes:
        wrong: (n,) whether the likeliest digit is another than the label; what accuracy counts.
        declined: (n,) whether it is the label, but was declined.
    """

    wrong: Mask
    declined: Mask

    @property
    def all(self) -> Mask:
        """Whether an image (n,) was not answered right, for either reason."""
        return self.wrong | self.declined


def find_mistakes(recognizer: Recognizer, samples: Samples, watch: Watch) -> Mistakes:
    """Read all images as `Recognizer.predict` reads each row, and mark the mistakes.

    Raises:
        Cancelled: if the watch says so.
        ValueError: if the samples have no labels.
    """
    if samples.labels is None:
        raise ValueError(f"{samples.source} has no labels to compare with")
    n = len(samples)
    wrong, right = np.zeros(n, bool), np.zeros(n, bool)
    for start in range(0, n, _CHUNK_ROWS):
        watch.report("the test set", start, n)
        part = slice(start, start + _CHUNK_ROWS)
        patches = np.divide(samples.pixels[part], FULL_INK, dtype=np.float32)
        read = recognizer.predict_patches(patches.reshape(-1, SIDE_PX, SIDE_PX))
        pairs = list(zip(read, samples.labels[part].tolist(), strict=True))
        wrong[part] = [prediction.best_guess != label for prediction, label in pairs]
        right[part] = [is_right(prediction, label) for prediction, label in pairs]
    watch.report("the test set", n, n)
    return Mistakes(wrong, declined=~wrong & ~right)
