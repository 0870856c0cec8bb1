"""Where the results of ``digitus read`` go, and the checks that nothing is lost by writing there.

All checks are made before a page is read.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from digitus.errors import CheckpointError, WriteError
from digitus.files import folder_of, folders_for, is_stream
from digitus.processes import alone_with

_STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_OPTIONS = ("csv", "xlsx", "grid_csv", "overlay", "crops")
_FOLDERS = {"grid_csv", "overlay", "crops"}


@dataclass(frozen=True)
class Destinations:
    """The files and folders to write.

    Attributes:
        csv: a file, a pipe or a device.
        xlsx: the same.
        grid_csv: a folder.
        overlay: a folder.
        crops: a folder.
        prints_csv: whether the CSV goes to stdout.
    """

    csv: Path | None = None
    xlsx: Path | None = None
    grid_csv: Path | None = None
    overlay: Path | None = None
    crops: Path | None = None
    prints_csv: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Destinations":
        """Return the destinations that the options of the command line name.

        Raises:
            click.UsageError: if two results go to one file, or ``--resume`` has no file to resume.
            CheckpointError: if ``--resume`` would replace a result whose journal is missing.
        """
        prints = str(options["csv"]) in _STDOUT
        named = {name: options[name] for name in _OPTIONS}
        made = cls(**{**named, "csv": None} if prints else named, prints_csv=prints)
        if prints and options["as_json"]:
            raise click.UsageError("--csv - and --json cannot both go to stdout; name a file")
        made._refuse_same()
        if options["resume"]:
            made._refuse_missing_journal()
        return made

    @property
    def lasting(self) -> dict[str, Path]:
        """The files and folders by option, without pipes and devices."""
        found = {name: getattr(self, name) for name in _OPTIONS}
        return {name: path for name, path in found.items() if path and not is_stream(path)}

    @property
    def files(self) -> list[Path]:
        """The files of ``lasting``."""
        return [path for name, path in self.lasting.items() if name not in _FOLDERS]

    @property
    def journal(self) -> Path | None:
        """The journal, beside the first of ``lasting``."""
        first = next(iter(self.lasting.values()), None)
        return first and _journal_of(first)

    def __bool__(self) -> bool:
        """Return whether anything is to be written."""
        return self != Destinations()

    def refuse_inputs(self, *inputs: str) -> None:
        """Refuse to overwrite what is read.

        Args:
            inputs: files with pages, and others that are read.

        Raises:
            click.UsageError: if one of them would be overwritten.
        """
        read = {identity: path for path in inputs if (identity := _identity(path))}
        for name, path in self._overwritten():
            if (identity := _identity(path)) in read:
                raise click.UsageError(
                    f"--{_option(name)} would replace {read[identity]}, which is an input; "
                    f"choose another place"
                )

    @contextmanager
    def folders(self) -> Iterator[None]:
        """Make the missing folders, and remove those of them that are empty at the end.

        Raises:
            WriteError: if one cannot be made or written into.
        """
        wanted = [folder for folder in (self.grid_csv, self.overlay, self.crops) if folder]
        with folders_for(*wanted, *map(folder_of, self.files)):
            for folder in wanted:
                _refuse_read_only(folder)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other runs from writing the same files and folders.

        Raises:
            WriteError: if another run is writing one of them.
        """
        with ExitStack() as locks:
            for path in sorted(self.lasting.values()):
                locks.enter_context(alone_with(path))
            yield

    def _overwritten(self) -> Iterator[tuple[str, Path]]:
        """Yield the files that may be overwritten, after the option that does it."""
        for name, path in self.lasting.items():
            if name not in _FOLDERS:
                yield name, path
            if _journal_of(path) == self.journal:
                yield name, self.journal
        if self.overlay is not None:
            yield from (("overlay", path) for path in _pngs_in(self.overlay))
        if self.crops is not None and self.crops.is_dir():
            for folder in self.crops.iterdir():
                yield from (("crops", path) for path in _pngs_in(folder))

    def _refuse_same(self) -> None:
        for (one, path), (other, second) in combinations(self.lasting.items(), 2):
            same = os.path.realpath(path) == os.path.realpath(second)
            hard_link = _identity(path) is not None and _identity(path) == _identity(second)
            if (same or hard_link) and not {one, other} <= _FOLDERS:
                names = f"--{_option(one)} and --{_option(other)}"
                raise click.UsageError(f"{names} are one file; choose another name")

    def _refuse_missing_journal(self) -> None:
        """Refuse to resume without a journal: the new results would replace the old ones."""
        journal = self.journal
        if journal is None:
            raise click.UsageError(
                "--resume needs a file or folder: --csv, --grid-csv, --xlsx, --overlay or --crops"
            )
        for path in () if journal.exists() else nonempty(self.files):
            raise CheckpointError(
                f"{path}: cannot be resumed, its journal {journal} does not exist; "
                f"choose another name, or omit --resume to replace the file"
            )


def nonempty(paths: Iterable[Path]) -> list[Path]:
    """Return the files that exist and are not empty."""
    return [path for path in paths if path.is_file() and path.stat().st_size]


def _option(name: str) -> str:
    return name.replace("_", "-")


def _journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def _identity(path: str | Path) -> tuple[int, int] | None:
    """Return device and inode, which links to one file share; None if there is no such file."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _refuse_read_only(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WriteError(
            f"{folder}: cannot be written into; change its permissions, or choose another place"
        )


def _pngs_in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.suffix.lower() == ".png")
