"""The JSON of the review endpoints, as OpenAPI describes it."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from digitus.reader.results.values import Decimal
from digitus.web.api.json_types import Box, Described, Share

LARGEST_ID = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Version = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Place = Annotated[int, Field(ge=0, le=10_000)]
Reviewer = Annotated[str, Field(min_length=1, max_length=60, examples=["Reviewer 4F2"])]
Text = Annotated[str, Field(max_length=60, examples=["187.50"])]
Name = Annotated[str, Field(max_length=200, examples=["Scores of Friday"])]

BATCH: Any = {
    "id": 1,
    "name": "Scores of Friday",
    "created_at": "2026-05-08T16:20:00+00:00",
    "state": "reading",
    "settings": {"decimal": "auto", "min_confidence": 0.0, "max_error": None},
    "counts": {
        **{"documents": 2, "pages": 40, "waiting": 31, "read": 9, "failed": 0},
        **{"numbers": 204, "to_check": 12, "confirmed": 3},
    },
    "seconds_left": 61.5,
}


class NewBatch(Described):
    """How the pages of a batch are read; all of it may be left out."""

    name: Name = ""
    decimal: Decimal = "auto"
    min_confidence: Share = 0.0
    max_error: Annotated[float, Field(gt=0, lt=1)] | None = None


class BatchName(Described):
    """Another name of a batch."""

    name: Annotated[Name, Field(min_length=1)]


class BatchSettings(BaseModel):
    """How the pages of a batch are read."""

    decimal: Decimal
    min_confidence: float
    max_error: float | None


class Batch(BaseModel):
    """A batch: documents that are read and reviewed together."""

    model_config = {"json_schema_extra": {"examples": [BATCH]}}

    id: int
    name: str
    created_at: str
    state: Literal["open", "reading", "done", "cancelled"]
    settings: BatchSettings
    counts: dict[str, int]
    seconds_left: float | None


class Batches(BaseModel):
    """All batches, the newest first."""

    batches: list[Batch]


class Document(BaseModel):
    """A file of a batch."""

    id: int
    name: str
    state: str
    error: str | None


class RefusedFile(BaseModel):
    """A file that was not taken."""

    name: str
    error: str


class NewDocuments(BaseModel):
    """Files that were taken, to be read in the background, and those that were not."""

    documents: list[Document]
    refused: list[RefusedFile]


class Page(BaseModel):
    """A page of a batch."""

    id: int
    batch_id: int
    position: int
    source: str
    page: int
    state: Literal["waiting", "reading", "read", "failed"]
    error: str | None
    width: int | None
    height: int | None
    counts: dict[str, int]


class Pages(BaseModel):
    """The pages of a batch in order."""

    pages: list[Page]


class Digit(BaseModel):
    """A digit of a cell."""

    digit: int | None
    confidence: float
    box: Box
    verified: bool


class Cell(BaseModel):
    """A number on a page, or a cell of a grid that a person may fill.

    `version` grows with every change; whoever changes a cell names the version that was seen.
    """

    id: int
    page_id: int
    line: int | None
    position: int | None
    grid: int | None
    row: int | None
    column: int | None
    box: Box
    text: str
    read_text: str | None
    value: float | None
    confidence: float | None
    to_check: bool
    state: Literal["read", "confirmed", "added", "deleted"]
    alternatives: list[dict[str, Any]]
    digits: list[Digit]
    confirmed_by: str | None
    confirmed_at: str | None
    version: int
    locked_by: str | None


class Line(BaseModel):
    """A line of a page."""

    cells: list[Cell]


class Grid(BaseModel):
    """A grid of a page, row by row."""

    box: Box
    rows: list[list[dict[str, Any]]]


class WholePage(Page):
    """A page with its cells."""

    lines: list[Line]
    grids: list[Grid]
    warnings: list[str]


class Cells(BaseModel):
    """A part of a list of cells, and the length of the list."""

    cells: list[Cell]
    total: int


class SeenCell(Described):
    """A cell, and the version of it that was seen."""

    id: Id
    version: Version


class SeenDigit(Described):
    """A digit of a cell: its place from 0, and the version of the cell that was seen."""

    cell_id: Id
    index: Place
    version: Version


class SeenPlace(Described):
    """A cell as a group shows it: one of its digits, or the whole of it with a null index."""

    cell_id: Id
    index: Place | None
    version: Version


class By(Described):
    """Who does it."""

    reviewer: Reviewer


class Confirmation(By):
    """What a cell says."""

    text: Text
    version: Version


class Flag(By):
    """Mark a cell to be checked."""

    version: Version


class Confirmations(By):
    """Cells to be confirmed as they were read."""

    cells: Annotated[list[SeenCell], Field(min_length=1, max_length=1000)]


class Confirmed(BaseModel):
    """Cells that were confirmed, and those that somebody else has changed."""

    confirmed: list[Cell]
    conflicts: list[Cell]


class Verification(By):
    """Digits that are what they were read as, and odd ones."""

    digits: list[SeenDigit] = Field(default_factory=list, max_length=5000)
    odd: list[SeenDigit] = Field(default_factory=list, max_length=5000)


class Verified(BaseModel):
    """Cells that were changed, and those that somebody else has changed."""

    cells: list[Cell]
    conflicts: list[Cell]


class Group(BaseModel):
    """Cells or digits that were read as the same."""

    key: str = Field(examples=["7"])
    n: int
    n_open: int


class Groups(BaseModel):
    """All groups."""

    groups: list[Group]


class GroupItem(BaseModel):
    """A cell, or a digit of it."""

    cell_id: int
    index: int | None
    version: int
    confidence: float | None
    verified: bool
    box: Box
    page_id: int


class GroupItems(BaseModel):
    """A part of a group, the least confident first, and the size of the group."""

    items: list[GroupItem]
    total: int


class Undone(BaseModel):
    """What was undone, null if there was nothing; and the cells as they are now."""

    undone: str | None
    cells: list[Cell]


class Join(By):
    """Join cells that are one number."""

    kind: Literal["join"]
    cells: Annotated[list[SeenCell], Field(min_length=2, max_length=100)]
    text: Text | None = None


class Split(By):
    """Split a cell that holds several numbers."""

    kind: Literal["split"]
    cell: SeenCell
    texts: Annotated[list[Text], Field(min_length=2, max_length=100)]


class Add(By):
    """Add a number that was missed; a null line makes a new one."""

    kind: Literal["add"]
    line: Place | None = None
    position: Place
    text: Text
    box: Box | None = None


class Delete(By):
    """Delete what is no number."""

    kind: Literal["delete"]
    cell: SeenCell


class Restore(By):
    """Restore a cell that was deleted."""

    kind: Literal["restore"]
    cell: SeenCell


class BreakLine(By):
    """Let a new line begin with a cell."""

    kind: Literal["break_line"]
    before: SeenCell


class JoinLines(By):
    """Join a line with the next one."""

    kind: Literal["join_lines"]
    line: Place


Edit = Annotated[
    Join | Split | Add | Delete | Restore | BreakLine | JoinLines, Field(discriminator="kind")
]


class CellConflict(BaseModel):
    """A refusal because somebody else was quicker: the cells as they are now."""

    type: str
    title: str
    status: int
    detail: str
    cells: list[Cell]
