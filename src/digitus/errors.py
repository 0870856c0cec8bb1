"""Every failure that a user can meet, the tree on top.

``DigitusError``: what goes wrong outside the program (a file, the network, a disk, the data).
A caller's mistake (a wrong shape, an unknown option) is a ``ValueError``.
Only the command line, the window and the page turn these into words and exit codes.
"""

from dataclasses import dataclass
from typing import Any


class DigitusError(Exception):
    """An expected failure; its text is one sentence that says what to do."""


class DataError(DigitusError):
    """A data file is missing, damaged or not what it claims to be."""


class DownloadError(DigitusError):
    """A data set could not be fetched from any source."""


class Cancelled(DigitusError):
    """The user stopped a fetch or a training run."""


class ImageError(DigitusError):
    """An image cannot be opened or is not fit to be read."""


class ModelFileError(DigitusError):
    """A model file is missing, damaged, or holds another program's weights."""


class CheckpointError(DigitusError):
    """A checkpoint is damaged or belongs to another training run."""


class DivergenceError(DigitusError):
    """Training met a NaN or an infinity and stopped."""


class WriteError(DigitusError):
    """A result could not be written; whatever stood at its place before still does."""


class WindowError(DigitusError):
    """The desktop window cannot be opened on this machine."""


@dataclass(frozen=True)
class ReadError:
    """A page or file that could not be read, and why, in one sentence."""

    source: str
    error: str

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``."""
        return {"source": self.source, "error": self.error}
