"""The removal of lines: they go, the strokes that touch or cross them stay."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ruled_lines.detection import find_ruled_lines
from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.imaging.ruled_lines.removal import erase_lines, without_ruled_lines

ROWS, COLS = 400, 600


def strokes():
    """Slanting strokes across row 200, as ink."""
    ink = np.zeros((ROWS, COLS), np.float32)
    for left in range(60, 540, 60):
        cv2.line(ink, (left, 160), (left + 20, 240), 1.0, 5)
    return ink


def ruled(ink, width=3, tone=1.0, squared=False):
    ink = ink.copy()
    for row in (100, 200, 300):
        ink[row : row + width] = np.maximum(ink[row : row + width], tone)
    if squared:
        for col in range(50, COLS, 100):
            ink[:, col : col + width] = np.maximum(ink[:, col : col + width], tone)
    return ink


def erased(ink, **options):
    return erase_lines(ink, *find_ruled_lines(ink > 0.1), **options)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_lines_are_erased_and_crossing_strokes_stay(width, squared):
    rest = erased(ruled(strokes(), width, squared=squared))
    far = cv2.dilate(strokes(), np.ones((13, 13))) == 0
    assert rest[far].sum() == 0
    assert rest[strokes() > 0].mean() > 0.95


def test_a_stroke_that_only_touches_a_line_keeps_its_length():
    ink = np.zeros((ROWS, COLS), np.float32)
    ink[150:200, 300:305] = 1
    rest = erased(ruled(ink))
    rows = np.flatnonzero(rest.any(axis=1))
    assert rows[0] == 150
    assert 199 <= rows[-1] <= 202


def test_a_wavy_line_is_followed():
    cols = np.arange(COLS)
    rows = np.rint(200 + 2.5 * np.sin(cols / 25)).astype(int)
    ink = np.zeros((ROWS, COLS), np.float32)
    ink[rows, cols] = ink[rows + 1, cols] = 1
    assert erased(ink).sum() < 0.02 * ink.sum()


def test_a_pale_line_goes_where_a_stroke_lies_along_it():
    ink = strokes()
    ink[200:203, 100:250] = 1  # the bar of a large 7, on the line
    ink = ruled(ink, tone=0.4)
    by_shape, by_tone = (erased(ink, darkness=one) for one in (None, np.rint(255 * ink)))
    assert by_tone[200:203, 105:245].mean() > 0.95
    assert by_shape[200:203, 105:245].mean() < 0.5
    assert by_tone[100:103].sum() == 0


def test_a_page_without_lines_is_left_alone():
    ink = strokes()
    assert without_ruled_lines(ink, ink, ink > 0.1) is None


def test_a_page_of_lines_alone_has_no_version_without_them():
    ink = ruled(np.zeros((ROWS, COLS), np.float32))
    assert without_ruled_lines(ink, ink, ink > 0.1) is None


def test_a_thickened_line_goes_up_to_the_stroke_that_crosses_it():
    ink = np.zeros((ROWS, COLS), np.float32)
    ink[200:203] = ink[199:204, 250:350] = 1
    ink[160:240, 298:303] = 1
    rest = erased(ink)
    assert rest[199:204, 298:303].all()
    assert not rest[199:204, 240:290].any()
    assert not rest[199:204, 311:360].any()


def drawn(places, length, width):
    """Lines of a width from their first rows on, as they are traced."""
    count = len(places)
    courses = np.zeros((count, 3))
    courses[:, 0] = np.array(places) + (width - 1) / 2
    return RuledLines(
        courses, np.zeros(count), np.full(count, length - 1.0), np.full(count, float(width))
    )


def without_thick_lines(ink, width, squared):
    across = drawn([100, 200, 300], COLS, width)
    down = drawn(range(50, COLS, 100), ROWS, width) if squared else RuledLines.none()
    return erase_lines(ruled(ink, width, squared=squared), across, down)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("width", [8, 12])
def test_a_slanting_stroke_stays_whole_where_it_crosses_a_line_as_thick_as_itself(width, squared):
    stroke = np.zeros((ROWS, COLS), np.float32)
    cv2.line(stroke, (180, 130), (225, 270), 1.0, 12)
    rest = without_thick_lines(stroke, width, squared)
    assert rest[cv2.dilate(stroke, np.ones((9, 9))) == 0].sum() == 0
    assert rest[stroke > 0].mean() > 0.97


@pytest.mark.parametrize("width", [1, 4, 8, 12, 24])
def test_a_crossing_of_two_lines_is_no_stroke(width):
    assert without_thick_lines(np.zeros((ROWS, COLS), np.float32), width, squared=True).sum() == 0
