"""Write what was read as an Excel workbook: a sheet of all numbers, and a sheet for each grid."""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from digitus.files import replacing
from digitus.palette import TO_CHECK_CELL
from digitus.reader.export.crops import Place
from digitus.reader.export.csv_tables import cell_text, numbers_in_order
from digitus.reader.results.as_written import written
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import cells_to_check, number_in, place_in_grid
from digitus.reader.results.reading import Box, Cell, Grid, Number, PageReading

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_COLUMN_WIDTHS = {
    **{"source": 32, "page": 7, "line": 7, "number": 9, "text": 18, "confidence": 12},
    **{"left": 8, "top": 8, "width": 8, "height": 8, "to check": 10, "written": 18},
    **{"row": 7, "column": 9, "image": 34},
}
"""Widths in characters, as Excel counts them."""

_TEXT, _BOX, _CHECK, _WRITTEN, _ROW, _IMAGE = (
    list(_COLUMN_WIDTHS).index(name)
    for name in ("text", "left", "to check", "written", "row", "image")
)
_IMAGE_PX = 40  # height of a crop
_ROW_PX = 44  # height of a row with a crop
_MAX_IMAGE_WIDTH_PX = 230
_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", re.ASCII)  # unchanged as a number
_EXACT_DIGITS = 15  # number of digits that a double, and so a spreadsheet, represents exactly
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(
    target: str | Path, pages: Iterable[tuple[PageReading, Mapping[Place, bytes]]]
) -> None:
    """Write a sheet with a row for each number, and a sheet for each grid.

    A number with a leading zero, a declined digit or more than 15 digits is written as text.

    Args:
        target: the file, replaced as a whole.
        pages: pages in the order of the rows, each with the crops (PNG) of its numbers to check.

    Raises:
        WriteError: if it cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with replacing(target) as draft:
        book = Workbook(str(draft), _OPTIONS)
        numbers, grids = _NumberSheet(book), _GridSheets(book)
        for page, crops in pages:
            numbers.write(page, crops)
            grids.write(page)
        numbers.finish()
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError, which says why


class _CellFormats(NamedTuple):
    """Formats of a cell, by what is written into it."""

    text: "Format"
    number: "Format"


class _NumberSheet:
    """The sheet of all numbers."""

    def __init__(self, book: "Workbook") -> None:
        self.sheet: Worksheet = book.add_worksheet("Numbers")
        self.n_rows = 0
        heading = book.add_format({"bold": True, "bottom": 1})
        middle: dict[str, Any] = {"valign": "vcenter"}
        text = book.add_format({**middle, "num_format": "@", "align": "right"})
        self.formats = _CellFormats(text, book.add_format(middle))
        self.percent = book.add_format({**middle, "num_format": "0.0%"})
        self.to_check = book.add_format({**middle, "bg_color": TO_CHECK_CELL, "bold": True})
        for col, (name, width) in enumerate(_COLUMN_WIDTHS.items()):
            self.sheet.write_string(0, col, name, heading)
            self.sheet.set_column(col, col, width)
        self.sheet.freeze_panes(1, 0)

    def write(self, page: PageReading, crops: Mapping[Place, bytes]) -> None:
        """Write a row for each number of a page, then for each cell to check without one."""
        plain = self.formats.number
        for line, place, number in numbers_in_order(page):
            row = self._start_row(page, number.box, place_in_grid(number, page))
            self.sheet.write_row(row, 2, (line, place), plain)
            _write_digits(self.sheet, (row, _TEXT), number.text, self.formats)
            self.sheet.write_number(row, _TEXT + 1, number.confidence, self.percent)
            _write_digits(self.sheet, (row, _WRITTEN), written(number), self.formats)
            if number.to_check:
                self._flag(row, crops.get((line, place)))
        for place, (grid_row, column, cell) in enumerate(cells_to_check(page), start=1):
            row = self._start_row(page, cell.box, (grid_row, column))
            self.sheet.write_string(row, _TEXT, cell.verdict, self.formats.text)
            self._flag(row, crops.get((0, place)))

    def finish(self) -> None:
        """Add a filter to the rows, for example for those to check."""
        self.sheet.autofilter(0, 0, max(self.n_rows, 1), _IMAGE - 1)

    def _start_row(self, page: PageReading, box: Box, in_grid: tuple[int, int] | None) -> int:
        """Write what every row holds, and return its number."""
        self.n_rows += 1
        plain = self.formats.number
        self.sheet.write_string(self.n_rows, 0, readable(page.source), plain)
        self.sheet.write_number(self.n_rows, 1, page.page, plain)
        self.sheet.write_row(self.n_rows, _BOX, box, plain)
        self.sheet.write_row(self.n_rows, _ROW, in_grid or (), plain)
        return self.n_rows

    def _flag(self, row: int, image: bytes | None) -> None:
        self.sheet.write_string(row, _CHECK, "check", self.to_check)
        if image is None:
            return
        scale = _scale(image)
        self.sheet.set_row_pixels(row, _ROW_PX)
        options = {
            **{"image_data": BytesIO(image), "object_position": 1, "x_offset": 2, "y_offset": 2},
            **{"x_scale": scale, "y_scale": scale, "description": "the number as it is written"},
        }
        self.sheet.insert_image(row, _IMAGE, "number.png", options)


class _GridSheets:
    """A sheet for each grid."""

    def __init__(self, book: "Workbook") -> None:
        self.book, self.n_grids = book, 0
        text: dict[str, Any] = {"num_format": "@", "align": "right"}
        self.formats = _CellFormats(book.add_format(text), book.add_format({"align": "right"}))
        to_check = book.add_format({**text, "bg_color": TO_CHECK_CELL, "bold": True})
        self.to_check = _CellFormats(to_check, to_check)

    def write(self, page: PageReading) -> None:
        """Write each grid of a page, with its source below."""
        for grid in page.grids:
            self.n_grids += 1
            sheet = self.book.add_worksheet(f"Grid {self.n_grids}")
            self._write_cells(sheet, grid, page)
            sheet.write_string(len(grid.rows) + 1, 0, f"{readable(page.source)}, page {page.page}")

    def _write_cells(self, sheet: "Worksheet", grid: Grid, page: PageReading) -> None:
        for row, cells in enumerate(grid.rows):
            for col, cell in enumerate(cells):
                formats = self.to_check if cell.to_check else self.formats
                _write_digits(sheet, (row, col), cell_text(cell), formats)
                comment = "; ".join(_comments(cell, number_in(cell, page)))
                if comment:
                    sheet.write_comment(row, col, comment)


def _write_digits(
    sheet: "Worksheet", place: tuple[int, int], text: str, formats: _CellFormats
) -> None:
    """Write a text at (row, column) as a number if it stays the same, else as text."""
    row, col = place
    if _PLAIN.fullmatch(text) and len(text) <= _EXACT_DIGITS:
        sheet.write_number(row, col, float(text), formats.number)
    elif text:
        sheet.write_string(row, col, text, formats.text)


def _comments(cell: Cell, number: Number | None) -> Iterator[str]:
    """Yield why a cell is to be checked, and how its number is written if it has marks."""
    if cell.to_check:
        confidence = "" if cell.confidence is None else f", confidence {cell.confidence:.1%}"
        yield f"check: {cell.verdict.replace('_', ' ')}{confidence}"
    if number is not None and number.marks:
        yield f"written {written(number)}"


def _scale(image: bytes) -> float:
    """Return the factor that fits a PNG into its cell; bytes 16 to 24 hold width and height."""
    width, height = (int.from_bytes(image[start : start + 4]) for start in (16, 20))
    return min(_IMAGE_PX / height, _MAX_IMAGE_WIDTH_PX / width)
