"""Write what was read as CSV: a row for each number, or a file for each grid.

Each column has one kind of content. Texts are quoted and numbers are not, so that programs that
respect quotes keep leading zeros.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from digitus.errors import WriteError
from digitus.files import replacing
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import cells_to_check, place_in_grid
from digitus.reader.results.reading import Cell, Grid, Number, PageReading

COLUMNS = (
    *("source", "page", "line", "number", "text", "value", "verdict", "confidence"),
    *("left", "top", "width", "height", "to_check", "digits", "alternatives"),
    *("grid", "row", "column"),
)
CONFIRMED = "confirmed"
"""Column behind the others in exports of pages that people have reviewed."""
GRID_BLOCKS = ("text", "value", "verdict", "to_check")
"""The blocks of columns of a grid's file; each has a column for each column of the grid."""
ALTERNATIVES_BETWEEN = " | "
_CONFIDENCE_DECIMALS = 4
_STARTS_A_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
"""Spreadsheets skip blanks before a formula, and take full-width signs for the usual ones."""
_SIGNED = re.compile(r"[+-][0-9?., ]+%?")
"""Nothing that could be computed stands behind the sign."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

_Field: TypeAlias = str | int | float


def write_csv(
    target: str | Path, pages: Iterable[PageReading], *, with_confirmed: bool = False
) -> None:
    """Write a row for each number of all pages, and for each cell to check without a number.

    Args:
        target: the file, replaced as a whole.
        pages: pages in the order of the rows.
        with_confirmed: whether a last column says which numbers a person confirmed.

    Raises:
        WriteError: if it cannot be written.
    """
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        _write_rows(file, _number_rows(pages, with_confirmed=with_confirmed))


def csv_text(pages: Iterable[PageReading]) -> str:
    """Return what `write_csv` would write."""
    text = io.StringIO(newline="")
    _write_rows(text, _number_rows(pages))
    return text.getvalue()


def write_grids(folder: Path, name: str, page: PageReading) -> list[Path]:
    """Write a file for each grid of a page, such as ``scores-p001-g1.csv``.

    Files of further grids of the same page, from an earlier run, are deleted.

    Args:
        folder: made if it is missing.
        name: name of the source in file names.
        page: its grids are written.

    Returns:
        The files written.

    Raises:
        WriteError: if one cannot be written.
    """
    start = f"{name}-p{page.page:03}-g"
    grids = {f"{start}{number}.csv": grid for number, grid in enumerate(page.grids, start=1)}
    _prepare_folder(folder, start, keep=grids)
    for file_name, grid in grids.items():
        target = folder / file_name
        with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            _write_rows(file, _grid_rows(grid))
    return [folder / file_name for file_name in grids]


def numbers_in_order(page: PageReading) -> Iterator[tuple[int, int, Number]]:
    """Yield each number of a page after its line and its place in the line, both from 1."""
    for i, line in enumerate(page.lines, start=1):
        for j, number in enumerate(line.numbers, start=1):
            yield i, j, number


def other_texts(number: Number) -> str:
    """Return the texts that a number may be instead of its own, the likeliest first.

    >>> number = Number("7", 7, 0.9, False, (0, 0, 9, 9), (), (), (("7", 0.9), ("1", 0.05)))
    >>> other_texts(number)
    '1'
    """
    texts = (text for text, _ in number.alternatives if text != number.text)
    return ALTERNATIVES_BETWEEN.join(texts)


def escape_formula(text: str) -> str:
    """Prefix a quote to a text, such as a file name, that a spreadsheet takes for a formula.

    >>> escape_formula("=1+1.png"), escape_formula(" =1+1.png"), escape_formula("a.png")
    ("'=1+1.png", "' =1+1.png", 'a.png')
    """
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def escape_unless_number(text: str) -> str:
    """Escape a text as `escape_formula` does, except for numbers: ``-5``, but not ``-12-05``.

    >>> escape_unless_number("-5"), escape_unless_number("+12,50"), escape_unless_number("-12-05")
    ('-5', '+12,50', "'-12-05")
    """
    return text if _SIGNED.fullmatch(text) else escape_formula(text)


def _write_rows(file: TextIO, rows: Iterable[Sequence[_Field]]) -> None:
    csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)


def number_records(pages: Iterable[PageReading]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of ``COLUMNS`` for each number, and for each cell to check without one.

    They are plain values: None for what there is not, ``to_check`` a bool. A confirmed number has
    no confidence. Behind them stands whether a person confirmed the number.
    """
    for page in pages:
        start = readable(page.source), page.page
        for line, place, number in numbers_in_order(page):
            yield (
                *start,
                line,
                place,
                number.text,
                number.value,
                "digit",
                None if number.is_confirmed else number.confidence,
                *number.box,
                number.to_check,
                number.digit_text,
                other_texts(number),
                *(place_in_grid(number, page) or (None, None, None)),
                number.is_confirmed,
            )
        for in_grid, cell in cells_to_check(page):
            empty = None, None, None, None
            yield (*start, *empty, cell.verdict, None, *cell.box, True, None, None, *in_grid, False)


def _number_rows(
    pages: Iterable[PageReading], *, with_confirmed: bool = False
) -> Iterator[Sequence[_Field]]:
    columns = (*COLUMNS, CONFIRMED) if with_confirmed else COLUMNS
    yield columns
    for record in number_records(pages):
        yield [_field(name, value) for name, value in zip(columns, record, strict=False)]


def _field(column: str, value: Any) -> _Field:
    """Return a value as a field of the CSV, harmless on a terminal and in a spreadsheet."""
    if value is None:
        return ""
    if column == "source":
        return escape_formula(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", value))
    if column in ("text", "alternatives"):
        return escape_unless_number(value)
    if column in ("to_check", CONFIRMED):
        return _yes_or_no(value)
    field: _Field = round(value, _CONFIDENCE_DECIMALS) if column == "confidence" else value
    return field


def _grid_rows(grid: Grid) -> Iterator[Sequence[_Field]]:
    """Yield the rows of a grid: its texts as they lie, then its values, then its verdicts."""
    n_columns = max(map(len, grid.rows), default=0)
    numbers = range(1, n_columns + 1)
    yield ["row", *(f"{block}_{number}" for block in GRID_BLOCKS for number in numbers)]
    for place, cells in enumerate(grid.rows, start=1):
        blocks = zip(*map(_grid_fields, cells), strict=True)
        missing = [""] * (n_columns - len(cells))
        yield [place, *chain.from_iterable((*block, *missing) for block in blocks)]


def _grid_fields(cell: Cell) -> tuple[_Field, ...]:
    """Return the fields of a cell, one for each block."""
    text = escape_unless_number(cell.text)
    return text, _or_empty(cell.value), cell.verdict, _yes_or_no(cell.to_check)


def _or_empty(value: float | None) -> _Field:
    return "" if value is None else value


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def _prepare_folder(folder: Path, start: str, *, keep: Collection[str]) -> None:
    """Create the folder, and delete the files in it of other grids of this page."""
    ours = re.compile(rf"{re.escape(start)}\d+\.csv")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if ours.fullmatch(path.name) and path.name not in keep:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{folder}: cannot be written ({error.strerror}); choose another folder"
        ) from error
