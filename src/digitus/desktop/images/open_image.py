"""Images from outside: dialog, drop and clipboard lead down one road, the recognizer's."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from digitus.desktop.canvas.recognition import Answer
from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.preprocessing import preprocess
from digitus.recognizer import Recognizer

SUFFIXES = ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "ppm", "pgm", "jp2")


def ask_for_image(parent: QWidget) -> str:
    """Let the user choose a file; empty if none was chosen."""
    kinds = " ".join(f"*.{suffix} *.{suffix.upper()}" for suffix in SUFFIXES)
    pattern = parent.tr("Images ({kinds});;All files (*)").format(kinds=kinds)
    return QFileDialog.getOpenFileName(parent, parent.tr("Open an image"), "", pattern)[0]


def has_image(data: QMimeData) -> bool:
    """Tell whether what is dragged or was copied is an image or a file."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def image_in(data: QMimeData) -> str | bytes | None:
    """Give what is dropped or pasted: the path of the file, or the bytes of an image."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    if files:
        return files[0]
    image = data.imageData() if data.hasImage() else None
    return png_bytes(image) if isinstance(image, QImage) and not image.isNull() else None


def png_bytes(image: QImage) -> bytes:
    """Give an image as the bytes of a PNG, which the recognizer opens as any other."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes
    return bytes(buffer.data().data())


def read_image(recognizer: Recognizer, picture: str | bytes) -> Answer:
    """Read one digit, or, where the page reader finds several, all of them line by line.

    Raises:
        ImageError: if it cannot be opened.
    """
    preprocessed = preprocess(picture)
    found = recognizer.predict_preprocessed(preprocessed)
    lines = () if found.verdict == "blank" else read_lines(recognizer, picture)
    return Answer(found, page=preprocessed.grey, lines=lines)


def can_read_pages() -> bool:
    """Tell whether this installation has the page reader."""
    return _reader_class() is not None


def read_lines(
    recognizer: Recognizer, picture: ImageSource, *, only_sure: bool = False
) -> tuple[str, ...]:
    """Read an image of several digits; nothing of one digit, or where there is no page reader.

    Args:
        recognizer: whose model reads.
        picture: a path, bytes or an array.
        only_sure: whether numbers that are mostly to be checked count as nothing.
    """
    reader = _reader_class()
    if reader is None:
        return ()
    reading = reader(recognizer.model).read(picture)
    lines = [line for page in reading.pages for line in page.lines]
    numbers = [number for line in lines for number in line.numbers]
    if sum(len(number.digits) for number in numbers) < 2:
        return ()
    if only_sure and 2 * sum(number.to_check for number in numbers) > len(numbers):
        return ()
    return tuple(" ".join(map(_marked, line.numbers)) for line in lines)


def _marked(number: Any) -> str:
    """Give a number as the terminal does: in brackets where it is to be checked."""
    return f"[{number.text}]" if number.to_check else str(number.text)


def _reader_class() -> Any:
    if find_spec("digitus.reader") is None:
        return None
    return getattr(import_module("digitus.reader"), "Reader", None)
