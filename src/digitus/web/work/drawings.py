"""Drawings read in the server's own process: what has come meanwhile is computed in one batch."""

import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread

import numpy as np

from digitus.imaging.arrays import Patch
from digitus.imaging.ink.digit_ink import is_blank
from digitus.imaging.patch.patch import PATCH_PX, make_patch
from digitus.imaging.strokes import Strokes, render_strokes
from digitus.recognizer import Recognizer

MOST_IN_A_BATCH = 64
"""Drawings of one batch, about 60 ms: larger ones would let the first wait and gain nothing."""


@dataclass(frozen=True)
class PenDrawing:
    """What a pen drew.

    Attributes:
        strokes: (x, y) or (x, y, width share) points, in pixels of the canvas.
        width: width of the canvas in pixels.
        height: height of the canvas in pixels.
        pen_px: diameter of the pen.
    """

    strokes: Strokes
    width: int
    height: int
    pen_px: float


@dataclass(frozen=True)
class _Asked:
    drawings: Sequence[PenDrawing]
    future: "Future[bytes]"


class DrawingReader:
    """Reads drawings in one thread, many at once where many are asked for.

    Args:
        recognizer: used by that thread alone.

    Attributes:
        n_read: number of drawings read.
        n_batches: number of batches.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self.n_read = self.n_batches = 0
        self._recognizer = recognizer
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def read(self, drawings: Sequence[PenDrawing]) -> "Future[bytes]":
        """Return the envelope of ``predict --json`` for drawings, as bytes, once it is computed.

        The future raises a ``ValueError`` if a drawing has a size or a point that is none.
        """
        asked = _Asked(drawings, Future())
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._serve, name="drawings", daemon=True)
                self._thread.start()
        self._asked.put(asked)
        return asked.future

    def stop(self) -> None:
        """End the thread once it has read what was asked."""
        with self._lock:
            if self._thread is not None:
                self._asked.put(None)
                self._thread.join()

    def _serve(self) -> None:
        while (first := self._asked.get()) is not None:
            batch, n, is_last = [first], len(first.drawings), False
            while n < MOST_IN_A_BATCH and not self._asked.empty():
                another = self._asked.get()
                if another is None:
                    is_last = True
                    break
                batch.append(another)
                n += len(another.drawings)
            self._read_batch(batch)
            if is_last:
                return

    def _read_batch(self, batch: Sequence[_Asked]) -> None:
        """Read the drawings of several requests; a request that fails fails alone."""
        ready = [(one, patches) for one in batch if (patches := _patches(one)) is not None]
        if not ready:
            return
        try:
            stacked = np.stack([patch for _, patches in ready for patch in patches])
            predictions = iter(self._recognizer.predict_patches(stacked))
            for one, patches in ready:
                results = [
                    next(predictions).to_json(f"drawing {i + 1}") for i in range(len(patches))
                ]
                one.future.set_result(json.dumps({"results": results, "errors": []}).encode())
        except Exception as error:  # whoever asked must not wait for ever
            for one, _ in ready:
                if not one.future.done():
                    one.future.set_exception(error)
        self.n_read += sum(len(patches) for _, patches in ready)
        self.n_batches += 1


def _patches(asked: _Asked) -> list[Patch] | None:
    """Return the patches of a request, empty ones for blanks; None if it has failed."""
    if not asked.future.set_running_or_notify_cancel():
        return None
    try:
        return [_patch(drawing) for drawing in asked.drawings]
    except Exception as error:
        asked.future.set_exception(error)
        return None


def _patch(drawing: PenDrawing) -> Patch:
    ink = render_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
    return np.zeros((PATCH_PX, PATCH_PX), np.float32) if is_blank(ink) else make_patch(ink)
