"""The images that a command line names: files, folders, standard input."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from digitus.errors import ImageError

STDIN = "stdin"

Found: TypeAlias = tuple[str, str | bytes | IO[bytes] | ImageError]
"""What to call an input, and the image, or why there is none."""

_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
    *(".pbm", ".pgm", ".ppm", ".jp2"),
)


def images_of(inputs: Sequence[str]) -> Iterator[Found]:
    """Return name and image of each input; a folder gives its images, sorted by name."""
    for name in inputs:
        if name == "-":
            yield STDIN, sys.stdin.buffer if sys.stdin else b""
        elif os.path.isdir(name):  # unlike a Path's, never raises
            yield from _images_in(Path(name))
        elif name.lower().removesuffix(".gz").endswith(".csv"):
            yield name, ImageError(f"{name}: a table; read its rows with --submission OUT.csv")
        else:
            yield name, name


def _images_in(folder: Path) -> Iterator[Found]:
    try:
        found = sorted(path for path in folder.iterdir() if _is_image(path))
    except OSError as error:
        yield str(folder), ImageError(f"{folder}: cannot be looked into ({error.strerror})")
        return
    if not found:
        kinds = ", ".join(sorted(_SUFFIXES))
        yield str(folder), ImageError(f"{folder}: no image in this folder (looked for {kinds})")
    for path in found:
        yield str(path), str(path)


def _is_image(path: Path) -> bool:
    """Tell by the name; hidden files are other programs' business."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")
