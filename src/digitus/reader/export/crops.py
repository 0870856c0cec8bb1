"""Cut numbers out of a page: all of them as files, or those to check as PNG in memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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

Place: TypeAlias = tuple[int, int]
"""Line and number within the line, from 1; (0, n) for the n-th cell to check without a number."""


@dataclass(frozen=True)
class CropParameters:
    """Size and name of a crop, set by hand.

    Attributes:
        margin: margin around a crop, in heights of its box; it shows whether a stroke was cut off.
        max_characters: greatest length of a number in a file name; systems allow 255 bytes.
    """

    margin: float = 0.2
    max_characters: int = 60


CROPS = CropParameters()

_IN_NAMES = str.maketrans({DOUBTFUL: "x", "/": "_", ":": "_", " ": "_"})
"""Windows allows no question mark, slash or colon in file names."""


def crop(grey: Grey, box: Box) -> NDArray[np.uint8]:
    """Cut a box with a margin out of a page.

    Args:
        grey: (rows, cols) of the page, 0.0 black to 1.0 white.
        box: in pixels of the page; it may exceed the page.

    Returns:
        (rows, cols), 0 black to 255 white, one pixel at least.
    """
    return np.rint(grey[with_margin(box)] * 255).astype(np.uint8)


def with_margin(box: Box) -> tuple[slice, slice]:
    """Return the rows and columns of a box with its margin.

    >>> with_margin((0, 5, 8, 10))
    (slice(2, 18, None), slice(0, 11, None))
    """
    left, top, width, height = box
    margin = round(CROPS.margin * height) + 1
    rows = slice(max(0, top - margin), max(1, top + height + margin))
    cols = slice(max(0, left - margin), max(1, left + width + margin))
    return rows, cols


def doubtful_crops(grey: Grey, reading: PageReading) -> dict[Place, bytes]:
    """Return a crop, as PNG, of each number and each cell to check."""
    boxes: dict[Place, Box] = {
        (line, place): number.box
        for line, place, number in numbers_in_order(reading)
        if number.to_check
    }
    for place, (_, cell) in enumerate(cells_to_check(reading), start=1):
        boxes[0, place] = cell.box
    return {place: _png(crop(grey, box)) for place, box in boxes.items()}


def write_crops(folder: Path, grey: Grey, reading: PageReading) -> int:
    """Write a PNG for each number, and for each cell to check without a number.

    They are named by page, line, number and text, as in ``p001-l02-n03-187.5.png``, with ``_`` for
    a slash, a colon or a space and ``x`` for a declined digit; those of cells by page, count, row
    and column, as in ``p001-c01-row02-column03.png``. Crops of the same page from an earlier run
    are deleted; other files are kept.

    Returns:
        Number of files written.

    Raises:
        WriteError: if one cannot be written.
    """
    _prepare_folder(folder, reading.page)
    boxes = list(_named_boxes(reading))
    for name, box in boxes:
        with replacing(folder / f"p{reading.page:03}-{name}.png") as draft:
            draft.write_bytes(_png(crop(grey, box)))
    return len(boxes)


def _png(levels: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", levels)[1].tobytes()


def _named_boxes(reading: PageReading) -> Iterator[tuple[str, Box]]:
    for line, place, number in numbers_in_order(reading):
        text = number.text.translate(_IN_NAMES)
        yield f"l{line:02}-n{place:02}-{text[: CROPS.max_characters]}", number.box
    for count, (in_grid, cell) in enumerate(cells_to_check(reading), start=1):
        yield f"c{count:02}-row{in_grid.row:02}-column{in_grid.column:02}", cell.box


def _prepare_folder(folder: Path, page: int) -> None:
    """Create the folder, and delete the crops of this page in it."""
    ours = re.compile(rf"p{page:03}-(l\d+-n\d+-[\dx_.,+%()-]+|c\d+-row\d+-column\d+)\.png")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if ours.fullmatch(path.name):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{folder}: cannot be written ({error.strerror}); choose another folder"
        ) from error
