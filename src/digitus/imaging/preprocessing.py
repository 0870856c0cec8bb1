"""The one road from an image to the network, with a look at each stop."""

from dataclasses import dataclass

from digitus.imaging.arrays import Grey, Ink, Patch
from digitus.imaging.ink.digit_ink import find_ink, is_blank
from digitus.imaging.opening.image_file import ImageSource, open_grey
from digitus.imaging.patch.patch import make_patch

WORKING_PX = 512  # of the long side; a digit needs no more, and a photo has far more


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """An image at every stop of the road.

    Attributes:
        page: (rows, cols), 0.0 black to 1.0 white; its long side has at most 512 px.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        patch: (28, 28) what the network sees; None where the page is blank.
        dark_paper: whether the paper was darker than the ink.
    """

    page: Grey
    ink: Ink
    patch: Patch | None
    dark_paper: bool = False


def preprocess(image: ImageSource) -> Preprocessed:
    """Take an image all the way to the patch.

    Raises:
        ImageError: if it cannot be opened; see ``open_grey``.
        ValueError: if an array has the wrong shape, type or range.
    """
    page = open_grey(image, long_side_px=WORKING_PX)
    found = find_ink(page)
    patch = None if is_blank(found.ink) else make_patch(found.ink)
    return Preprocessed(page, found.ink, patch, found.dark_paper)
