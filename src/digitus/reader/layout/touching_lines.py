"""Digits of two lines that touch, divided where the ink between them is narrow."""

from dataclasses import dataclass, replace

import numpy as np

from digitus.imaging.components import Bools, Components, pen_width_px
from digitus.reader.layout.boxes import Boxes


@dataclass(frozen=True)
class TouchingLineParameters:
    """Which components are divided. A typical digit is that of the page.

    Set by hand, from two digits of one height above each other that touch in one stroke.

    Attributes:
        min_height: least height of a component that two digits make, in typical digits.
        max_height: greatest height of such a component; three digits are higher.
        max_half: greatest height of the digits beside it over that of the component.
        half_rows: middle rows of the upper and the lower half, as shares of its height.
        max_offset: rows between the middle of a digit beside it and that of the upper or lower
            half, over the height of the component.
        max_gap: greatest gap to these digits, over the height of the component.
        max_waist_pens: greatest ink of the row where it is divided, in widths of the pen.
        waist_rows: first and last row where it may be divided, as shares of its height.
        min_pen_height: least height of the components on which the width of the pen is measured,
            in typical digits.
    """

    min_height: float = 1.6
    max_height: float = 3.2
    max_half: float = 0.7
    half_rows: tuple[float, float] = (0.25, 0.75)
    max_offset: float = 0.2
    max_gap: float = 2.0
    max_waist_pens: float = 1.8
    waist_rows: tuple[float, float] = (0.35, 0.65)
    min_pen_height: float = 0.5


PARAMETERS = TouchingLineParameters()


def split_tall(components: Components, height_px: float) -> Components:
    """Divide high components with a waist that have digits of two lines beside them.

    The labels of the lower halves are changed in place.

    Args:
        components: components of a page.
        height_px: height of its typical digit.
    """
    heights = components.heights_px / height_px
    digits = components.only(heights >= PARAMETERS.min_pen_height)
    tall = (heights >= PARAMETERS.min_height) & (heights <= PARAMETERS.max_height)
    for place in np.flatnonzero(tall):
        if _lies_on_two_lines(components, int(place)):
            widest = PARAMETERS.max_waist_pens * pen_width_px(digits)
            row = _waist(components.mask(int(place)), widest)
            components = components if row is None else _divided(components, int(place), row)
    return components


def _lies_on_two_lines(components: Components, place: int) -> bool:
    """Return whether digits of half its height stand beside its upper and its lower half."""
    left, top, right, bottom = components.boxes[place]
    height = bottom - top
    boxes = components.boxes[components.heights_px <= PARAMETERS.max_half * height]
    boxes = boxes[boxes[:, 3] - boxes[:, 1] >= (1 - PARAMETERS.max_half) * height]
    reach = PARAMETERS.max_gap * height
    near = (boxes[:, 0] < right + reach) & (boxes[:, 2] > left - reach)
    middles = (boxes[near, 1] + boxes[near, 3]) / 2
    upper, lower = (np.abs(middles - (top + share * height)) for share in PARAMETERS.half_rows)
    offset = PARAMETERS.max_offset * height
    return bool((upper <= offset).any() and (lower <= offset).any())


def _waist(mask: Bools, widest_px: float) -> int | None:
    """Return the row in the middle with least ink; None if that is more than a waist has."""
    first, last = (int(share * len(mask)) for share in PARAMETERS.waist_rows)
    inked = mask[first:last].sum(axis=1)
    return first + int(inked.argmin()) if inked.min() <= widest_px else None


def _divided(components: Components, place: int, row: int) -> Components:
    """Make the ink of a component from a row downwards a component of its own."""
    left, top, right, bottom = components.boxes[place]
    offset = np.array([left, top, left, top])
    lower = components.mask(place)
    lower[:row] = False
    upper = components.mask(place) & ~lower
    number = int(components.labels.max()) + 1
    components.labels[top:bottom, left:right][lower] = number
    boxes = np.concatenate([components.boxes, _bounds(lower)[None] + offset])
    boxes[place] = _bounds(upper) + offset
    areas = np.append(components.areas_px, lower.sum())
    areas[place] = upper.sum()
    return replace(
        components, numbers=np.append(components.numbers, number), boxes=boxes, areas_px=areas
    )


def _bounds(mask: Bools) -> Boxes:
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.array([cols[0], rows[0], cols[-1] + 1, rows[-1] + 1])
