"""How the functions of this folder are compiled, and where the compiled code is kept.

Numba notices a change of the file that holds a function, but not of the files it calls into. The
code is therefore kept in a directory named after the text of the whole folder:
``~/.cache/digitus/compiled-<hash>``, or below ``NUMBA_CACHE_DIR`` if that is set. Where it cannot
be written, Numba chooses another place; where there is none, each process compiles anew.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit
from numba.core import event

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {
    "error_model": "numpy",  # a division by zero gives infinity; a loop needs no branch for it
    "nogil": True,
    "fastmath": {"contract"},  # a * b + c may be rounded once; the order of sums is kept
}


def compiled(function: Function) -> Function:
    """Compile a function that only other compiled functions call."""
    made: Function = njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)
    return made


def compiled_and_kept(function: Function) -> Function:
    """Compile a function that Python calls, and keep its code on disk."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_directory(before))
    try:
        made: Function = njit(function, cache=True, **OPTIONS)
    except RuntimeError:  # no directory can be written
        made = njit(function, **OPTIONS)
    finally:
        config.CACHE_DIR = before
    return made


def _directory(chosen: str) -> Path:
    """Return the directory of the compiled code, which need not exist."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    base = Path(chosen or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "digitus" / f"compiled-{digest.hexdigest()[:16]}"


class _CompilationListener(event.Listener):  # type: ignore[misc]  # Numba has no types
    """Says once that a compilation has begun."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify: Callable[[], None] | None = notify

    def on_start(self, event: Any) -> None:
        if self._notify is not None:
            self._notify()
            self._notify = None

    def on_end(self, event: Any) -> None:
        pass


@contextmanager
def compilation_reported(notify: Callable[[], None]) -> Iterator[None]:
    """Call ``notify`` once if anything is compiled inside, not read from disk."""
    with event.install_listener("numba:compile", _CompilationListener(notify)):
        yield
