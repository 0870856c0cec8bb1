"""Write files atomically: a crash, a full disk or Ctrl-C never leaves a partial file."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from digitus.errors import WriteError

_OPEN_FILES = ("/dev/std", "/dev/fd/", "/proc/self/fd/")
"""Paths of open files, such as stderr: never replaced, because others may write to them too."""


def make_folder(folder: Path, *, advice: str = "choose another place") -> Path:
    """Make a folder and its parents; return the folder.

    Args:
        folder: an existing folder is left as it is.
        advice: end of the error message: what to do if the folder cannot be made.

    Raises:
        WriteError: if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(f"{folder}: cannot be made ({reason}); {advice}") from error
    return folder


@contextmanager
def replacing(target: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target``; on success, move it over the target.

    The move is atomic, because both are on one file system: a reader sees the old file or the new
    one, never a part. The data is on the disk before the move, so a kill or a power cut leaves one
    of the two. If the target is a symbolic link, the file that it points to is replaced. If it is a
    pipe or a device, the data is written into it.

    Raises:
        WriteError: if the folder cannot be written or the disk is full.

    >>> with replacing(getfixture("tmp_path") / "a.txt") as draft:
    ...     _ = draft.write_text("content")
    """
    target = Path(target)
    draft: Path | None = None
    try:
        draft = _draft_for(target)
        yield draft
        _move(draft, target)
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(
            f"{target}: cannot be written ({reason}); free some space or choose another place"
        ) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def is_stream(path: str | Path) -> bool:
    """Return whether a path is a pipe, a device or an open file, which cannot be replaced.

    >>> is_stream("/dev/null"), is_stream(getfixture("tmp_path") / "new.txt")
    (True, False)
    """
    if str(path).startswith(_OPEN_FILES):
        return True
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _draft_for(target: Path) -> Path:
    """Make an empty file beside the target; for a stream, in the folder for temporary files."""
    folder = None if is_stream(target) else Path(os.path.realpath(target)).parent
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=folder)
    os.close(handle)
    return Path(name)


def _move(draft: Path, target: Path) -> None:
    if is_stream(target):
        with draft.open("rb") as data, target.open("ab") as stream:
            shutil.copyfileobj(data, stream)
        return
    _sync(draft)
    _give_usual_permissions(draft)
    draft.replace(os.path.realpath(target))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _give_usual_permissions(path: Path) -> None:
    """Replace the owner-only mode of a temporary file by the mode that the umask allows."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
