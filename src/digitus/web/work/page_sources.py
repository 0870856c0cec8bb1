"""Fetch the images of an archive's pages from their files, when somebody looks at a page.

The files are fetched from where they lay when the archive was read. Clients name pages by number
alone, and no answer says where a file lies.
"""

import asyncio
import logging
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from digitus.errors import NotThere
from digitus.reader.cluster.locations import content_hash
from digitus.reader.results.reading import Box, PageReading
from digitus.review.archive_parts import ImageSource
from digitus.review.store import ReviewStore
from digitus.web.limits import Limits
from digitus.web.work.tasks import ReadingSettings, ReadPage, ReadPageResult, TaskError
from digitus.web.work.worker_pool import WorkerPool

LEAST_SHARE = 0.5
"""Of the numbers of a page that must lie where they were read, for its image to be the one under
their boxes. Set by hand: on a page turned otherwise hardly any do."""


class PageSources:
    """Brings the images of pages that lie elsewhere; each is fetched once.

    A page is straightened by reading it again, because its numbers have their places on the
    straightened page.

    Args:
        store: with the pages.
        pool: reads pages.
        limits: of the server.
        folder: for files in progress.
        model: a shipped name or a model file; None is the default model.
    """

    def __init__(
        self, store: ReviewStore, pool: WorkerPool, limits: Limits, folder: Path, model: str | None
    ) -> None:
        self._store, self._pool, self._limits = store, pool, limits
        self._folder, self._model = folder, model
        self._in_progress: dict[int, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(limits.workers + 1)

    async def bring(self, page_id: int) -> None:
        """Let the image of a page be in the store, if it is one of an archive.

        Raises:
            NotThere: if there is no such page, or its file is away or another one by now.
            DigitusError: if the image cannot be kept.
        """
        source = await run_in_threadpool(self._store.image_source, page_id)
        if source is None:
            return
        task = self._in_progress.get(page_id)
        if task is None:
            task = asyncio.create_task(self._fetch(source))
            self._in_progress[page_id] = task
            task.add_done_callback(lambda _: self._in_progress.pop(page_id, None))
        await asyncio.shield(task)  # whoever leaves, others wait for it

    async def bring_for_cell(self, cell_id: int) -> None:
        """Let the image of the page of a cell be in the store; see `bring`."""
        await self.bring(await run_in_threadpool(self._store.page_of_cell, cell_id))

    async def _fetch(self, source: ImageSource) -> None:
        async with self._turns:
            path = await run_in_threadpool(self._copy, source)
            try:
                page = ReadPage(
                    path,
                    source.name,
                    source.page,
                    1,
                    ReadingSettings(**source.settings),
                    most_pixels=self._limits.pixels,
                    model=self._model,
                    keeps_image=True,
                )
                task = self._pool.submit(page, is_claimed=True)
                result: ReadPageResult = await asyncio.wrap_future(task)
            except TaskError as error:
                raise NotThere(str(error)) from error
            finally:
                await run_in_threadpool(_delete, path)
        image = _image_under_boxes(source, result)
        await run_in_threadpool(self._store.keep_image, source.page_id, image)

    def _copy(self, source: ImageSource) -> Path:
        """Copy the file of a page; return the path of the copy.

        Raises:
            NotThere: if it cannot be fetched, or has other bytes than when it was read.
        """
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as copy:
            path = Path(copy.name)
            try:
                found = content_hash(source.location, copy)
            except Exception as error:  # a store's client has errors of its own
                _delete(path)
                logging.getLogger(__name__).warning("%s: %s", source.location, error)
                raise NotThere(
                    f"{source.name}: the file of this page cannot be fetched; the server's "
                    f"terminal shows why"
                ) from error
        if found != source.sha256:
            _delete(path)
            raise NotThere(
                f"{source.name}: the file of this page has changed since it was read; "
                f"read the archive again"
            )
        return path


def _image_under_boxes(source: ImageSource, result: ReadPageResult) -> bytes:
    """Return the image that was made of a page if its numbers lie where they were read.

    Raises:
        NotThere: if they do not.
    """
    again = result.reading
    is_same_size = (again.width, again.height) == (source.width, source.height)
    if result.image is None or not is_same_size or not _agree(source.boxes, again):
        raise NotThere(
            f"{source.name}: the page was read with another model or version, which saw it "
            f"otherwise; start the server with that one (--model)"
        )
    return result.image


def _agree(boxes: Sequence[Box], again: PageReading) -> bool:
    """Return whether most numbers lie where they were read before."""
    found = [number.box for number in again.numbers]
    n_met = sum(any(_holds_center(box, one) for one in found) for box in boxes)
    return n_met >= LEAST_SHARE * len(boxes)


def _holds_center(box: Box, other: Box) -> bool:
    """Return whether a box holds the center of another.

    >>> _holds_center((0, 0, 10, 10), (4, 4, 4, 4)), _holds_center((0, 0, 10, 10), (9, 9, 8, 8))
    (True, False)
    """
    left, top, width, height = other
    col, row = left + width / 2, top + height / 2
    return box[0] <= col <= box[0] + box[2] and box[1] <= row <= box[1] + box[3]


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
