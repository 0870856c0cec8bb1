"""Progress and cancellation of a fetch."""

from collections.abc import Callable
from dataclasses import dataclass

from digitus.errors import Cancelled

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Watch:
    """Two optional callbacks of a fetch.

    Attributes:
        progress: called with the name of the file, the bytes so far and the total, 0 if unknown.
        cancelled: called between blocks; True stops the fetch.
    """

    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None

    def report(self, what: str, done: int, total: int) -> None:
        """Report progress.

        Raises:
            Cancelled: if ``cancelled`` returns True.
        """
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(f"the fetch of {what} was cancelled; run it again to continue")
        if self.progress is not None:
            self.progress(what, done, total)
