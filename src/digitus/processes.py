"""Other processes: workers that never outlive this one, and one process at a time on a file."""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing import resource_tracker
from pathlib import Path
from threading import Thread
from typing import IO, Any

from digitus.errors import WriteError
from digitus.files import is_at, is_stream, try_lock

ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that ask a command to end with everything saved; Windows has no SIGHUP."""

_ORPHANED = 1  # exit code of a worker whose parent is gone; nobody reads it


def prepare_worker() -> None:
    """Make this process, started by ``multiprocessing``, end when its parent is gone.

    It leaves Ctrl-C and the end of the terminal to its parent, which lets it finish its work. It
    has a group of its own, so that TERM to the parent's group, as from a supervisor, spares it.
    """
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # what came before the group was changed is dropped
        signal.pthread_sigmask(signal.SIG_UNBLOCK, set(ENDING_SIGNALS))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the parent's way to end it
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(_ORPHANED)

    Thread(target=watch, name="end with the parent", daemon=True).start()


def new_pool(
    n_processes: int, initializer: Callable[..., None] | None = None, *arguments: Any
) -> ProcessPoolExecutor:
    """Return a pool of processes that start afresh, each a prepared worker.

    Args:
        n_processes: greatest number of processes.
        initializer: called first in each process.
        arguments: of the initializer.
    """
    context = multiprocessing.get_context("spawn")
    keep_resource_tracker()
    # As bytes: what they import, which may take seconds, is imported by a prepared worker.
    first = pickle.dumps((initializer, arguments))
    return ProcessPoolExecutor(
        n_processes, mp_context=context, initializer=_begin, initargs=(first,)
    )


def keep_resource_tracker() -> None:
    """Start the process that removes what others leave, deaf to the end of the terminal.

    It ignores INT and TERM by itself, but HUP to the whole group would end it, and the next pool
    would complain.
    """
    if os.name == "posix":
        with signals_blocked():
            resource_tracker.ensure_running()


def _begin(first: bytes) -> None:
    """Begin the work of a process of a pool."""
    prepare_worker()
    initializer, arguments = pickle.loads(first)
    if initializer is not None:
        initializer(*arguments)


@contextmanager
def worker_pool(n_processes: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of new processes; if the block raises, they are ended at once."""
    pool = new_pool(n_processes)
    try:
        yield pool
    except BaseException:
        end_pool(pool)
        raise
    pool.shutdown()


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Hold ending signals back while a process starts: it inherits this, and ignores them soon."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(ENDING_SIGNALS))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_pool(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool; what they are doing is abandoned."""
    # Python 3.14 has `terminate_workers` for it. The host program may have other children.
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()


@contextmanager
def alone_with(target: Path) -> Iterator[None]:
    """Keep other processes from writing a file or folder while the block runs.

    The lock is a hidden file beside the target, which names its holder; the operating system
    gives it up if this process ends in any way. Pipes and devices are not locked.

    Raises:
        WriteError: if another process holds it, or no file can be made there.
    """
    if is_stream(target):
        yield
        return
    path = _lock_path(target)
    try:
        file = _locked(path)
    except OSError as error:
        raise WriteError(
            f"{target}: cannot be written ({error.strerror or error}); choose another place"
        ) from error
    if file is None:
        raise WriteError(
            f"{target}: is being written by another run ({_holder(path)}); "
            f"wait until it ends, or choose another name"
        )
    try:
        yield
    finally:
        with suppress(OSError):  # Windows deletes no open file
            path.unlink(missing_ok=True)
        file.close()


def _lock_path(target: Path) -> Path:
    real = Path(os.path.realpath(target))
    return real.with_name(f".{real.name[:100]}.lock")


def _locked(path: Path) -> IO[str] | None:
    """Open and lock a file, and write into it who holds it; None if another process does."""
    while True:
        file = path.open("a+", encoding="utf-8")
        if try_lock(file) is False:
            file.close()
            return None
        if is_at(file, path):
            break
        file.close()  # its holder has deleted it meanwhile
    file.truncate(0)
    file.write(f"process {os.getpid()}, since {datetime.now():%Y-%m-%d %H:%M:%S}")
    file.flush()
    return file


def _holder(path: Path) -> str:
    try:
        return path.read_text("utf-8") or "just started"
    except OSError:
        return "just ended"
