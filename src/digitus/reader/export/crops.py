"""Symbols cut out of a page: one for each number, or only for the doubtful ones."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.errors import WriteError
from digitus.files import replacing
from digitus.imaging.arrays import Grey
from digitus.reader.export.csv_tables import numbers_in_order
from digitus.reader.results.grid_numbers import cells_to_check
from digitus.reader.results.reading import DOUBTFUL, Box, PageReading

Levels: TypeAlias = NDArray[np.uint8]
"""(rows, cols), 0 black to 255 white."""

Place: TypeAlias = tuple[int, int]
"""Line and number in the line, both from 1; of the n-th doubtful cell without a number (0, n)."""

_MARGIN = 0.2  # of the height: shows whether a stroke was cut off
_NO_DIGIT_IN_A_NAME = "x"  # a question mark is no letter for a file name everywhere


def crop(page: Grey, box: Box) -> Levels:
    """Cut a box out of a page (rows, cols), with a margin; give at least one pixel."""
    left, top, width, height = box
    margin = round(_MARGIN * height) + 1
    rows = slice(max(0, top - margin), max(1, top + height + margin))
    cols = slice(max(0, left - margin), max(1, left + width + margin))
    return np.rint(page[rows, cols] * 255).astype(np.uint8)


def as_png(levels: NDArray[np.uint8]) -> bytes:
    """Encode grey levels (rows, cols) or colours (rows, cols, 3: blue, green, red) as PNG."""
    return cv2.imencode(".png", levels)[1].tobytes()


def doubtful_crops(page: Grey, reading: PageReading) -> dict[Place, bytes]:
    """Return the crop, as PNG, of each number and cell that is to be checked, by its place."""
    boxes: dict[Place, Box] = {
        (line, place): number.box
        for line, place, number in numbers_in_order(reading)
        if number.to_check
    }
    for place, (_, _, cell) in enumerate(cells_to_check(reading), start=1):
        boxes[0, place] = cell.box
    return {place: as_png(crop(page, box)) for place, box in boxes.items()}


def write_crops(folder: Path, page: Grey, reading: PageReading) -> int:
    """Write a PNG for each number, named by page, line, number and text: ``p001-l02-n03-4711``.

    Doubtful cells without a number are written, too: ``p001-c01-row02-column03`` is the first.
    Crops that an earlier run wrote of this page are replaced; other files are left alone.

    Returns:
        How many were written.

    Raises:
        WriteError: if one cannot be written.
    """
    _take_away_former(folder, reading.page)
    boxes = list(_named_boxes(reading))
    for name, box in boxes:
        with replacing(folder / f"p{reading.page:03}-{name}.png") as draft:
            draft.write_bytes(as_png(crop(page, box)))
    return len(boxes)


def _named_boxes(reading: PageReading) -> Iterator[tuple[str, Box]]:
    """Return what is cut out, with its name within the page."""
    for line, place, number in numbers_in_order(reading):
        text = number.text.replace(DOUBTFUL, _NO_DIGIT_IN_A_NAME)
        yield f"l{line:02}-n{place:02}-{text[:60]}", number.box
    for place, (row, column, cell) in enumerate(cells_to_check(reading), start=1):
        yield f"c{place:02}-row{row:02}-column{column:02}", cell.box


def _take_away_former(folder: Path, page: int) -> None:
    """Make the folder, and take away what it holds of this page."""
    ours = re.compile(rf"p{page:03}-(l\d+-n\d+-[\dx]+|c\d+-row\d+-column\d+)\.png")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if ours.fullmatch(path.name):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{folder}: cannot be written ({error.strerror}); choose another place"
        ) from error
