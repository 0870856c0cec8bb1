"""Patches that a lattice shows the network: digits cut out of strings, and what wrong cuts leave.

A digit that was cut out lacks a bit, or has a bit of its neighbour; a network that never saw such
patches takes it for another digit or for none. A wrong cut leaves half of a digit, or two halves.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, PIXELS, Samples
from digitus.reader.parts import parts_of
from digitus.reader.proposals import propose
from digitus.reader.scores import DIGITS
from digitus.recipes.string_lessons import Lesson, make_lesson
from digitus.recipes.string_truth import right_ranges

NONE = CLASSES
A_DIGIT, WRONG_A_DIGIT = 2.0, 3.0  # patches of each kind that are kept for every digit

Bytes = NDArray[np.uint8]


def cut_patches(
    samples: Samples, rng: np.random.Generator, *, strings: int
) -> tuple[Bytes, NDArray[np.int64]]:
    """Cut strings in all ways, and take some of the right ranges and of the wrong ones.

    Args:
        samples: digits to write with.
        rng: chooses everything.
        strings: to write; each gives about 15 patches.

    Returns:
        Pixels (n, 784), 0 paper to 255 full ink, and labels (n,): the digit, or 10 for none.
    """
    found = [_of_lesson(make_lesson(samples, rng), rng) for _ in range(strings)]
    pixels, labels = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return pixels, labels


def _of_lesson(lesson: Lesson, rng: np.random.Generator) -> tuple[Bytes, NDArray[np.int64]]:
    parts = parts_of(lesson.run)
    if not len(parts):
        return np.empty((0, PIXELS), np.uint8), np.empty(0, np.int64)
    (proposal,) = propose([parts], [np.zeros(len(parts), bool)])
    right = right_ranges(lesson, proposal.candidates)
    large = proposal.candidates.is_large()
    digit = right[:, :DIGITS]
    one = digit.sum(axis=1) == 1
    n = int((lesson.classes < DIGITS).sum())
    picked = [
        *_some(np.flatnonzero(one & large), A_DIGIT * n, rng),
        *_some(np.flatnonzero(~digit.any(axis=1) & large), WRONG_A_DIGIT * n, rng),
    ]
    chosen = np.array(picked, np.intp)
    labels = np.where(one[chosen], digit[chosen].argmax(axis=1), NONE)
    pixels = np.rint(255 * proposal.patches[chosen]).astype(np.uint8)
    return pixels.reshape(len(picked), PIXELS), labels


def _some(numbers: NDArray[np.intp], wanted: float, rng: np.random.Generator) -> Iterator[int]:
    yield from rng.permutation(numbers)[: round(wanted)].tolist()
