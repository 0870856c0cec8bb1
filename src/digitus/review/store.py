"""The store of reviews: everything that a server asks of the database and its files.

Each method is one transaction and may be called from any thread. What a method returns has the JSON
types of the server's answers (`records.py`).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digitus.errors import DigitusError, NotThere
from digitus.reader.results.reading import Box, PageReading
from digitus.reader.results.values import Decimal
from digitus.review import archive_parts, batches, cell_lists, exports, groups
from digitus.review.archive_parts import ImageSource, Part
from digitus.review.cell_lists import CellListJson, ListedState, Order
from digitus.review.changes import ChangeJson, cell_of, changes_since, page_of
from digitus.review.editing import confirmation, edits
from digitus.review.editing.confirmation import (
    ConfirmedJson,
    SeenCell,
    SeenDigit,
    TypedDigit,
    UndoneJson,
    VerifiedJson,
)
from digitus.review.editing.edits import Operation
from digitus.review.exports import Export, Format
from digitus.review.groups import GroupBy, GroupJson, ItemListJson
from digitus.review.page_images import PageImages
from digitus.review.record_types import BatchJson, CellJson, DocumentJson, PageJson, WholePageJson
from digitus.review.records import digits_of, pages_json, whole_page_json
from digitus.review.storage.content_files import ContentFiles
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Page
from digitus.review.work import Claims, Work


@dataclass(frozen=True)
class Times:
    """How long a server or a person may keep something to itself; set by hand.

    Attributes:
        claim_s: seconds that a page stays claimed by a server which does not renew its claims.
        lock_s: seconds that a cell stays locked by a reviewer who does not open it again.
    """

    claim_s: float = 60.0
    lock_s: float = 120.0


@dataclass(frozen=True)
class PageImage:
    """The upright image of a page.

    Attributes:
        path: its file.
        media_type: ``image/png`` or ``image/jpeg``.
        sha256: of its content, which never changes.
    """

    path: Path
    media_type: str
    sha256: str


def default_folder() -> Path:
    """Return the folder in the user's data directory where reviews are kept."""
    import platformdirs

    return Path(platformdirs.user_data_path("digitus", appauthor=False)) / "review"


