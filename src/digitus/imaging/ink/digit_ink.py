"""The ink of one digit in an image: extracted, without ruled lines, specks and neighbors."""

from dataclasses import dataclass, replace

import numpy as np

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.ink.darkness import Darkness, darkness_of_digit_image
from digitus.imaging.ink.digit_components import Selection, digit_components
from digitus.imaging.ink.extractor import CLEAN_DIGIT, DIGIT, extract_ink, mark_ink, smoothed
from digitus.imaging.ink.paper import inside_frame
from digitus.imaging.ink.pattern import find_pattern, without_pattern
from digitus.imaging.levels import noise
from digitus.imaging.patch.centering import is_laid_out
from digitus.imaging.ruled_lines.edge_to_edge import without_edge_to_edge_lines


@dataclass(frozen=True)
class BlankParameters:
    """Parameters of the decision that an image is blank, set by hand.

    Attributes:
        least_inked_px: number of inked pixels below which noise left them.
        least_inked_clean_px: the same for a drawing without noise.
    """

    least_inked_px: int = 8
    least_inked_clean_px: int = 3


BLANK = BlankParameters()


@dataclass(frozen=True, eq=False)
class DigitInk:
    """The ink of one digit.

    Attributes:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        writing: (rows, cols), the same with neighbors of the digit's size; the same array where
            there are none.
        dark_paper: whether the paper is darker than the ink.
    """

    ink: Ink
    writing: Ink
    dark_paper: bool


def digit_ink(grey: Grey, *, is_light: bool = False) -> DigitInk:
    """Extract the ink of the digit in an image; inverting the image does not change the ink.

    A drawing on paper of exactly one tone that has MNIST's layout already keeps its values.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
        is_light: whether the paper is known to be lighter than the ink.
    """
    inside = inside_frame(grey)
    darkness = darkness_of_digit_image(np.ascontiguousarray(grey[inside]), is_light=is_light)
    found = _select_ink(darkness)
    digit = _placed(found.digit, inside, grey.shape)
    alone = found.writing is found.digit
    writing = digit if alone else _placed(found.writing, inside, grey.shape)
    return DigitInk(digit, writing, darkness.dark_paper)


def is_blank(ink: Ink) -> bool:
    """Return whether nothing is written: no pixel carries ink."""
    return not ink.any()


def _placed(ink: Ink, inside: tuple[slice, slice], shape: tuple[int, ...]) -> Ink:
    """Return ink with paper around it, (rows, cols) of the whole image."""
    whole = np.zeros(shape, np.float32)
    whole[inside] = ink
    return whole


def _select_ink(darkness: Darkness) -> Selection:
    values = darkness.as_float()
    if darkness.is_clean and is_laid_out(values):
        ink = values if values.max() > DIGIT.faintest_contrast else np.zeros_like(values)
        return Selection(ink, ink)
    bare = without_pattern(values, find_pattern(values))
    if bare is not values:  # most noise went with the pattern
        spread = 0.0 if darkness.is_clean else noise(bare)
        darkness = replace(darkness, values=bare, noise=spread)
    darkness = smoothed(darkness, DIGIT)
    ink = extract_ink(darkness, CLEAN_DIGIT if darkness.is_clean else DIGIT)
    found = Selection(ink, ink)
    if ink.any():
        ink = without_edge_to_edge_lines(ink, darkness.values, mark_ink(darkness, DIGIT))
        found = digit_components(ink)
    least_px = BLANK.least_inked_clean_px if darkness.is_clean else BLANK.least_inked_px
    if np.count_nonzero(found.digit) < least_px:
        blank = np.zeros_like(ink)
        return Selection(blank, blank)
    return found
