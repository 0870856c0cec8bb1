"""Corrections as a class folder, ``<digit>/*.png``, which ``digitus train --data`` reads."""

from pathlib import Path

import numpy as np
from PIL import Image

from digitus.desktop.corrections.entry import Entry
from digitus.desktop.corrections.store import CorrectionStore
from digitus.errors import DataError, WriteError
from digitus.files import replacing
from digitus.imaging.arrays import Patch

FULL_INK = 255
_DIGITS = frozenset("0123456789")


def export_corrections(store: CorrectionStore, folder: str | Path) -> int:
    """Write every correction as an image of 28 x 28 pixels, 0 paper to 255 full ink.

    Args:
        store: what to export.
        folder: is made; one that holds digits' folders already is added to.

    Returns:
        How many were written; damaged ones are left out.

    Raises:
        DataError: if there is nothing to export.
        WriteError: if the folder holds something else, or cannot be written.
    """
    folder, written = Path(folder), 0
    entries = store.listing().entries
    if not entries:
        raise DataError("there is no correction to export; correct an answer first")
    _refuse_other_content(folder)
    for entry in entries:
        try:
            patch = store.load(entry).patch
        except DataError:
            continue
        _write(patch, entry, folder)
        written += 1
    return written


def _write(patch: Patch, entry: Entry, folder: Path) -> None:
    pixels = np.rint(patch * FULL_INK).astype(np.uint8)
    target = folder / str(entry.label) / f"{entry.name}.png"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"{target.parent}: cannot be made ({error.strerror or error}); choose another folder"
        ) from error
    with replacing(target) as draft:
        Image.fromarray(pixels).save(draft, format="PNG")


def _refuse_other_content(folder: Path) -> None:
    """Keep to folders that the reader will take afterwards."""
    try:
        names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise WriteError(
            f"{folder}: not a folder that can be read ({error.strerror or error}); choose another"
        ) from error
    others = [name for name in names if name not in _DIGITS and not name.startswith(".")]
    if others:
        raise WriteError(
            f"{folder}: expected an empty folder or digits' folders, found {others[0]!r}; "
            f"choose another folder"
        )
