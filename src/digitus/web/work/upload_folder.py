"""The folder for uploads in progress: each server has its own, and a killed one leaves nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from digitus.errors import WriteError
from digitus.files import make_folder
from digitus.processes import alone_with


@contextmanager
def upload_folder(within: Path) -> Iterator[Path]:
    """Yield a folder for the uploads of a server; delete those of servers that were killed.

    Args:
        within: folder of the server's data; made if missing.

    Raises:
        WriteError: if it cannot be written.
    """
    place = make_folder(within / "uploads", advice="choose another with --data-folder")
    for left in [path for path in place.iterdir() if path.is_dir()]:
        with suppress(WriteError), alone_with(left):  # that of a living server is locked
            shutil.rmtree(left, ignore_errors=True)
    try:
        own = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=place))
    except OSError as error:
        raise WriteError(
            f"{place}: cannot be written ({error.strerror or error}); "
            "choose another with --data-folder"
        ) from error
    with alone_with(own):
        try:
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)
