"""Preprocessing: from an image to the network's 28 x 28 input, with every step in between."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Grey, Ink, Patch
from digitus.imaging.ink.digit_components import digit_components
from digitus.imaging.ink.digit_ink import DigitInk, digit_ink, is_blank
from digitus.imaging.ink.paper import tone_of_clean_paper
from digitus.imaging.levels import shrunk
from digitus.imaging.opening.image_file import ImageSource, open_grey, reopenable
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.sheet.corners import Corners, find_sheet, inside_corners

DIGIT_IMAGE_PX = 512  # long side; a digit needs no more, and a photo has far more


@dataclass(frozen=True)
class SheetOfDigitParameters:
    """Parameters of the search for a sheet that lies on something, set by hand.

    Attributes:
        least_photo_px: least short side of an image in which a sheet is searched.
        photo_px: long side of the photo that the sheet is cut out of.
        sheet_px: long side of the sheet; a digit 1 cm high on A4 paper is then 34 px high.
        margin: share of the sheet's sides that is cut off all around: its edge, and what the
            table's shadow leaves of it.
        beside: quantile of the light beside the sheet that is compared with the sheet's median; a
            cell of squared paper has light paper on all sides.
        most_beside: greatest such light, as a share of the sheet's.
    """

    least_photo_px: int = 100
    photo_px: int = 1600
    sheet_px: int = 1000
    margin: float = 0.015
    beside: float = 0.75
    most_beside: float = 0.85


SHEET_OF_DIGIT = SheetOfDigitParameters()


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """An image after every step of the preprocessing.

    Attributes:
        grey: (rows, cols), 0.0 black to 1.0 white; its long side has at most 512 px, or 1000 px
            if it is a sheet that was cut out.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        patch: (28, 28) input of the network; None where the image is blank.
        writing: (rows, cols), the ink with that of neighbors of the digit's size, which are no
            part of the patch.
        dark_paper: whether the paper is darker than the ink.
        is_cut_out: whether the sheet was cut out of the photo and squared up.
    """

    grey: Grey
    ink: Ink
    patch: Patch | None
    writing: Ink
    dark_paper: bool = False
    is_cut_out: bool = False


def preprocess(image: ImageSource) -> Preprocessed:
    """Preprocess the image of one digit: open it, extract the ink, make the patch.

    A sheet of paper that lies on something darker is cut out of its photo and squared up first,
    unless it is blank.

    Raises:
        ImageError: if it cannot be opened; see ``open_grey``.
        ValueError: if an array has the wrong shape, type or range.
    """
    image = reopenable(image)
    grey = open_grey(image, long_side_px=DIGIT_IMAGE_PX)
    if _may_show_table(grey):
        sheet = _cut_out(open_grey(image, long_side_px=SHEET_OF_DIGIT.photo_px))
        found = None if sheet is None else digit_ink(sheet, is_light=True)
        if sheet is not None and found is not None and not is_blank(found.ink):
            return _with_patch(sheet, found, is_cut_out=True)
    return _with_patch(grey, digit_ink(grey))


def writing_of_page(grey: Grey) -> Ink | None:
    """Extract the writing as on a page: ruled lines that do not run from edge to edge are removed.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.

    Returns:
        (rows, cols), 0.0 paper to 1.0 full ink; None for a drawing, whose paper has one tone, and
        where nothing is written.
    """
    from digitus.imaging.ink.page_ink import page_inks  # seldom needed

    if tone_of_clean_paper(grey) is not None:
        return None
    ink = page_inks(grey).versions[-1]
    writing = digit_components(ink).writing if ink.any() else ink
    return None if is_blank(writing) else writing


def _with_patch(grey: Grey, found: DigitInk, *, is_cut_out: bool = False) -> Preprocessed:
    patch = None if is_blank(found.ink) else make_patch(found.ink)
    return Preprocessed(grey, found.ink, patch, found.writing, found.dark_paper, is_cut_out)


def _may_show_table(grey: Grey) -> bool:
    """Return whether an image is a photo of a sheet on something darker.

    A drawing or screenshot, whose paper has exactly one tone, is no photo.
    """
    if min(grey.shape) < SHEET_OF_DIGIT.least_photo_px or tone_of_clean_paper(grey) is not None:
        return False
    corners = find_sheet(grey)
    return corners is not None and _lies_on_darker(grey, corners)


def _lies_on_darker(grey: Grey, corners: Corners) -> bool:
    """Return whether what lies beside the sheet is darker as a whole, not only at its edge."""
    inside = inside_corners(corners, grey.shape)
    beside = float(np.quantile(grey[~inside], SHEET_OF_DIGIT.beside))
    return beside <= SHEET_OF_DIGIT.most_beside * float(np.median(grey[inside]))


def _cut_out(photo: Grey) -> Grey | None:
    """Cut a sheet out of its photo and square it up; None if the finer image shows none."""
    from digitus.imaging.sheet.squaring import find_squaring  # seldom needed
    from digitus.imaging.sheet.surroundings import without_surroundings

    squaring = find_squaring(photo)
    if squaring.corners is None:
        return None
    squared = without_surroundings(squaring.apply(photo))
    rows, cols = (round(SHEET_OF_DIGIT.margin * side) for side in squared.shape)
    inner = squared[rows : squared.shape[0] - rows, cols : squared.shape[1] - cols]
    return shrunk(inner, SHEET_OF_DIGIT.sheet_px)
