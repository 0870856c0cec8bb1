"""Images from outside: from the file dialog, a drop or the clipboard."""

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

SUFFIXES = (
    *("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"),
    *("pbm", "pgm", "ppm", "jp2", "heic", "heif", "pdf"),
)


def ask_for_image(parent: QWidget) -> str:
    """Return the file that the user chooses; empty if none was chosen."""
    kinds = " ".join(f"*.{suffix} *.{suffix.upper()}" for suffix in SUFFIXES)
    pattern = parent.tr("Images and PDFs ({kinds});;All files (*)").format(kinds=kinds)
    return QFileDialog.getOpenFileName(parent, parent.tr("Open an image"), "", pattern)[0]


def has_image(data: QMimeData) -> bool:
    """Return whether dragged or copied data is an image or a local file."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def image_in(data: QMimeData) -> str | bytes | None:
    """Return the path of a dropped or pasted file, or the bytes of an image; None for others."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    if files:
        return files[0]
    image = data.imageData() if data.hasImage() else None
    return png_bytes(image) if isinstance(image, QImage) and not image.isNull() else None


def png_bytes(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes
    return bytes(buffer.data().data())
