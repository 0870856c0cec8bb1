"""A page's ink -> lines of runs in reading order."""

import numpy as np

from digitus.imaging import Ink
from digitus.imaging.components import Components, digit_height_px, find_components
from digitus.reader.layout.boxes import Places
from digitus.reader.layout.segments import Units, find_units
from digitus.reader.layout.text_lines import lines_of
from digitus.reader.results.symbols import LineImage

SURE_GAP = 0.8  # heights; wider than what touching digits and broken parts leave between them
HIGH = 1.5  # times the line's usual height: other writing than the rest of the line


def find_lines(ink: Ink) -> list[list[LineImage]]:
    """Find what is written, in lines from top to bottom, each in runs from left to right.

    A run holds ink that may belong together: it is cut where a gap is too wide to lie within
    a digit. Specks, page borders, frames and blobs are left out. Nothing written gives [].

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    components = find_components(ink)
    height = digit_height_px(components)
    if not height:
        return []
    units = find_units(components, height)
    return [runs_of(ink, units, line) for line in lines_of(units.boxes)]


def runs_of(ink: Ink, units: Units, line: Places) -> list[LineImage]:
    """Cut a line, units from left to right, at its sure gaps.

    Args:
        ink: (rows, cols) of the page.
        units: of the page.
        line: the places of some of them.
    """
    heights = (units.boxes[:, 3] - units.boxes[:, 1]).astype(np.float64)
    usual = float(np.median(heights[line]))
    # Handwriting beside print stands higher than most of its line.
    heights = np.where(heights > HIGH * usual, heights, usual)
    ends = np.maximum.accumulate(units.extents[line, 2])
    nearby = np.sqrt(heights[line[1:]] * heights[line[:-1]])
    cuts = np.flatnonzero(units.extents[line[1:], 0] - ends[:-1] > SURE_GAP * nearby) + 1
    return [
        run_of(
            ink,
            units.components.only(np.isin(units.owner, part)),
            float(np.median(heights[part])),
        )
        for part in np.split(line, cuts)
    ]


def run_of(ink: Ink, components: Components, height_px: float) -> LineImage:
    """Crop the ink of some components, with nothing else upon it."""
    left, top = (int(value) for value in components.boxes[:, :2].min(axis=0))
    right, bottom = (int(value) for value in components.boxes[:, 2:].max(axis=0))
    mine = np.isin(components.labels[top:bottom, left:right], components.numbers)
    crop = np.where(mine, ink[top:bottom, left:right], np.float32(0))
    return LineImage(crop, left, top, height_px)
