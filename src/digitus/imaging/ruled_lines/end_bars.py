"""Bars that close several ruled lines at their ends, as at the start of a staff of music paper."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.components import find_components
from digitus.imaging.ruled_lines.line_set import RuledLines


@dataclass(frozen=True)
class EndBarParameters:
    """Which strokes are bars.

    Set by hand, from the geometry of staves and forms: a handwritten 1 neither begins and ends on
    two ruled lines nor lies at the ends of all lines between them.

    Attributes:
        fewest_lines: least number of lines that a bar closes.
        reach_px: distance between a bar and the ends of its lines, and between its own ends and
            the outer two of them.
        slender: greatest width over height.
    """

    fewest_lines: int = 3
    reach_px: float = 5.0
    slender: float = 0.25


END_BARS = EndBarParameters()


def without_end_bars(ink: Ink, across: RuledLines) -> Ink:
    """Erase the upright bars at the ends of ruled lines; without any, return the argument.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink, without the lines.
        across: the ruled lines along the rows.
    """
    if len(across) < END_BARS.fewest_lines:
        return ink
    components = find_components(ink)
    widths, heights = components.widths_px, components.heights_px
    slender = widths <= np.maximum(END_BARS.slender * heights, 1)
    erased = np.zeros(int(components.numbers.max(initial=0)) + 1, bool)
    for place in np.flatnonzero(slender & (heights > 2 * END_BARS.reach_px)).tolist():
        if _closes_lines(components.boxes[place].tolist(), across):
            erased[components.numbers[place]] = True
    return np.where(erased[components.labels], np.float32(0), ink) if erased.any() else ink


def _closes_lines(box: list[int], lines: RuledLines) -> bool:
    """Return whether a box spans exactly the lines that begin or end at its columns."""
    left, top, right, bottom = box
    reach = END_BARS.reach_px
    ends = np.stack([lines.starts, lines.ends])
    at_ends = ((ends >= left - reach) & (ends <= right + reach)).any(axis=0)
    rows = np.sort(lines.at(np.float64((left + right) / 2))[at_ends])
    rows = rows[(rows >= top - reach) & (rows <= bottom + reach)]
    if len(rows) < END_BARS.fewest_lines:
        return False
    return bool(abs(rows[0] - top) <= reach and abs(rows[-1] - bottom) <= reach)
