"""Corrections: patches with their true digits, kept as a class folder.

Each correction is two files, ``<digit>/<name>.png`` and ``<digit>/<name>.json``. The PNG is the
28x28 patch, 0 paper to 255 full ink, so the folder is a class folder that `digitus.data.load` reads
as it lies. The JSON records how the correction came about::

    {"label": 7, "answer": 1, "confidence": 0.83, "model": "cnn", "source_kind": "drawing",
     "date": "2026-11-30T10:27:31+00:00",
     "drawing": {"width": 280, "height": 280, "pen_px": 24, "strokes": [[[31.5, 40.0], ...], ...]}}

``answer`` and ``confidence`` are null if the model gave none, ``drawing`` is null for an image.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args
from uuid import uuid4
from zipfile import ZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from digitus.data.formats.class_folders import read_image
from digitus.data.samples import CLASSES
from digitus.errors import DataError, WriteError
from digitus.files import make_folder, replacing
from digitus.imaging.arrays import Patch
from digitus.imaging.patch.patch import PATCH_PX
from digitus.json_values import is_of_type, parse_json

SourceKind: TypeAlias = Literal["drawing", "image", "test_set"]

FULL_INK = 255
_LABELS = range(CLASSES)
_FOLDERS = frozenset(str(label) for label in _LABELS)


@dataclass(frozen=True)
class DrawnStrokes:
    """What a pen drew; all lengths in pixels of the canvas.

    Attributes:
        width: width of the canvas.
        height: height of the canvas.
        pen_px: diameter of the pen.
        strokes: each a sequence of points (x, y), y downwards, or (x, y, share) with the share of
            the pen's diameter at that point.
    """

    width: int
    height: int
    pen_px: float
    strokes: tuple[tuple[tuple[float, ...], ...], ...]


@dataclass(frozen=True)
class Correction:
    """The record of a corrected answer.

    Attributes:
        label: the true digit, 0 to 9.
        answer: the digit that the model answered; None if it declined.
        confidence: confidence of the answer or of the best guess, 0.0 to 1.0; None without one.
        model: name of the model.
        source_kind: where the image came from.
        drawing: the strokes; None if the image was not drawn.
        date: when the answer was corrected, ISO 8601 in UTC.
        name: name of the two files, without suffix; later corrections have later names.

    Raises:
        ValueError: if the label or the answer is not 0 to 9.
    """

    label: int
    answer: int | None
    confidence: float | None
    model: str
    source_kind: SourceKind
    drawing: DrawnStrokes | None = None
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    name: str = field(
        default_factory=lambda: f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}"
    )

    def __post_init__(self) -> None:
        for digit in (self.label, *(() if self.answer is None else (self.answer,))):
            if digit not in _LABELS:
                raise ValueError(f"a digit is 0 to 9; got {digit!r}")


@dataclass(frozen=True)
class CorrectionList:
    """All corrections of a folder, oldest first, and a sentence for each that is damaged."""

    corrections: tuple[Correction, ...]
    problems: tuple[str, ...]


def default_folder() -> Path:
    """Return the folder in the user's data directory where corrections are kept."""
    import platformdirs

    return Path(platformdirs.user_data_path("digitus", appauthor=False)) / "corrections"


