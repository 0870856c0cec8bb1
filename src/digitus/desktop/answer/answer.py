"""The answer to a drawing or an image: one digit, or several line by line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitus.data.corrections import DrawnStrokes, SourceKind
from digitus.imaging.arrays import Grey
from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.preprocessing import preprocess
from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Prediction, Recognizer

if TYPE_CHECKING:
    from digitus.reader import Number

BETWEEN_NUMBERS = "  "
"""Two spaces, as on the terminal: one space may stand inside a number, as in 1 204."""
ONE_DIGIT_CONFIDENCE = 0.995
"""A drawing answered with at least this confidence is not read as a page as well. A model without
the class "not a digit" takes several digits for one, but rarely with so much confidence."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What was recognized.

    Attributes:
        prediction: the result for the image as a single digit.
        grey: (rows, cols), 0.0 black to 1.0 white, of an opened image; None for others.
        lines: the numbers of an image or drawing of several digits, or of one with a sign, one text
            per line, as they are written; a number to be checked is in brackets. Empty for one
            digit.
        drawing: the strokes that were read; None for images.
    """

    prediction: Prediction
    grey: Grey | None = None
    lines: tuple[str, ...] = ()
    drawing: DrawnStrokes | None = None

    @property
    def source_kind(self) -> SourceKind:
        """Where the image came from."""
        if self.drawing is not None:
            return "drawing"
        return "test_set" if self.grey is None else "image"


Read: TypeAlias = Callable[[Recognizer], Answer]


def read_drawing(recognizer: Recognizer, drawing: DrawnStrokes) -> Answer:
    """Read a drawing as one digit, and as a page if it may be several."""
    found = recognizer.predict_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
    lines = _read_several(recognizer, drawing) if _may_be_several(found, drawing) else ()
    return Answer(found, drawing=drawing, lines=lines)


def read_image(recognizer: Recognizer, image: str | bytes) -> Answer:
    """Read an image as one digit, and line by line if the page reader finds several.

    Raises:
        ImageError: if it cannot be opened.
    """
    preprocessed = preprocess(image)
    found = recognizer.predict_preprocessed(preprocessed)
    lines = () if found.verdict == "blank" else read_lines(recognizer, image)
    return Answer(found, grey=preprocessed.grey, lines=lines)


def read_lines(
    recognizer: Recognizer, image: ImageSource, *, only_confident: bool = False
) -> tuple[str, ...]:
    """Return the numbers on an image line by line; empty if there is one digit without a sign.

    Args:
        recognizer: its model reads the digits.
        image: a path, bytes or an array.
        only_confident: return nothing if more than half of the numbers are to be checked.
    """
    from digitus.reader import Reader  # loaded at the first use: the window opens without it

    reading = Reader(recognizer.model).read(image)
    lines = [line for page in reading.pages for line in page.lines]
    numbers = [number for line in lines for number in line.numbers]
    if sum(map(_n_signs, numbers)) < 2:
        return ()
    if only_confident and 2 * sum(number.to_check for number in numbers) > len(numbers):
        return ()
    return tuple(BETWEEN_NUMBERS.join(map(_marked, line.numbers)) for line in lines)


def _may_be_several(found: Prediction, drawing: DrawnStrokes) -> bool:
    """Return whether a drawing should also be read as a page, which takes longer."""
    if len(drawing.strokes) < 2 or found.verdict == "blank":
        return False
    confidence = found.confidence
    return found.digit is None or confidence is None or confidence < ONE_DIGIT_CONFIDENCE


def _read_several(recognizer: Recognizer, drawing: DrawnStrokes) -> tuple[str, ...]:
    """Read strokes as a page; empty if most numbers are doubtful, as those of a scribble."""
    ink = render_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
    return read_lines(recognizer, np.rint(255 * (1 - ink)).astype(np.uint8), only_confident=True)


def _n_signs(number: "Number") -> int:
    """Return the number of digits, and of marks where they are sure to make a plain number.

    So -4 has two, and a 4 with a speck beside it one.
    """
    has_marks = number.value is not None and not number.to_check
    return len(number.text) if has_marks else len(number.digits)


def _marked(number: "Number") -> str:
    """Return a number as the terminal shows it: in brackets if it is to be checked."""
    return f"[{number.text}]" if number.to_check else number.text
