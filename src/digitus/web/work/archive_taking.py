"""Take the result of `digitus read --parquet` into the review store, in a thread of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from digitus.errors import DigitusError
from digitus.reader.cluster.doubtful_pages import (
    PartDoubts,
    common_folder,
    doubts_of,
    full_path,
    name_below,
    part_paths,
    result_id,
)
from digitus.review.archive_parts import PageToCheck, Part
from digitus.review.store import ReviewStore


@dataclass
class Taken:
    """What was taken so far.

    Attributes:
        n_parts: number of parts that are new.
        n_known: number of parts that were taken before.
        n_to_check: number of new pages with something to check.
        n_sure: number of new pages without.
        errors: a sentence for each part that could not be taken.
    """

    n_parts: int = 0
    n_known: int = 0
    n_to_check: int = 0
    n_sure: int = 0
    errors: list[str] = field(default_factory=list)


def take_archive(
    store: ReviewStore, folder: str, *, stop: Callable[[], bool] = lambda: False
) -> Taken:
    """Take the parts in a folder that were not taken yet, one at a time.

    Args:
        store: gets a batch of the doubtful pages, or several if they are many.
        folder: path or URL of the parts.
        stop: once it returns True, the part in progress is the last.

    Raises:
        CheckpointError: if there is no part.
        DatabaseError, WriteError: if the store cannot be written.
    """
    place, result = full_path(folder), result_id(folder)
    paths = part_paths(place)
    known = store.taken_parts(result)
    new = [path for path in paths if _name(path) not in known]
    taken = Taken(n_known=len(paths) - len(new))
    below = common_folder(paths) if new else ""
    for path in new:
        if stop():
            break
        try:
            doubts = doubts_of(path)
        except DigitusError as error:
            taken.errors.append(str(error))
            continue
        store.take_part(_part(result, _name(place), doubts, below))
        taken.n_parts += 1
        taken.n_to_check += len(doubts.pages)
        taken.n_sure += doubts.n_sure_pages
    return taken


class ArchiveTaking:
    """Takes the parts in a folder in the background, so that people can begin with the first.

    Args:
        store: gets the pages.
        folder: path or URL of the parts.
        tell: is called once at the end, in the thread, with what was taken, or why that failed.
    """

    def __init__(
        self, store: ReviewStore, folder: str, tell: Callable[[Taken | DigitusError], None]
    ) -> None:
        self._store, self._folder, self._tell = store, folder, tell
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="archive", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the part in progress; the rest is taken the next time."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            taken = take_archive(self._store, self._folder, stop=self._stopped.is_set)
        except DigitusError as error:
            self._tell(error)
        else:
            self._tell(taken)


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _part(result: str, title: str, doubts: PartDoubts, below: str) -> Part:
    settings: Any = {"decimal": "auto", "min_confidence": 0.0, "max_error": None}
    return Part(
        result=result,
        name=doubts.name,
        title=title,
        settings=settings
        | {name: doubts.thresholds.get(name, settings[name]) for name in settings},
        pages=[
            PageToCheck(name_below(below, page.source), page.source, page.content, page.reading)
            for page in doubts.pages
        ],
        n_sure_pages=doubts.n_sure_pages,
        n_sure_numbers=doubts.n_sure_numbers,
        n_failed=doubts.n_failed,
    )
