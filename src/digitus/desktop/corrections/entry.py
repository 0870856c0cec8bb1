"""What is kept of a corrected drawing: a line of facts, and its arrays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitus.imaging.arrays import Patch
from digitus.imaging.patch.patch import PATCH_PX
from digitus.imaging.strokes import Strokes

_DIGITS = range(10)


@dataclass(frozen=True)
class Entry:
    """What the log says of one corrected drawing.

    Attributes:
        name: of its array file, without the suffix; later entries have later names.
        label: the true digit, 0 to 9.
        answer: the digit that was answered, None if it was declined.
        model: that answered.
        made_at: when it was added, ISO 8601 in UTC.
    """

    name: str
    label: int
    answer: int | None
    model: str
    made_at: str


@dataclass(frozen=True, eq=False)
class Drawing:
    """The arrays of an entry.

    Attributes:
        patch: (28, 28), 0.0 paper to 1.0 full ink.
        strokes: each an array (m, 2) of (x, y) on the canvas, or (m, 3) with the pen's share of
            its width; none if it was no drawing.
    """

    patch: Patch
    strokes: list[NDArray[np.float64]]


def entry_of(facts: Any) -> Entry | None:
    """Take facts that have the form of an entry; a name with a path in it is none."""
    if not isinstance(facts, dict) or facts.keys() != Entry.__annotations__.keys():
        return None
    texts = all(isinstance(facts[key], str) for key in ("name", "model", "made_at"))
    is_digit = facts["label"] in _DIGITS and facts["answer"] in (None, *_DIGITS)
    if not (texts and is_digit and re.fullmatch(r"[\w-]+", facts["name"])):
        return None
    return Entry(**facts)


def new_entry(label: int, answer: int | None, model: str) -> Entry:
    """Name a new entry, and check its digits.

    Raises:
        ValueError: if a digit is not 0 to 9.
    """
    now = datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}"
    answered = None if answer is None else checked_digit(answer)
    return Entry(name, checked_digit(label), answered, model, now.isoformat(timespec="seconds"))


def checked_digit(digit: int) -> int:
    """Return a digit, 0 to 9.

    Raises:
        ValueError: if it is none.
    """
    if digit not in _DIGITS:
        raise ValueError(f"a digit is 0 to 9; got {digit!r}")
    return int(digit)


def checked_patch(patch: ArrayLike) -> Patch:
    """Return a patch (28, 28), 0.0 paper to 1.0 full ink.

    Raises:
        ValueError: if it is none.
    """
    values: Patch = np.asarray(patch, np.float32)
    if values.shape != (PATCH_PX, PATCH_PX) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"a patch is 28 x 28 from 0.0 to 1.0; got shape {values.shape}")
    return values


def pack(strokes: Strokes) -> dict[str, NDArray[Any]]:
    """Lay all points of all strokes in one array (n, 3), their counts in another.

    The third number is the pen's share of its width; NaN where a stroke has none.
    """
    lines = [np.asarray(stroke, np.float64) for stroke in strokes if len(stroke)]
    packed = [np.full((len(line), 3), np.nan) for line in lines]
    for line, rows in zip(lines, packed, strict=True):
        rows[:, : line.shape[1]] = line
    points = np.concatenate([np.empty((0, 3)), *packed])
    return {"points": points, "counts": np.array([len(line) for line in lines], np.int64)}


def unpack(arrays: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float64]]:
    """Take apart what `pack` laid out: (m, 2) of each stroke, or (m, 3)."""
    lines = np.split(arrays["points"], np.cumsum(arrays["counts"]))[:-1]
    return [line[:, :2] if np.isnan(line).any() else line for line in lines]
