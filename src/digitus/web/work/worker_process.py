"""The process of a worker: it takes tasks from a connection, one by one, and answers each."""

import os
import sys
import traceback
import warnings
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from digitus.processes import prepare_worker

NICENESS = 10
"""Workers let the process that answers requests go first where cores are scarce."""


class TaskAnswer(NamedTuple):
    """What a worker sends back: a value, or a sentence."""

    value: Any = None
    error: str | None = None


def run_worker(connection: Connection, memory_mb: int) -> None:
    """Do tasks until the connection ends.

    Args:
        connection: tasks come in, answers go out.
        memory_mb: address space beyond which nothing more is allocated.
    """
    prepare_worker()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    limit_memory(memory_mb)
    run = _prepared()
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_answer(run, task))


def limit_memory(megabytes: int) -> None:
    """Limit the address space of this process where the system can (Linux).

    The largest arrays are then refused with a ``MemoryError`` (NumPy, Pillow) or an error of
    OpenCV, before the machine has to look for memory.
    """
    if sys.platform != "linux":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * 2**20
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _prepared() -> Any:
    """Import what tasks need, and let it compute with one thread; return what does a task."""
    import cv2
    from threadpoolctl import threadpool_limits

    from digitus.imaging.opening.decoder_messages import silence_decoders
    from digitus.web.work.tasks import run_task

    warnings.filterwarnings("ignore", module=r"PIL\.")
    silence_decoders()
    cv2.setNumThreads(1)
    threadpool_limits(1)
    return run_task


def _answer(run: Any, task: Any) -> TaskAnswer:
    from digitus.errors import DigitusError

    try:
        return TaskAnswer(run(task))
    except DigitusError as error:
        return TaskAnswer(error=str(error))
    except Exception:  # one page must not end the worker
        with suppress(OSError):
            traceback.print_exc()
        return TaskAnswer(error=f"{task.title}: could not be read, the server's terminal shows why")
