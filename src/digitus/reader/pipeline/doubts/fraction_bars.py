"""Two numbers with a bar between them, one above the other: a fraction, which is not read as such.

Both are to be checked, and the bar is among their marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.reader.pipeline.assembly import bounding_box, join_numbers
from digitus.reader.results.reading import Box, Line, Mark, Number


@dataclass(frozen=True)
class FractionBarParameters:
    """When two numbers are the parts of a fraction. Lengths are in heights of the higher one.

    Set by hand: a bar is as long as the numbers at its sides and close to both; a line above a sum
    is longer, or farther away.

    Attributes:
        max_gap: greatest number of rows between the two numbers.
        min_overlap: least share of the narrower one's columns that they have in common.
        min_length: least share of the wider one's columns along which the bar is inked.
        overhang: greatest length of the bar beyond the numbers on either side.
        max_thickness: greatest height of the bar.
        min_ink: least ink of a pixel of the bar.
        p_complete: factor on the confidence of both numbers: below the threshold of those to check.
    """

    max_gap: float = 0.9
    min_overlap: float = 0.6
    min_length: float = 0.85
    overhang: float = 0.6
    max_thickness: float = 0.3
    min_ink: float = 0.2
    p_complete: float = 0.6


FRACTION_BARS = FractionBarParameters()


def doubt_fractions(lines: Sequence[Line], ink: Ink) -> list[Line]:
    """Doubt the numbers above and below a bar, and add it to their marks.

    Args:
        lines: of a page.
        ink: (rows, cols) of the page without ruled lines.
    """
    numbers = [number for line in lines for number in line.numbers]
    doubted = list(numbers)
    for one, other in combinations(range(len(numbers)), 2):
        bar = _bar_between(numbers[one].box, numbers[other].box, ink)
        if bar is not None:
            doubted[one] = _doubted(doubted[one], bar)
            doubted[other] = _doubted(doubted[other], bar)
    found = iter(doubted)
    return [join_numbers([next(found) for _ in line.numbers]) for line in lines]


def _bar_between(one: Box, other: Box, ink: Ink) -> Box | None:
    """Return the box of the bar between two numbers that are one above the other, if any."""
    above, below = sorted((one, other), key=lambda box: box[1])
    height_px = max(above[3], below[3])
    first, last = above[1] + above[3], below[1]
    common = min(above[0] + above[2], below[0] + below[2]) - max(above[0], below[0])
    if not 0 < last - first <= FRACTION_BARS.max_gap * height_px:
        return None
    if common < FRACTION_BARS.min_overlap * min(above[2], below[2]):
        return None
    left, _, width, _ = bounding_box([above, below])
    margin = round(FRACTION_BARS.overhang * height_px) + 1
    start = max(left - margin, 0)
    band = ink[first:last, start : left + width + margin] >= FRACTION_BARS.min_ink
    cols, rows = np.flatnonzero(band.any(axis=0)), np.flatnonzero(band.any(axis=1))
    if not len(cols) or np.ptp(rows) + 1 > FRACTION_BARS.max_thickness * height_px:
        return None
    inked = band[:, left - start : left - start + width].any(axis=0).sum()
    is_long = inked >= FRACTION_BARS.min_length * max(above[2], below[2])
    ends = cols[0] > 0 and cols[-1] < band.shape[1] - 1
    box = (start + int(cols[0]), first + int(rows[0]), int(np.ptp(cols)) + 1, int(np.ptp(rows)) + 1)
    return box if is_long and ends else None


def _doubted(number: Number, bar: Box) -> Number:
    factor = FRACTION_BARS.p_complete
    return replace(
        number,
        confidence=factor * number.confidence,
        alternatives=tuple((text, factor * share) for text, share in number.alternatives),
        marks=(*number.marks, Mark("other", bar, in_text=False)),
    )
