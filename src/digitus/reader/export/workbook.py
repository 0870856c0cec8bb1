"""Write what was read as an Excel workbook: a sheet of all numbers, and a sheet for each grid."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitus.files import replacing
from digitus.palette import CONFIRMED_CELL, TO_CHECK_CELL
from digitus.percent import percent
from digitus.reader.export.crops import Place
from digitus.reader.export.csv_tables import numbers_in_order, other_texts
from digitus.reader.export.number_formats import number_format
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import GridPlace, cells_to_check, place_in_grid
from digitus.reader.results.reading import Box, Cell, CellVerdict, Grid, Number, PageReading

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_COLUMN_WIDTHS = {
    **{"source": 32, "page": 7, "line": 7, "number": 9, "text": 18, "value": 14, "verdict": 12},
    **{"confidence": 12, "left": 8, "top": 8, "width": 8, "height": 8, "to check": 10},
    **{"digits": 18, "alternatives": 26, "grid": 7, "row": 7, "column": 9, "image": 34},
}
"""Widths in characters, as Excel counts them."""

_COLUMNS = {name: place for place, name in enumerate(_COLUMN_WIDTHS)}
_IMAGE_PX = 40  # height of a crop
_ROW_PX = 44  # height of a row with a crop
_MAX_IMAGE_WIDTH_PX = 230
_OPTIONS = {
    **{"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    "in_memory": True,  # a ZipFile on a full disk prints tracebacks when it is collected
}


def write_workbook(
    target: str | Path, pages: Iterable[tuple[PageReading, Mapping[Place, bytes]]]
) -> None:
    """Write a sheet with a row for each number, and a sheet for each grid.

    Values are numbers that look as they are written. In the sheets of grids, a number that has no
    value is a text.

    Args:
        target: the file, replaced as a whole.
        pages: pages in the order of the rows, each with the crops (PNG) of its numbers to check.

    Raises:
        WriteError: if it cannot be written.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    with replacing(target) as draft:
        book = Workbook(content, _OPTIONS)
        numbers, grids = _NumberSheet(book), _GridSheets(book)
        for page, crops in pages:
            numbers.write(page, crops)
            grids.write(page)
        numbers.finish()
        book.close()
        draft.write_bytes(content.getbuffer())


class _Formats:
    """Formats of cells with texts and values.

    Args:
        book: the workbook.
        base: properties that all of them have.
    """

    def __init__(self, book: "Workbook", base: dict[str, Any]) -> None:
        self.book, self.base = book, base
        self.text = book.add_format({**base, "num_format": "@"})
        self._values: dict[str, Format] = {}

    def value(self, text: str, value: float) -> "Format":
        """Return the format with which a value looks as it is written."""
        pattern = number_format(text, value)
        if pattern not in self._values:
            self._values[pattern] = self.book.add_format({**self.base, "num_format": pattern})
        return self._values[pattern]


