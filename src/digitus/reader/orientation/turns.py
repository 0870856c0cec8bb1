"""Which way up a page is: the turn at which its numbers are the likeliest digits."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.patch.patch import make_patch
from digitus.reader.layout.boxes import Bools, Boxes, Floats, Places
from digitus.reader.orientation.mark_rows import boxes_turned, ragged_heads, rows_across, words_of
from digitus.recognizer import DigitModel

TURNS = 4
MOST_MARKS = 40
MOST_OF_A_WORD = 5  # marks that tell whether it is a number
LEAST_LIKELY = 1e-2  # one mark tells no more than this against a turn
LETTER_NATS = -1.0  # a mark that is less likely a digit than this is rather a letter
LEAST_GAIN = 5.0  # nats by which a turn is sure: more than single marks can tell
SURE_ROWS = 12.0  # nats from which pages on their side, or not so, are out of the question
MOST_RAGGED_NATS = 20.0  # that all words of print tell together
SLENDER = 2.0  # times as long as wide: a 1 upright is a dash on its side, a string is no digit
INKED = 0.3
LEAST_SIDE_PX = 6
SMALLEST, SIMILAR, LARGEST = 0.5, 2.0, 5.0  # of the middle size: dots, one size, drawings
FULL_INK = 255


@dataclass(frozen=True, eq=False)
class SingleMarks:
    """Marks of a page that may be digits or letters.

    Attributes:
        inks: of each mark, (rows, cols).
        boxes: (n, 4) of each.
        shape: rows and columns of the page.
        rows_across: nats for rows across the page, negative for rows along it.
    """

    inks: list[Ink]
    boxes: Boxes
    shape: tuple[int, ...]
    rows_across: float = 0.0

    @property
    def single(self) -> Bools:
        """Return which may be one digit each, (n,): not those that are long and thin."""
        sides = self.boxes[:, 2:] - self.boxes[:, :2]
        return np.asarray(sides.max(axis=1) <= SLENDER * sides.min(axis=1))


def turned(page: Grey, turns: int) -> Grey:
    """Turn a page or its ink by quarter turns counterclockwise, -3 to 3."""
    return np.ascontiguousarray(np.rot90(page, turns)) if turns % TURNS else page


def likely_turns(weights: Floats) -> list[int]:
    """Return the turns that may be, by their weights (4,): likeliest first, then the smallest.

    >>> likely_turns(np.array([3.0, -9.0, 4.0, -8.0]))
    [2, 0]
    """
    order = np.argsort(-weights, kind="stable")
    return [int(turns) for turns in order if weights[turns] > weights.max() - LEAST_GAIN]


def weigh_turns(model: DigitModel, ink: Ink) -> Floats:
    """Weigh how likely each number of quarter turns counterclockwise makes ink upright, (4,) nats.

    Not the page but its marks are turned and judged. 0, 1, 8 and a 6 that may be a 9 are as
    likely upside down, so they count for nothing, and slender marks are left out.

    Args:
        model: judges patches.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    return weigh_marks(model, find_marks(ink))


def weigh_marks(model: DigitModel, marks: SingleMarks) -> Floats:
    """Weigh the turns by marks, (4,) nats.

    What stands close together is a number or a word as a whole: it speaks for a turn by what
    makes it a number there, and one that is a word either way says nothing. Words of print tell
    by their ragged heads. Rows that run along the page tell for a turn to the side.
    """
    across = marks.rows_across
    weights = -np.array([0.0, across, 0.0, across])
    chosen = _tallest(marks, words_of(boxes_turned(marks.boxes, marks.shape, int(across < 0))))
    for side in (0, 1):
        if (across if side else -across) >= SURE_ROWS:
            weights[side::2] = -np.inf
        else:
            words = words_of(boxes_turned(marks.boxes, marks.shape, side))
            weights[side::2] += _weigh_words(model, marks, chosen, words=words, side=side)
    return weights