class ReviewStore:
    """A database of reviews and its files; see `open`."""

    def __init__(self, database: Database, files: ContentFiles, times: Times) -> None:
        self._database, self._files, self._times = database, files, times
        self._images = PageImages(files)
        self._claims = Claims(database, files, times.claim_s)

    @classmethod
    def open(
        cls, url: str | None = None, folder: Path | None = None, *, times: Times | None = None
    ) -> "ReviewStore":
        """Open a database, made or brought up to date if need be.

        Pages that a killed server was reading wait again, and files that it left are deleted.

        Args:
            url: of SQLite or PostgreSQL; None is a file of SQLite in the folder.
            folder: for the files of documents and pages; None is the default folder. Servers that
                share a database share it, too.
            times: how long claims and locks last.

        Raises:
            DatabaseError: if it cannot be opened, or was written by a newer version.
            MissingLibraryError: if the driver of PostgreSQL is not installed.
            WriteError: if the folder cannot be written.
        """
        folder = (default_folder() if folder is None else folder).absolute()
        _make_private(folder)
        database = Database(url or f"sqlite:///{folder / 'review.db'}")
        store = cls(database, ContentFiles(folder), times or Times())
        store._claims.release_dead()
        batches.delete_unnamed_files(database, store._files)
        return store

    @property
    def folder(self) -> Path:
        """Where the files are kept."""
        return self._files.folder

    def close(self) -> None:
        """Give up the claims of this server, and close the database."""
        with suppress(DigitusError):  # of a database that is away; they end by themselves
            self._claims.release()
        self._database.close()

    def make_batch(
        self,
        name: str = "",
        *,
        decimal: Decimal = "auto",
        min_confidence: float = 0.0,
        max_error: float | None = None,
    ) -> BatchJson:
        """Make a batch whose pages are read with these settings."""
        return batches.make_batch(
            self._database,
            name,
            {"decimal": decimal, "min_confidence": min_confidence, "max_error": max_error},
        )

    def list_batches(self) -> list[BatchJson]:
        """Return all batches, the newest first."""
        return batches.list_batches(self._database)

    def batch(self, batch_id: int) -> BatchJson:
        """Return a batch."""
        return batches.batch(self._database, batch_id)

    def rename_batch(self, batch_id: int, name: str) -> BatchJson:
        """Give a batch another name."""
        return batches.rename_batch(self._database, batch_id, name)

    def cancel_batch(self, batch_id: int) -> BatchJson:
        """Leave the pages of a batch unread that wait; another document takes it up again."""
        return batches.cancel_batch(self._database, batch_id)

    def delete_batch(self, batch_id: int) -> None:
        """Delete a batch for good, with the files that no other batch has."""
        batches.delete_batch(self._database, self._files, batch_id)
        self._images.forget()

    def add_documents(
        self, batch_id: int, documents: Sequence[tuple[str, bytes | Path]]
    ) -> list[DocumentJson]:
        """Add documents that wait to be read, each a name and a content: all of them, or none."""
        return batches.add_documents(self._database, self._files, batch_id, documents)

    def taken_parts(self, result: str) -> set[str]:
        """Return the names of the parts of an archive's result that were taken."""
        return archive_parts.taken_parts(self._database, result)

    def take_part(self, part: Part) -> int | None:
        """Take a part of an archive into a batch, which is returned; None if it is there."""
        return archive_parts.take_part(self._database, part)

    def image_source(self, page_id: int) -> ImageSource | None:
        """Return where the image of a page of an archive comes from; None if it is kept here."""
        return archive_parts.image_source(self._database, page_id)

    def keep_image(self, page_id: int, jpeg: bytes) -> None:
        """Keep the upright image of a page of an archive."""
        archive_parts.keep_image(self._database, self._files, page_id, jpeg)

    def page_of_cell(self, cell_id: int) -> int:
        """Return the page of a cell."""
        return archive_parts.page_of_cell(self._database, cell_id)

    def next_work(self) -> Work | None:
        """Claim the oldest document or page that waits; None if there is none."""
        return self._claims.next_work()

    def renew_claims(self) -> None:
        """Make the claims of this server last longer; to be called well within `Times.claim_s`."""
        self._claims.renew()

    def release_claims(self) -> None:
        """Give up the claims of this server: what it reads waits again."""
        self._claims.release()

    def start_pages(self, document_id: int, n_pages: int) -> None:
        """Keep how many pages a document has: from now on each waits to be read."""
        self._claims.start_pages(document_id, n_pages)

    def save_page(
        self, page_id: int, reading: PageReading, image: bytes, seconds: float
    ) -> PageJson:
        """Keep what was read on a page, and its upright image as PNG or JPEG."""
        return self._claims.save_page(page_id, reading, image, seconds)

    def fail_page(self, page_id: int, sentence: str) -> PageJson:
        """Keep why a page could not be read."""
        return self._claims.fail_page(page_id, sentence)

    def fail_document(self, document_id: int, sentence: str) -> PageJson:
        """Keep why a document could not be opened; its first page stands for it."""
        return self._claims.fail_document(document_id, sentence)

    def retry_page(self, page_id: int) -> PageJson:
        """Let a page that failed wait again."""
        return self._claims.retry_page(page_id)

    def pages(self, batch_id: int) -> list[PageJson]:
        """Return the pages of a batch in order, without their cells."""
        with self._database.reading() as session:
            batches.batch_of(session, batch_id)
            return pages_json(session, batch_id)

    def page(self, page_id: int) -> WholePageJson:
        """Return a page with its cells."""
        with self._database.reading() as session:
            page = page_of(session, page_id)
            return whole_page_json(session, page, self._database.now(session))

    def page_image(self, page_id: int) -> PageImage:
        """Return the image of a page.

        Raises:
            NotThere: if the page was not read.
        """
        with self._database.reading() as session:
            page = page_of(session, page_id)
            sha256, kind = page.image_sha256, page.image_type
        if sha256 is None or kind is None:
            raise NotThere(f"page {page_id}: has no image before it is read; wait for it")
        return PageImage(self._files.path_of(sha256), kind, sha256)

    def cell_crop(self, cell_id: int, digit: int | None = None) -> bytes:
        """Return a cell, or one of its digits (from 0), with a margin, as PNG.

        Raises:
            NotThere: if there is no such cell or digit.
        """
        with self._database.reading() as session:
            cell = cell_of(session, cell_id)
            page = session.get_one(Page, cell.page_id)
            image, width, box = page.image_sha256, page.width, cell.box
            if digit is not None:
                boxes = [one.box for one in digits_of(session, [cell])[cell_id]]
                box = _box_of_digit(cell_id, boxes, digit)
        if image is None or width is None:
            raise NotThere(f"cell {cell_id}: its page has no image; read the page again")
        return self._images.crop(image, width, box)

    def cells(
        self,
        batch_id: int,
        state: ListedState | None = None,
        digit: int | None = None,
        length: int | None = None,
        order: Order = "reading",
        offset: int = 0,
        limit: int = 100,
    ) -> CellListJson:
        """Return cells of a batch: numbers, and other cells of grids that are to be checked."""
        wanted: cell_lists.CellFilter = {"state": state, "digit": digit, "length": length}
        return cell_lists.cells(self._database, batch_id, wanted, order, offset, limit)

    def cell(self, cell_id: int) -> CellJson:
        """Return a cell."""
        return cell_lists.cell(self._database, cell_id)

    def lock(self, cell_id: int, reviewer: str) -> CellJson:
        """Note that a reviewer has a cell open, unless another one has; return the cell."""
        return confirmation.lock(self._database, cell_id, reviewer, self._times.lock_s)

    def unlock(self, cell_id: int, reviewer: str) -> None:
        """Note that a reviewer has closed a cell."""
        confirmation.unlock(self._database, cell_id, reviewer)

    def confirm(self, cell_id: int, text: str, version: int, reviewer: str) -> CellJson:
        """Confirm what a cell says; the text may be corrected.

        Raises:
            Conflict: if somebody else has changed the cell.
        """
        return confirmation.confirm(self._database, SeenCell(cell_id, version), text, reviewer)

    def confirm_many(
        self, batch_id: int, cells: Iterable[tuple[int, int]], reviewer: str
    ) -> ConfirmedJson:
        """Confirm cells, given by id and version, as they were read."""
        seen = [SeenCell(*one) for one in cells]
        return confirmation.confirm_many(self._database, batch_id, seen, reviewer)

    def verify_digits(
        self,
        batch_id: int,
        digits: Iterable[tuple[int, int, int]],
        reviewer: str,
        odd: Iterable[tuple[int, int, int]] = (),
        typed: Iterable[tuple[int, int, int, int]] = (),
    ) -> VerifiedJson:
        """Verify digits, given by cell, place from 0 and version; flag the cells of odd ones.

        Typed ones have the value that a person gives them besides.
        """
        right = [SeenDigit(*one) for one in digits]
        wrong = [SeenDigit(*one) for one in odd]
        named = [TypedDigit(*one) for one in typed]
        return confirmation.verify_digits(self._database, batch_id, right, wrong, named, reviewer)

    def flag(self, cell_id: int, version: int, reviewer: str) -> CellJson:
        """Mark a cell to be checked.

        Raises:
            Conflict: if somebody else has changed the cell.
        """
        return confirmation.flag(self._database, SeenCell(cell_id, version), reviewer)

    def undo(self, batch_id: int, reviewer: str) -> UndoneJson:
        """Undo the last edit of a reviewer in a batch.

        Raises:
            Conflict: if somebody else has changed its cells since.
        """
        return confirmation.undo(self._database, batch_id, reviewer)

    def edit(self, page_id: int, operation: Operation, reviewer: str) -> WholePageJson:
        """Mend the grouping of a page, see `edits.edit`; return the page as it is then.

        Raises:
            Conflict: if somebody else has changed one of the cells.
        """
        return edits.edit(self._database, page_id, operation, reviewer)

    def groups(self, batch_id: int, by: GroupBy = "digit") -> list[GroupJson]:
        """Return groups of digits or numbers that were read alike."""
        return groups.groups(self._database, batch_id, by)

    def group_items(
        self, batch_id: int, by: GroupBy, key: str, offset: int = 0, limit: int = 100
    ) -> ItemListJson:
        """Return members of a group, those of the lowest confidence first."""
        return groups.group_items(self._database, batch_id, by, key, offset, limit)

    def export(self, batch_id: int, format: Format) -> Export:
        """Write a batch as it is now into a file, which the caller deletes."""
        return exports.export(self._database, self._files, self._images, batch_id, format)

    def changes_since(self, batch_id: int, number: int) -> list[ChangeJson]:
        """Return the changes of a batch behind a number, the oldest first."""
        with self._database.reading() as session:
            return changes_since(session, batch_id, number)

    def change_number(self, batch_id: int) -> int:
        """Return the number of the last change of a batch."""
        with self._database.reading() as session:
            return batches.batch_of(session, batch_id).change_number


def _make_private(folder: Path) -> None:
    """Make a folder that its owner alone can read; one that exists is left as it is."""
    with suppress(OSError):  # said with a sentence when the first file is written
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)


def _box_of_digit(cell_id: int, boxes: Sequence[Box], place: int) -> Box:
    if not 0 <= place < len(boxes):
        raise NotThere(f"cell {cell_id}: there is no digit {place}; reload the page")
    return boxes[place]
