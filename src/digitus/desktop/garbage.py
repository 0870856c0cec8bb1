"""Collecting cyclic garbage in one thread alone.

Python collects it in whichever thread allocates next. Objects of Qt among it are then deleted in
that thread, perhaps while the window's thread delivers an event to them, and the program crashes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_in_this_thread() -> Iterator[None]:
    """Collect garbage only where `collect_due` is called, and at the end of the block.

    For the thread that runs Qt's event loop.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()  # nothing of Qt is left to other threads
        if was_enabled:
            gc.enable()


def collect_due() -> None:
    """Collect the oldest generation that Python would have collected since the last call, if any.

    Python collects generation 0 after so many new objects, and the others after so many collections
    of the one before. Collections that were left out are counted as if they had been made.
    """
    due, left_out = None, 0.0
    for generation, (count, threshold) in enumerate(
        zip(gc.get_count(), gc.get_threshold(), strict=True)
    ):
        if threshold == 0:  # Python never collects it by itself
            break
        left_out = (count + left_out) / threshold
        if left_out > 1:
            due = generation
    if due is not None:
        gc.collect(due)
