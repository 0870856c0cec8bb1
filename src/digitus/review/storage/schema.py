"""The tables: batches hold documents, a document holds pages, a page cells, a cell digits.

A *cell* is a number, or a cell of a grid without one that a person may fill. Lengths are pixels of
the upright page, boxes are left, top, width and height.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Double,
    ForeignKey,
    Index,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from digitus.reader.results.reading import Box

NAMES_OF_CONSTRAINTS = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as it is stored."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


OrderKey = String().with_variant(String(collation="C"), "postgresql")
"""Keys of `editing/order_keys.py`, compared byte by byte."""


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMES_OF_CONSTRAINTS)
    type_annotation_map = {float: Double(), datetime: UtcTime()}  # noqa: RUF012  # SQLAlchemy's


class Batch(Base):
    """Documents that are read and reviewed together.

    Attributes:
        id: never used again after the batch is deleted.
        name: as people call it.
        created_at: when it was made.
        is_cancelled: whether its waiting pages stay unread.
        change_number: grows by one with every transaction that changes the batch.
        decimal: decimal sign of its pages: ``auto``, ``point`` or ``comma``.
        min_confidence: confidence, 0 to 1, below which digits are declined.
        max_error: error bound of the numbers that are not flagged; None sets none.
    """

    __tablename__ = "batch"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    is_cancelled: Mapped[bool]
    change_number: Mapped[int]
    decimal: Mapped[str]
    min_confidence: Mapped[float]
    max_error: Mapped[float | None]


class Document(Base):
    """A file with pages.

    Attributes:
        name: the file's name, shown and never used as a path.
        sha256: its content, see `content_files.py`.
        location: path or URL of a file of an archive, which is not kept here; never shown.
        state: ``waiting`` until its pages are counted, then ``read``; ``failed`` if it cannot be
            opened.
        error: why it cannot be opened.
        claimed_by: server that counts its pages.
        claimed_until: when others may take it over.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index(None, "batch_id"),
        Index(None, "sha256"),
        Index(None, "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    name: Mapped[str]
    sha256: Mapped[str]
    location: Mapped[str | None]
    state: Mapped[str]
    error: Mapped[str | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]


class ArchivePart(Base):
    """A part of a Parquet result whose doubtful pages are in a batch; see `archive_parts.py`.

    Attributes:
        result: what tells the results apart: a hash of where it lies.
        name: name of the part's file.
        n_sure_pages: number of its pages without a doubt, which are in no batch.
        n_sure_numbers: number of the numbers on these.
        n_failed: number of its pages that could not be read.
    """

    __tablename__ = "archive_part"
    __table_args__ = (
        Index(None, "batch_id"),
        UniqueConstraint("result", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    result: Mapped[str]
    name: Mapped[str]
    n_sure_pages: Mapped[int]
    n_sure_numbers: Mapped[int]
    n_failed: Mapped[int]


class Page(Base):
    """A page of a document. The first one exists as soon as the document does.

    Attributes:
        number: number of the page in the document, from 1.
        state: ``waiting``, ``reading``, ``read`` or ``failed``.
        error: why it could not be read.
        claimed_by: server that reads it.
        claimed_until: when others may take it over.
        width: width in pixels.
        height: height in pixels.
        image_sha256: the upright page, which may be reduced.
        image_type: media type of that image.
        seconds: how long reading took.
        grids: boxes and cells of the grids as they were read, as JSON of `PageReading`.
        warnings: sentences about what makes the reading as a whole doubtful.
    """

    __tablename__ = "page"
    __table_args__ = (
        Index(None, "batch_id", "state"),
        Index(None, "image_sha256"),
        Index(None, "state"),
        UniqueConstraint("document_id", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str]
    error: Mapped[str | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    image_sha256: Mapped[str | None]
    image_type: Mapped[str | None]
    seconds: Mapped[float | None]
    grids: Mapped[list[Any]] = mapped_column(JSON)
    warnings: Mapped[list[Any]] = mapped_column(JSON)


class Cell(Base):
    """A number of a page, or a cell of a grid without one.

    Attributes:
        version: grows with every change of what it says; confirming names the version seen.
        line_key: order of its line on the page; None if it is in no line.
        place_key: order of the cell in its line.
        grid: number of its grid on the page, from 1; None outside of grids.
        row: row in the grid, from 1.
        col: column in the grid, from 1.
        text: as it is written, ``?`` for a declined digit; empty for a cell without a number.
        read_text: the text as it was read; None for a number that a person added.
        n_digits: number of digits and ``?`` in the text.
        confidence: probability, 0 to 1, that the text as it was read is right; None without one.
        to_check: whether a person should check it.
        verdict: of `reader.results.reading.Cell`.
        alternatives: texts and their probabilities, the likeliest first.
        marks: JSON of the marks as they were read.
        has_doubtful_mark: whether verified digits are too little to confirm it.
        boxes_certain: whether the boxes of its digits belong to the digits of its text in order, if
            they are equally many.
        is_added: whether a person added it.
        is_deleted: whether a person deleted it, or joined it to another.
        joined_to: the cell that it was joined to.
        confirmed_by: reviewer that confirmed it; None unless it is confirmed.
        confirmed_at: when it was confirmed.
        locked_by: reviewer that has it open.
        locked_until: when the lock ends by itself.
    """

    __tablename__ = "cell"
    __table_args__ = (
        Index(None, "batch_id", "is_deleted", "to_check"),
        Index(None, "page_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"))
    version: Mapped[int]
    line_key: Mapped[str | None] = mapped_column(OrderKey)
    place_key: Mapped[str] = mapped_column(OrderKey)
    grid: Mapped[int | None]
    row: Mapped[int | None]
    col: Mapped[int | None]
    left: Mapped[int]
    top: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    text: Mapped[str]
    read_text: Mapped[str | None]
    n_digits: Mapped[int]
    confidence: Mapped[float | None]
    to_check: Mapped[bool]
    verdict: Mapped[str]
    alternatives: Mapped[list[Any]] = mapped_column(JSON)
    marks: Mapped[list[Any]] = mapped_column(JSON)
    has_doubtful_mark: Mapped[bool]
    boxes_certain: Mapped[bool]
    is_added: Mapped[bool]
    is_deleted: Mapped[bool]
    joined_to: Mapped[int | None]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    locked_by: Mapped[str | None]
    locked_until: Mapped[datetime | None]

    @property
    def box(self) -> Box:
        """Left, top, width and height."""
        return self.left, self.top, self.width, self.height

    @box.setter
    def box(self, box: Box) -> None:
        self.left, self.top, self.width, self.height = box


class Digit(Base):
    """A digit that was read: it belongs to one cell at a time, live or deleted.

    Attributes:
        place: its place in the cell, from 0.
        digit: 0 to 9, as read or confirmed; None if it was declined.
        read_digit: as it was read; None if it was declined.
        confidence: probability, 0 to 1, that the likeliest digit in its place is right.
        alternatives: digits and their probabilities, the likeliest first.
        verified: whether a person has seen that ``digit`` is right.
    """

    __tablename__ = "digit"
    __table_args__ = (
        Index(None, "cell_id", "place"),
        Index(None, "batch_id", "digit"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id", ondelete="CASCADE"))
    place: Mapped[int]
    digit: Mapped[int | None]
    read_digit: Mapped[int | None]
    confidence: Mapped[float]
    left: Mapped[int]
    top: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    alternatives: Mapped[list[Any]] = mapped_column(JSON)
    verified: Mapped[bool]

    @property
    def box(self) -> Box:
        """Left, top, width and height."""
        return self.left, self.top, self.width, self.height


class Change(Base):
    """What a transaction changed, for those who watch a batch.

    Attributes:
        number: the batch's `change_number` of the transaction.
        kind: ``batch``, ``page`` (all of it) or ``cell``.
        page_id: the page, or that of the cell.
        cell_id: the cell.
        version: version of the cell.
    """

    __tablename__ = "change"
    __table_args__ = (Index(None, "batch_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str]
    page_id: Mapped[int | None]
    cell_id: Mapped[int | None]
    version: Mapped[int | None]


class Edit(Base):
    """What a reviewer did, and how to undo it.

    Attributes:
        reviewer: who did it.
        sentence: what was done.
        before: the cells before, as `editing/snapshots.py` writes them.
        after: the same cells after; undoing needs them unchanged.
        is_undone: whether it was undone.
    """

    __tablename__ = "edit"
    __table_args__ = (
        Index(None, "batch_id", "reviewer", "is_undone"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    reviewer: Mapped[str]
    sentence: Mapped[str]
    before: Mapped[list[Any]] = mapped_column(JSON)
    after: Mapped[list[Any]] = mapped_column(JSON)
    is_undone: Mapped[bool]
