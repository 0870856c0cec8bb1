"""Hand-made readings, and sheets of ink to write on with the synthetic pen."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from digitus.imaging.arrays import Grey
from digitus.imaging.strokes import render_strokes
from digitus.reader.pipeline.assembly import bounding_box
from digitus.reader.results.as_written import SIGNS, likeliest_texts
from digitus.reader.results.reading import Cell, Digit, Grid, Line, Mark, Number, PageReading
from digitus.reader.results.values import value_of
from digitus.synthesis.pen.digit_strokes import draw_digit, place

KINDS = {sign: kind for kind, sign in SIGNS.items()}
DIGIT_PX = (20, 30)  # width, height
STEP_PX = 24


def digit(value: int | None, confidence: float, left: int, top: int) -> Digit:
    best = 0 if value is None else value
    return Digit(
        digit=value,
        verdict="not_a_digit" if value is None else "digit",
        confidence=confidence,
        box=(left, top, *DIGIT_PX),
        alternatives=((best, confidence), ((best + 1) % 10, 1 - confidence)),
    )


@pytest.fixture(scope="session")
def make_number() -> Callable[..., Number]:
    """Make a number of a text: digits side by side, ``?`` for a declined one, marks between."""

    def make(text: str, left: int = 40, top: int = 60, *, confidence: float = 0.999) -> Number:
        digits: list[Digit] = []
        marks: list[Mark] = []
        for one in text:
            place = left + STEP_PX * len(digits)
            if one in KINDS:
                marks.append(Mark(KINDS[one], (place - 4, top + 26, 3, 3)))  # type: ignore[arg-type]  # kinds are given as str
            elif one == "?":
                digits.append(digit(None, 0.5, place, top))
            else:
                digits.append(digit(int(one), confidence, place, top))
        return Number(
            text=text,
            value=value_of(text),
            confidence=float(np.prod([one.confidence for one in digits])),
            to_check="?" in text or confidence < 0.9,
            box=bounding_box([one.box for one in (*digits, *marks)]),
            digits=tuple(digits),
            marks=tuple(marks),
            alternatives=likeliest_texts(digits, marks),
        )

    return make


def line_of(*numbers: Number) -> Line:
    left, top = numbers[0].box[:2]
    right = max(number.box[0] + number.box[2] for number in numbers)
    return Line(
        " ".join(number.text for number in numbers),
        float(np.prod([number.confidence for number in numbers])),
        (left, top, right - left, DIGIT_PX[1]),
        numbers,
    )


@pytest.fixture
def page_reading(make_number: Callable[..., Number]) -> PageReading:
    """Two lines: 0042 and 17; then 9?5, which is flagged."""
    first = line_of(make_number("0042", 40, 60), make_number("17", 240, 60))
    second = line_of(make_number("9?5", 40, 160))
    return PageReading("scans/a.png", 1, 400, 300, (first, second))


def cell(text: str, verdict: str, left: int, top: int, *, to_check: bool = False) -> Cell:
    confidence, box = 0.99 if text else None, (left, top, 90, 60)
    return Cell(text, verdict, confidence, to_check, box, value_of(text))  # type: ignore[arg-type]  # verdicts are given as str


@pytest.fixture
def grid_reading(make_number: Callable[..., Number]) -> PageReading:
    """Two by two cells: 07 and blank; struck out and a letter to check."""
    rows = (
        (cell("07", "digit", 20, 20), cell("", "blank", 110, 20)),
        (cell("", "struck_out", 20, 80), cell("", "not_a_digit", 110, 80, to_check=True)),
    )
    grid = Grid((20, 20, 180, 120), rows)
    line = line_of(make_number("07", 40, 36))
    return PageReading("scans/grid.png", 1, 400, 300, (line,), (grid,))


@pytest.fixture(scope="session")
def paper() -> Grey:
    """An empty page (300, 400), light grey."""
    return np.full((300, 400), 0.9, np.float32)


PEN_OF_HEIGHT = 0.11  # of a digit


@cache
def drawn(digit, seed, height):
    """Return the ink of a digit without margins, ``height`` rows high."""
    strokes = draw_digit(digit, np.random.default_rng(seed))
    side = height * 2
    strokes = place(strokes, size=height, left=height / 2, top=height / 2)
    ink = render_strokes(strokes, width=side, height=side, pen_px=PEN_OF_HEIGHT * height)
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    width = max(3, round(ink.shape[1] * height / len(ink)))
    return cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)


class Sheet:
    """Ink (rows, cols) to write on."""

    def __init__(self, rows=600, cols=900, seed=0):
        self.ink = np.zeros((rows, cols), np.float32)
        self.rng = np.random.default_rng(seed)

    def digit(self, digit, left, top, height=40):
        """Write one digit; return the column where it ends."""
        ink = drawn(digit, int(self.rng.integers(6)), height)
        top, left = round(top), round(left)
        window = self.ink[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(window, ink, out=window)
        return left + ink.shape[1]

    def line(self, text, left, top, height=40, *, gap=0.25, space=1.2, climb_deg=0.0):
        """Write digits and spaces, gaps in digit heights; return the column where they end."""
        start, slope = left, np.tan(np.deg2rad(climb_deg))
        for letter in text:
            if letter == " ":
                left += (space - gap) * height
            else:
                end = self.digit(int(letter), left, top - slope * (left - start), height)
                left = end + gap * height
        return left

    def stroke(self, start, end, pen=3):
        """Draw a straight stroke between two points (column, row)."""
        ends = [tuple(round(float(value)) for value in point) for point in (start, end)]
        cv2.line(self.ink, *ends, 1.0, pen)

    def grid(self, left, top, steps, pen=2, *, skew=0.0, borders=True):
        """Draw a grid; ``steps``: numbers of rows and columns, width and height of a cell."""
        rows, cols, width, height = steps

        def corner(row, col):
            x, y = col * width, row * height
            return left + x - skew * y, top + y + skew * x

        for row in range(rows + 1) if borders else range(1, rows):
            self.stroke(corner(row, 0), corner(row, cols), pen)
        for col in range(cols + 1) if borders else range(1, cols):
            self.stroke(corner(0, col), corner(rows, col), pen)
        return corner


@pytest.fixture(scope="session")
def new_sheet():
    """Return the class of sheets: ``new_sheet(rows=600, cols=900, seed=0)``."""
    return Sheet


@pytest.fixture
def sheet():
    """An empty sheet of 600 x 900 pixels."""
    return Sheet()
