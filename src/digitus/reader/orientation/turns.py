"""Which way up a page is: the quarter turn at which its components are the likeliest digits."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Grey, Ink
from digitus.reader.layout.boxes import Bools, Boxes, Floats, Places
from digitus.reader.orientation.component_rows import (
    boxes_turned,
    group_into_words,
    rows_across,
    upright_nats,
)
from digitus.reader.orientation.ink_components import PARAMETERS as COMPONENT_PARAMETERS
from digitus.reader.orientation.ink_components import (
    InkComponents,
    digit_log_likelihoods,
    find_ink_components,
)
from digitus.recognizer import DigitModel

QUARTER_TURNS = 4


@dataclass(frozen=True)
class OrientationParameters:
    """Parameters of the orientation of a page. Evidence is in nats.

    Set by hand: a turn is excluded only by more evidence than one component can give, which is
    -log(``min_likelihood``) of `InkComponentParameters`, 4.6 nats.

    Attributes:
        max_components: number of components that are classified; bounds the time.
        max_components_of_word: number of components of one word that are classified; enough to
            recognize a number.
        min_gain: least evidence by which a turn excludes another.
        sure_rows: least evidence for the direction of rows that excludes the other direction.
        max_print_nats: limit for the evidence of all words of print together.
        max_slenderness: greatest ratio of the longer to the shorter side of a component that is
            classified. A 1 on its side is a dash, and a long component is several digits.
        min_side_px: least longer side of a component, in pixels.
        min_size: least longer side over the median by area of the page; smaller components are
            dots.
        max_size: greatest longer side over that median; larger components are drawings.
        max_row_size: the same limit for components that show the direction of rows.
    """

    max_components: int = 40
    max_components_of_word: int = 5
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
class SingleComponents:
    """Components of a page that may be digits or letters.

    Attributes:
        inks: n ink maps of one component, (rows, cols) each.
        boxes: (n, 4) left, top, right, bottom of each in pixels.
        shape: rows and columns of the page.
        rows_across: evidence in nats for rows across the page, negative for rows along it.
    """

    inks: list[Ink]
    boxes: Boxes
    shape: tuple[int, ...]
    rows_across: float = 0.0

    def may_be_one_digit(self) -> Bools:
        """Return which components (n,) may be one digit each: not those that are long and thin."""
        sides = self.boxes[:, 2:] - self.boxes[:, :2]
        slender = sides.max(axis=1) > PARAMETERS.max_slenderness * sides.min(axis=1)
        return np.asarray(~slender)


def turned(grey: Grey, turns: int) -> Grey:
    """Turn grey or ink (rows, cols) by -3 to 3 quarter turns counterclockwise."""
    return np.ascontiguousarray(np.rot90(grey, turns)) if turns % QUARTER_TURNS else grey


def likely_turns(weights: Floats) -> list[int]:
    """Return the turns that are not excluded, the likeliest first, the smallest on a tie.

    Args:
        weights: (4,) evidence of each turn in nats.

    >>> likely_turns(np.array([3.0, -9.0, 4.0, -8.0]))
    [2, 0]
    """
    order = np.argsort(-weights, kind="stable")
    least = weights.max() - PARAMETERS.min_gain
    return [int(turns) for turns in order if weights[turns] > least]


def weigh_turns(model: DigitModel, ink: Ink) -> Floats:
    """Return the evidence (4,) in nats that 0 to 3 quarter turns counterclockwise are right.

    Single components are turned and classified instead of the page. 0, 1, 8, and a 6 that may be a
    9, are as likely upside down, so they give no evidence; slender components are left out.

    Args:
        model: classifies single digits.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    return weigh_components(model, find_single_components(ink))


