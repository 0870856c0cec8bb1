"""A bar that closes several ruled lines is erased with them; a 1 beside them stays."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ruled_lines.end_bars import without_end_bars
from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.imaging.ruled_lines.removal import without_ruled_lines

ROWS, COLS, LEFT = 400, 900, 60
STAVES = [(top, [top + 14 * line for line in range(5)]) for top in (90, 260)]


def sheet(*, bar):
    """Ink of music paper with a 7 below each staff; a bar closes the staves or does not."""
    ink = np.zeros((ROWS, COLS), np.float32)
    for top, rows in STAVES:
        for row in rows:
            ink[row : row + 2, LEFT : COLS - LEFT] = 1
        if bar:
            ink[top : rows[-1] + 2, LEFT : LEFT + 3] = 1
        for left in range(120, 600, 80):
            cv2.line(ink, (left, top + 75), (left + 30, top + 75), 1.0, 4)
            cv2.line(ink, (left + 30, top + 75), (left + 12, top + 125), 1.0, 4)
    return ink


@pytest.mark.parametrize("bar", [True, False])
def test_nothing_of_a_staff_is_left(bar):
    ink = sheet(bar=bar)
    rest = without_ruled_lines(ink, np.round(ink * 200).astype(np.uint8), ink > 0.1)
    assert rest[:, : LEFT + 20].sum() == 0
    assert rest[165:220, 110:600].sum() == pytest.approx(ink[165:220, 110:600].sum(), rel=0.02)


def lines(rows, start, end):
    courses = np.zeros((len(rows), 3))
    courses[:, 0] = rows
    ends = np.full(len(rows), float(start)), np.full(len(rows), float(end))
    return RuledLines(courses, *ends, np.full(len(rows), 2.0))


@pytest.mark.parametrize(
    ("left", "top", "height"), [(60, 100, 40), (300, 90, 58), (60, 70, 78)], ids=str
)
def test_a_stroke_within_the_lines_or_beyond_them_stays(left, top, height):
    ink = np.zeros((ROWS, COLS), np.float32)
    ink[top : top + height, left : left + 4] = 1
    rest = without_end_bars(ink, lines(STAVES[0][1], LEFT, COLS - LEFT))
    assert rest is ink
