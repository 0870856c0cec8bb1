"""The pages that ``digitus read`` is given: files, folders, standard input."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import click

from digitus.errors import ImageError, ReadFailure
from digitus.imaging.opening.image_file import NamedBytes, read_bytes
from digitus.imaging.opening.page_source import find_inputs, open_document
from digitus.reader.batch.journal import Journal
from digitus.reader.batch.page_task import Task
from digitus.reader.results.file_names import names_of

STDIN = "stdin"


@dataclass
class PageInputs:
    """All files to read, each once, in order.

    Attributes:
        paths: of the files; ``stdin`` for standard input.
        data: the bytes of standard input, if it is among them.
        errors: files that could not be opened; it grows while tasks are made.
        n_pages: pages found so far; a file that cannot be opened counts as one.
        n_settled: pages among these that need no task, because they are in the journal or their
            file cannot be opened.
        n_opened: files opened so far.
    """

    paths: list[str]
    data: bytes | None = None
    errors: list[ReadFailure] = field(default_factory=list)
    n_pages: int = 0
    n_settled: int = 0
    n_opened: int = 0

    @property
    def order(self) -> dict[str, int]:
        """The rank of each file."""
        return {path: place for place, path in enumerate(self.paths)}

    @property
    def n_expected(self) -> int:
        """Number of all pages as far as it is known: an unopened file counts as one."""
        return self.n_pages + len(self.paths) - self.n_opened

    def add(self, name: str) -> None:
        """Add a file, a folder or standard input (``-``).

        Raises:
            ImageError: if a folder does not exist, or standard input is empty or too long.
        """
        if name == "-":
            try:
                data = NamedBytes(read_bytes(sys.stdin.buffer if sys.stdin else BytesIO(), STDIN))
            except OSError as error:
                raise ImageError(f"{STDIN}: cannot be read ({error.strerror})") from error
            data.name = STDIN  # for messages
            self.data = data
            self.paths.append(STDIN)
            return
        if name.endswith(os.sep) and not os.path.exists(name):
            raise ImageError(f"{name}: no such folder; check the path")
        self.paths += find_inputs([name], errors=self.errors)

    def is_complete(self, n_done: int) -> bool:
        """Return whether all files were opened and ``n_done`` pages are all that had a task."""
        return self.n_opened == len(self.paths) and n_done + self.n_settled == self.n_pages

    def tasks(self, journal: Journal | None) -> Iterator[Task]:
        """Yield a task for each page that is not in the journal; files are opened one by one."""
        names = names_of(self.paths, {} if journal is None else journal.names)
        for path in self.paths:
            known = None if path == STDIN else journal
            if known is not None and known.has_all(path):
                self._count(known.n_pages_of(path), n_settled=known.n_pages_of(path))
                continue
            tasks = self._tasks_in(path, names[path])
            if known is not None:
                known.drop_outdated(path, len(tasks))
            left = [one for one in tasks if known is None or not known.has(path, one.page)]
            self._count(max(1, len(tasks)), n_settled=max(1, len(tasks)) - len(left))
            yield from left

    def _count(self, n_pages: int, *, n_settled: int) -> None:
        self.n_opened += 1
        self.n_pages += n_pages
        self.n_settled += n_settled

    def _tasks_in(self, path: str, name: str) -> list[Task]:
        data = self.data if path == STDIN else None
        try:
            count = open_document(path if data is None else data).n_pages
        except ImageError as error:
            self.errors.append(ReadFailure(path, str(error)))
            return []
        return [Task(path, page, count, name, data) for page in range(1, count + 1)]


def find_page_inputs(arguments: Sequence[str], *, outputs: Sequence[Path | None]) -> PageInputs:
    """Find the files to read; a folder that is empty or cannot be read becomes an error.

    Args:
        arguments: files, folders, ``-``.
        outputs: folders that images will be written to.

    Raises:
        click.UsageError: if these images would be read by the next run.
    """
    inputs = PageInputs([])
    for name in arguments:
        _refuse_outputs_inside(name, outputs)
        try:
            inputs.add(name)
        except ImageError as error:
            inputs.errors.append(ReadFailure(STDIN if name == "-" else name, str(error)))
    inputs.paths = list(dict.fromkeys(inputs.paths))
    return inputs


def _refuse_outputs_inside(name: str, outputs: Sequence[Path | None]) -> None:
    """Refuse output folders within a folder that is read."""
    if not os.path.isdir(name):
        return
    inside = Path(name).resolve()
    for folder in filter(None, outputs):
        if folder.resolve().is_relative_to(inside):
            raise click.UsageError(
                f"{folder} lies within {name}, whose pages are read; choose another folder for "
                f"--overlay and --crops"
            )
