"""A walk through test images: at random, by number, or through the mistakes only."""

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
_CHUNK_ROWS = 200  # takes 0.1 s, so that the search can be stopped quickly


class Walk:
    """The position in a set of n images, and the images that can be reached.

    Args:
        n: number of images.
        rng: shuffles the order once; no image is repeated before all were shown.

    Attributes:
        index: number of the current image; None before the first.

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
        self._reachable: Mask = np.ones(n, bool)

    @property
    def count(self) -> int:
        """Number of images that can be reached."""
        return int(self._reachable.sum())

    def restrict_to(self, mask: Mask | None) -> None:
        """Restrict the walk to a mask (n,) of images; None removes the restriction.

        Raises:
            ValueError: if the mask has another shape.
        """
        if mask is not None and mask.shape != (self.n,):
            raise ValueError(f"expected a mask of shape ({self.n},), got {mask.shape}")
        self._reachable = np.ones(self.n, bool) if mask is None else mask

    def holds(self, index: int) -> bool:
        """Return whether an image can be reached."""
        return bool(self._reachable[index])

    def random(self) -> int | None:
        """Go to the next image of the shuffled order; return None if none can be reached."""
        for _ in range(self.n):
            index = self._order[self._next]
            self._next = (self._next + 1) % self.n
            if self._reachable[index]:
                return self.go(index)
        return None

    def step(self, by: int) -> int | None:
        """Go to the next (+1) or previous (-1) image by number, wrapping around at the ends."""
        start = (-1 if by > 0 else 0) if self.index is None else self.index
        for distance in range(1, self.n + 1):
            index = (start + by * distance) % self.n
            if self._reachable[index]:
                return self.go(index)
        return None

    def go(self, index: int) -> int:
        """Go to an image, whatever the restriction."""
        self.index = index
        return index


@dataclass
class Score:
    """The images seen, and those among them that were read correctly; each counts once."""

    right: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def count(self, index: int, *, is_right: bool) -> None:
        """Count an answer."""
        self.seen.add(index)
        (self.right.add if is_right else self.right.discard)(index)

    def clear(self) -> None:
        """Reset the score."""
        self.right.clear()
        self.seen.clear()


def parse_number(text: str, n: int) -> int:
    """Parse the number of an image, 0 to n - 1.

    Raises:
        ValueError: if there is no such image; its text is a sentence for the user.

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
    """Return whether the answer is the label; declining is not right."""
    return prediction.digit == label


@dataclass(frozen=True, eq=False)
class Mistakes:
    """The images that a model does not read correctly.

    Attributes:
        wrong: (n,) whether the likeliest digit differs from the label, as accuracy counts.
        declined: (n,) whether the likeliest digit is the label but was declined.
    """

    wrong: Mask
    declined: Mask

    @property
    def all(self) -> Mask:
        """Whether an image (n,) is wrong or declined."""
        return self.wrong | self.declined


def find_mistakes(recognizer: Recognizer, samples: Samples, watch: Watch) -> Mistakes:
    """Read all images as `Recognizer.predict` reads rows, and mark the mistakes.

    Raises:
        Cancelled: if the watch was stopped.
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