class _NumberSheet:
    """The sheet of all numbers."""

    def __init__(self, book: "Workbook") -> None:
        self.sheet: Worksheet = book.add_worksheet("Numbers")
        self.n_rows = 0
        heading = book.add_format({"bold": True, "bottom": 1})
        middle: dict[str, Any] = {"valign": "vcenter"}
        self.plain = book.add_format(middle)
        self.formats = _Formats(book, {**middle, "align": "right"})
        self.percent = book.add_format({**middle, "num_format": "0.0%"})
        self.to_check = book.add_format({**middle, "bg_color": TO_CHECK_CELL, "bold": True})
        self.confirmed = book.add_format({**middle, "bg_color": CONFIRMED_CELL})
        for name, width in _COLUMN_WIDTHS.items():
            col = _COLUMNS[name]
            self.sheet.write_string(0, col, name, heading)
            self.sheet.set_column(col, col, width)
        self.sheet.freeze_panes(1, 0)

    def write(self, page: PageReading, crops: Mapping[Place, bytes]) -> None:
        """Write a row for each number of a page, then for each cell to check without one."""
        for line, place, number in numbers_in_order(page):
            row = self._start_row(page, "digit", number.box, place_in_grid(number, page))
            self.sheet.write_row(row, _COLUMNS["line"], (line, place), self.plain)
            self._write_number(row, number)
            if number.to_check:
                self._flag(row, crops.get((line, place)))
            elif number.is_confirmed:
                self.sheet.write_string(row, _COLUMNS["to check"], "confirmed", self.confirmed)
        for count, (in_grid, cell) in enumerate(cells_to_check(page), start=1):
            row = self._start_row(page, cell.verdict, cell.box, in_grid)
            self._flag(row, crops.get((0, count)))

    def finish(self) -> None:
        """Add a filter to the rows, for example for those to check."""
        last = max(self.n_rows, 1)
        self.sheet.autofilter(0, 0, last, _COLUMNS["image"] - 1)
        texts = [chr(ord("A") + _COLUMNS[name]) for name in ("text", "digits", "alternatives")]
        # Texts beside values are meant to be texts: no green corner.
        ranges = " ".join(f"{letter}2:{letter}{last + 1}" for letter in texts)
        self.sheet.ignore_errors({"number_stored_as_text": ranges})

    def _start_row(
        self, page: PageReading, verdict: CellVerdict, box: Box, in_grid: GridPlace | None
    ) -> int:
        """Write what every row holds, and return its number."""
        self.n_rows += 1
        row, plain = self.n_rows, self.plain
        self.sheet.write_string(row, _COLUMNS["source"], readable(page.source), plain)
        self.sheet.write_number(row, _COLUMNS["page"], page.page, plain)
        self.sheet.write_string(row, _COLUMNS["verdict"], verdict, plain)
        self.sheet.write_row(row, _COLUMNS["left"], box, plain)
        self.sheet.write_row(row, _COLUMNS["grid"], in_grid or (), plain)
        return row

    def _write_number(self, row: int, number: Number) -> None:
        """Write the text of a number, its value and what else it may be."""
        others = other_texts(number)
        for name, text in (("text", number.text), ("digits", number.digit_text)):
            self.sheet.write_string(row, _COLUMNS[name], text, self.formats.text)
        if others:
            self.sheet.write_string(row, _COLUMNS["alternatives"], others, self.formats.text)
        if number.value is not None:
            style = self.formats.value(number.text, number.value)
            self.sheet.write_number(row, _COLUMNS["value"], number.value, style)
        if not number.is_confirmed:
            self.sheet.write_number(row, _COLUMNS["confidence"], number.confidence, self.percent)

    def _flag(self, row: int, image: bytes | None) -> None:
        self.sheet.write_string(row, _COLUMNS["to check"], "check", self.to_check)
        if image is None:
            return
        scale = _scale(image)
        self.sheet.set_row_pixels(row, _ROW_PX)
        options = {
            **{"image_data": BytesIO(image), "object_position": 1, "x_offset": 2, "y_offset": 2},
            **{"x_scale": scale, "y_scale": scale, "description": "the number as it is written"},
        }
        self.sheet.insert_image(row, _COLUMNS["image"], "number.png", options)


class _GridSheets:
    """A sheet for each grid."""

    def __init__(self, book: "Workbook") -> None:
        self.book, self.n_grids = book, 0
        self.formats = _Formats(book, {"align": "right"})
        flagged = {"align": "right", "bg_color": TO_CHECK_CELL, "bold": True}
        self.to_check = _Formats(book, flagged)
        self.confirmed = _Formats(book, {"align": "right", "bg_color": CONFIRMED_CELL})

    def write(self, page: PageReading) -> None:
        """Write each grid of a page, with its source below."""
        for grid in page.grids:
            self.n_grids += 1
            sheet = self.book.add_worksheet(f"Grid {self.n_grids}")
            self._write_cells(sheet, grid)
            sheet.write_string(len(grid.rows) + 1, 0, f"{readable(page.source)}, page {page.page}")

    def _write_cells(self, sheet: "Worksheet", grid: Grid) -> None:
        for row, cells in enumerate(grid.rows):
            for col, cell in enumerate(cells):
                self._write_cell(sheet, (row, col), cell)

    def _write_cell(self, sheet: "Worksheet", place: tuple[int, int], cell: Cell) -> None:
        """Write a value as a number, else the text or the verdict; nothing where it is blank."""
        formats = self.confirmed if cell.is_confirmed else self.formats
        if cell.to_check:
            formats = self.to_check
        text = cell.text if cell.verdict in ("digit", "blank") else cell.verdict
        if cell.value is not None:
            sheet.write_number(*place, cell.value, formats.value(cell.text, cell.value))
        elif text:
            sheet.write_string(*place, text, formats.text)
        elif cell.is_confirmed:
            sheet.write_blank(*place, None, formats.text)
        if cell.to_check:
            confidence = (
                "" if cell.confidence is None else f", confidence {percent(cell.confidence)}"
            )
            comment = f"check: {cell.verdict.replace('_', ' ')}{confidence}"
            sheet.write_comment(*place, comment)


def _scale(image: bytes) -> float:
    """Return the factor that fits a PNG into its cell; bytes 16 to 24 hold width and height."""
    width, height = (int.from_bytes(image[start : start + 4]) for start in (16, 20))
    return min(_IMAGE_PX / height, _MAX_IMAGE_WIDTH_PX / width)
