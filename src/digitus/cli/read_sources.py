"""The pages that ``digitus read`` is given: files, folders, standard input."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from digitus.errors import PictureError
from digitus.reader.journal import Journal
from digitus.reader.naming import names_of
from digitus.reader.reading import ReadError
from digitus.reader.sources import find_inputs, pages_of
from digitus.reader.tasks import Task

STDIN = "stdin"


@dataclass
class Sources:
    """All files to read, each once, in order.

    Attributes:
        paths: files, and ``stdin``.
        data: the bytes of ``stdin``, where it is among them.
        errors: what could not be opened; it grows while tasks are made.
        n_pages: pages found so far, those in the journal among them.
        n_opened: files that were looked into so far.
    """

    paths: list[str]
    data: bytes | None = None
    errors: list[ReadError] = field(default_factory=list)
    n_pages: int = 0
    n_opened: int = 0

    @property
    def order(self) -> dict[str, int]:
        """The place of each file."""
        return {path: place for place, path in enumerate(self.paths)}

    def tasks(self, journal: Journal | None) -> Iterator[Task]:
        """Make a task for each page that is not in the journal; look into files one by one."""
        names = names_of(self.paths)
        for path in self.paths:
            known = None if path == STDIN else journal
            if known is None or not known.has_all(path):
                for task in self._tasks_in(path, names[path]):
                    if known is None or not known.has(path, task.page):
                        yield task
            self.n_opened += 1

    def _tasks_in(self, path: str, name: str) -> list[Task]:
        data = self.data if path == STDIN else None
        try:
            count = sum(1 for _ in pages_of(path if data is None else data))
        except PictureError as error:
            self.errors.append(ReadError(path, str(error)))
            return []
        self.n_pages += count
        return [Task(path, page, count, name, data) for page in range(1, count + 1)]


def find_sources(inputs: Sequence[str], *, outputs: Sequence[Path | None]) -> Sources:
    """Find the files; a folder that cannot be read or is empty becomes an error.

    Args:
        inputs: files, folders, ``-``.
        outputs: folders that pictures will be written to.

    Raises:
        click.UsageError: if these pictures would be read next time.
    """
    sources = Sources([])
    for name in inputs:
        _refuse_to_mix(name, outputs)
        if name == "-":
            sources.data = sys.stdin.buffer.read() if sys.stdin else b""
            sources.paths.append(STDIN)
            continue
        try:
            sources.paths += find_inputs([name])
        except PictureError as error:
            sources.errors.append(ReadError(name, str(error)))
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
