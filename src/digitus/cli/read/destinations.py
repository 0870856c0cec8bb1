"""Where the results of ``digitus read`` go; what would be lost is told before anything is read."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from digitus.errors import CheckpointError, WriteError
from digitus.files import is_stream, make_folder

_STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_FOLDERS = {"overlay", "crops"}


@dataclass(frozen=True)
class Targets:
    """The files and folders that were asked for.

    Attributes:
        csv: a file, a pipe or a device.
        xlsx: the same.
        overlay: a folder.
        crops: a folder.
        prints_csv: whether the CSV goes to stdout.
    """

    csv: Path | None = None
    xlsx: Path | None = None
    overlay: Path | None = None
    crops: Path | None = None
    prints_csv: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Targets":
        """Take them from the command line.

        Raises:
            click.UsageError: if two results would become one, or there is nothing to resume by.
            WriteError: if a file's folder is not there.
            CheckpointError: if a result would be replaced by less than it holds.
        """
        prints = str(options["csv"]) in _STDOUT
        named = {name: options[name] for name in ("csv", "xlsx", "overlay", "crops")}
        targets = cls(**{**named, "csv": None} if prints else named, prints_csv=prints)
        if prints and options["as_json"]:
            raise click.UsageError("--csv - and --json cannot both go to stdout; name a file")
        targets._refuse_same()
        targets._refuse_missing_folders()
        if options["resume"]:
            targets._refuse_lost_journal()
        return targets

    @property
    def lasting(self) -> dict[str, Path]:
        """What stays when the run is over, by its option: no pipe, no device."""
        found = {name: getattr(self, name) for name in ("csv", "xlsx", "overlay", "crops")}
        return {name: path for name, path in found.items() if path and not is_stream(path)}

    @property
    def files(self) -> list[Path]:
        """The files of ``lasting``."""
        return [path for name, path in self.lasting.items() if name not in _FOLDERS]

    @property
    def journal(self) -> Path | None:
        """The journal beside the first of ``lasting``."""
        first = next(iter(self.lasting.values()), None)
        return first and first.with_name(f"{first.name}.journal")

    def __bool__(self) -> bool:
        """Return whether anything is to be written."""
        return self != Targets()

    def refuse_inputs(self, *inputs: str) -> None:
        """Make sure that nothing is written over what is read.

        Args:
            inputs: the files with pages, and those that are read besides.

        Raises:
            click.UsageError: if a file would be.
        """
        read = {mark: path for path in inputs if (mark := _mark(path))}
        for name, path in self._written():
            if (mark := _mark(path)) in read:
                raise click.UsageError(
                    f"--{name} would replace {read[mark]}, which is read; choose another place"
                )

    @contextmanager
    def folders(self) -> Iterator[None]:
        """Make the folders that are not there; those that stay empty are taken away again.

        Raises:
            WriteError: if one cannot be made or written into.
        """
        wanted = [folder for folder in (self.overlay, self.crops) if folder]
        ours = [one for folder in wanted for one in (folder, *folder.parents) if not one.exists()]
        try:
            for folder in wanted:
                _refuse_closed(make_folder(folder))
            yield
        finally:
            for folder in ours:
                with suppress(OSError):  # it is not empty
                    folder.rmdir()

    def _written(self) -> Iterator[tuple[str, Path]]:
        """Return what may be written over, by the option that does it."""
        for name, path in self.lasting.items():
            if name not in _FOLDERS:
                yield name, path
            if path.with_name(f"{path.name}.journal") == self.journal:
                yield name, self.journal
        if self.overlay is not None:
            yield from (("overlay", path) for path in _images_in(self.overlay))
        if self.crops is not None and self.crops.is_dir():
            for folder in self.crops.iterdir():
                yield from (("crops", path) for path in _images_in(folder))

    def _refuse_same(self) -> None:
        for (one, path), (other, second) in combinations(self.lasting.items(), 2):
            same = os.path.realpath(path) == os.path.realpath(second)
            hard_link = _mark(path) is not None and _mark(path) == _mark(second)
            if (same or hard_link) and {one, other} != _FOLDERS:
                raise click.UsageError(f"--{one} and --{other} are one file; choose another name")

    def _refuse_missing_folders(self) -> None:
        for path in self.files:
            folder = (Path(os.path.realpath(path)) if path.is_symlink() else path).parent
            if not folder.is_dir():
                raise WriteError(f"{path}: no folder {folder}; make it, or choose another place")

    def _refuse_lost_journal(self) -> None:
        """Refuse to go on where nothing tells what a result holds: it would be replaced."""
        journal = self.journal
        if journal is None:
            raise click.UsageError(
                "--resume goes with --csv, --xlsx, --overlay or --crops, into files or folders"
            )
        for path in () if journal.exists() else held(self.files):
            raise CheckpointError(
                f"{path}: nothing to go on with, for its journal {journal} is not there; "
                f"choose another name, or leave --resume to replace it"
            )


def held(paths: Iterable[Path]) -> list[Path]:
    """Name the files that hold something already."""
    return [path for path in paths if path.is_file() and path.stat().st_size]


def _mark(path: str | Path) -> tuple[int, int] | None:
    """Return what tells a file however it is called; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _refuse_closed(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WriteError(
            f"{folder}: cannot be written into; change its permissions, or choose another place"
        )


def _images_in(folder: Path) -> Iterator[Path]:
    """Return the images that lie in a folder already and may be replaced there: PNG alone."""
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.suffix.lower() == ".png")
