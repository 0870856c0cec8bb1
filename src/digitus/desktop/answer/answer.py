"""The answer to a drawing or an image: one digit, or the numbers of a page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from digitus.data.corrections import DrawnStrokes, SourceKind
from digitus.errors import ImageError
from digitus.imaging.arrays import Grey
from digitus.imaging.levels import Levels, to_levels
from digitus.imaging.opening.page_source import Document, DocumentPage, open_document
from digitus.imaging.preprocessing import preprocess
from digitus.imaging.strokes import render_strokes
from digitus.recognizer import BLANK, Prediction, Recognizer

if TYPE_CHECKING:
    from digitus.desktop.numbers.table_layout import EntryPlace
    from digitus.reader import Number, PageReading, UprightPage
    from digitus.reader.results.reading import Box

BETWEEN_NUMBERS = "  "
"""Two spaces, as on the terminal: one space may stand inside a number, as in 1 204."""
ONE_DIGIT_CONFIDENCE = 0.995
"""A drawing answered with at least this confidence is not read as a page as well. A model without
the class "not a digit" takes several digits for one, but rarely with so much confidence."""


@dataclass(frozen=True)
class DigitBox:
    """Where a digit of a drawing was seen, in pixels, and whether its number is to be checked."""

    box: "Box"
    to_check: bool


@dataclass(frozen=True, eq=False)
class ReadPage:
    """The numbers of a page.

    Attributes:
        reading: its boxes are in pixels of the page as it is saved.
        on_picture: the same, with boxes in pixels of ``grey``.
        grey: (rows, cols), the upright page, 0.0 black to 1.0 white.
        source: for a drawing, the column and the row of it, in pixels, that each pixel of ``grey``
            comes from: two arrays of its shape. A page is turned to make its lines level.
        before: the page before its last correction; None for one that was not corrected.
    """

    reading: "PageReading"
    on_picture: "PageReading"
    grey: Grey
    source: tuple[Grey, Grey] | None = None
    before: "ReadPage | None" = None

    def boxes_on_drawing(self) -> "list[DigitBox]":
        """Return the box of each digit on the drawing; empty for images."""
        if self.source is None:
            return []
        return [
            DigitBox(_on_source(digit.box, self.source), number.to_check)
            for number in self.on_picture.numbers
            for digit in number.digits
        ]

    def corrected(self, place: "EntryPlace", text: str) -> "ReadPage":
        """Return the page with another text in one place; see `with_correction`.

        Raises:
            ValueError: if the text is no number.
        """
        from digitus.desktop.numbers.corrected import with_correction

        return replace(
            self,
            reading=with_correction(self.reading, place, text),
            on_picture=with_correction(self.on_picture, place, text),
            before=self,
        )


@dataclass(frozen=True, eq=False)
class Answer:
    """What was recognized.

    Attributes:
        prediction: the result for the image as a single digit.
        picture: an opened image in color (rows, cols, 3), 0 to 255, upright; None for others.
        page: the numbers of an image or drawing of several digits, or of one with a sign; None for
            one digit.
        drawing: the strokes that were read; None for images.
        n_pages: number of pages of the file; 1 for all but documents.
        remark: on what else the file holds, which is not read; empty if that is nothing.
    """

    prediction: Prediction
    picture: Levels | None = None
    page: ReadPage | None = None
    drawing: DrawnStrokes | None = None
    n_pages: int = 1
    remark: str = ""

    @property
    def source_kind(self) -> SourceKind:
        """Where the image came from."""
        if self.drawing is not None:
            return "drawing"
        return "test_set" if self.picture is None else "image"

    @property
    def lines(self) -> tuple[str, ...]:
        """The numbers line by line as texts; a number to be checked is in brackets."""
        if self.page is None:
            return ()
        lines = self.page.reading.lines
        return tuple(BETWEEN_NUMBERS.join(map(_marked, line.numbers)) for line in lines)


PROBABLY_RIGHT = 0.5
"""Confidence of a number from which it is more likely right than wrong."""

Read: TypeAlias = Callable[[Recognizer], Answer]


def read_drawing(recognizer: Recognizer, drawing: DrawnStrokes) -> Answer:
    """Read a drawing as one digit, and as a page if it may be several."""
    found = recognizer.predict_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
    page = _read_several(recognizer, drawing, found) if _may_be_several(found, drawing) else None
    return Answer(found, drawing=drawing, page=page)


def read_image(recognizer: Recognizer, image: str | bytes, page: int = 1) -> Answer:
    """Read a page of an image file: as one digit, or as numbers if it has several.

    Raises:
        ImageError: if it cannot be opened.
    """
    document = open_document(image)
    found = _read_one_digit(recognizer, image, document)
    source = document.page(page)
    if found is not None and found.verdict == "blank":
        return Answer(found, picture=source.color(), remark=document.remark)
    upright = _read_upright(recognizer, source)
    if found is not None and not has_several(upright.reading):
        return Answer(found, picture=source.color(), remark=document.remark)
    return Answer(
        BLANK if found is None else found,
        picture=straightened_picture(source, upright),
        page=_read_page(upright),
        n_pages=document.n_pages,
        remark=document.remark,
    )


def read_pages(recognizer: Recognizer, image: str | bytes, page: int) -> ReadPage:
    """Read a page of a document for its numbers alone.

    Raises:
        ImageError: if it cannot be decoded.
    """
    return _read_page(_read_upright(recognizer, open_document(image).page(page)))


def straightened_picture(source: DocumentPage, upright: "UprightPage") -> Levels:
    """Return a page in color (rows, cols, 3), squared up and upright as it lies under its boxes."""
    channels = cv2.split(source.color().astype(np.float32) / 255)
    straight = [to_levels(upright.straighten(np.asarray(one, np.float32))) for one in channels]
    return np.dstack(straight)


def has_several(page: "PageReading") -> bool:
    """Return whether a page has more than one digit without a sign."""
    return sum(map(_n_signs, page.numbers)) > 1


def _read_one_digit(
    recognizer: Recognizer, image: str | bytes, document: Document
) -> Prediction | None:
    """Read an image as `digitus predict` does; None for documents."""
    if document.n_pages > 1:
        return None
    try:
        return recognizer.predict_preprocessed(preprocess(image))
    except ImageError:  # a PDF
        grey, _ = document.page(1).grey()
        return recognizer.predict_preprocessed(preprocess(grey))


def _read_upright(recognizer: Recognizer, page: DocumentPage) -> "UprightPage":
    from digitus.reader import Reader  # loaded at the first use: the window opens without it

    return Reader(recognizer.model).read_upright(page)


def _read_page(upright: "UprightPage") -> ReadPage:
    return ReadPage(upright.reading, upright.reading_on_grey, upright.grey)


def _may_be_several(found: Prediction, drawing: DrawnStrokes) -> bool:
    """Return whether a drawing should also be read as a page, which takes longer."""
    if found.verdict == "several_digits":
        return True
    if len(drawing.strokes) < 2 or found.verdict == "blank":
        return False
    confidence = found.confidence
    return found.digit is None or confidence is None or confidence < ONE_DIGIT_CONFIDENCE


def _read_several(
    recognizer: Recognizer, drawing: DrawnStrokes, found: Prediction
) -> ReadPage | None:
    """Read strokes as a page; None if most numbers are doubtful, as those of a scribble.

    Where it is known that there are several digits, a number counts unless it is more likely wrong.
    """
    ink = render_strokes(
        drawing.strokes, width=drawing.width, height=drawing.height, pen_px=drawing.pen_px
    )
    page = open_document(np.rint(255 * (1 - ink)).astype(np.uint8)).page(1)
    upright = _read_upright(recognizer, page)
    numbers = list(upright.reading.numbers)
    if found.verdict == "several_digits":
        n_doubtful = sum(number.confidence < PROBABLY_RIGHT for number in numbers)
    else:
        n_doubtful = sum(number.to_check for number in numbers)
    if 2 * n_doubtful > len(numbers) or not has_several(upright.reading):
        return None
    return replace(_read_page(upright), source=_source_of(upright, drawing))


def _source_of(upright: "UprightPage", drawing: DrawnStrokes) -> tuple[Grey, Grey]:
    """Return the column and the row of a drawing that each pixel of its upright page comes from."""
    size = drawing.width, drawing.height
    rows, cols = np.indices((drawing.height, drawing.width))
    # Scaled to 0..1, the range of the channels that a page is made of.
    shares = [(one / px).astype(np.float32) for one, px in zip((cols, rows), size, strict=True)]
    x, y = (upright.straighten(one) * px for one, px in zip(shares, size, strict=True))
    return x, y


def _on_source(box: "Box", source: tuple[Grey, Grey]) -> "Box":
    """Return the box around where the middles of a box's sides come from.

    Its corners would give a larger box than the digit needs where the page was turned.
    """
    left, top, width, height = box
    n_rows, n_cols = source[0].shape
    rows = np.clip([top, top + height, top + height // 2, top + height // 2], 0, n_rows - 1)
    cols = np.clip([left + width // 2, left + width // 2, left, left + width], 0, n_cols - 1)
    x, y = (coordinate[rows, cols] for coordinate in source)
    start = round(float(x.min())), round(float(y.min()))
    return (*start, round(float(x.max())) - start[0], round(float(y.max())) - start[1])


def _n_signs(number: "Number") -> int:
    """Return the number of digits, and of marks where they are sure to make a plain number.

    So -4 has two, and a 4 with a speck beside it one.
    """
    has_marks = number.value is not None and not number.to_check
    return len(number.text) if has_marks else len(number.digits)


def _marked(number: "Number") -> str:
    """Return a number as the terminal shows it: in brackets if it is to be checked."""
    return f"[{number.text}]" if number.to_check else number.text
