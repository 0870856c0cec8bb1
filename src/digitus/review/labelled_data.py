"""What people confirmed, as labelled data: digits to train with, pages to measure with."""

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import cv2
import numpy as np
from sqlalchemy.orm import Session

from digitus.data.corrections import Correction, write_zip
from digitus.errors import ReviewError
from digitus.files import replacing
from digitus.imaging.arrays import Ink, Patch
from digitus.imaging.ink.page_ink import page_inks
from digitus.imaging.patch.patch import make_patch
from digitus.reader.export.csv_tables import escape_formula, escape_unless_number
from digitus.reader.results.reading import Box
from digitus.review.page_results import DIGITS, has_certain_boxes
from digitus.review.records import cells_of_page, digits_of, pages_in_order
from digitus.review.storage.content_files import ContentFiles
from digitus.review.storage.schema import Batch, Cell, Digit, Page

READ_BY = "read"
"""Stands in a correction for the model: several networks read a page."""
LABEL_COLUMNS = (
    *("file", "source", "page", "complete", "line", "number", "text"),
    *("left", "top", "width", "height", "grid", "row", "column"),
)


def write_corrections(target: Path, session: Session, files: ContentFiles, batch: Batch) -> None:
    """Write the digits of confirmed numbers as corrections, see `digitus.data.corrections`.

    Numbers whose text has another number of digits than was read are left out: their digits have no
    places. Ruled lines and grids are not part of a patch.

    Raises:
        ReviewError: if no digit is confirmed.
    """
    corrections = (
        correction
        for page, _ in session.execute(pages_in_order(batch.id)).all()
        for correction in _corrections(session, files, page)
    )
    if not write_zip(target, corrections):
        target.unlink(missing_ok=True)
        raise ReviewError("corrections: expected confirmed numbers, found none; confirm some first")


def write_labelled_pages(target: Path, session: Session, files: ContentFiles, batch: Batch) -> None:
    """Write the images of pages with confirmed numbers, and these numbers beside them.

    ``labels.csv`` has a row for each confirmed number, with its box in pixels of the image, and
    says which pages are complete: all their numbers are confirmed. ``labels.json`` lists the digits
    of the complete pages, for ``benchmarks/pages.py``.

    Raises:
        ReviewError: if no number is confirmed.
    """
    rows: list[Sequence[Any]] = []
    complete = []
    with replacing(target) as draft, ZipFile(draft, "w", ZIP_STORED) as archive:
        for at, (page, source) in enumerate(session.execute(pages_in_order(batch.id)).all(), 1):
            numbers = _numbers(session, page)
            confirmed = [one for one in numbers if one[2].confirmed_at is not None]
            if not confirmed or page.image_sha256 is None:
                continue
            ending = "png" if page.image_type == "image/png" else "jpg"
            name = f"page-{at:04}.{ending}"
            content = files.read(page.image_sha256)
            archive.writestr(name, content)
            is_complete = len(confirmed) == len(numbers)
            scale = _grey(content).shape[1] / (page.width or 1)
            facts = name, escape_formula(source), page.number, "yes" if is_complete else "no"
            rows += [(*facts, *_label(one, scale)) for one in confirmed]
            if is_complete:
                digits = "".join(
                    one for _, _, cell in numbers for one in cell.text if one in DIGITS
                )
                complete.append(_page_label(name, digits))
        if not rows:
            raise ReviewError(
                "labelled: expected confirmed numbers, found none; confirm some first"
            )
        archive.writestr("labels.csv", _csv([LABEL_COLUMNS, *rows]))
        archive.writestr("labels.json", json.dumps(complete, indent=1) + "\n")


