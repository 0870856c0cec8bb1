"""Saving a drawing and its patch as PNG, whole or not at all."""

from pathlib import Path

from PySide6.QtGui import QImage

from digitus.desktop.answer.patch_view import patch_image
from digitus.errors import WriteError
from digitus.files import replacing
from digitus.imaging.arrays import Patch


def save_drawing(target: str | Path, image: QImage, patch: Patch | None) -> list[Path]:
    """Write the drawing, and beside it the patch where there is one; give the files written.

    Args:
        target: a PNG; the suffix is added where it is missing.
        image: the drawing.
        patch: (28, 28), 0.0 paper to 1.0 ink.

    Raises:
        WriteError: if a file cannot be written.
    """
    target = Path(target)
    if target.suffix.lower() != ".png":
        target = target.with_name(f"{target.name}.png")
    pictures = {target: image}
    if patch is not None:
        pictures[target.with_name(f"{target.stem}-patch.png")] = patch_image(patch)
    for path, picture in pictures.items():
        _save(path, picture)
    return list(pictures)


def _save(path: Path, picture: QImage) -> None:
    with replacing(path) as draft:
        if not picture.save(str(draft), "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
            raise WriteError(f"{path}: cannot be written; free some space or choose another place")
