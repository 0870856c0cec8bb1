"""Reading what was drawn: one digit, or several that stand apart."""

from collections.abc import Sequence

import numpy as np

from digitus.data.corrections import DrawnStrokes
from digitus.desktop.answer.recognition import Answer, Read
from digitus.desktop.canvas.drawing import CANVAS_PX, Point, Stroke
from digitus.desktop.images.open_image import read_lines
from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Prediction, Recognizer

SURE = 0.995  # a model that never declines takes several digits for one, seldom as sure as this


def reader_of(strokes: Sequence[Stroke], *, pen_px: int) -> Read:
    """Return a function that reads these strokes; it has copies, so drawing can go on."""
    copies = tuple(tuple(stroke) for stroke in strokes)
    drawing = DrawnStrokes(CANVAS_PX, CANVAS_PX, pen_px, copies)

    def read(recognizer: Recognizer) -> Answer:
        found = recognizer.predict_strokes(copies, width=CANVAS_PX, height=CANVAS_PX, pen_px=pen_px)
        lines = _read_several(recognizer, drawing) if _may_be_several(found, copies) else ()
        return Answer(found, drawing=drawing, lines=lines)

    return read


def _may_be_several(found: Prediction, strokes: Sequence[Sequence[Point]]) -> bool:
    """Return whether a drawing should also be read as a page, which takes longer."""
    if len(strokes) < 2 or found.verdict == "blank":
        return False
    return found.digit is None or found.confidence is None or found.confidence < SURE


def _read_several(recognizer: Recognizer, drawing: DrawnStrokes) -> tuple[str, ...]:
    """Read strokes as a page; empty if most digits are doubtful, as those of a scribble."""
    ink = render_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
    return read_lines(recognizer, np.rint(255 * (1 - ink)).astype(np.uint8), only_confident=True)
