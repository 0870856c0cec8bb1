"""Readings made by hand: numbers with leading zeros, doubtful ones, a grid."""

from collections.abc import Callable

import numpy as np
import pytest

from digitus.imaging.arrays import Page
from digitus.reader.reading import Cell, Digit, Grid, Line, Mark, Number, PageReading

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
    """A number of digits side by side; ``?`` stands for a declined one."""

    def make(text: str, left: int = 40, top: int = 60, *, sure: float = 0.999) -> Number:
        doubtful = "?" in text or sure < 0.9
        digits = tuple(
            digit(
                None if one == "?" else int(one),
                0.5 if one == "?" else sure,
                left + i * STEP_PX,
                top,
            )
            for i, one in enumerate(text)
        )
        width = STEP_PX * (len(text) - 1) + DIGIT_PX[0]
        confidence = float(np.prod([one.confidence for one in digits]))
        marks = (Mark("dot", (left + DIGIT_PX[0], top + 26, 3, 3)),) if len(text) > 1 else ()
        return Number(text, confidence, doubtful, (left, top, width, DIGIT_PX[1]), digits, marks)

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
    """Two lines: 0042 and 17, then 9?5 which is to be checked."""
    first = line_of(make_number("0042", 40, 60), make_number("17", 240, 60))
    second = line_of(make_number("9?5", 40, 160))
    return PageReading("scans/a.png", 1, 400, 300, (first, second))


def cell(text: str, verdict: str, left: int, top: int, *, to_check: bool = False) -> Cell:
    return Cell(text, verdict, 0.99 if text else None, to_check, (left, top, 90, 60))  # type: ignore[arg-type]  # tests name verdicts


@pytest.fixture
def grid_reading(make_number: Callable[..., Number]) -> PageReading:
    """Two by two cells: 07, blank; struck out, a letter."""
    rows = (
        (cell("07", "digit", 20, 20), cell("", "blank", 110, 20)),
        (cell("", "struck_out", 20, 80), cell("", "not_a_digit", 110, 80, to_check=True)),
    )
    grid = Grid((20, 20, 180, 120), rows)
    line = line_of(make_number("07", 40, 36))
    return PageReading("scans/grid.png", 1, 400, 300, (line,), (grid,))


@pytest.fixture(scope="session")
def paper() -> Page:
    """An empty page (300, 400), light grey."""
    return np.full((300, 400), 0.9, np.float32)
