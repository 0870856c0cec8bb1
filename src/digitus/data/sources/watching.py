"""Watch: how a long fetch tells its progress and learns that it is no longer wanted."""

from collections.abc import Callable
from dataclasses import dataclass

from digitus.errors import Cancelled

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Watch:
    """The two optional callbacks of a fetch.

    Attributes:
        progress: called with what is fetched, the bytes so far and the bytes in all
            (0 where nobody knows).
        cancelled: asked between blocks; True ends the fetch.
    """

    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None

    def report(self, what: str, done: int, total: int) -> None:
        """Pass progress on.

        Raises:
            Cancelled: if the fetch is no longer wanted.
        """
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(f"the fetch of {what} was cancelled; run it again to finish it")
        if self.progress is not None:
            self.progress(what, done, total)
