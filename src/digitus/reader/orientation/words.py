"""Words left out before they are read: runs of single marks most of which are no digits.

A word that is cut wherever digits may touch holds some digits always; whole, its letters are none.
"""

from collections.abc import Sequence
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.patch import make_patch
from digitus.reader.layout.boxes import Bools, Floats
from digitus.reader.orientation.turns import likelihoods
from digitus.reader.results.symbols import LineImage
from digitus.recognizer import DigitModel

LEAST_LETTERS = 4  # single marks of a word; fewer tell too little
MOST_LETTERS = 12  # that are judged
LETTER_NATS = -1.0  # log-likelihood of a mark as a digit below which it is rather a letter
WORD_NATS = -4.0  # that all marks of a word are below this; numbers in a poor hand are not
BESIDE = 1.5  # heights from a word
LEAST_WORDS, TEXT = 3, 0.5  # of the long runs of a page: it is a page of text
IN_TEXT_NATS = -0.8  # mean log-likelihood of the marks of a word there
TEXTURE = 100  # runs; a page of so many that are hardly digits is no page of numbers
TEXTURE_MARKS = 60  # of it that are judged
TEXTURE_NATS = -2.0  # mean log-likelihood of these
INKED = 0.3
LOWEST, HIGHEST = 0.45, 1.6  # heights of a letter; marks and drawings tell nothing
WIDEST = 1.1  # times its height; touching digits are wider
SLENDER = 0.4  # of the height: 1, l and i look alike


def without_word_runs(
    model: DigitModel, lines: Sequence[Sequence[LineImage]]
) -> list[list[LineImage]]:
    """Leave out the runs of each line that are words.

    Args:
        model: judges single digits.
        lines: of a page, each from left to right.
    """
    marks = [[_letters(run) for run in line] for line in lines]
    if _is_texture(model, [mark for line in marks for run in line for mark in run[:1]]):
        return []
    told = [_worth_a_look(line) for line in marks]
    asked = [mark for line, some in zip(marks, told, strict=True) for mark in _some(line, some)]
    if not asked:
        return [list(line) for line in lines]
    nats = iter(likelihoods(model, np.stack([make_patch(mark) for mark in asked])))
    means = [
        _means(found, some, [*islice(nats, len(_some(found, some)))])
        for found, some in zip(marks, told, strict=True)
    ]
    counts = [np.array([len(run) for run in line]) for line in marks]
    is_text = _is_text(np.concatenate(means), np.concatenate(counts))
    kept = []
    for line, *known in zip(lines, means, counts, strict=True):
        words = _are_words(line, *known, is_text=is_text)
        kept.append([run for run, is_word in zip(line, words, strict=True) if not is_word])
    return [line for line in kept if line]


def _is_texture(model: DigitModel, marks: list[Ink]) -> bool:
    """Return whether a page's marks, one of each run, are so many and so seldom digits."""
    if len(marks) < TEXTURE:
        return False
    some = marks[:: len(marks) // TEXTURE_MARKS]
    nats = likelihoods(model, np.stack([make_patch(mark) for mark in some]))
    return bool(nats.mean() <= TEXTURE_NATS)


def _letters(run: LineImage) -> list[Ink]:
    """Cut out what may be a single letter or digit, as many as are judged."""
    mask = (run.ink > INKED).astype(np.uint8)
    _, labelled, stats, _ = cv2.connectedComponentsWithStats(mask)
    labels, table = np.asarray(labelled, np.int32), np.asarray(stats, np.int32)
    width, height = (table[:, side] / run.height_px for side in (2, 3))
    fit = (height >= LOWEST) & (height <= HIGHEST)
    fit &= (width <= WIDEST * height) & (width >= SLENDER * height)
    fit[0] = False
    places = np.flatnonzero(fit)
    places = places[:: -(-max(1, len(places)) // MOST_LETTERS)]
    return [_cut(run.ink, labels == place, table[place]) for place in places]


def _cut(ink: Ink, mine: Bools, box: NDArray[np.int32]) -> Ink:
    left, top, width, height = (int(side) for side in box[:4])
    window = (slice(top, top + height), slice(left, left + width))
    return np.where(mine[window], ink[window], np.float32(0))


def _worth_a_look(marks: list[list[Ink]]) -> bool:
    """Return whether a line holds a run that may be a word: pages of short numbers cost nothing."""
    return any(len(run) >= LEAST_LETTERS for run in marks)


def _some(marks: list[list[Ink]], is_asked: bool) -> list[Ink]:
    return [mark for run in marks for mark in run] if is_asked else []


def _means(marks: list[list[Ink]], is_asked: bool, nats: Sequence[float]) -> Floats:
    """Return the mean log-likelihood of each run's marks, (runs,); 0.0 where none were judged."""
    left = iter(nats)
    runs = [[*islice(left, len(run))] if is_asked else [] for run in marks]
    return np.array([float(np.mean(run)) if run else 0.0 for run in runs])


def _long_words(means: Floats, counts: NDArray[np.int_]) -> Bools:
    """Return which runs (runs,) are words by themselves."""
    return (counts >= LEAST_LETTERS) & (counts * (means - LETTER_NATS) <= WORD_NATS)


def _is_text(means: Floats, counts: NDArray[np.int_]) -> bool:
    """Return whether most long runs of a page are words: then the others hardly are numbers."""
    words = int(_long_words(means, counts).sum())
    return words >= max(LEAST_WORDS, TEXT * int((counts >= LEAST_LETTERS).sum()))


def _are_words(
    line: Sequence[LineImage], means: Floats, counts: NDArray[np.int_], *, is_text: bool
) -> Bools:
    """Return which runs (runs,) are words, or go with a word beside them."""
    long = _long_words(means, counts)
    if is_text:
        long |= (counts >= LEAST_LETTERS) & (means <= IN_TEXT_NATS)
    words = long.copy()
    beside = [run for run, is_long in zip(line, long, strict=True) if is_long]
    for place in np.flatnonzero(~long & (means <= LETTER_NATS)).tolist():
        words[place] = any(_is_beside(line[place], word) for word in beside)
    return words


def _is_beside(run: LineImage, word: LineImage) -> bool:
    gaps = word.left - run.left - run.ink.shape[1], run.left - word.left - word.ink.shape[1]
    return bool(max(gaps) <= BESIDE * word.height_px)
