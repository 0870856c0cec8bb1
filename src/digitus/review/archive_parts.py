"""Take an archive that was read elsewhere: its doubtful pages, part by part; the others counted.

A part is one transaction, so taking can end at any moment and go on later. Images of the pages are
fetched when somebody looks at a page, see `ImageSource`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from digitus.reader.results.reading import Box, PageReading
from digitus.reader.results.values import Decimal
from digitus.review.batches import add_batch, keeping, new_page, shown_name
from digitus.review.changes import BatchChange, cell_of, change_page, page_of
from digitus.review.page_results import add_reading, page_reading
from digitus.review.record_types import SettingsJson
from digitus.review.records import settings_of
from digitus.review.storage.content_files import ContentFiles
from digitus.review.storage.database import Database
from digitus.review.storage.schema import ArchivePart, Batch, Cell, Document, Page

MOST_PAGES = 1000
"""Doubtful pages of a batch; the next part begins another batch. Set by hand: its list of pages is
loaded in a moment, and several people can share the batches."""


@dataclass(frozen=True)
class PageToCheck:
    """A page of a part that somebody should look at.

    Attributes:
        name: of its file, as people see it.
        location: path or URL of its file, which people do not see.
        sha256: of the file's bytes, in hexadecimal.
        reading: what was read.
    """

    name: str
    location: str
    sha256: str
    reading: PageReading


@dataclass(frozen=True)
class Part:
    """A part of the result.

    Attributes:
        result: what tells the results apart.
        name: of the part; it is taken once.
        title: of the batches; those after the first have a number.
        settings: how its pages were read.
        pages: those that somebody should look at.
        n_sure_pages: number of the others that were read.
        n_sure_numbers: number of numbers on these.
        n_failed: number of pages that could not be read.
    """

    result: str
    name: str
    title: str
    settings: SettingsJson
    pages: Sequence[PageToCheck]
    n_sure_pages: int
    n_sure_numbers: int
    n_failed: int


@dataclass(frozen=True)
class ImageSource:
    """Where the image of a page comes from that is not kept here.

    Attributes:
        page_id: the page.
        name: of its file, as people see it.
        location: path or URL of its file.
        sha256: of the file's bytes, in hexadecimal.
        page: number of the page in the file, from 1.
        width: of the upright page in pixels.
        height: of the upright page in pixels.
        boxes: of the numbers as they were read.
        settings: how it was read.
    """

    page_id: int
    name: str
    location: str
    sha256: str
    page: int
    width: int
    height: int
    boxes: tuple[Box, ...]
    settings: SettingsJson


def taken_parts(database: Database, result: str) -> set[str]:
    """Return the names of the parts of a result that were taken."""
    with database.reading() as session:
        names = select(ArchivePart.name).where(ArchivePart.result == result)
        return set(session.scalars(names))


def take_part(database: Database, part: Part) -> int | None:
    """Add the doubtful pages of a part to the newest batch of its result, or to a new one.

    Returns:
        The batch; None if the part was taken before.
    """
    with database.writing() as session:
        _be_alone_with(database, session, part.result)
        known = select(ArchivePart.id).where(
            ArchivePart.result == part.result, ArchivePart.name == part.name
        )
        if session.scalars(known).first() is not None:
            return None
        batch_id = _batch_with_room(session, part.result)
        if batch_id is None:
            title = _title(session, part)
            batch_id = add_batch(database, session, title, part.settings).id
        change = BatchChange(session, batch_id)
        session.add(
            ArchivePart(
                batch_id=batch_id,
                result=part.result,
                name=part.name,
                n_sure_pages=part.n_sure_pages,
                n_sure_numbers=part.n_sure_numbers,
                n_failed=part.n_failed,
            )
        )
        for page in part.pages:
            _add_page(session, part.result, batch_id, page)
        change.note_batch()
    return batch_id


def image_source(database: Database, page_id: int) -> ImageSource | None:
    """Return where the image of a page comes from; None if it is kept here, or the page waits.

    Raises:
        NotThere: if there is no such page.
    """
    with database.reading() as session:
        page = page_of(session, page_id)
        document = session.get_one(Document, page.document_id)
        if document.location is None or page.image_sha256 is not None or page.state != "read":
            return None
        read = select(Cell).where(Cell.page_id == page_id, Cell.read_text.is_not(None))
        return ImageSource(
            page_id=page_id,
            name=document.name,
            location=document.location,
            sha256=document.sha256,
            page=page.number,
            width=page.width or 0,
            height=page.height or 0,
            boxes=tuple(cell.box for cell in session.scalars(read) if cell.read_text),
            settings=settings_of(session.get_one(Batch, page.batch_id)),
        )


def reviewed_pages(database: Database, result: str) -> dict[tuple[str, int], int]:
    """Return the pages of a result that were taken, by the place of their file and their number."""
    batches = select(ArchivePart.batch_id).where(ArchivePart.result == result)
    query = (
        select(Document.location, Page.number, Page.id)
        .join(Document, Document.id == Page.document_id)
        .where(Page.batch_id.in_(batches), Document.location.is_not(None))
    )
    with database.reading() as session:
        return {
            (location, number): page_id
            for location, number, page_id in session.execute(query)
            if location is not None
        }


def reviewed_page(database: Database, page_id: int, source: str) -> PageReading:
    """Return a page as people have left it.

    Args:
        database: with the page.
        page_id: of the page.
        source: stands as its source in tables.

    Raises:
        NotThere: if there is no such page.
    """
    with database.reading() as session:
        page = page_of(session, page_id)
        decimal = cast(Decimal, session.get_one(Batch, page.batch_id).decimal)
        return page_reading(session, page, source, decimal)


def page_of_cell(database: Database, cell_id: int) -> int:
    """Return the page of a cell.

    Raises:
        NotThere: if there is no such cell.
    """
    with database.reading() as session:
        return cell_of(session, cell_id).page_id


def keep_image(database: Database, files: ContentFiles, page_id: int, jpeg: bytes) -> None:
    """Keep the upright image of a page as it was fetched.

    Raises:
        NotThere: if the page was deleted meanwhile.
        WriteError: if it cannot be written.
    """
    with keeping(database, files, [jpeg]) as (session, (sha256,)):
        _, page = change_page(session, page_id)
        page.image_sha256, page.image_type = sha256, "image/jpeg"


def _be_alone_with(database: Database, session: Session, result: str) -> None:
    """Let one server take parts of a result at a time; in SQLite, one writes at a time anyway."""
    if not database.is_sqlite:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(result))))


def _batch_with_room(session: Session, result: str) -> int | None:
    newest = select(func.max(ArchivePart.batch_id)).where(ArchivePart.result == result)
    batch_id = session.scalars(newest).one()
    if batch_id is None:
        return None
    pages = select(func.count()).select_from(Page).where(Page.batch_id == batch_id)
    return batch_id if session.scalars(pages).one() < MOST_PAGES else None


def _title(session: Session, part: Part) -> str:
    batches = select(func.count(ArchivePart.batch_id.distinct()))
    n = session.scalars(batches.where(ArchivePart.result == part.result)).one()
    return part.title if n == 0 else f"{part.title} {n + 1}"


def _add_page(session: Session, result: str, batch_id: int, found: PageToCheck) -> None:
    """Add a page, unless another part of the result has it."""
    batches = select(ArchivePart.batch_id).where(ArchivePart.result == result)
    same = Document.sha256 == found.sha256, Document.location.is_not(None)
    elsewhere = (
        select(Page.id)
        .join(Document, Document.id == Page.document_id)
        .where(*same, Page.number == found.reading.page, Page.batch_id.in_(batches))
    )
    if session.scalars(elsewhere).first() is not None:
        return
    document = session.scalars(
        select(Document).where(*same, Document.batch_id == batch_id)
    ).one_or_none()
    if document is None:
        document = Document(
            batch_id=batch_id,
            name=shown_name(found.name) or "document",
            sha256=found.sha256,
            location=found.location,
            state="read",
        )
        session.add(document)
        session.flush()
    page = new_page(document, found.reading.page)
    page.state = "read"
    page.width, page.height = found.reading.width, found.reading.height
    session.add(page)
    session.flush()
    add_reading(session, page, found.reading)
