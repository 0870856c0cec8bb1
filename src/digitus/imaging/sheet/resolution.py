"""The size at which a page is read: no larger than its digits need, for time goes with its area."""

from typing import NamedTuple

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.components import digit_height_px, find_components
from digitus.imaging.ink.page_ink import page_inks
from digitus.imaging.ink.paper import shrunk
from digitus.imaging.sheet.squaring import square_up

GLANCE_PX = 1500  # of the long side; tells how tall the digits are
TALL_ENOUGH_PX = 28  # a patch holds digits of 20 px, so that cuts between them stay fine


class Inked(NamedTuple):
    """A page squared up, and its ink.

    Attributes:
        page: (rows, cols), 0.0 black to 1.0 white.
        inks: versions of its ink, each (rows, cols): with all its lines, and without.
        shrunk_by: pixels of the page as it came along one of its pixels here, 1.0 or more.
    """

    page: Grey
    inks: list[Ink]
    shrunk_by: float


def inked(grey: Grey) -> Inked:
    """Square a page up and take its ink: of a smaller copy, if the digits stay tall enough."""
    small = shrunk(grey, GLANCE_PX)
    first = _inked(small, max(grey.shape) / max(small.shape))
    if small.shape == grey.shape or _digit_height_px(first.inks[-1]) >= TALL_ENOUGH_PX:
        return first
    return _inked(grey, 1.0)


def _inked(grey: Grey, shrunk_by: float) -> Inked:
    page = square_up(grey)
    return Inked(page, page_inks(page), shrunk_by)


def _digit_height_px(ink: Ink) -> float:
    return digit_height_px(find_components(ink))
