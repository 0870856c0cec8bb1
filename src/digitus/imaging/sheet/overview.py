"""The components and ruled lines on a small copy of a page, from which its skew is measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.components import Components, label_components, weighted_median
from digitus.imaging.ink.darkness import darkness_of_page
from digitus.imaging.ink.extractor import PAGE, extract_ink, mark_ink, smoothed
from digitus.imaging.levels import shrunk
from digitus.imaging.ruled_lines.detection import find_ruled_lines
from digitus.imaging.ruled_lines.line_set import RuledLines


@dataclass(frozen=True)
class OverviewParameters:
    """Parameters of ``overview_of``, set by hand by the size of digits on an A4 sheet.

    Attributes:
        side_px: long side of the copy.
        inked: ink from which a pixel belongs to a component.
        least_px: least longer side of a component on the copy; digits of an A4 sheet at 300 dpi
            are larger.
        largest: greatest longer side of a component, as a share of the copy's long side.
        least_height: least size of a component, in median heights; dots, commas and specks are
            smaller.
    """

    side_px: int = 1000
    inked: float = 0.3
    least_px: int = 3
    largest: float = 0.6
    least_height: float = 0.4


OVERVIEW = OverviewParameters()


@dataclass(frozen=True, eq=False)
class Overview:
    """What a small copy of a page shows.

    Attributes:
        boxes: (n, 4) left, top, width, height of components that may be digits, in pixels of the
            copy.
        across: lines along its rows.
        down: lines along its columns, on the transposed copy.
        shape: rows and columns of the copy.
    """

    boxes: NDArray[np.float64]
    across: RuledLines
    down: RuledLines
    shape: tuple[int, ...]


def overview_of(grey: Grey) -> Overview:
    """Find components and ruled lines on a small copy of a page.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    darkness = smoothed(darkness_of_page(shrunk(grey, OVERVIEW.side_px)), PAGE)
    ink = extract_ink(darkness, PAGE)
    across, down = find_ruled_lines(mark_ink(darkness, PAGE))
    lines = across.mask(ink.shape) | down.mask(ink.shape[::-1]).T
    components = label_components(((ink > OVERVIEW.inked) & ~lines).astype(np.uint8))
    return Overview(_boxes_of_digits(components), across, down, ink.shape)


def _boxes_of_digits(components: Components) -> NDArray[np.float64]:
    """Leave out specks, components that fill the page and those cut off by its edges."""
    spans = components.spans_px
    fit = (spans >= OVERVIEW.least_px) & ~components.at_edge()
    writing = components.only(fit & (spans <= OVERVIEW.largest * max(components.labels.shape)))
    if not len(writing):
        return np.zeros((0, 4))
    usual = weighted_median(writing.heights_px.astype(float), writing.areas_px.astype(float))
    writing = writing.only(writing.spans_px >= OVERVIEW.least_height * usual)
    sizes = [writing.widths_px, writing.heights_px]
    return np.column_stack([writing.boxes[:, :2], *sizes]).astype(np.float64)
