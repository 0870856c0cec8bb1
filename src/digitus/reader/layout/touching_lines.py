"""Digits of two lines that touch, cut apart where the ink between them is narrow."""

from dataclasses import replace

import numpy as np

from digitus.imaging.components import Bools, Components, pen_width_px
from digitus.reader.layout.boxes import Boxes

TALL, TALLEST = 1.6, 3.2  # typical digits
HALF = 0.7  # of the tall one: as high as digits of its lines are at most
LEVEL = 0.2  # of the tall one's height, from the middle of a half
ASIDE = 2.0  # of the tall one's height
WAIST_PENS = 1.8  # the most ink in a row of the cut, in widths of the pen
WAIST = (0.35, 0.65)  # where it may lie
LEAST_HEIGHT = 0.5  # of what tells the pen's width


def split_tall(components: Components, height_px: float) -> Components:
    """Cut high components with a waist that have digits of two lines beside them.

    The labels of the lower parts are changed in place.

    Args:
        components: of a page.
        height_px: of its typical digit.
    """
    heights = components.heights_px / height_px
    digits = components.only(heights >= LEAST_HEIGHT)
    for place in np.flatnonzero((heights >= TALL) & (heights <= TALLEST)):
        if _lies_on_two_lines(components, int(place)):
            cut = _waist(components.mask(int(place)), WAIST_PENS * pen_width_px(digits))
            components = components if cut is None else _cut(components, int(place), cut)
    return components


def _lies_on_two_lines(components: Components, place: int) -> bool:
    """Return whether digits of half its height stand beside its upper and its lower half."""
    left, top, right, bottom = components.boxes[place]
    height = bottom - top
    boxes = components.boxes[components.heights_px <= HALF * height]
    boxes = boxes[boxes[:, 3] - boxes[:, 1] >= (1 - HALF) * height]
    near = (boxes[:, 0] < right + ASIDE * height) & (boxes[:, 2] > left - ASIDE * height)
    middles = (boxes[near, 1] + boxes[near, 3]) / 2
    upper, lower = (np.abs(middles - (top + share * height)) for share in (0.25, 0.75))
    return bool((upper <= LEVEL * height).any() and (lower <= LEVEL * height).any())


def _waist(mask: Bools, widest_px: float) -> int | None:
    """Find the row in the middle that has least ink, None if that is no waist."""
    first, last = (int(share * len(mask)) for share in WAIST)
    inked = mask[first:last].sum(axis=1)
    return first + int(inked.argmin()) if inked.min() <= widest_px else None


def _cut(components: Components, place: int, row: int) -> Components:
    """Return what lies below a row a label of its own."""
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
