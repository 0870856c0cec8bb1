"""Batches and their documents: make, list, rename, cancel, delete for good."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import get_args

from sqlalchemy import delete, select, union_all
from sqlalchemy.orm import Session

from digitus.errors import DigitusError, ReviewError
from digitus.reader.results.file_names import readable
from digitus.reader.results.values import Decimal
from digitus.review.changes import BatchChange, no_batch
from digitus.review.record_types import BatchJson, DocumentJson, SettingsJson
from digitus.review.records import batch_json, batches_json, document_json
from digitus.review.storage.content_files import ContentFiles
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Batch, Document, Page

MOST_CHARACTERS = 200
"""Length of a name that is kept."""


def make_batch(database: Database, name: str, settings: SettingsJson) -> BatchJson:
    """Make a batch without documents.

    Raises:
        ReviewError: if a setting is out of range.
    """
    with database.writing() as session:
        return batch_json(session, add_batch(database, session, name, settings))


def add_batch(database: Database, session: Session, name: str, settings: SettingsJson) -> Batch:
    """Add a batch without documents to a transaction.

    Raises:
        ReviewError: if a setting is out of range.
    """
    _check(settings)
    batch = Batch(
        name=shown_name(name) or "Batch",
        created_at=database.now(session),
        is_cancelled=False,
        change_number=0,
        **settings,
    )
    session.add(batch)
    session.flush()
    return batch


def list_batches(database: Database) -> list[BatchJson]:
    """Return all batches, the newest first."""
    with database.reading() as session:
        return batches_json(session, session.scalars(select(Batch).order_by(Batch.id.desc())).all())


def batch(database: Database, batch_id: int) -> BatchJson:
    """Return a batch.

    Raises:
        NotThere: if there is no such batch.
    """
    with database.reading() as session:
        return batch_json(session, batch_of(session, batch_id))


def rename_batch(database: Database, batch_id: int, name: str) -> BatchJson:
    """Give a batch another name.

    Raises:
        NotThere: if there is no such batch.
        ReviewError: if the name is empty.
    """
    shown = shown_name(name)
    if not shown:
        raise ReviewError("the name of a batch: expected some characters, got none; type a name")
    with database.writing() as session:
        change = BatchChange(session, batch_id)
        change.batch.name = shown
        change.note_batch()
        return batch_json(session, change.batch)


def cancel_batch(database: Database, batch_id: int) -> BatchJson:
    """Leave the pages of a batch unread that wait; another document takes it up again.

    Raises:
        NotThere: if there is no such batch.
    """
    with database.writing() as session:
        change = BatchChange(session, batch_id)
        change.batch.is_cancelled = True
        change.note_batch()
        return batch_json(session, change.batch)


def delete_batch(database: Database, files: ContentFiles, batch_id: int) -> None:
    """Delete a batch for good, with the files that no other batch has.

    The rows are deleted first: a kill in between leaves files that the next start deletes, and
    never a batch without its files.

    Raises:
        NotThere: if there is no such batch.
        WriteError: if the rows cannot be deleted, and nothing is; or if a file cannot.
    """
    with database.writing() as session:
        BatchChange(session, batch_id)
        names = _names_of_files(session, batch_id)
        session.execute(delete(Batch).where(Batch.id == batch_id))
    delete_unnamed_files(database, files, names)
    database.forget_deleted()


def delete_unnamed_files(
    database: Database, files: ContentFiles, names: Iterable[str] | None = None
) -> None:
    """Delete the files that no document or page names: a kill or a failure left them.

    Args:
        database: with the documents and pages.
        files: with their contents.
        names: SHA-256 of the files that are checked; None is all of them.

    Raises:
        WriteError: if one cannot be deleted.
    """
    with database.writing() as session:
        database.lock_files(session, to_delete=True)
        for name in set(files.names() if names is None else names) - _names_of_files(session):
            files.delete(name)


@contextmanager
def keeping(
    database: Database, files: ContentFiles, contents: Sequence[bytes | Path]
) -> Iterator[tuple[Session, list[str]]]:
    """Keep contents while the block names them; yield a session that writes, and their SHA-256.

    Raises:
        WriteError: if one cannot be written; then none is kept.
    """
    names: list[str] = []
    try:
        for content in contents:
            names.append(files.put(content))
        with database.writing() as session:
            database.lock_files(session)
            for name, content in zip(names, contents, strict=True):
                if not files.path_of(name).exists():  # another process has deleted it meanwhile
                    files.put(content)
            yield session, names
    except DigitusError:
        with suppress(DigitusError):  # the next start deletes them
            delete_unnamed_files(database, files, names)
        raise


def add_documents(
    database: Database,
    files: ContentFiles,
    batch_id: int,
    documents: Sequence[tuple[str, bytes | Path]],
) -> list[DocumentJson]:
    """Add documents that wait to be read, each with its first page: all of them, or none.

    Args:
        database: of the batch.
        files: gets the contents.
        batch_id: a cancelled batch is taken up again.
        documents: the name of each, shown to people and never used as a path; and its bytes, or a
            file with them.

    Raises:
        NotThere: if there is no such batch.
        WriteError: if a content cannot be written.
    """
    with keeping(database, files, [content for _, content in documents]) as (session, names):
        change = BatchChange(session, batch_id)
        change.batch.is_cancelled = False
        added = [
            Document(
                batch_id=batch_id,
                name=shown_name(name) or "document",
                sha256=sha256,
                state="waiting",
            )
            for (name, _), sha256 in zip(documents, names, strict=True)
        ]
        session.add_all(added)
        session.flush()
        session.add_all(new_page(document, 1) for document in added)
        change.note_batch()
        return [document_json(document) for document in added]


def new_page(document: Document, number: int) -> Page:
    """Return a page that waits."""
    return Page(
        batch_id=document.batch_id,
        document_id=document.id,
        number=number,
        state="waiting",
        grids=[],
        warnings=[],
    )


def batch_of(session: Session, batch_id: int) -> Batch:
    """Return a batch.

    Raises:
        NotThere: if there is no such batch.
    """
    found = session.get(Batch, batch_id)
    if found is None:
        raise no_batch(batch_id)
    return found


def shown_name(name: str) -> str:
    r"""Return a name that every database and terminal can hold.

    >>> shown_name("a\x00b\n")
    'a b'
    """
    printable = "".join(one if one.isprintable() else " " for one in readable(name))
    return printable.strip()[:MOST_CHARACTERS]


def _names_of_files(session: Session, batch_id: int | None = None) -> set[str]:
    """Return the SHA-256 of each file of a batch, or of all batches."""
    documents = select(Document.sha256)
    images = select(Page.image_sha256).where(Page.image_sha256.is_not(None))
    if batch_id is not None:
        documents = documents.where(Document.batch_id == batch_id)
        images = images.where(Page.batch_id == batch_id)
    return set(session.scalars(union_all(documents, images)))


def _check(settings: SettingsJson) -> None:
    decimal, max_error = settings["decimal"], settings["max_error"]
    if decimal not in get_args(Decimal):
        raise ReviewError(f"decimal: expected auto, point or comma, got {decimal!r:.40}")
    if not 0 <= settings["min_confidence"] <= 1:
        raise ReviewError(
            f"min_confidence: expected 0 to 1, got {settings['min_confidence']}; correct it"
        )
    if max_error is not None and not 0 < max_error < 1:
        raise ReviewError(f"max_error: expected more than 0 and less than 1, got {max_error}")
