"""Change a batch: one transaction at a time, with a number that those who watch it see."""

from collections.abc import Iterable
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitus.errors import NotThere
from digitus.review.storage.schema import Batch, Cell, Change, Page


class ChangeJson(TypedDict):
    """A row of `Change`."""

    number: int
    kind: str
    page_id: int | None
    cell_id: int | None
    version: int | None


class BatchChange:
    """The changes that a transaction makes in a batch.

    Holding it, a transaction is alone with the batch: nobody else confirms or edits its cells.

    Args:
        session: of the transaction.
        batch_id: the batch; it is locked until the transaction ends.

    Raises:
        NotThere: if there is no such batch.
    """

    def __init__(self, session: Session, batch_id: int) -> None:
        locked = select(Batch).where(Batch.id == batch_id).with_for_update()
        batch = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
        if batch is None:
            raise no_batch(batch_id)
        batch.change_number += 1
        session.flush()
        self.session, self.batch = session, batch

    def note_batch(self) -> None:
        """Note that facts of the batch changed."""
        self._note("batch")

    def note_page(self, page: Page) -> None:
        """Note that a page changed as a whole."""
        self._note("page", page_id=page.id)

    def note_cells(self, cells: Iterable[Cell]) -> None:
        """Note that cells changed."""
        for cell in cells:
            self._note("cell", page_id=cell.page_id, cell_id=cell.id, version=cell.version)

    def _note(self, kind: str, **facts: int) -> None:
        number = self.batch.change_number
        self.session.add(Change(batch_id=self.batch.id, number=number, kind=kind, **facts))


def changes_since(session: Session, batch_id: int, number: int) -> list[ChangeJson]:
    """Return the changes of a batch behind a number, the oldest first.

    Raises:
        NotThere: if there is no such batch.
    """
    if session.get(Batch, batch_id) is None:
        raise no_batch(batch_id)
    newer = Change.batch_id == batch_id, Change.number > number
    return [
        {
            "number": change.number,
            "kind": change.kind,
            "page_id": change.page_id,
            "cell_id": change.cell_id,
            "version": change.version,
        }
        for change in session.scalars(select(Change).where(*newer).order_by(Change.id))
    ]


def no_batch(batch_id: int) -> NotThere:
    """Return the error for a batch that does not exist."""
    return NotThere(f"batch {batch_id}: there is no such batch; it may have been deleted")


def page_of(session: Session, page_id: int) -> Page:
    """Return a page.

    Raises:
        NotThere: if there is no such page.
    """
    page = session.get(Page, page_id)
    if page is None:
        raise NotThere(f"page {page_id}: there is no such page; its batch may have been deleted")
    return page


def cell_of(session: Session, cell_id: int) -> Cell:
    """Return a cell.

    Raises:
        NotThere: if there is no such cell.
    """
    cell = session.get(Cell, cell_id)
    if cell is None:
        raise NotThere(f"cell {cell_id}: there is no such cell; reload the page")
    return cell


def change_page(session: Session, page_id: int) -> tuple[BatchChange, Page]:
    """Start a change of the batch of a page; return the page as it is once the batch is locked.

    Raises:
        NotThere: if there is no such page.
    """
    change = BatchChange(session, page_of(session, page_id).batch_id)
    session.expire_all()
    return change, page_of(session, page_id)


def change_cell(session: Session, cell_id: int) -> tuple[BatchChange, Cell]:
    """Start a change of the batch of a cell; return the cell as it is once the batch is locked.

    Raises:
        NotThere: if there is no such cell.
    """
    change = BatchChange(session, cell_of(session, cell_id).batch_id)
    session.expire_all()
    return change, cell_of(session, cell_id)
