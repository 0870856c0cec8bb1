"""The one road from a picture to the network, with a look at each stop."""

from dataclasses import dataclass

from digitus.imaging.arrays import Ink, Page, Patch
from digitus.imaging.ink import extract_ink, is_blank
from digitus.imaging.load import Picture, open_page
from digitus.imaging.patch import make_patch


@dataclass(frozen=True, eq=False)
class Prepared:
    """A picture at every stop of the road.

    Attributes:
        page: (rows, cols), 0.0 black to 1.0 white.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        patch: (28, 28) what the network sees; None where the page is blank.
    """

    page: Page
    ink: Ink
    patch: Patch | None


def prepare(picture: Picture) -> Prepared:
    """Take a picture all the way to the patch.

    Raises:
        PictureError: if it cannot be opened; see ``open_page``.
        ValueError: if an array has the wrong shape, type or range.
    """
    page = open_page(picture)
    ink = extract_ink(page)
    return Prepared(page, ink, None if is_blank(ink) else make_patch(ink))
