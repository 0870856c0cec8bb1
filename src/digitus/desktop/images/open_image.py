"""Images from files, drops and the clipboard, and the answer to each of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from digitus.desktop.answer.recognition import Answer
from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.preprocessing import preprocess
from digitus.recognizer import Recognizer

if TYPE_CHECKING:
    from digitus.reader import Number

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


def read_image(recognizer: Recognizer, image: str | bytes) -> Answer:
    """Read one digit, or, where the page reader finds several, all of them line by line.

    Raises:
        ImageError: if it cannot be opened.
    """
    preprocessed = preprocess(image)
    found = recognizer.predict_preprocessed(preprocessed)
    lines = () if found.verdict == "blank" else read_lines(recognizer, image)
    return Answer(found, page=preprocessed.page, lines=lines)


def read_lines(
    recognizer: Recognizer, image: ImageSource, *, only_confident: bool = False
) -> tuple[str, ...]:
    """Return the numbers on an image line by line; empty if there are fewer than two digits.

    Args:
        recognizer: its model reads the digits.
        image: a path, bytes or an array.
        only_confident: return nothing if more than half of the numbers are to be checked.
    """
    from digitus.reader import Reader  # loaded at the first use: the window opens without it

    reading = Reader(recognizer.model).read(image)
    lines = [line for page in reading.pages for line in page.lines]
    numbers = [number for line in lines for number in line.numbers]
    if sum(len(number.digits) for number in numbers) < 2:
        return ()
    if only_confident and 2 * sum(number.to_check for number in numbers) > len(numbers):
        return ()
    return tuple(" ".join(map(_marked, line.numbers)) for line in lines)


def _marked(number: "Number") -> str:
    """Return a number as the terminal shows it: in brackets if it is to be checked."""
    return f"[{number.text}]" if number.to_check else number.text
