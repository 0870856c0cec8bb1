"""What the review endpoints take, as JSON; what they answer is described by `digitus.review`."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from digitus.reader.results.values import Decimal
from digitus.review.groups import GroupJson
from digitus.review.record_types import BatchJson, DocumentJson, PageJson
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
        **{"numbers": 204, "to_check": 12, "confirmed": 3, "sure_pages": 0},
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


class Batches(BaseModel):
    """All batches, the newest first."""

    batches: list[BatchJson]


class RefusedFile(BaseModel):
    """A file that was not taken."""

    name: str
    error: str


class NewDocuments(BaseModel):
    """Files that were taken, to be read in the background, and those that were not."""

    documents: list[DocumentJson]
    refused: list[RefusedFile]


class Pages(BaseModel):
    """The pages of a batch in order."""

    pages: list[PageJson]


class SeenCell(Described):
    """A cell, and the version of it that was seen."""

    id: Id
    version: Version


class SeenDigit(Described):
    """A digit of a cell: its place from 0, and the version of the cell that was seen."""

    cell_id: Id
    index: Place
    version: Version


class TypedDigit(SeenDigit):
    """A digit of a cell, and what it is."""

    digit: int = Field(ge=0, le=9, examples=[7])


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


class Verification(By):
    """Digits that are what they were read as, odd ones, and those that a person names."""

    digits: list[SeenDigit] = Field(default_factory=list, max_length=5000)
    odd: list[SeenDigit] = Field(default_factory=list, max_length=5000)
    typed: list[TypedDigit] = Field(default_factory=list, max_length=5000)


class Groups(BaseModel):
    """All groups."""

    groups: list[GroupJson]


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
