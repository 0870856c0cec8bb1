"""Preprocessing: from an image to the network's 28 x 28 input, with every step in between."""

from dataclasses import dataclass

from digitus.imaging.arrays import Grey, Ink, Patch
from digitus.imaging.ink.digit_ink import digit_ink, is_blank
from digitus.imaging.opening.image_file import ImageSource, open_grey
from digitus.imaging.patch.patch import make_patch

DIGIT_IMAGE_PX = 512  # long side; a digit needs no more, and a photo has far more


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """An image after every step of the preprocessing.

    Attributes:
        grey: (rows, cols), 0.0 black to 1.0 white; its long side has at most 512 px.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        patch: (28, 28) input of the network; None where the image is blank.
        dark_paper: whether the paper is darker than the ink.
    """

    grey: Grey
    ink: Ink
    patch: Patch | None
    dark_paper: bool = False


def preprocess(image: ImageSource) -> Preprocessed:
    """Preprocess the image of one digit: open it, extract the ink, make the patch.

    Raises:
        ImageError: if it cannot be opened; see ``open_grey``.
        ValueError: if an array has the wrong shape, type or range.
    """
    grey = open_grey(image, long_side_px=DIGIT_IMAGE_PX)
    found = digit_ink(grey)
    patch = None if is_blank(found.ink) else make_patch(found.ink)
    return Preprocessed(grey, found.ink, patch, found.dark_paper)
