"""What a worker process does with an uploaded file, and with one page of it.

Uploads are decoded here and nowhere else: a file that takes too long or too much memory costs a
worker, not the server. Models are loaded at their first use and kept.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np

from digitus.errors import DigitusError, ImageError
from digitus.imaging.levels import to_levels
from digitus.imaging.opening.image_frames import open_frame
from digitus.imaging.opening.image_header import check_size
from digitus.imaging.opening.page_source import PDF_MARK, PDF_MARK_WITHIN, open_document
from digitus.imaging.preprocessing import preprocess
from digitus.models.shipped import load_digit_model
from digitus.reader.pipeline.reader import Reader, UprightPage
from digitus.reader.results.reading import PageReading, Reading
from digitus.reader.results.values import Decimal
from digitus.recognizer import Recognizer

JPEG_QUALITY = 88
"""Of the images of pages that are kept for review: strokes look as in the original."""


class TaskError(DigitusError):
    """A file or a page cannot be read; the sentence is for whoever sent it."""


@dataclass(frozen=True)
class ReadingSettings:
    """How the pages of a request or a batch are read.

    Attributes:
        decimal: the decimal sign, which values depend on.
        min_confidence: digits of a lower confidence are declined.
        max_error: error bound of the numbers that are not flagged; None sets none.
    """

    decimal: Decimal = "auto"
    min_confidence: float = 0.0
    max_error: float | None = None


@dataclass(frozen=True)
class CountPages:
    """Count the pages of a file.

    Attributes:
        path: where the server keeps the file.
        name: what the file is called in messages.
        most_pages: a file with more is refused.
    """

    path: Path
    name: str
    most_pages: int

    @property
    def title(self) -> str:
        """The file in messages."""
        return self.name


@dataclass(frozen=True)
class ReadDigit:
    """Read the single digit in an image.

    Attributes:
        path: where the server keeps the file.
        name: what the file is called in messages.
        most_pixels: an image with more is refused.
        model: a shipped name or a model file; None is the default model.
    """

    path: Path
    name: str
    most_pixels: int
    model: str | None = None

    @property
    def title(self) -> str:
        """The file in messages."""
        return self.name


@dataclass(frozen=True)
class ReadPage:
    """Read one page of a file.

    Attributes:
        path: where the server keeps the file.
        name: what the file is called in messages and results.
        page: its number, from 1.
        n_pages: number of pages of the file.
        settings: how it is read.
        most_pixels: a page with more is refused.
        model: a shipped name or a model file; None is the default model.
        keeps_image: whether the upright image is wanted.
    """

    path: Path
    name: str
    page: int
    n_pages: int
    settings: ReadingSettings
    most_pixels: int
    model: str | None = None
    keeps_image: bool = False

    @property
    def title(self) -> str:
        """The page in messages."""
        return self.name if self.n_pages == 1 else f"{self.name}, page {self.page}"


@dataclass(frozen=True)
class ReadPageResult:
    """What came of a page.

    Attributes:
        reading: its reading.
        image: JPEG of the upright page in color, reduced if the page is large; None unless it was
            wanted.
        seconds: that the reading took.
    """

    reading: PageReading
    image: bytes | None
    seconds: float


Task: TypeAlias = CountPages | ReadDigit | ReadPage


def run_task(task: Task) -> Any:
    """Do a task: return a number of pages, the JSON of a prediction, or a `ReadPageResult`.

    Raises:
        TaskError: if the file cannot be read; the message has the file's name, never its path.
    """
    with _told_by_name(task):
        match task:
            case CountPages():
                return _count_pages(task)
            case ReadDigit():
                return _read_digit(task)
            case ReadPage():
                return _read_page(task)


@contextmanager
def _told_by_name(task: Task) -> Iterator[None]:
    """Turn every failure into a sentence that names the file as its sender does."""
    try:
        yield
    except DigitusError as error:
        reason = str(error).removeprefix(f"{task.path}: ").replace(str(task.path), task.name)
        raise TaskError(f"{task.title}: {reason}") from error
    except MemoryError as error:
        raise TaskError(f"{task.title}: {_TOO_LITTLE_MEMORY}") from error
    except cv2.error as error:
        if error.code != cv2.Error.StsNoMem:
            raise
        raise TaskError(f"{task.title}: {_TOO_LITTLE_MEMORY}") from error


_TOO_LITTLE_MEMORY = "not enough memory for its size; reduce the image"


def _count_pages(task: CountPages) -> int:
    count = open_document(task.path).n_pages
    if count > task.most_pages:
        raise ImageError(
            f"{task.path}: {count:,} pages; at most {task.most_pages:,} are read, so split the file"
        )
    return count


def _read_digit(task: ReadDigit) -> dict[str, Any]:
    """Return a result of ``predict --json``."""
    _check_pixels(task.path, 1, task.most_pixels)
    prediction = _recognizer(task.model).predict_preprocessed(preprocess(task.path))
    result = prediction.to_json(task.name)
    if prediction.verdict == "several_digits":
        page = open_document(task.path).page(1)
        reading = _reader(task.model, ReadingSettings()).read_upright(page).reading
        result["reading"] = Reading((replace(reading, source=task.name),)).to_json()
    return result


def _read_page(task: ReadPage) -> ReadPageResult:
    started = time.perf_counter()
    _check_pixels(task.path, task.page, task.most_pixels)
    page = open_document(task.path).page(task.page)
    upright = _reader(task.model, task.settings).read_upright(page)
    image = _color_jpeg(upright, page.color) if task.keeps_image else None
    named = replace(upright.reading, source=task.name)
    return ReadPageResult(named, image, time.perf_counter() - started)


def _check_pixels(path: Path, page: int, most_pixels: int) -> None:
    """Refuse an image with too many pixels before one is decoded; a PDF is drawn at its limit."""
    try:
        with path.open("rb") as file:
            if PDF_MARK in file.read(PDF_MARK_WITHIN):
                return
        with open_frame(str(path), str(path), page - 1) as image:
            size = image.size
    except OSError:
        return  # opening it says what is wrong
    check_size(str(path), *size, most_pixels=most_pixels)


def _color_jpeg(upright: UprightPage, decode_color: Callable[[], Any]) -> bytes:
    """Return the upright page in color; the page is decoded again, as reading keeps grey alone."""
    channels = [
        to_levels(upright.straighten(np.divide(channel, 255, dtype=np.float32)))
        for channel in cv2.split(decode_color())
    ]
    blue_green_red = cv2.merge(channels[::-1])
    return cv2.imencode(".jpg", blue_green_red, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[
        1
    ].tobytes()


@cache
def _recognizer(model: str | None) -> Recognizer:
    return Recognizer(load_digit_model(model))


@lru_cache(maxsize=8)
def _reader(model: str | None, settings: ReadingSettings) -> Reader:
    """Return a reader with these settings; its networks are shared by all readers."""
    return Reader(
        _recognizer(model).model,
        min_confidence=settings.min_confidence,
        max_error=settings.max_error,
        decimal=settings.decimal,
    )
