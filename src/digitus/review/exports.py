"""A batch as a file: tables of numbers for people, and labelled data for training and measuring."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast
from uuid import uuid4

from sqlalchemy.orm import Session

from digitus.errors import ReadFailure
from digitus.files import make_folder, replacing
from digitus.reader.export.crops import Place
from digitus.reader.export.csv_tables import numbers_in_order, write_csv
from digitus.reader.export.workbook import write_workbook
from digitus.reader.results.grid_numbers import cells_to_check
from digitus.reader.results.reading import Box, PageReading, Reading
from digitus.reader.results.values import Decimal
from digitus.review.batches import batch_of
from digitus.review.cell_lists import check_word
from digitus.review.labelled_data import write_corrections, write_labelled_pages
from digitus.review.page_images import PageImages
from digitus.review.page_results import page_reading
from digitus.review.records import pages_in_order
from digitus.review.storage.content_files import ContentFiles
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Batch, Page

Format: TypeAlias = Literal["csv", "xlsx", "json", "corrections", "labelled"]
_ENDINGS: dict[Format, tuple[str, str]] = {
    "csv": (".csv", "text/csv; charset=utf-8"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (".json", "application/json"),
    "corrections": ("-corrections.zip", "application/zip"),
    "labelled": ("-labelled.zip", "application/zip"),
}
_ABANDONED_S = 24 * 3600
"""Age of an exported file from which nobody is sending it any more."""


@dataclass(frozen=True)
class Export:
    """An exported file, which whoever asked for it deletes.

    Attributes:
        path: where it lies.
        name: for the person who gets it.
        media_type: of its content.
    """

    path: Path
    name: str
    media_type: str

    def delete(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)


def export(
    database: Database, files: ContentFiles, images: PageImages, batch_id: int, kind: Format
) -> Export:
    """Write a batch as it is now into a file.

    Args:
        database: with the batch.
        files: with the images of its pages; the file is written beside them.
        images: cuts crops out of these.
        batch_id: the batch.
        kind: ``csv``, ``xlsx`` (with the crops of doubtful numbers) or ``json``, with all numbers;
            ``corrections``, a ZIP of the patches of confirmed digits, which ``digitus train
            --data`` reads; ``labelled``, a ZIP of page images and their confirmed numbers.

    Raises:
        NotThere: if there is no such batch.
        ReviewError: if the kind is unknown, or nothing is confirmed that it could hold.
        WriteError: if the file cannot be written.
    """
    check_word("format", kind, Format)
    ending, media_type = _ENDINGS[kind]
    folder = make_folder(files.folder / "exports")
    _delete_abandoned(folder)
    target = folder / f"{uuid4().hex}{ending[ending.index('.') :]}"
    with database.reading() as session:
        batch = batch_of(session, batch_id)
        if kind == "csv":
            write_csv(target, (one for _, one in _readings(session, batch)), with_confirmed=True)
        elif kind == "xlsx":
            write_workbook(
                target,
                (
                    (reading, _crops(images, page, reading))
                    for page, reading in _readings(session, batch)
                ),
            )
        elif kind == "json":
            _write_json(target, session, batch)
        elif kind == "corrections":
            write_corrections(target, session, files, batch)
        else:
            write_labelled_pages(target, session, files, batch)
        return Export(target, f"{_stem(batch.name)}{ending}", media_type)


def _readings(session: Session, batch: Batch) -> Iterator[tuple[Page, PageReading]]:
    """Yield the pages that were read, and what they say now."""
    decimal = cast(Decimal, batch.decimal)
    for page, source in session.execute(pages_in_order(batch.id)).all():
        if page.state == "read":
            yield page, page_reading(session, page, source, decimal)


def _crops(images: PageImages, page: Page, reading: PageReading) -> dict[Place, bytes]:
    """Return the crops of the numbers and cells to check; none without an image of the page."""
    if page.image_sha256 is None:  # a page of an archive that nobody has looked at
        return {}
    boxes: dict[Place, Box] = {
        (line, place): number.box
        for line, place, number in numbers_in_order(reading)
        if number.to_check
    }
    for place, (_, cell) in enumerate(cells_to_check(reading), start=1):
        boxes[0, place] = cell.box
    image, width = page.image_sha256, page.width or 0
    return {place: images.crop(image, width, box) for place, box in boxes.items()}


def _write_json(target: Path, session: Session, batch: Batch) -> None:
    failed = Page.batch_id == batch.id, Page.state == "failed"
    names = pages_in_order(batch.id).where(*failed)
    errors = [ReadFailure(name, page.error or "") for page, name in session.execute(names)]
    reading = Reading(tuple(one for _, one in _readings(session, batch)), tuple(errors))
    with replacing(target) as draft:
        draft.write_text(json.dumps(reading.to_json()) + "\n", encoding="utf-8")


def _stem(name: str) -> str:
    """Return the name of a batch as that of a file.

    >>> _stem("Run 3: 12/05")
    'Run 3_ 12_05'
    """
    kept = "".join(one if one.isalnum() or one in " -_()." else "_" for one in name)
    return kept.strip(" .")[:60] or "batch"


def _delete_abandoned(folder: Path) -> None:
    """Delete the exports that nobody has deleted, for example because the server was killed."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # sent and deleted meanwhile
            if time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.unlink()