def _weigh_words(
    model: DigitModel, marks: SingleMarks, chosen: Places, *, words: Places, side: int
) -> Floats:
    """Weigh two opposite turns, (2,) nats.

    Args:
        model: judges patches.
        marks: of the page.
        chosen: places of those that are judged.
        words: (n,) the word of each mark.
        side: the first of the two turns, 0 or 1.
    """
    both = [turned(marks.inks[place], turns) for turns in (side, side + 2) for place in chosen]
    likely = np.zeros((2, 0))
    if both:
        likely = likelihoods(model, np.stack([make_patch(one) for one in both])).reshape(2, -1)
    count = int(words.max(initial=-1)) + 1
    number = np.stack([np.bincount(words[chosen], nats, minlength=count) for nats in likely])
    word = LETTER_NATS * np.bincount(words[chosen], minlength=count)
    is_word = np.exp(word - np.logaddexp(word, number)).min(axis=0)
    heads = ragged_heads(boxes_turned(marks.boxes, marks.shape, side), words) @ is_word
    heads = float(np.clip(heads, -MOST_RAGGED_NATS, MOST_RAGGED_NATS))
    return np.asarray(np.logaddexp(word, number).sum(axis=1) + np.array([heads, -heads]))


def likelihoods(model: DigitModel, patches: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the log-likelihood (n,) of patches (n, 28, 28) as their likeliest digits."""
    judged = model.classify(patches.reshape(len(patches), -1) * np.float32(FULL_INK))
    likely = np.asarray(judged.probabilities).max(axis=1) * np.asarray(judged.p_digit)
    return np.asarray(np.log(np.maximum(likely, LEAST_LIKELY)), np.float64)


def find_marks(ink: Ink) -> SingleMarks:
    """Cut out what stands alone and may be a digit or a letter; tell which way the rows run."""
    mask = (ink > INKED).astype(np.uint8)
    _, labelled, stats, _ = cv2.connectedComponentsWithStats(mask)
    labels, table = np.asarray(labelled, np.int32), np.asarray(stats, np.int32)
    places, middle = _of_fitting_size(table, ink.shape)
    boxes = table[places, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    inks = [_cut(ink, labels, table[label], label) for label in places]
    alike = table[places, 2:4].max(axis=1) <= SIMILAR * middle
    return SingleMarks(inks, boxes, ink.shape, rows_across(boxes[alike]))


def _tallest(marks: SingleMarks, words: Places) -> Places:
    """Choose places of marks to judge: a few of each word, of the tallest words first."""
    spans = (marks.boxes[:, 2:] - marks.boxes[:, :2]).max(axis=1)
    groups = [np.flatnonzero(words == word) for word in range(int(words.max(initial=-1)) + 1)]
    groups.sort(key=lambda group: -float(np.median(spans[group])))
    fit = (group[marks.single[group]] for group in groups)
    few = [group[:: -(-len(group) // MOST_OF_A_WORD)] for group in fit if len(group)]
    return np.concatenate([*few, np.zeros(0, np.intp)])[:MOST_MARKS]


def _of_fitting_size(
    table: NDArray[np.int32], shape: tuple[int, ...]
) -> tuple[NDArray[np.intp], float]:
    """Choose the components that touch no border, and no dots or drawings; give the middle size."""
    sizes = table[:, 2:4].max(axis=1)
    far = table[:, :2] + table[:, 2:4]
    fit = (sizes >= LEAST_SIDE_PX) & (table[:, :2] > 0).all(axis=1)
    fit &= (far < np.array(shape[::-1])).all(axis=1)
    fit[0] = False
    chosen: NDArray[np.intp] = np.flatnonzero(fit)
    if not len(chosen):
        return chosen, 0.0
    order = chosen[np.argsort(sizes[chosen])]
    weights = np.cumsum(table[order, 4])
    middle = float(sizes[order][np.searchsorted(weights, weights[-1] / 2)])
    fit &= (sizes >= SMALLEST * middle) & (sizes <= LARGEST * middle)
    return np.flatnonzero(fit), middle


def _cut(ink: Ink, labels: NDArray[np.int32], box: NDArray[np.int32], label: int) -> Ink:
    left, top, width, height = (int(side) for side in box[:4])
    window = (slice(top, top + height), slice(left, left + width))
    return np.where(labels[window] == label, ink[window], np.float32(0))
