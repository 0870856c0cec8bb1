"""The secret behind the cookies, kept so that a restarted server still knows them."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

_BYTES = 32
_OWNER_ALONE = 0o600


def kept_secret(file: Path | None = None) -> bytes:
    """Return the secret of this user, made at the first call; where no file can be had, a new one.

    Args:
        file: holds the secret; None is ``cookie-secret`` in the user's data folder.
    """
    try:
        path = _default_file() if file is None else file
        with suppress(FileNotFoundError):
            if len(kept := path.read_bytes()) == _BYTES:
                return kept
            path.unlink()  # a kill has cut it short
        path.parent.mkdir(parents=True, exist_ok=True)
        return _written(path)
    except OSError:
        return secrets.token_bytes(_BYTES)


def _default_file() -> Path:
    from platformdirs import user_data_path

    return user_data_path("digitus", appauthor=False) / "cookie-secret"


def _written(path: Path) -> bytes:
    """Make the file; one that another server has made meanwhile is read instead."""
    made = secrets.token_bytes(_BYTES)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # of Windows
    try:
        handle = os.open(path, flags, _OWNER_ALONE)
    except FileExistsError:
        found = path.read_bytes()
        return found if len(found) == _BYTES else made
    with open(handle, "wb") as file:
        file.write(made)
    return made
