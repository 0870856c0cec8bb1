"""Pages that wait to be read: each is claimed by one server at a time.

A claim ends by itself, so a killed server's pages are read by others. A server renews its claims.
"""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Select, or_, select, union
from sqlalchemy.orm import Session

from digitus.errors import NotThere, ReviewError
from digitus.reader.results.reading import PageReading
from digitus.review.batches import keeping, new_page
from digitus.review.changes import BatchChange, change_page
from digitus.review.page_results import add_reading
from digitus.review.record_types import PageJson, SettingsJson
from digitus.review.records import pages_json, settings_of
from digitus.review.storage.content_files import ContentFiles
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Batch, Document, Page

_Claimed = TypeVar("_Claimed", Document, Page)

_IMAGE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Work:
    """What a server does next.

    Attributes:
        batch_id: the batch.
        document_id: the document.
        page_id: the page to read; None if the pages of the document are to be counted.
        page: number of the page in the document, from 1.
        name: name of the document, to be shown.
        path: file with its content.
        settings: how to read.
    """

    batch_id: int
    document_id: int
    page_id: int | None
    page: int
    name: str
    path: Path
    settings: SettingsJson


class Claims:
    """The work that one server has claimed.

    Args:
        database: with the pages.
        files: with the documents.
        seconds: how long a claim lasts unless it is renewed.
    """

    def __init__(self, database: Database, files: ContentFiles, seconds: float) -> None:
        self.database, self.files, self.seconds = database, files, seconds
        self.server = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"

    def next_work(self) -> Work | None:
        """Claim the oldest document or page that waits; None if there is none."""
        with self.database.writing() as session:
            document = session.scalars(self._free(session, Document)).one_or_none()
            page = None
            if document is None:
                page = session.scalars(self._free(session, Page)).one_or_none()
                if page is None:
                    return None
                document = session.get_one(Document, page.document_id)
                page.state = "reading"
            claimed = page or document
            claimed.claimed_by, claimed.claimed_until = self.server, self._until(session)
            work = Work(
                batch_id=document.batch_id,
                document_id=document.id,
                page_id=None if page is None else page.id,
                page=1 if page is None else page.number,
                name=document.name,
                path=self.files.path_of(document.sha256),
                settings=settings_of(session.get_one(Batch, document.batch_id)),
            )
        if work.page_id is not None:
            self._note(work.page_id)
        return work

    def start_pages(self, document_id: int, n_pages: int) -> None:
        """Keep how many pages a document has: from now on each waits to be read.

        Raises:
            NotThere: if there is no such document.
        """
        with self.database.writing() as session:
            change, document = _change_document(session, document_id)
            known = select(Page.number).where(Page.document_id == document_id)
            missing = set(range(1, n_pages + 1)) - set(session.scalars(known))
            session.add_all(new_page(document, number) for number in sorted(missing))
            document.state, document.error = "read", None
            _release(document)
            change.note_batch()

    def save_page(
        self, page_id: int, reading: PageReading, image: bytes, seconds: float
    ) -> PageJson:
        """Keep what was read on a page, unless another server was quicker.

        Args:
            page_id: the page.
            reading: its boxes are in pixels of a page of the reading's width and height.
            image: the upright page as PNG or JPEG; it may be reduced.
            seconds: how long reading took.

        Raises:
            NotThere: if the page was deleted meanwhile.
            ReviewError: if the image is of another format.
            WriteError: if it cannot be written; the page stays claimed.
        """
        kind = next((kind for start, kind in _IMAGE_TYPES.items() if image.startswith(start)), None)
        if kind is None:
            raise ReviewError("the image of a page: expected a PNG or JPEG, got something else")
        with keeping(self.database, self.files, [image]) as (session, (sha256,)):
            change, page = change_page(session, page_id)
            if page.state != "read":
                page.state, page.error, page.seconds = "read", None, seconds
                page.width, page.height = reading.width, reading.height
                page.image_sha256, page.image_type = sha256, kind
                _release(page)
                add_reading(session, page, reading)
                change.note_page(page)
            return _page(session, page)

    def fail_page(self, page_id: int, sentence: str) -> PageJson:
        """Keep why a page could not be read.

        Raises:
            NotThere: if there is no such page.
        """
        with self.database.writing() as session:
            change, page = change_page(session, page_id)
            if page.state != "read":
                page.state, page.error = "failed", sentence
                _release(page)
                change.note_page(page)
            return _page(session, page)

    def fail_document(self, document_id: int, sentence: str) -> PageJson:
        """Keep why a document could not be opened; its first page stands for it.

        Raises:
            NotThere: if there is no such document.
        """
        with self.database.writing() as session:
            change, document = _change_document(session, document_id)
            first = select(Page).where(Page.document_id == document_id, Page.number == 1)
            page = session.scalars(first).one()
            document.state = page.state = "failed"
            document.error = page.error = sentence
            _release(document)
            change.note_page(page)
            return _page(session, page)

    def retry_page(self, page_id: int) -> PageJson:
        """Let a page that failed wait again; a cancelled batch is taken up again.

        Raises:
            NotThere: if there is no such page.
            ReviewError: if it did not fail.
        """
        with self.database.writing() as session:
            change, page = change_page(session, page_id)
            if page.state != "failed":
                raise ReviewError(
                    f"page {page_id}: expected a page that failed, this one is {page.state}; "
                    f"reload the page"
                )
            document = session.get_one(Document, page.document_id)
            if document.state == "failed":
                document.state, document.error = "waiting", None
            page.state, page.error = "waiting", None
            change.batch.is_cancelled = False
            change.note_page(page)
            return _page(session, page)

    def renew(self) -> None:
        """Make the claims of this server last longer."""
        with self.database.writing() as session:
            until = self._until(session)
            for one in _claimed(session, {self.server}):
                one.claimed_until = until

    def release(self) -> None:
        """Give up the claims of this server: what it reads waits again."""
        with self.database.writing() as session:
            for one in _claimed(session, {self.server}):
                _let_wait(one)

    def release_dead(self) -> None:
        """Give up the claims of servers on this machine that run no more."""
        with self.database.writing() as session:
            owners = union(select(Document.claimed_by), select(Page.claimed_by))
            dead = {one for one in session.scalars(owners) if one is not None and _is_dead(one)}
            for one in _claimed(session, dead):
                _let_wait(one)

    def _free(self, session: Session, table: type[_Claimed]) -> Select[_Claimed]:
        """Select the oldest row that waits and that nobody has claimed, or is just claiming."""
        query = select(table).join(Batch, Batch.id == table.batch_id)
        if table is Page:
            query = query.join(Document, Document.id == Page.document_id)
            query = query.where(Document.state == "read").order_by(Page.document_id, Page.number)
        waits = "waiting", "reading"  # with a claim that has ended, it is not being read
        ended = or_(table.claimed_until.is_(None), table.claimed_until < self.database.now(session))
        return (
            query.where(table.state.in_(waits), ended, ~Batch.is_cancelled)
            .order_by(table.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=table)
        )

    def _until(self, session: Session) -> datetime:
        return self.database.now(session) + timedelta(seconds=self.seconds)

    def _note(self, page_id: int) -> None:
        """Tell those who watch that a page is being read."""
        with suppress(NotThere), self.database.writing() as session:  # deleted meanwhile
            change, page = change_page(session, page_id)
            change.note_page(page)


