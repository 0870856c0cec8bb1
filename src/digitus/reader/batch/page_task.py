"""One page to read, what to write beside it, and what came of it: the work of one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from digitus.errors import DigitusError, ImageError
from digitus.imaging.opening.page_source import DocumentPage, pages_of
from digitus.reader.batch.journal_entries import stamp_of
from digitus.reader.export.crops import Place, doubtful_crops, write_crops
from digitus.reader.export.overlay import write_overlay
from digitus.reader.pipeline.reader import Reader, UprightPage
from digitus.reader.results.reading import PageReading

_TOO_LARGE = "too large for the memory at hand; make it smaller"


@dataclass(frozen=True)
class Job:
    """What is wanted of every page.

    Attributes:
        model: a shipped name or a model file; None is the default model.
        min_confidence: digits less sure are declined.
        max_error: of the numbers not to be checked at most this share is wrong.
        overlay: folder for pages with boxes; None writes none.
        crops: folder for a crop of each number; None writes none.
        keeps_crops: whether the crops of numbers to check come back with the reading.
    """

    model: str | None = None
    min_confidence: float = 0.0
    max_error: float | None = None
    overlay: Path | None = None
    crops: Path | None = None
    keeps_crops: bool = False


@dataclass(frozen=True)
class Task:
    """One page to read.

    Attributes:
        source: the path, or ``stdin``.
        page: its number in the source, from 1.
        n_pages: how many the source has.
        name: what files about this source are called, without suffix.
        data: the file's bytes, where they come from no path.
    """

    source: str
    page: int
    n_pages: int
    name: str
    data: bytes | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """What a file about this page is called, without suffix."""
        return self.name if self.n_pages == 1 else f"{self.name}-p{self.page:03}"

    @property
    def what(self) -> str:
        """What to call the page in a message."""
        return self.source if self.n_pages == 1 else f"{self.source}, page {self.page}"


@dataclass(frozen=True)
class Outcome:
    """What came of a page: a reading, or why there is none; or both if a file was not written."""

    task: Task
    reading: PageReading | None = None
    error: str | None = None
    crops: Mapping[Place, bytes] = field(default_factory=dict, repr=False)
    stamp: tuple[int, int] | None = None


class Worker:
    """Does tasks one by one, with a model that is loaded once.

    Raises:
        ModelFileError: if there is no such model, or it cannot promise what the job asks.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.reader = Reader(job.model, min_confidence=job.min_confidence, max_error=job.max_error)

    def do(self, task: Task) -> Outcome:
        """Read a page and write what the job wants; whatever goes wrong becomes a sentence."""
        stamp = None if task.data is not None else stamp_of(task.source)
        try:
            upright = self.reader.read_upright(sheet_of(task))
        except DigitusError as error:
            return Outcome(task, error=_sentence(task, error))
        except MemoryError:
            return Outcome(task, error=f"{task.what}: {_TOO_LARGE}")
        except Exception as error:  # one page must not stop a thousand others
            why = f"{type(error).__name__}: {error}"
            return Outcome(task, error=f"{task.what}: a fault of the program ({why}); report it")
        crops = (
            doubtful_crops(upright.grey, upright.reading_on_grey) if self.job.keeps_crops else {}
        )
        reading = replace(upright.reading, source=task.source)
        return Outcome(task, reading, self._write(task, upright), crops, stamp)

    def _write(self, task: Task, upright: UprightPage) -> str | None:
        """Write overlay and crops; give what hindered it."""
        try:
            if self.job.overlay is not None:
                write_overlay(self.job.overlay / f"{task.label}.png", upright.grey, upright.reading)
            if self.job.crops is not None:
                write_crops(self.job.crops / task.name, upright.grey, upright.reading_on_grey)
        except DigitusError as error:
            return str(error)
        return None


def sheet_of(task: Task) -> DocumentPage:
    """Open the source of a task at its page.

    Raises:
        ImageError: if it cannot be opened any more.
    """
    sheets = pages_of(task.source if task.data is None else task.data)
    for sheet in islice(sheets, task.page - 1, None):
        return sheet
    raise ImageError(f"{task.source}: has no page {task.page} any more; read it again")


def _sentence(task: Task, error: DigitusError) -> str:
    """Return what went wrong and where; the error names the source, of several pages also which."""
    text = str(error)
    return text if task.n_pages == 1 else f"{task.what}: {text.removeprefix(f'{task.source}: ')}"
