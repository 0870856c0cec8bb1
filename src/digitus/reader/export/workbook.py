"""What was read as an Excel workbook: all numbers, doubtful ones with their crop, and the grids."""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from digitus.files import replacing
from digitus.reader.export.crops import Place
from digitus.reader.export.csv_tables import in_a_cell, numbers_in_order
from digitus.reader.results.as_written import written
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import cells_to_check, number_in, place_in_grid
from digitus.reader.results.reading import Box, Cell, Grid, Number, PageReading

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Written: TypeAlias = tuple[PageReading, Mapping[Place, bytes]]
"""A page, and the crops (PNG) of its numbers to check."""

_WIDTHS = {
    **{"source": 32, "page": 7, "line": 7, "number": 9, "text": 18, "confidence": 12},
    **{"left": 8, "top": 8, "width": 8, "height": 8, "to check": 10, "written": 18},
    **{"row": 7, "column": 9, "image": 34},
}
_TEXT, _BOX, _CHECK, _WRITTEN, _ROW, _IMAGE = (
    list(_WIDTHS).index(name) for name in ("text", "left", "to check", "written", "row", "image")
)
_IMAGE_PX = 40  # height of a crop; rows are as high, and a little more
_WIDEST_PX = 230
_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", re.ASCII)  # comes back as it was written
_EXACT_DIGITS = 15  # more than these a spreadsheet's numbers cannot hold
_DOUBT = "#FFF2CC"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(target: str | Path, pages: Iterable[Written]) -> None:
    """Write a sheet with a row for each number, and a sheet for each grid as it lies.

    A number with a leading zero, an undecided digit or more than 15 digits is kept as a text.

    Args:
        target: the file, overwritten as a whole.
        pages: in the order of the rows.

    Raises:
        WriteError: if it cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with replacing(target) as draft:
        book = Workbook(str(draft), _OPTIONS)
        numbers, grids = _Numbers(book), _Grids(book)
        for page, crops in pages:
            numbers.write(page, crops)
            grids.write(page)
        numbers.finish()
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the system's own, which tells why


class _Numbers:
    """The sheet of all numbers."""

    def __init__(self, book: "Workbook") -> None:
        self.sheet: Worksheet = book.add_worksheet("Numbers")
        self.n_rows = 0
        bold = book.add_format({"bold": True, "bottom": 1})
        middle: dict[str, Any] = {"valign": "vcenter"}
        self.plain = book.add_format(middle)
        self.text = book.add_format({**middle, "num_format": "@", "align": "right"})
        self.share = book.add_format({**middle, "num_format": "0.0%"})
        self.doubt = book.add_format({**middle, "bg_color": _DOUBT, "bold": True})
        for col, (name, width) in enumerate(_WIDTHS.items()):
            self.sheet.write_string(0, col, name, bold)
            self.sheet.set_column(col, col, width)
        self.sheet.freeze_panes(1, 0)

    def write(self, page: PageReading, crops: Mapping[Place, bytes]) -> None:
        """Write a row for each number of a page, then for each doubtful cell without one."""
        for line, place, number in numbers_in_order(page):
            row = self._start(page, number.box, place_in_grid(number, page))
            self.sheet.write_row(row, 2, (line, place), self.plain)
            _write_digits(self.sheet, (row, _TEXT), number.text, (self.text, self.plain))
            self.sheet.write_number(row, _TEXT + 1, number.confidence, self.share)
            _write_digits(self.sheet, (row, _WRITTEN), written(number), (self.text, self.plain))
            if number.to_check:
                self._mark(row, crops.get((line, place)))
        for place, (grid_row, column, cell) in enumerate(cells_to_check(page), start=1):
            row = self._start(page, cell.box, (grid_row, column))
            self.sheet.write_string(row, _TEXT, cell.verdict, self.text)
            self._mark(row, crops.get((0, place)))

    def finish(self) -> None:
        """Let the rows be filtered: those to check, say."""
        self.sheet.autofilter(0, 0, max(self.n_rows, 1), _IMAGE - 1)

    def _start(self, page: PageReading, box: Box, in_grid: tuple[int, int] | None) -> int:
        """Begin a row with what every row has; give its number."""
        self.n_rows += 1
        self.sheet.write_string(self.n_rows, 0, readable(page.source), self.plain)
        self.sheet.write_number(self.n_rows, 1, page.page, self.plain)
        self.sheet.write_row(self.n_rows, _BOX, box, self.plain)
        self.sheet.write_row(self.n_rows, _ROW, in_grid or (), self.plain)
        return self.n_rows

    def _mark(self, row: int, image: bytes | None) -> None:
        self.sheet.write_string(row, _CHECK, "check", self.doubt)
        if image is None:
            return
        scale = _scale(image)
        self.sheet.set_row_pixels(row, _IMAGE_PX + 4)
        options = {
            **{"image_data": BytesIO(image), "object_position": 1, "x_offset": 2, "y_offset": 2},
            **{"x_scale": scale, "y_scale": scale, "description": "the number as it is written"},
        }
        self.sheet.insert_image(row, _IMAGE, "number.png", options)


class _Grids:
    """A sheet for each grid."""

    def __init__(self, book: "Workbook") -> None:
        self.book, self.n_grids = book, 0
        text: dict[str, Any] = {"num_format": "@", "align": "right"}
        self.text, self.number = book.add_format(text), book.add_format({"align": "right"})
        self.doubt = book.add_format({**text, "bg_color": _DOUBT, "bold": True})

    def write(self, page: PageReading) -> None:
        """Write the grids of a page as they lie, each with its source below."""
        for grid in page.grids:
            self.n_grids += 1
            sheet = self.book.add_worksheet(f"Grid {self.n_grids}")
            self._write(sheet, grid, page)
            sheet.write_string(len(grid.rows) + 1, 0, f"{readable(page.source)}, page {page.page}")

    def _write(self, sheet: "Worksheet", grid: Grid, page: PageReading) -> None:
        for row, cells in enumerate(grid.rows):
            for col, cell in enumerate(cells):
                styles = (self.doubt,) * 2 if cell.to_check else (self.text, self.number)
                _write_digits(sheet, (row, col), in_a_cell(cell), styles)
                remark = "; ".join(_remarks(cell, number_in(cell, page)))
                if remark:
                    sheet.write_comment(row, col, remark)


def _write_digits(
    sheet: "Worksheet", where: tuple[int, int], text: str, styles: tuple[Any, Any]
) -> None:
    """Write a number where nothing is lost by it, else a text; styles: of a text, of a number."""
    if _PLAIN.fullmatch(text) and len(text) <= _EXACT_DIGITS:
        sheet.write_number(*where, float(text), styles[1])
    elif text:
        sheet.write_string(*where, text, styles[0])


def _remarks(cell: Cell, number: Number | None) -> Iterator[str]:
    """Tell why a cell is to be checked, and how its number is written if that says more."""
    if cell.to_check:
        sure = "" if cell.confidence is None else f", {cell.confidence:.1%} sure"
        yield f"check: {cell.verdict.replace('_', ' ')}{sure}"
    if number is not None and number.marks:
        yield f"written {written(number)}"


def _scale(image: bytes) -> float:
    """Return the factor that fits a PNG into its cell; its header tells its size."""
    width, height = (int.from_bytes(image[start : start + 4]) for start in (16, 20))
    return min(_IMAGE_PX / height, _WIDEST_PX / width)