class CorrectionStore:
    """A folder of corrections.

    Args:
        folder: made with the first correction; None is the default folder.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = default_folder() if folder is None else Path(folder)

    def add(self, patch: ArrayLike, correction: Correction) -> None:
        """Write a correction; it is on the disk when this returns.

        The record is written before the image, and each file is moved into place whole. A
        correction exists if its image does, so a crash leaves all of it or nothing.

        Args:
            patch: (28, 28), 0.0 paper to 1.0 full ink.
            correction: its record.

        Raises:
            ValueError: if the patch has another shape or range.
            WriteError: if the folder cannot be written.
        """
        pixels = _patch_pixels(patch)
        image, record = self._image(correction), self._record(correction)
        make_folder(image.parent, advice="check its permissions")
        with replacing(record) as draft:
            draft.write_text(_record_text(correction), encoding="utf-8")
        try:
            with replacing(image) as draft:
                Image.fromarray(pixels).save(draft, format="PNG")
        except WriteError:
            record.unlink(missing_ok=True)
            raise

    def listing(self) -> CorrectionList:
        """Read the records of all corrections.

        Raises:
            DataError: if the folder exists but cannot be read.
        """
        found: list[Correction] = []
        problems: list[str] = []
        for image in self._images():
            try:
                found.append(_read_record(image.with_suffix(".json"), int(image.parent.name)))
            except DataError as error:
                problems.append(str(error))
        return CorrectionList(
            tuple(sorted(found, key=lambda correction: correction.name)), tuple(problems)
        )

    def patch(self, correction: Correction) -> Patch:
        """Return the patch (28, 28) of a correction, 0.0 paper to 1.0 full ink.

        Raises:
            DataError: if its image is missing or damaged.
        """
        return np.divide(read_image(self._image(correction)), FULL_INK, dtype=np.float32)

    def delete(self, correction: Correction) -> None:
        """Delete a correction, the image first.

        Raises:
            WriteError: if the image cannot be deleted.
        """
        image = self._image(correction)
        try:
            image.unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(
                f"{image}: cannot be deleted ({error.strerror or error}); check its permissions"
            ) from error
        with suppress(OSError):  # a record without an image is ignored
            self._record(correction).unlink(missing_ok=True)

    def copy_to(self, target: str | Path) -> int:
        """Copy all images and their records to a folder; return the number of images.

        Args:
            target: made if missing; a class folder that exists is added to.

        Raises:
            DataError: if the store is empty.
            WriteError: if the target holds anything but digits' folders, or cannot be written.
        """
        target, images = Path(target), list(self._images())
        if not images:
            raise DataError("expected corrections to export, found none; correct an answer first")
        _refuse_other_content(target)
        for image in images:
            make_folder(target / image.parent.name, advice="choose another folder")
            for path in (image.with_suffix(".json"), image):
                if path.exists():
                    with replacing(target / path.relative_to(self.folder)) as draft:
                        shutil.copyfile(path, draft)
        return len(images)

    def _image(self, correction: Correction) -> Path:
        return self.folder / str(correction.label) / f"{correction.name}.png"

    def _record(self, correction: Correction) -> Path:
        return self._image(correction).with_suffix(".json")

    def _images(self) -> Iterator[Path]:
        """Yield the images; drafts that a crash left behind begin with a dot."""
        for label in _LABELS:
            folder = self.folder / str(label)
            if not folder.is_dir():
                continue
            try:
                paths = sorted(folder.iterdir())
            except OSError as error:
                raise DataError(
                    f"{folder}: cannot be read ({error.strerror or error}); check its permissions"
                ) from error
            for path in paths:
                if path.suffix == ".png" and not path.name.startswith(".") and path.is_file():
                    yield path


def write_zip(target: str | Path, corrections: Iterable[tuple[ArrayLike, Correction]]) -> int:
    """Write corrections as a ZIP of their class folder; return how many there are.

    Args:
        target: the file, replaced as a whole.
        corrections: each a patch (28, 28), 0.0 paper to 1.0 full ink, and its record.

    Raises:
        ValueError: if a patch has another shape or range.
        WriteError: if the file cannot be written.
    """
    n = 0
    with replacing(target) as draft, ZipFile(draft, "w") as archive:
        for patch, correction in corrections:
            png = BytesIO()
            Image.fromarray(_patch_pixels(patch)).save(png, format="PNG")
            name = f"{correction.label}/{correction.name}"
            archive.writestr(f"{name}.json", _record_text(correction))
            archive.writestr(f"{name}.png", png.getvalue())
            n += 1
    return n


def _patch_pixels(patch: ArrayLike) -> NDArray[np.uint8]:
    """Return the pixels (28, 28) of a correction's image, 0 paper to 255 full ink.

    Raises:
        ValueError: if the patch has another shape or range.
    """
    return np.rint(_checked_patch(patch) * FULL_INK).astype(np.uint8)


def _record_text(correction: Correction) -> str:
    """Return the JSON of a correction's record."""
    facts = asdict(correction)
    del facts["name"]  # the name of the file
    return json.dumps(facts) + "\n"


def _read_record(path: Path, label: int) -> Correction:
    """Read a record; the label is the folder's, so that an image can be moved to another digit."""
    try:
        facts = parse_json(path.read_text(encoding="utf-8"))
        return _correction_of(facts, label=label, name=path.stem)
    except FileNotFoundError as error:
        raise DataError(f"{path}: the record of an image is missing; delete the image") from error
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise DataError(
            f"{path}: not the record of a correction; delete the file and its image"
        ) from error


def _correction_of(facts: Mapping[str, Any], *, label: int, name: str) -> Correction:
    """Build a correction from JSON; raise ValueError, KeyError or TypeError for another form."""
    if facts["source_kind"] not in get_args(SourceKind):
        raise ValueError(f"unknown source kind {facts['source_kind']!r}")
    confidence, drawing = facts["confidence"], facts["drawing"]
    if not is_of_type(facts["answer"], int | None) or not is_of_type(confidence, float | None):
        raise ValueError("an answer or a confidence that is not a number")
    if confidence is not None and not 0 <= confidence <= 1:
        raise ValueError(f"a confidence of {confidence}")
    return Correction(
        label=label,
        answer=facts["answer"],
        confidence=None if confidence is None else float(confidence),
        model=str(facts["model"]),
        source_kind=facts["source_kind"],
        drawing=None if drawing is None else _drawing_of(drawing),
        date=str(facts["date"]),
        name=name,
    )


def _drawing_of(facts: Mapping[str, Any]) -> DrawnStrokes:
    strokes = tuple(
        tuple(tuple(float(value) for value in point) for point in stroke)
        for stroke in facts["strokes"]
    )
    sizes = [facts["width"], facts["height"]]
    numbers = [
        facts["pen_px"],
        *(value for stroke in strokes for point in stroke for value in point),
    ]
    if not is_of_type(sizes, list[int]) or not is_of_type(numbers, list[float]):
        raise ValueError("sizes or points that are not numbers")
    return DrawnStrokes(sizes[0], sizes[1], float(facts["pen_px"]), strokes)


def _checked_patch(patch: ArrayLike) -> Patch:
    values: Patch = np.asarray(patch, np.float32)
    if values.shape != (PATCH_PX, PATCH_PX) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"a patch is 28 x 28 from 0.0 to 1.0; got shape {values.shape}")
    return values


def _refuse_other_content(folder: Path) -> None:
    """Refuse a folder that could not be read as a class folder afterwards."""
    try:
        names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise WriteError(
            f"{folder}: not a folder that can be read ({error.strerror or error}); choose another"
        ) from error
    others = [name for name in names if name not in _FOLDERS and not name.startswith(".")]
    if others:
        raise WriteError(
            f"{folder}: expected an empty folder or digits' folders, found {others[0]!r}; "
            f"choose another folder"
        )
