"""Read one page and write the files about it: the work of one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from digitus.errors import DigitusError
from digitus.imaging.opening.page_source import Document, open_document
from digitus.reader.batch.journal_entries import Stamp
from digitus.reader.export.crops import Place, doubtful_crops, write_crops
from digitus.reader.export.overlay import write_overlay
from digitus.reader.pipeline.reader import Reader, UprightPage
from digitus.reader.results.reading import PageReading
from digitus.reader.results.values import Decimal


@dataclass(frozen=True)
class Job:
    """What to do with every page.

    Attributes:
        model: a shipped name or a model file; None is the default model.
        min_confidence: digits of a lower confidence are declined.
        max_error: error bound of the numbers that are not flagged; None sets none.
        decimal: the decimal sign, which values depend on.
        overlay: folder for overlays; None writes none.
        crops: folder for a crop of each number; None writes none.
        keeps_crops: whether outcomes hold the crops of numbers to check.
    """

    model: str | None = None
    min_confidence: float = 0.0
    max_error: float | None = None
    decimal: Decimal = "auto"
    overlay: Path | None = None
    crops: Path | None = None
    keeps_crops: bool = False


@dataclass(frozen=True)
class Task:
    """One page to read.

    Attributes:
        source: the path, or ``stdin``.
        page: its number in the source, from 1.
        n_pages: number of pages of the source.
        name: name of files about the source, without suffix.
        data: the bytes of the file if they come from no path.
        document: the file if it is open, wherever it lies.
    """

    source: str
    page: int
    n_pages: int
    name: str
    data: bytes | None = field(default=None, repr=False)
    document: Document | None = field(default=None, repr=False)

    @property
    def file_name(self) -> str:
        """Name of a file about the page, without suffix."""
        return self.name if self.n_pages == 1 else f"{self.name}-p{self.page:03}"

    @property
    def title(self) -> str:
        """Name of the page in messages."""
        return self.source if self.n_pages == 1 else f"{self.source}, page {self.page}"


@dataclass(frozen=True)
class Outcome:
    """The result of a task.

    Attributes:
        task: the task.
        reading: reading of the page; None if it could not be read.
        error: why it could not be read, or a file about it not be written; None without an error.
        crops: PNG of the numbers to check, if the job keeps them.
        stamp: stamp of the source before it was read.
    """

    task: Task
    reading: PageReading | None = None
    error: str | None = None
    crops: Mapping[Place, bytes] = field(default_factory=dict, repr=False)
    stamp: Stamp | None = None


class Worker:
    """Does tasks one by one, with a model that is loaded once.

    Raises:
        ModelFileError: if there is no such model, or it cannot meet the error bound.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.reader = Reader(
            job.model,
            min_confidence=job.min_confidence,
            max_error=job.max_error,
            decimal=job.decimal,
        )

    def run(self, task: Task) -> Outcome:
        """Read a page and write what the job asks for; every failure becomes an error text."""
        stamp = None if task.data is not None else Stamp.of(task.source)
        try:
            upright = self.reader.read_upright(_document(task).page(task.page))
        except DigitusError as error:
            return Outcome(task, error=_message(task, error))
        except MemoryError:
            return Outcome(
                task, error=f"{task.title}: not enough memory for its size; reduce the image"
            )
        except Exception as error:  # one page must not stop a thousand others
            reason = f"{type(error).__name__}: {error}"
            return Outcome(task, error=f"{task.title}: internal error ({reason}); please report it")
        crops: Mapping[Place, bytes] = {}
        if self.job.keeps_crops:
            crops = doubtful_crops(upright.grey, upright.reading_on_grey)
        reading = replace(upright.reading, source=task.source)
        return Outcome(task, reading, self._write(task, upright), crops, stamp)

    def _write(self, task: Task, upright: UprightPage) -> str | None:
        """Write overlay and crops; return an error text if that fails."""
        try:
            if self.job.overlay is not None:
                target = self.job.overlay / f"{task.file_name}.png"
                write_overlay(target, upright.grey, upright.reading)
            if self.job.crops is not None:
                folder = self.job.crops / task.name
                write_crops(folder, upright.grey, upright.reading_on_grey)
        except DigitusError as error:
            return str(error)
        return None


def _document(task: Task) -> Document:
    if task.document is not None:
        return task.document
    return open_document(task.source if task.data is None else task.data)


def _message(task: Task, error: DigitusError) -> str:
    """Return an error text that starts with the source, and the page if there are several."""
    text = str(error)
    return text if task.n_pages == 1 else f"{task.title}: {text.removeprefix(f'{task.source}: ')}"
