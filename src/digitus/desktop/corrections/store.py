"""Corrected drawings, kept on this machine: one array file each, and a log of JSON lines.

An entry is added in two writes: its array file, moved into place whole, then its line in the log.
The array file carries the line's facts too, so an entry whose line was never written, or torn, is
still there. Deleting writes a line of its own first, then removes the array file.
"""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import ArrayLike

from digitus.desktop.corrections.entry import (
    Drawing,
    Entry,
    checked_patch,
    entry_of,
    new_entry,
    pack,
    unpack,
)
from digitus.errors import DataError, WriteError
from digitus.files import make_folder
from digitus.imaging.strokes import Strokes
from digitus.models.safe_file import DAMAGE, read_safe, write_safe

LOG = "corrections.jsonl"
SUFFIX = ".safetensors"
_KEY = "digitus-correction"


@dataclass(frozen=True)
class Listing:
    """All entries, oldest first, and a sentence for each that could not be read."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


def default_folder() -> Path:
    """Return the folder in the user's data where corrections are kept."""
    import platformdirs

    return Path(platformdirs.user_data_path("digitus", appauthor=False)) / "corrections"


class CorrectionStore:
    """A folder of corrected drawings.

    Args:
        folder: is made with the first entry; None is the user's own.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = default_folder() if folder is None else Path(folder)

    def add(
        self,
        patch: ArrayLike,
        strokes: Strokes = (),
        *,
        label: int,
        answer: int | None = None,
        model: str = "",
    ) -> Entry:
        """Keep a drawing with its true digit; when this returns, it is on the disk.

        Args:
            patch: (28, 28), 0.0 paper to 1.0 full ink.
            strokes: as they were drawn, if they were.
            label: the true digit.
            answer: what was answered, None if it was declined.
            model: that answered.

        Raises:
            ValueError: if the patch is none, or a digit not 0 to 9.
            WriteError: if the folder cannot be written.
        """
        arrays = {"patch": checked_patch(patch), **pack(strokes)}
        entry = new_entry(label, answer, model)
        make_folder(self.folder, advice="check its permissions")
        write_safe(self._path(entry.name), arrays, key=_KEY, facts=asdict(entry))
        try:
            self._append(asdict(entry))
        except WriteError:
            self._path(entry.name).unlink(missing_ok=True)  # said not to be kept, so it is not
            raise
        return entry

    def listing(self) -> Listing:
        """Read the log and the array files that it does not know.

        Raises:
            DataError: if the folder or the log is there but cannot be read.
        """
        problems: list[str] = []
        known, deleted = _read_log(self._lines(), problems)
        files = self._names()
        for name in known.keys() - files:
            problems.append(f"{name}: its drawing is missing; the entry is left out")
        for name in files - known.keys() - deleted:  # the program was killed before the log
            try:
                known[name] = self._facts(name)
            except DataError as error:
                problems.append(str(error))
        kept = sorted(files & known.keys() - deleted)
        return Listing(tuple(known[name] for name in kept), tuple(sorted(problems)))

    def load(self, entry: Entry) -> Drawing:
        """Read the arrays of an entry.

        Raises:
            DataError: if its file is missing or damaged.
        """
        path = self._path(entry.name)
        try:
            arrays, _ = read_safe(path, key=_KEY)
            return Drawing(checked_patch(arrays["patch"]), unpack(arrays))
        except (*DAMAGE, KeyError) as error:
            raise DataError(
                f"{path}: not a whole drawing ({error}); delete this correction"
            ) from error

    def delete(self, entry: Entry) -> None:
        """Forget an entry; it is gone from the list before its file is.

        Raises:
            WriteError: if the log cannot be written.
        """
        self._append({"deleted": entry.name})
        with suppress(OSError):  # the log says already that it is gone
            self._path(entry.name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _names(self) -> set[str]:
        """Name the whole array files; drafts begin with a dot."""
        paths = self.folder.glob(f"*{SUFFIX}")
        return {path.stem for path in paths if not path.name.startswith(".")}

    def _lines(self) -> list[bytes]:
        path = self.folder / LOG
        try:
            return path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DataError(
                f"{path}: cannot be read ({error.strerror or error}); check its permissions"
            ) from error

    def _facts(self, name: str) -> Entry:
        """Read from an array file what its line in the log should have said."""
        path = self._path(name)
        try:
            entry = entry_of(read_safe(path, key=_KEY)[1])
        except DAMAGE as error:
            raise DataError(f"{path}: not a whole drawing; delete the file") from error
        if entry is None or entry.name != name:
            raise DataError(f"{path}: not one of the corrections; move the file elsewhere")
        return entry

    def _append(self, facts: Mapping[str, Any]) -> None:
        """Add a line to the log and see it to the disk; a torn line before it is closed first."""
        path = self.folder / LOG
        try:
            with path.open("ab+") as log:
                line = json.dumps(facts).encode() + b"\n"
                log.write(line if _ends_whole(log) else b"\n" + line)
                log.flush()
                os.fsync(log.fileno())
        except OSError as error:
            raise WriteError(
                f"{path}: cannot be written ({error.strerror or error}); free some space"
            ) from error


def _ends_whole(log: BinaryIO) -> bool:
    if log.seek(0, os.SEEK_END) == 0:
        return True
    log.seek(-1, os.SEEK_END)
    return log.read(1) == b"\n"


def _read_log(lines: Iterable[bytes], problems: list[str]) -> tuple[dict[str, Entry], set[str]]:
    """Return the entries by name and the deleted names; note the lines that are neither."""
    known: dict[str, Entry] = {}
    deleted: set[str] = set()
    for number, line in enumerate(lines, start=1):
        facts = _parsed(line)
        entry = entry_of(facts)
        if entry is not None:
            known[entry.name] = entry
        elif isinstance(facts, dict) and isinstance(facts.get("deleted"), str):
            deleted.add(facts["deleted"])
        elif line.strip():
            problems.append(f"{LOG}: line {number} is torn; it is left out")
    return {name: entry for name, entry in known.items() if name not in deleted}, deleted


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
