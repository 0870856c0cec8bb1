"""Pages of a PDF, rendered by pypdfium2 (extra ``pdf``)."""

import os
from functools import lru_cache
from threading import Lock
from typing import IO, Any

from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.image_file import explained

DPI = 300
POINTS_AN_INCH = 72
PASSWORD_WANTED = 4  # PDFium's FPDF_ERR_PASSWORD

_one_at_a_time = Lock()  # PDFium may be called by one thread at a time


def count_pdf_pages(file: str | bytes, name: str) -> int:
    """Return the number of pages of a PDF.

    Args:
        file: a path, or the bytes of a PDF.
        name: for messages.

    Raises:
        ImageError: if the PDF is damaged, encrypted or empty, or pypdfium2 is missing.
    """
    with _one_at_a_time, explained(name):
        n_pages = len(_opened(file, name))
    if n_pages == 0:
        raise ImageError(f"{name}: a PDF without pages; save it again")
    return n_pages


def render_pdf_page(
    file: str | bytes | IO[bytes], name: str, long_side_px: int, index: int
) -> tuple[Image.Image, float]:
    """Render a page at 300 dpi or at the size limit.

    Args:
        file: a path, the bytes of a PDF, or a file of which PDFium reads what the page needs.
        name: for messages.
        long_side_px: size limit of a rendered page.
        index: of the page, from 0.

    Raises:
        ImageError: if the PDF or the page is damaged.
    """
    with _one_at_a_time, explained(name):
        page = _opened(file, name)[index]
        try:
            scale = min(DPI / POINTS_AN_INCH, long_side_px / max(page.get_size()))
            return page.render(scale=scale, grayscale=False).to_pil().convert("RGB"), 1.0
        finally:
            page.close()


def _opened(file: str | bytes | IO[bytes], name: str) -> Any:
    found = os.stat(file) if isinstance(file, str) else None
    return _open(file, name, found and (found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=1)
def _open(file: str | bytes | IO[bytes], name: str, stamp: tuple[int, int] | None) -> Any:
    """Open a PDF; the last one stays open, as its pages are read one after the other."""
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
