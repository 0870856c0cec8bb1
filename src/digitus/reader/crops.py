"""Pieces cut out of a page: one for each number, or only for the doubtful ones."""

import re
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.errors import WriteError
from digitus.files import replacing
from digitus.imaging.arrays import Page
from digitus.reader.reading import DOUBTFUL, Box, PageReading
from digitus.reader.tables import numbers_in_order

Levels: TypeAlias = NDArray[np.uint8]
"""(rows, cols), 0 black to 255 white."""

Place: TypeAlias = tuple[int, int]
"""Line and number in the line, both from 1."""

_MARGIN = 0.2  # of the height: shows whether a stroke was cut off
_NO_DIGIT_IN_A_NAME = "x"  # a question mark is no letter for a file name everywhere


def crop(page: Page, box: Box) -> Levels:
    """Cut a box out of a page (rows, cols), with a margin; give at least one pixel."""
    left, top, width, height = box
    margin = round(_MARGIN * height) + 1
    rows = slice(max(0, top - margin), max(1, top + height + margin))
    cols = slice(max(0, left - margin), max(1, left + width + margin))
    return np.rint(page[rows, cols] * 255).astype(np.uint8)


def as_png(levels: NDArray[np.uint8]) -> bytes:
    """Encode grey levels (rows, cols) or colours (rows, cols, 3: blue, green, red) as PNG."""
    return cv2.imencode(".png", levels)[1].tobytes()


def doubtful_crops(page: Page, reading: PageReading) -> dict[Place, bytes]:
    """Give the crop, as PNG, of each number that is to be checked, by its place."""
    return {
        (line, place): as_png(crop(page, number.box))
        for line, place, number in numbers_in_order(reading)
        if number.to_check
    }


def write_crops(folder: Path, page: Page, reading: PageReading) -> int:
    """Write a PNG for each number, named by page, line, number and text: ``p001-l02-n03-4711``.

    Crops that an earlier run wrote of this page are replaced; other files are left alone.

    Returns:
        How many were written.

    Raises:
        WriteError: if one cannot be written.
    """
    _take_away_former(folder, reading.page)
    places = list(numbers_in_order(reading))
    for line, place, number in places:
        text = number.text.replace(DOUBTFUL, _NO_DIGIT_IN_A_NAME)
        name = f"p{reading.page:03}-l{line:02}-n{place:02}-{text[:60]}.png"
        with replacing(folder / name) as draft:
            draft.write_bytes(as_png(crop(page, number.box)))
    return len(places)


def _take_away_former(folder: Path, page: int) -> None:
    """Make the folder, and take away what it holds of this page."""
    ours = re.compile(rf"p{page:03}-l\d+-n\d+-[\dx]+\.png")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if ours.fullmatch(path.name):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{folder}: cannot be written ({error.strerror}); choose another place"
        ) from error
