"""The lines of a page: where a number is put, by keys that leave all others where they are."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from digitus.errors import ReviewError
from digitus.review.editing.order_keys import first_key, key_between
from digitus.review.records import cells_of_page
from digitus.review.storage.schema import Cell


class PageLines:
    """The numbers of a page, line by line.

    Args:
        session: of the page.
        page_id: the page.

    Attributes:
        lines: the keys of the lines, from top to bottom, with their live cells from left to right.
    """

    def __init__(self, session: Session, page_id: int) -> None:
        cells = cells_of_page(session, page_id)
        self._cells = [cell for cell in cells if cell.line_key is not None]
        self._keys = sorted({cell.line_key or "" for cell in self._cells})
        self.lines: dict[str, list[Cell]] = {}
        for cell in self._cells:
            if not cell.is_deleted:
                self.lines.setdefault(cell.line_key or "", []).append(cell)

    def line(self, number: int) -> tuple[str, list[Cell]]:
        """Return the key of a line, given by its number from 1, and its cells.

        Raises:
            ReviewError: if there is no such line.
        """
        if not 1 <= number <= len(self.lines):
            raise ReviewError(
                f"line: expected 1 to {len(self.lines)}, got {number}; reload the page"
            )
        return list(self.lines.items())[number - 1]

    def all_of(self, key: str) -> list[Cell]:
        """Return the cells of a line in order, deleted ones included."""
        return [cell for cell in self._cells if cell.line_key == key]

    def key_behind(self, key: str) -> str:
        """Return the key of a new line behind a line; an empty key is in front of all."""
        behind = next((one for one in self._keys if one > key), None)
        new = key_between(key, behind)
        self._keys = sorted([*self._keys, new])
        return new

    def put_in_grid_row(self, cell: Cell) -> None:
        """Put a cell of a grid among the numbers of its row, or in a line of its own."""
        row = [
            (key, one)
            for key, line in self.lines.items()
            for one in line
            if (one.grid, one.row) == (cell.grid, cell.row) and one.id != cell.id
        ]
        if not row:
            self.put_in_new_line(cell)
            return
        key = row[0][0]
        line = [one for one in self.lines[key] if one.id != cell.id]
        after = [at for at, one in enumerate(line, 1) if (one.col or 0) < (cell.col or 0)]
        cell.line_key, cell.place_key = key, place_key(line, max(after, default=0))

    def put_in_new_line(self, cell: Cell) -> None:
        """Put a cell in a line of its own, by the height at which it stands."""
        above = ""
        for key, line in self.lines.items():
            if sum(_middle(one) for one in line) / len(line) < _middle(cell):
                above = key
        cell.line_key, cell.place_key = self.key_behind(above), first_key(0)


def place_key(line: Sequence[Cell], at: int) -> str:
    """Return a key in a line behind its first ``at`` cells."""
    low = line[at - 1].place_key if at > 0 else ""
    high = line[at].place_key if at < len(line) else None
    return key_between(low, high)


def next_place_key(cells: Sequence[Cell], cell: Cell) -> str:
    """Return a key right behind a cell among the cells of its line, deleted ones included."""
    return place_key(cells, next(at for at, one in enumerate(cells, 1) if one.id == cell.id))


def _middle(cell: Cell) -> float:
    return cell.top + cell.height / 2
