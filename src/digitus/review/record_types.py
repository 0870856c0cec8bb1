"""The JSON of batches, pages and cells, key by key.

The server describes its answers by these types; pydantic needs their base of typing_extensions.
"""

from typing import Any, Literal, TypeAlias

from typing_extensions import TypedDict

from digitus.reader.results.values import Decimal

PageState: TypeAlias = Literal["waiting", "reading", "read", "failed"]
CellState: TypeAlias = Literal["read", "confirmed", "added", "deleted"]


class SettingsJson(TypedDict):
    """How the pages of a batch are read."""

    decimal: Decimal
    min_confidence: float
    max_error: float | None


class BatchJson(TypedDict):
    """A batch: documents that are read and reviewed together."""

    id: int
    name: str
    created_at: str
    state: Literal["open", "reading", "done", "cancelled"]
    settings: SettingsJson
    counts: dict[str, int]
    seconds_left: float | None


class DocumentJson(TypedDict):
    """A file of a batch."""

    id: int
    name: str
    state: str
    error: str | None


class PageJson(TypedDict):
    """A page without its cells."""

    id: int
    batch_id: int
    position: int
    source: str
    page: int
    state: PageState
    error: str | None
    width: int | None
    height: int | None
    counts: dict[str, int]


class DigitJson(TypedDict):
    """A digit of a cell."""

    digit: int | None
    confidence: float
    box: list[int]
    verified: bool


class CellJson(TypedDict):
    """A number on a page, or a cell of a grid that a person may fill.

    ``line`` and ``position`` are null where it stands in no line. ``version`` grows with every
    change; whoever changes a cell names the version that was seen.
    """

    id: int
    page_id: int
    line: int | None
    position: int | None
    grid: int | None
    row: int | None
    column: int | None
    box: list[int]
    text: str
    read_text: str | None
    value: int | float | None
    verdict: str
    confidence: float | None
    to_check: bool
    state: CellState
    alternatives: list[dict[str, Any]]
    digits: list[DigitJson]
    confirmed_by: str | None
    confirmed_at: str | None
    version: int
    locked_by: str | None


class LineJson(TypedDict):
    """A line of a page."""

    cells: list[CellJson]


class WholePageJson(PageJson):
    """A page with its cells.

    ``lines`` have the numbers, ``others`` the cells of grids without one, and ``deleted`` what can
    be restored.
    """

    lines: list[LineJson]
    grids: list[dict[str, Any]]
    others: list[CellJson]
    deleted: list[CellJson]
    warnings: list[str]
