"""Reading what was drawn: one digit, or several that stand apart."""

from collections.abc import Sequence

import numpy as np

from digitus.desktop.canvas.drawing import CANVAS_PX, Stroke
from digitus.desktop.canvas.recognition import Answer, Read
from digitus.desktop.images.open_image import read_lines
from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Prediction, Recognizer

SURE = 0.995  # a model that never declines takes several digits for one, seldom as sure as this


def reader_of(strokes: Sequence[Stroke], *, pen_px: int) -> Read:
    """Return what reads these strokes; copies of them, for the pen may go on meanwhile."""
    copies = tuple(list(stroke) for stroke in strokes)

    def read(recognizer: Recognizer) -> Answer:
        found = recognizer.predict_strokes(copies, width=CANVAS_PX, height=CANVAS_PX, pen_px=pen_px)
        lines = _several(recognizer, copies, pen_px) if _may_be_several(found, copies) else ()
        return Answer(found, strokes=copies, lines=lines)

    return read


def _may_be_several(found: Prediction, strokes: Sequence[Stroke]) -> bool:
    """Return whether it is worth the time to read a drawing as a page."""
    if len(strokes) < 2 or found.verdict == "blank":
        return False
    return found.digit is None or found.confidence is None or found.confidence < SURE


def _several(recognizer: Recognizer, strokes: Sequence[Stroke], pen_px: int) -> tuple[str, ...]:
    """Read strokes as a page; nothing where its digits are too doubtful, as those of a scribble."""
    ink = render_strokes(strokes, width=CANVAS_PX, height=CANVAS_PX, pen_px=pen_px)
    return read_lines(recognizer, np.rint(255 * (1 - ink)).astype(np.uint8), only_confident=True)
