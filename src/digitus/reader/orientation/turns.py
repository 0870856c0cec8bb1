"""Which way up a page is: the quarter turn at which its numbers are the likeliest digits."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Grey, Ink
from digitus.reader.layout.boxes import Bools, Boxes, Floats, Places
from digitus.reader.orientation.mark_rows import (
    boxes_turned,
    group_into_words,
    rows_across,
    upright_nats,
)
from digitus.reader.orientation.marks import PARAMETERS as MARK_PARAMETERS
from digitus.reader.orientation.marks import (
    ConnectedMarks,
    connected_marks,
    digit_log_likelihoods,
)
from digitus.recognizer import DigitModel

TURNS = 4


@dataclass(frozen=True)
class OrientationParameters:
    """Parameters of the orientation of a page. Evidence is in nats.

    Attributes:
        max_marks: marks that are classified.
        max_marks_of_word: marks of one word that are classified; enough to know a number.
        min_gain: evidence by which a turn excludes another; more than single marks have.
        sure_rows: evidence for the direction of rows, from which the other one is excluded.
        max_print_nats: evidence of all words of print together.
        max_slenderness: longer over shorter side of a mark that is classified: a 1 on its side is a
            dash, and a long mark is several digits.
        min_side_px: longer side of a mark.
        min_size: longer side over the middle one of the page; smaller marks are dots.
        max_size: the same; larger marks are drawings.
        max_row_size: the same of the marks that tell the direction of rows.
    """

    max_marks: int = 40
    max_marks_of_word: int = 5
    min_gain: float = 5.0
    sure_rows: float = 12.0
    max_print_nats: float = 20.0
    max_slenderness: float = 2.0
    min_side_px: int = 6
    min_size: float = 0.5
    max_size: float = 5.0
    max_row_size: float = 2.0


PARAMETERS = OrientationParameters()


@dataclass(frozen=True, eq=False)
class SingleMarks:
    """Marks of a page that may be digits or letters.

    Attributes:
        inks: n marks, (rows, cols) each.
        boxes: (n, 4) of each.
        shape: rows and columns of the page.
        rows_across: evidence in nats for rows across the page, negative for rows along it.
    """

    inks: list[Ink]
    boxes: Boxes
    shape: tuple[int, ...]
    rows_across: float = 0.0

    def may_be_one_digit(self) -> Bools:
        """Return which marks (n,) may be one digit each: not those that are long and thin."""
        sides = self.boxes[:, 2:] - self.boxes[:, :2]
        slender = sides.max(axis=1) > PARAMETERS.max_slenderness * sides.min(axis=1)
        return np.asarray(~slender)


def turned(page: Grey, turns: int) -> Grey:
    """Turn a page, or its ink, by -3 to 3 quarter turns counterclockwise."""
    return np.ascontiguousarray(np.rot90(page, turns)) if turns % TURNS else page


def likely_turns(weights: Floats) -> list[int]:
    """Return the turns that are not excluded, the likeliest first; of equal ones the smallest.

    Args:
        weights: (4,) evidence of each turn in nats.

    >>> likely_turns(np.array([3.0, -9.0, 4.0, -8.0]))
    [2, 0]
    """
    order = np.argsort(-weights, kind="stable")
    least = weights.max() - PARAMETERS.min_gain
    return [int(turns) for turns in order if weights[turns] > least]


def weigh_turns(model: DigitModel, ink: Ink) -> Floats:
    """Return the evidence (4,) in nats that 0 to 3 quarter turns counterclockwise make ink upright.

    Single marks are turned and classified instead of the page. 0, 1, 8, and a 6 that may be a 9,
    are as likely upside down, so they are no evidence; slender marks are left out.

    Args:
        model: classifies single digits.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    return weigh_marks(model, find_marks(ink))


