"""Repeated marks of the paper are removed; rows and columns of handwritten 1s stay."""

import cv2
import numpy as np
import pytest

from digitus.imaging.components import find_components
from digitus.imaging.ink.repeated_marks import are_repeated, without_repeated_marks

ROWS, COLS = 500, 700


def strokes_on(ink, strokes, pen=3):
    """Draw strokes, each from (column, row) to (column, row)."""
    for start, end in strokes:
        ends = [tuple(round(float(value)) for value in point) for point in (start, end)]
        cv2.line(ink, *ends, 1.0, pen)
    return ink


def paper():
    return np.zeros((ROWS, COLS), np.float32)


def dashes():
    """The broken lines of squared paper."""
    level = [((x, y), (x + 16, y)) for y in range(20, ROWS, 50) for x in range(8, COLS - 20, 25)]
    return strokes_on(paper(), level + [((y, x), (y, x + 16)) for (x, y), _ in level if y < COLS])


def dots():
    ink = paper()
    for y in range(15, ROWS, 30):
        for x in range(15, COLS, 30):
            cv2.circle(ink, (x, y), 3, 1.0, -1)
    return ink


def hatching():
    """A hatched margin."""
    return strokes_on(paper(), [((8, y), (24, y + 36)) for y in range(10, ROWS - 50, 30)])


def ruler():
    """Ticks, every fifth of which is longer."""
    return strokes_on(
        paper(), [((x, 12), (x, 30 if i % 5 else 48)) for i, x in enumerate(range(20, 690, 11))]
    )


def handwritten_ones(seed, rows=9, cols=12, *, spread=0.06, height=40):
    """Rows and columns of 1s, as even as people write."""
    rng = np.random.default_rng(seed)
    strokes = []
    for row in range(rows):
        for col in range(cols):
            left, top = 30 + 1.3 * height * col, 20 + 1.3 * height * row
            left, top = np.array([left, top]) + spread * height * rng.standard_normal(2)
            tall = height * (1 + spread * rng.standard_normal())
            slant = 0.15 + spread * rng.standard_normal()
            strokes.append(((left + slant * tall, top), (left, top + tall)))
    return strokes_on(paper(), strokes, pen=4)


@pytest.mark.parametrize("pattern", [dashes, dots, hatching, ruler])
def test_dashes_dots_hatching_and_ticks_are_removed(pattern):
    ink = pattern()
    assert ink.any()
    assert not without_repeated_marks(ink).any()


@pytest.mark.parametrize("seed", range(6))
def test_rows_and_columns_of_handwritten_ones_stay(seed):
    ink = handwritten_ones(seed)
    np.testing.assert_array_equal(without_repeated_marks(ink), ink)


def test_a_short_row_of_equal_ones_stays():
    ink = strokes_on(paper(), [((x, 100), (x, 140)) for x in range(40, 640, 50)], pen=4)
    assert not are_repeated(find_components(ink)).any()


def test_a_number_among_dots_stays():
    ink = dots()
    number = strokes_on(paper(), [((x, y), (x + 9, y + 33)) for x, y in ((200, 100), (230, 101))])
    rest = without_repeated_marks(np.maximum(ink, number))
    assert number[rest > 0].sum() == pytest.approx(number.sum())
    assert rest.sum() < 1.2 * number.sum()


def test_marks_in_perspective_are_removed():
    warp = cv2.getPerspectiveTransform(
        np.array([(0, 0), (COLS, 0), (COLS, ROWS), (0, ROWS)], np.float32),
        np.array([(40, 20), (COLS - 60, 0), (COLS, ROWS), (0, ROWS - 20)], np.float32),
    )
    ink = np.asarray(cv2.warpPerspective(dashes(), warp, (COLS, ROWS)), np.float32)
    assert without_repeated_marks(ink).sum() < 0.05 * ink.sum()


def test_marks_that_are_cut_off_go_with_the_others():
    ink = dashes()
    ink[:, :28] = 0  # cuts the dashes that begin at column 8
    cut = ink[:, 38:]
    assert not without_repeated_marks(np.ascontiguousarray(cut)).any()


def test_ink_without_repeated_marks_is_returned_itself():
    ink = handwritten_ones(1)
    assert without_repeated_marks(ink) is ink
