"""A page squared up and its ink, at a resolution no higher than its digits need."""

from dataclasses import dataclass

from digitus.imaging.arrays import Grey
from digitus.imaging.components import digit_height_px, find_components
from digitus.imaging.ink.page_ink import PageInks, page_inks
from digitus.imaging.levels import shrunk
from digitus.imaging.sheet.squaring import Squaring, find_squaring


@dataclass(frozen=True)
class ResolutionParameters:
    """Parameters of ``square_and_extract_ink``, set by hand.

    Attributes:
        coarse_px: long side of the copy that is tried first; time grows with a page's area.
        tall_enough_px: height of digits from which the copy suffices: a patch holds digits of
            20 px, so cuts between digits stay finer than its pixels.
    """

    coarse_px: int = 1500
    tall_enough_px: float = 28.0


RESOLUTION = ResolutionParameters()


@dataclass(frozen=True, eq=False)
class SquaredPage:
    """A page squared up, and its ink.

    Attributes:
        grey: (rows, cols), 0.0 black to 1.0 white.
        inks: of this page.
        shrunk_by: pixels of the original page along one pixel of this one, 1.0 or more.
        squaring: how it was squared up after that.
    """

    grey: Grey
    inks: PageInks
    shrunk_by: float
    squaring: Squaring


def square_and_extract_ink(grey: Grey) -> SquaredPage:
    """Square a page up and extract its ink, on a smaller copy if the digits stay tall enough.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    small = shrunk(grey, RESOLUTION.coarse_px)
    coarse = _squared(small, max(grey.shape) / max(small.shape))
    height = digit_height_px(find_components(coarse.inks.versions[-1]))
    if small.shape == grey.shape or height >= RESOLUTION.tall_enough_px:
        return coarse
    return _squared(grey, 1.0)


def _squared(grey: Grey, shrunk_by: float) -> SquaredPage:
    squaring = find_squaring(grey)
    inks = page_inks(squaring.apply_without_surroundings(grey))
    return SquaredPage(squaring.apply(grey), inks, shrunk_by, squaring)