def _claimed(session: Session, servers: set[str]) -> list[Document | Page]:
    """Return what servers have claimed, except what another transaction is changing."""
    found: list[Document | Page] = []
    documents = select(Document).where(Document.claimed_by.in_(servers))
    found += session.scalars(documents.with_for_update(skip_locked=True))
    pages = select(Page).where(Page.claimed_by.in_(servers))
    found += session.scalars(pages.with_for_update(skip_locked=True))
    return found


def _release(claimed: Document | Page) -> None:
    claimed.claimed_by = claimed.claimed_until = None


def _let_wait(claimed: Document | Page) -> None:
    _release(claimed)
    if isinstance(claimed, Page) and claimed.state == "reading":
        claimed.state = "waiting"


def _change_document(session: Session, document_id: int) -> tuple[BatchChange, Document]:
    """Start a change of the batch of a document."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotThere(f"document {document_id}: there is no such document; it was deleted")
    change = BatchChange(session, document.batch_id)
    session.expire_all()
    return change, session.get_one(Document, document_id)


def _page(session: Session, page: Page) -> PageJson:
    session.flush()
    return next(one for one in pages_json(session, page.batch_id) if one["id"] == page.id)


def _is_dead(server: str) -> bool:
    """Return whether a server ran on this machine and runs no more."""
    host, process, _ = server.rsplit(":", 2)
    if host != socket.gethostname() or os.name != "posix":  # elsewhere, signal 0 ends a process
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:  # another user's
        return False
    return False
