"""Drawings read in the server's own process: what has come meanwhile is computed in one batch."""

import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.strokes import Strokes, render_strokes
from digitus.recognizer import Recognizer


@dataclass(frozen=True)
class BatchParameters:
    """When a batch is full, set by hand: what comes later waits for the next one.

    Attributes:
        drawings: 64 take about 60 ms; more would let the first wait and gain nothing.
        pixels: of all canvases, which are in memory together, 4 bytes each.
    """

    drawings: int = 64
    pixels: int = 8_000_000


BATCH = BatchParameters()


@dataclass(frozen=True)
class WorkParameters:
    """Work of a drawing, counted in pixels of its canvas, of which each takes about 5 ns.

    Measured with `render_strokes` on 2 to 20,000 points, canvases of 280 to 2,000 pixels, and pens
    of 1 to 2,000 pixels.

    Attributes:
        way: for each pixel of the pen's way.
        painted: for each pixel that the pen passes over.
    """

    way: float = 10.0
    painted: float = 0.1


WORK = WorkParameters()


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

    @property
    def work(self) -> float:
        """Work of rendering it, in pixels of a canvas that nothing is drawn on."""
        way_px = painted = 0.0
        size = np.array([self.width, self.height], np.float64)
        for stroke in self.strokes:
            points = np.array([point[:2] for point in stroke], np.float64).reshape(-1, 2)
            points = np.clip(points, -size, 2 * size)  # beyond the canvas, nothing is painted
            lengths = np.hypot(*np.diff(points, axis=0).T)
            pen_px = min(self.pen_px, 2 * float(size.max()))
            way_px += float(lengths.sum())
            painted += float((lengths + pen_px).sum()) * pen_px
        return self.width * self.height + WORK.way * way_px + WORK.painted * painted


@dataclass(frozen=True)
class _Asked:
    drawings: Sequence[PenDrawing]
    recognizer: Recognizer
    future: "Future[bytes]"

    @property
    def pixels(self) -> int:
        return sum(one.width * one.height for one in self.drawings)


class DrawingReader:
    """Reads drawings in one thread, many at once where many are asked for.

    Attributes:
        n_read: number of drawings read.
        n_batches: number of batches.
    """

    def __init__(self) -> None:
        self.n_read = self.n_batches = 0
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def read(self, drawings: Sequence[PenDrawing], recognizer: Recognizer) -> "Future[bytes]":
        """Return the envelope of ``predict --json`` for drawings, as bytes, once it is computed.

        The future raises a ``ValueError`` if a drawing has a size or a point that is none.

        Args:
            drawings: answered in their order.
            recognizer: used by the thread alone.
        """
        asked = _Asked(drawings, recognizer, Future())
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
            batch, is_last = [first], False
            n, pixels = len(first.drawings), first.pixels
            while n < BATCH.drawings and pixels < BATCH.pixels and not self._asked.empty():
                another = self._asked.get()
                if another is None:
                    is_last = True
                    break
                batch.append(another)
                n, pixels = n + len(another.drawings), pixels + another.pixels
            self._read_batch(batch)
            if is_last:
                return

    def _read_batch(self, batch: Sequence[_Asked]) -> None:
        """Read the drawings of several requests, those of one model together."""
        for recognizer in dict.fromkeys(one.recognizer for one in batch):
            self._read_with(recognizer, [one for one in batch if one.recognizer is recognizer])

    def _read_with(self, recognizer: Recognizer, batch: Sequence[_Asked]) -> None:
        """Read the drawings of several requests; a request that fails fails alone."""
        ready = [(one, inks) for one in batch if (inks := _inks(one)) is not None]
        if not ready:
            return
        try:
            predictions = iter(recognizer.predict_inks([ink for _, inks in ready for ink in inks]))
            for one, inks in ready:
                results = [next(predictions).to_json(f"drawing {i + 1}") for i in range(len(inks))]
                one.future.set_result(json.dumps({"results": results, "errors": []}).encode())
        except Exception as error:  # whoever asked must not wait for ever
            for one, _ in ready:
                if not one.future.done():
                    one.future.set_exception(error)
        self.n_read += sum(len(inks) for _, inks in ready)
        self.n_batches += 1


def _inks(asked: _Asked) -> list[Ink] | None:
    """Return the ink of the drawings of a request; None if it has failed."""
    if not asked.future.set_running_or_notify_cancel():
        return None
    try:
        return [_ink(drawing) for drawing in asked.drawings]
    except Exception as error:
        asked.future.set_exception(error)
        return None


def _ink(drawing: PenDrawing) -> Ink:
    return render_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