def digit_patches(ink: Ink, boxes: Sequence[Box]) -> list[Patch | None]:
    """Return the patches (28, 28) of the digits of a number; None where there is no ink.

    Where the boxes of neighbors overlap, each gets half.

    Args:
        ink: (rows, cols) of the page, 0.0 paper to 1.0 full ink.
        boxes: of the digits, from left to right, in pixels of the ink.
    """
    patches: list[Patch | None] = []
    for at, (left, top, width, height) in enumerate(boxes):
        right = left + width
        if at > 0:
            end = boxes[at - 1][0] + boxes[at - 1][2]
            left = max(left, (left + end) // 2) if end > left else left
        if at + 1 < len(boxes) and boxes[at + 1][0] < right:
            right = (right + boxes[at + 1][0] + 1) // 2
        part = ink[max(0, top) : top + height, max(0, left) : right]
        patches.append(make_patch(part) if part.size and part.max() > 0 else None)
    return patches


def _corrections(
    session: Session, files: ContentFiles, page: Page
) -> Iterator[tuple[Patch, Correction]]:
    cells = [
        cell
        for cell in cells_of_page(session, page.id)
        if not cell.is_deleted and cell.confirmed_at is not None and cell.n_digits
    ]
    digits = digits_of(session, cells)
    certain = [cell for cell in cells if has_certain_boxes(cell, digits[cell.id])]
    if not certain or page.image_sha256 is None:
        return
    grey = _grey(files.read(page.image_sha256))
    ink = page_inks(np.asarray(grey / np.float32(255), np.float32)).versions[-1]
    scale = ink.shape[1] / (page.width or 1)
    for cell in certain:
        found = digits[cell.id]
        patches = digit_patches(ink, [_scaled(digit.box, scale) for digit in found])
        for digit, patch in zip(found, patches, strict=True):
            if patch is not None and digit.digit is not None:
                yield patch, _correction(cell, digit, digit.digit)


def _correction(cell: Cell, digit: Digit, label: int) -> Correction:
    date = "" if cell.confirmed_at is None else cell.confirmed_at.isoformat(timespec="seconds")
    return Correction(
        label=label,
        answer=digit.read_digit,
        confidence=digit.confidence,
        model=READ_BY,
        source_kind="image",
        date=date,
        name=f"page{cell.page_id}-cell{cell.id}-digit{digit.place + 1}",
    )


def _numbers(session: Session, page: Page) -> list[tuple[int, int, Cell]]:
    """Return the live numbers of a page after line and place, from 1; each to check included."""
    numbers: list[tuple[int, int, Cell]] = []
    lines: list[str] = []
    place = 0
    for cell in cells_of_page(session, page.id):
        if cell.is_deleted or (cell.line_key is None and not cell.to_check):
            continue
        key = cell.line_key or ""
        place = place + 1 if lines and lines[-1] == key else 1
        lines.append(key)
        numbers.append((len(set(lines)), place, cell))
    return numbers


def _label(number: tuple[int, int, Cell], scale: float) -> tuple[Any, ...]:
    line, place, cell = number
    in_grid = ("" if one is None else one for one in (cell.grid, cell.row, cell.col))
    return line, place, escape_unless_number(cell.text), *_scaled(cell.box, scale), *in_grid


def _page_label(name: str, digits: str) -> dict[str, Any]:
    """Return the label of a complete page as ``benchmarks/pages.py`` reads it."""
    return {
        "file": name,
        "digits": digits,
        "hard": False,
        "mixed_with_non_digits": False,
        "reading_order_certain": True,
    }


def _csv(rows: Sequence[Sequence[Any]]) -> str:
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _grey(content: bytes) -> Any:
    """Decode an image to grey (rows, cols), 0 black to 255 white."""
    levels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if levels is None:
        raise ReviewError("the image of a page is damaged; read the page again")
    return levels


def _scaled(box: Box, scale: float) -> Box:
    left, top, width, height = box
    edges = (left, top, left + width, top + height)
    start_col, start_row, end_col, end_row = (round(edge * scale) for edge in edges)
    return start_col, start_row, end_col - start_col, end_row - start_row
