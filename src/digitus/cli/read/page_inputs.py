"""The pages that ``digitus read`` is given: files, folders, standard input."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import click

from digitus.errors import ImageError, ReadError
from digitus.imaging.opening.image_file import read_bytes
from digitus.imaging.opening.page_source import find_inputs, pages_of
from digitus.reader.batch.journal import Journal
from digitus.reader.batch.page_task import Task
from digitus.reader.results.file_names import names_of

STDIN = "stdin"


@dataclass
class Sources:
    """All files to read, each once, in order.

    Attributes:
        paths: files, and ``stdin``.
        data: the bytes of ``stdin``, where it is among them.
        errors: what could not be opened; it grows while tasks are made.
        n_pages: pages found so far; a file that cannot be opened counts as one.
        n_settled: of these, how many need no task: they are in the journal, or cannot be opened.
        n_opened: files that were looked into so far.
    """

    paths: list[str]
    data: bytes | None = None
    errors: list[ReadError] = field(default_factory=list)
    n_pages: int = 0
    n_settled: int = 0
    n_opened: int = 0

    @property
    def order(self) -> dict[str, int]:
        """The place of each file."""
        return {path: place for place, path in enumerate(self.paths)}

    @property
    def n_expected(self) -> int:
        """Pages in all, as far as they are known: a file that was not opened counts as one."""
        return self.n_pages + len(self.paths) - self.n_opened

    def take(self, name: str) -> None:
        """Take a file, a folder or standard input (``-``) in.

        Raises:
            ImageError: if a folder is not there, or standard input is empty or too long.
        """
        if name == "-":
            self.data = read_bytes(sys.stdin.buffer if sys.stdin else BytesIO(), STDIN)
            self.paths.append(STDIN)
            return
        _refuse_missing_folder(name)
        self.paths += find_inputs([name], errors=self.errors)

    def are_all_given(self, n_done: int) -> bool:
        """Return whether all files were looked into, and so many pages done are all there are."""
        return self.n_opened == len(self.paths) and n_done + self.n_settled == self.n_pages

    def tasks(self, journal: Journal | None) -> Iterator[Task]:
        """Make a task for each page that is not in the journal; look into files one by one."""
        names = names_of(self.paths, {} if journal is None else journal.names)
        for path in self.paths:
            known = None if path == STDIN else journal
            if known is not None and known.has_all(path):
                self._count(known.n_pages_of(path), settled=known.n_pages_of(path))
                continue
            tasks = self._tasks_in(path, names[path])
            if known is not None:
                known.forget_former(path, len(tasks))
            left = [one for one in tasks if known is None or not known.has(path, one.page)]
            self._count(max(1, len(tasks)), settled=max(1, len(tasks)) - len(left))
            yield from left

    def _count(self, n_pages: int, *, settled: int) -> None:
        self.n_opened += 1
        self.n_pages += n_pages
        self.n_settled += settled

    def _tasks_in(self, path: str, name: str) -> list[Task]:
        data = self.data if path == STDIN else None
        try:
            count = sum(1 for _ in pages_of(path if data is None else data))
        except ImageError as error:
            self.errors.append(ReadError(path, str(error)))
            return []
        return [Task(path, page, count, name, data) for page in range(1, count + 1)]


def find_sources(inputs: Sequence[str], *, outputs: Sequence[Path | None]) -> Sources:
    """Find the files; a folder that cannot be read or is empty becomes an error.

    Args:
        inputs: files, folders, ``-``.
        outputs: folders that images will be written to.

    Raises:
        click.UsageError: if these images would be read next time.
    """
    sources = Sources([])
    for name in inputs:
        _refuse_to_mix(name, outputs)
        try:
            sources.take(name)
        except ImageError as error:
            sources.errors.append(ReadError(STDIN if name == "-" else name, str(error)))
    sources.paths = list(dict.fromkeys(sources.paths))
    return sources


def _refuse_to_mix(name: str, outputs: Sequence[Path | None]) -> None:
    """Make sure that nothing is written into a folder that is read: it would be read next time."""
    if not os.path.isdir(name):
        return
    inside = Path(name).resolve()
    for folder in filter(None, outputs):
        if folder.resolve().is_relative_to(inside):
            raise click.UsageError(
                f"{folder} lies in {name}, where pages are read; choose another folder for "
                f"--overlay and --crops"
            )


def _refuse_missing_folder(name: str) -> None:
    """Call a folder a folder, also where it is not there: its name ends so."""
    if name.endswith(os.sep) and not os.path.exists(name):
        raise ImageError(f"{name}: no such folder; check the path")
