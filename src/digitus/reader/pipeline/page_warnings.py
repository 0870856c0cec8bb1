"""Warnings about the reading of a whole page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from digitus.reader.results.reading import Cell, Line, PageReading


@dataclass(frozen=True)
class PageWarningParameters:
    """Parameters of ``warnings_of``, set by hand.

    Attributes:
        fewest_ones: least number of doubtful numbers of nothing but 1s for a warning.
        least_share: least share of all numbers of the page that these are.
    """

    fewest_ones: int = 6
    least_share: float = 0.25


PAGE_WARNINGS = PageWarningParameters()


def warnings_of(page: PageReading) -> Iterator[str]:
    """Yield a sentence for each reason to doubt the reading of a page as a whole.

    A straight stroke of any origin fits a 1; so many doubtful 1s are probably none.
    """
    numbers = list(page.numbers)
    ones = sum(number.to_check and set(number.text) <= {"1", "?"} for number in numbers)
    if ones >= max(PAGE_WARNINGS.fewest_ones, PAGE_WARNINGS.least_share * len(numbers)):
        yield (
            f"{ones:,} of {len(numbers):,} numbers are doubtful 1s; lines, a pattern of the paper "
            f"or the edge of the sheet may have been taken for digits"
        )


def flag_as_turned(page: PageReading, turns: int) -> PageReading:
    """Flag all that was read on a page that was turned on little evidence, and say so.

    Args:
        page: its reading.
        turns: quarter turns counterclockwise, 1 to 3.
    """
    warning = (
        f"the page was turned by {90 * turns} degrees counterclockwise, which few digits support; "
        f"check that it is upright"
    )
    return replace(
        page,
        lines=tuple(map(_flag_line, page.lines)),
        grids=tuple(
            replace(grid, rows=tuple(tuple(map(_flag_cell, row)) for row in grid.rows))
            for grid in page.grids
        ),
        warnings=(*page.warnings, warning),
    )


def _flag_line(line: Line) -> Line:
    return replace(line, numbers=tuple(replace(one, to_check=True) for one in line.numbers))


def _flag_cell(cell: Cell) -> Cell:
    return replace(cell, to_check=True) if cell.verdict == "digit" else cell
