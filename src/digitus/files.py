"""Write files atomically: a crash, a full disk or Ctrl-C never leaves a partial file."""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from digitus.errors import WriteError

_OPEN_FILES = ("/dev/std", "/dev/fd/", "/proc/self/fd/")
"""Paths of open files, such as stderr: never replaced, because others may write to them too."""
_HAS_FLOCK = find_spec("fcntl") is not None
"""Windows writes no locked file by name: there drafts have no lock, and stay after a kill."""
_MOST_DRAFTS = 16
"""Drafts of one target at a time whose names are numbers; further ones have random names."""
_LONGEST_STEM, _LONGEST_SUFFIX = 50, 12
"""In characters of up to four bytes; names may have 255 bytes."""


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
def folders_for(*folders: Path) -> Iterator[None]:
    """Make the missing folders and their parents; remove those of them that are empty at the end.

    Raises:
        WriteError: if one cannot be made.
    """
    ours = [one for folder in folders for one in (folder, *folder.parents) if not one.exists()]
    try:
        for folder in folders:
            make_folder(folder)
        yield
    finally:
        for folder in ours:
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def folder_of(path: str | Path) -> Path:
    """Return the folder that a file is written into: through a link, that of the file behind it."""
    return Path(os.path.realpath(path) if os.path.islink(path) else path).parent


@contextmanager
def replacing(target: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target``, a draft; on success, move it over the target.

    The move is atomic, because both are on one file system: a reader sees the old file or the new
    one, never a part. The data is on the disk before the move, so a kill or a power cut leaves one
    of the two. A missing folder is made. If the target is a symbolic link, the file that it points
    to is replaced. If it is a pipe or a device, the data is written into it.

    A kill leaves the draft; the next call for the same target deletes it. The draft of a process
    that lives is locked, and stays.

    Raises:
        WriteError: if the folder cannot be written or the disk is full.

    >>> with replacing(getfixture("tmp_path") / "a.txt") as draft:
    ...     _ = draft.write_text("content")
    """
    target = Path(target)
    folders = () if is_stream(target) else (folder_of(target),)
    try:
        with folders_for(*folders), _draft_for(target) as draft:
            try:
                yield draft
                _move(draft, target)
            except BaseException:
                with suppress(OSError):
                    draft.unlink()
                raise
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(
            f"{target}: cannot be written ({reason}); free some space or choose another place"
        ) from error


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


def try_lock(file: IO[Any]) -> bool | None:
    """Lock an open file for this process; the operating system unlocks it when it is closed.

    Returns:
        False if another process, or another open file of this one, has locked it; None if the file
        system has no locks.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return _try_lock_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def is_at(file: IO[Any], path: Path) -> bool:
    """Return whether a path still leads to an open file."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _try_lock_on_windows(file: IO[Any]) -> bool:
    import msvcrt

    lock: Any = getattr(msvcrt, "locking")  # noqa: B009  # unknown to type checkers elsewhere
    try:
        file.seek(0)
        lock(file.fileno(), getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009
    except OSError:
        return False
    return True


@contextmanager
def _draft_for(target: Path) -> Iterator[Path]:
    """Make an empty file beside the target; for a stream, in the folder for temporary files."""
    if is_stream(target) or not _HAS_FLOCK:
        yield _random_draft(target, None if is_stream(target) else target.parent)
        return
    target = Path(os.path.realpath(target))
    locked = _locked_draft(target)
    if locked is None:
        yield _random_draft(target, target.parent)
        return
    with locked[1]:
        yield locked[0]


def _locked_draft(target: Path) -> tuple[Path, IO[bytes]] | None:
    """Make and lock the draft of a file; delete the drafts that killed processes have left.

    Returns:
        The draft, and the file that holds the lock; None if too many others are in use.
    """
    found = None
    for number in range(_MOST_DRAFTS):
        path = _draft_path(target, number)
        is_free = _removed_if_abandoned(path)
        if found is None and is_free and (file := _create_locked(path)) is not None:
            found = path, file
    return found


def _random_draft(target: Path, folder: Path | None) -> Path:
    stem, suffix = _name_parts(target)
    handle, name = tempfile.mkstemp(prefix=f".{stem}-", suffix=f".draft{suffix}", dir=folder)
    os.close(handle)
    return Path(name)


def _draft_path(target: Path, number: int) -> Path:
    """Name a draft: ``.table-0.draft.csv``; writers choose the format by the suffix."""
    stem, suffix = _name_parts(target)
    return target.with_name(f".{stem}-{number}.draft{suffix}")


def _name_parts(target: Path) -> tuple[str, str]:
    """Return stem and suffix, cut so that a draft's name is not too long where the target's fits.

    Targets with the same beginning share their drafts' names; the locks keep them apart.
    """
    return target.stem[:_LONGEST_STEM], target.suffix[:_LONGEST_SUFFIX]


def _create_locked(path: Path) -> IO[bytes] | None:
    """Create a file that only this process may delete; None if another process was quicker."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    file = open(handle, "rb")  # noqa: SIM115  # its holder closes it
    if try_lock(file) is False or not is_at(file, path):
        file.close()  # another process took it for abandoned
        return None
    return file


def _removed_if_abandoned(path: Path) -> bool:
    """Delete a draft if the process that made it is gone; return whether the name is free."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        return error.errno == errno.ENOENT
    with open(handle, "rb") as file:
        if not (try_lock(file) and is_at(file, path)):
            return False
        with suppress(OSError):
            path.unlink()
    return True


def _move(draft: Path, target: Path) -> None:
    if is_stream(target):
        with draft.open("rb") as data, target.open("ab") as stream:
            shutil.copyfileobj(data, stream)
        draft.unlink()
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