def weigh_components(model: DigitModel, components: SingleComponents) -> Floats:
    """Return the evidence (4,) in nats of components for each number of quarter turns.

    Components that are close together are one number or one word. A number gives the likelihood of
    its digits at each turn. The letters of a word give no evidence; the uneven tops of print do,
    and so does the direction of rows.
    """
    across = components.rows_across
    weights = -np.array([0.0, across, 0.0, across])
    boxes = boxes_turned(components.boxes, components.shape, int(across < 0))
    chosen = _chosen_components(components, group_into_words(boxes))
    for side in (0, 1):
        if (across if side else -across) >= PARAMETERS.sure_rows:
            weights[side::2] = -np.inf
        else:
            weights[side::2] += _weigh_opposite_turns(model, components, chosen, side=side)
    return weights


def _weigh_opposite_turns(
    model: DigitModel, components: SingleComponents, chosen: Places, *, side: int
) -> Floats:
    """Return the evidence (2,) for two opposite turns, of which ``side``, 0 or 1, is the first.

    Each word is a mixture: a number with the likelihoods of its digits, or a word of letters.
    """
    boxes = boxes_turned(components.boxes, components.shape, side)
    words = group_into_words(boxes)
    both = [turned(components.inks[place], turns) for turns in (side, side + 2) for place in chosen]
    log_likelihoods = digit_log_likelihoods(model, both).reshape(2, -1)
    count = int(words.max(initial=-1)) + 1
    number = np.stack([np.bincount(words[chosen], one, minlength=count) for one in log_likelihoods])
    word = COMPONENT_PARAMETERS.letter_nats * np.bincount(words[chosen], minlength=count)
    p_word = np.exp(word - np.logaddexp(word, number)).min(axis=0)
    upright = upright_nats(boxes, words) @ p_word
    upright = float(np.clip(upright, -PARAMETERS.max_print_nats, PARAMETERS.max_print_nats))
    return np.asarray(np.logaddexp(word, number).sum(axis=1) + np.array([upright, -upright]))


def find_single_components(ink: Ink) -> SingleComponents:
    """Find the components of a page that may be digits or letters, and the direction of their rows.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    components = find_ink_components(ink)
    places, middle = _of_fitting_size(components)
    boxes = components.boxes[places]
    inks = [components.crop(place) for place in places.tolist()]
    alike = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) <= PARAMETERS.max_row_size * middle
    return SingleComponents(inks, boxes, ink.shape, rows_across(boxes[alike]))


def _chosen_components(components: SingleComponents, words: Places) -> Places:
    """Return the places of the components to classify: some of each word, tallest words first."""
    spans = (components.boxes[:, 2:] - components.boxes[:, :2]).max(axis=1)
    groups = [np.flatnonzero(words == word) for word in range(int(words.max(initial=-1)) + 1)]
    groups.sort(key=lambda group: -float(np.median(spans[group])))
    single = components.may_be_one_digit()
    fit = (group[single[group]] for group in groups)
    few = [
        group[:: -(-len(group) // PARAMETERS.max_components_of_word)] for group in fit if len(group)
    ]
    return np.concatenate([*few, np.zeros(0, np.intp)])[: PARAMETERS.max_components]


def _of_fitting_size(components: InkComponents) -> tuple[Places, float]:
    """Return the places of components larger than dots and smaller than drawings, and their size.

    The size is the median, weighted by area, of the longer sides. Components at the border of the
    page are left out.
    """
    sizes = (components.boxes[:, 2:] - components.boxes[:, :2]).max(axis=1, initial=0)
    inside = (components.boxes[:, :2] > 0).all(axis=1)
    inside &= (components.boxes[:, 2:] < np.array(components.ink.shape[::-1])).all(axis=1)
    fit = (sizes >= PARAMETERS.min_side_px) & inside
    chosen = np.flatnonzero(fit)
    if not len(chosen):
        return chosen, 0.0
    order = chosen[np.argsort(sizes[chosen])]
    weights = np.cumsum(components.areas_px[order])
    middle = float(sizes[order][np.searchsorted(weights, weights[-1] / 2)])
    fit &= (sizes >= PARAMETERS.min_size * middle) & (sizes <= PARAMETERS.max_size * middle)
    return np.flatnonzero(fit), middle
