"""Pages of a PDF, rendered by pypdfium2 (extra ``pdf``)."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.image_file import explained

if TYPE_CHECKING:
    from collections.abc import Callable

DPI = 300
POINTS_AN_INCH = 72
PASSWORD_WANTED = 4  # PDFium's FPDF_ERR_PASSWORD


def pdf_pages(
    file: str | bytes, name: str, *, long_side_px: int
) -> "Iterator[Callable[[], tuple[Image.Image, float]]]":
    """Yield a function for every page that renders it at 300 dpi or at the size limit.

    Args:
        file: a path, or the bytes of a PDF.
        name: for messages.
        long_side_px: size limit of a rendered page.

    Raises:
        ImageError: if the PDF is damaged, encrypted or empty, or pypdfium2 is missing.
    """
    document = _open(file, name)
    try:
        count = len(document)
    finally:
        document.close()
    if count == 0:
        raise ImageError(f"{name}: a PDF without pages; save it again")
    for index in range(count):
        yield partial(_render, file, index, name, long_side_px)


def _open(file: str | bytes, name: str) -> Any:
    try:
        import pypdfium2
    except ImportError as error:
        raise ImageError(f"{name}: to read a PDF, pip install 'digitus[pdf]'") from error
    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_WANTED:
            raise ImageError(
                f"{name}: encrypted; save a copy without a password and read that"
            ) from error
        raise ImageError(f"{name}: a broken PDF; save or send it again") from error


def _render(
    file: str | bytes, index: int, name: str, long_side_px: int
) -> tuple[Image.Image, float]:
    """Open the PDF again, so that a page keeps no file open and can go to another process."""
    document = _open(file, name)
    try:
        with explained(name):
            page = document[index]
            scale = min(DPI / POINTS_AN_INCH, long_side_px / max(page.get_size()))
            image = page.render(scale=scale, grayscale=False).to_pil()
            return image.convert("RGB"), 1.0
    finally:
        document.close()
