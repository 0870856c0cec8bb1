"""The errors that a user can meet, all derived from ``DigitusError``.

``DigitusError`` covers what goes wrong outside the program: a file, the network, the disk, the
data. A caller's mistake, such as a wrong shape or an unknown option, is a ``ValueError``. Only the
command line, the window and the web page catch these errors and turn them into messages.
"""

from dataclasses import dataclass
from typing import Any


class DigitusError(Exception):
    """An expected failure; its text is one sentence that names the cause and the remedy."""


class DataError(DigitusError):
    """A data file is missing, damaged or of another format."""


class DownloadError(DigitusError):
    """A data set could not be fetched from any source."""


class Cancelled(DigitusError):
    """The user stopped a fetch or a training run."""


class ImageError(DigitusError):
    """An image cannot be opened or is unsuitable, such as too large."""


class ModelFileError(DigitusError):
    """A model file is missing, damaged, or not of this program."""


class CheckpointError(DigitusError):
    """A checkpoint is damaged or belongs to another training run."""


class DivergenceError(DigitusError):
    """Training stopped because a value became NaN or infinite."""


class WriteError(DigitusError):
    """A result could not be written; a file that existed before is unchanged."""


class WindowError(DigitusError):
    """The desktop window cannot be opened on this machine."""


class MissingLibraryError(DigitusError, ImportError):
    """A library that only this needs is not installed."""


class ServerError(DigitusError):
    """The page cannot be served on this machine."""


class DatabaseError(DigitusError):
    """The database of reviews cannot be opened or reached, or is of a newer version."""


class ReviewError(DigitusError):
    """What was asked of a review is not possible; nothing was changed."""


class NotThere(ReviewError):
    """A batch, page or cell does not exist, or no longer."""


class Conflict(ReviewError):
    """Somebody else has changed the cells meanwhile; nothing was changed.

    Attributes:
        cells: the cells as they are now, as JSON.
    """

    def __init__(self, sentence: str, cells: list[Any]) -> None:
        super().__init__(sentence)
        self.cells = cells


@dataclass(frozen=True)
class ReadFailure:
    """A page or file that could not be read.

    Attributes:
        source: the file, or the page of a file.
        error: the reason, in one sentence.
    """

    source: str
    error: str

    def to_json(self) -> dict[str, Any]:
        """Return the error as a JSON object."""
        return {"source": self.source, "error": self.error}