def weigh_marks(model: DigitModel, marks: SingleMarks) -> Floats:
    """Return the evidence (4,) in nats of marks for each number of quarter turns.

    Marks that are close together are one number or word: the likelihood of a turn is that of a
    number there, and a word, which has no digits either way, is no evidence by its letters. The
    uneven tops of print are evidence for its upright side, and so is the direction of rows.
    """
    across = marks.rows_across
    weights = -np.array([0.0, across, 0.0, across])
    boxes = boxes_turned(marks.boxes, marks.shape, int(across < 0))
    chosen = _chosen_marks(marks, group_into_words(boxes))
    for side in (0, 1):
        if (across if side else -across) >= PARAMETERS.sure_rows:
            weights[side::2] = -np.inf
        else:
            weights[side::2] += _weigh_opposite_turns(model, marks, chosen, side=side)
    return weights


def _weigh_opposite_turns(
    model: DigitModel, marks: SingleMarks, chosen: Places, *, side: int
) -> Floats:
    """Return the evidence (2,) for two opposite turns, of which ``side``, 0 or 1, is the first.

    Each word is a mixture: a number with the likelihoods of its digits, or a word of letters.
    """
    boxes = boxes_turned(marks.boxes, marks.shape, side)
    words = group_into_words(boxes)
    both = [turned(marks.inks[place], turns) for turns in (side, side + 2) for place in chosen]
    log_likelihoods = digit_log_likelihoods(model, both).reshape(2, -1)
    count = int(words.max(initial=-1)) + 1
    number = np.stack([np.bincount(words[chosen], one, minlength=count) for one in log_likelihoods])
    word = MARK_PARAMETERS.letter_nats * np.bincount(words[chosen], minlength=count)
    p_word = np.exp(word - np.logaddexp(word, number)).min(axis=0)
    upright = upright_nats(boxes, words) @ p_word
    upright = float(np.clip(upright, -PARAMETERS.max_print_nats, PARAMETERS.max_print_nats))
    return np.asarray(np.logaddexp(word, number).sum(axis=1) + np.array([upright, -upright]))


def find_marks(ink: Ink) -> SingleMarks:
    """Find the marks of a page that may be digits or letters, and the direction of their rows.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    marks = connected_marks(ink)
    places, middle = _of_fitting_size(marks)
    boxes = marks.boxes[places]
    inks = [marks.crop(place) for place in places.tolist()]
    alike = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) <= PARAMETERS.max_row_size * middle
    return SingleMarks(inks, boxes, ink.shape, rows_across(boxes[alike]))


def _chosen_marks(marks: SingleMarks, words: Places) -> Places:
    """Return the places of the marks to classify: some of each word, the tallest words first."""
    spans = (marks.boxes[:, 2:] - marks.boxes[:, :2]).max(axis=1)
    groups = [np.flatnonzero(words == word) for word in range(int(words.max(initial=-1)) + 1)]
    groups.sort(key=lambda group: -float(np.median(spans[group])))
    single = marks.may_be_one_digit()
    fit = (group[single[group]] for group in groups)
    few = [group[:: -(-len(group) // PARAMETERS.max_marks_of_word)] for group in fit if len(group)]
    return np.concatenate([*few, np.zeros(0, np.intp)])[: PARAMETERS.max_marks]


def _of_fitting_size(marks: ConnectedMarks) -> tuple[Places, float]:
    """Return the places of marks that are no dots or drawings, and the middle size.

    Marks at the border of the page are left out. Half of all ink is in marks up to the middle size.
    """
    sizes = (marks.boxes[:, 2:] - marks.boxes[:, :2]).max(axis=1, initial=0)
    inside = (marks.boxes[:, :2] > 0).all(axis=1)
    inside &= (marks.boxes[:, 2:] < np.array(marks.ink.shape[::-1])).all(axis=1)
    fit = (sizes >= PARAMETERS.min_side_px) & inside
    chosen = np.flatnonzero(fit)
    if not len(chosen):
        return chosen, 0.0
    order = chosen[np.argsort(sizes[chosen])]
    weights = np.cumsum(marks.areas_px[order])
    middle = float(sizes[order][np.searchsorted(weights, weights[-1] / 2)])
    fit &= (sizes >= PARAMETERS.min_size * middle) & (sizes <= PARAMETERS.max_size * middle)
    return np.flatnonzero(fit), middle
