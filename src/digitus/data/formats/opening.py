"""Opening data files, plain or gzipped, with errors that name the file."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from digitus.data.checks import mismatch
from digitus.errors import DataError

_GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def reading(path: str | Path) -> Iterator[BinaryIO]:
    """Return the decoded bytes of a file as a stream; whether it is gzipped its content tells.

    Raises:
        DataError: if the file is missing, cannot be read, or its gzip stream is damaged.
    """
    try:
        with Path(path).open("rb") as file:
            if file.peek(2)[:2] == _GZIP_MAGIC:
                with gzip.open(file) as decoded:
                    yield cast(BinaryIO, decoded)
            else:
                yield file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise mismatch(
            path,
            wanted="a whole gzip file",
            found="a damaged one",
            remedy="delete the file to download it again",
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: str | Path, error: OSError) -> DataError:
    """Build the error for a file that the system does not give us."""
    if isinstance(error, FileNotFoundError):
        return mismatch(path, wanted="a file", found="none", remedy="check the path")
    reason = error.strerror or error
    return DataError(f"{path}: cannot be read ({reason}); check the file and its permissions")
