"""Lines of a grid cross each other and are drawn all the way; stacked digits do neither."""

import numpy as np
import pytest

from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.reader.tables.crossing_lines import are_continuous, cross_each_other
from digitus.reader.tables.frames import GridFrame

ROWS, COLS = [50, 100, 150], [50, 130, 210, 290]


def lines(places, last):
    n = len(places)
    courses = np.stack([places, np.zeros(n), np.zeros(n)], axis=1).astype(float)
    return RuledLines(courses, np.full(n, 30.0), np.full(n, last), np.ones(n))


@pytest.fixture
def frame():
    return GridFrame(lines(ROWS, 310.0), lines(COLS, 170.0))


@pytest.fixture
def mask():
    """A grid whose lines reach 20 px beyond the outer ones."""
    mask = np.zeros((200, 340), bool)
    mask[ROWS, 30:311] = True
    mask[30:171, COLS] = True
    return mask


def test_the_lines_of_a_grid_cross_and_are_continuous(frame, mask):
    assert cross_each_other(frame, mask)
    assert are_continuous(frame, mask)


def test_lines_one_or_two_pixels_off_their_course_still_count(frame, mask):
    assert are_continuous(frame, np.roll(mask, (1, 1), (0, 1)))
    assert cross_each_other(frame, np.roll(mask, (2, 2), (0, 1)))


def test_columns_of_stacked_digits_end_before_the_next_line(frame, mask):
    for row in ROWS:
        mask[row - 12 : row, 30:311] = mask[row + 1 : row + 13, 30:311] = False
    assert not cross_each_other(frame, mask)


def test_a_row_of_rounded_tops_is_not_continuous(frame, mask):
    mask[ROWS] = (np.arange(340) % 20 < 17) & mask[ROWS]
    assert not are_continuous(frame, mask)


def test_half_of_the_lines_suffice(frame, mask):
    mask[ROWS[0]] = False
    assert are_continuous(frame, mask)


def test_lines_that_end_at_those_they_meet_do_not_cross_them(frame, mask):
    for row in ROWS:
        mask[row + 1 : row + 13, 30:311] = False
    assert not cross_each_other(frame, mask)
