"""Ruled lines of a page: longer than what is written, thin, alone or in families."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ruled_lines.detection import find_ruled_lines

ROWS, COLS = 600, 800


def writing(height=60):
    """Zeros in two lines."""
    canvas = np.zeros((ROWS, COLS), np.uint8)
    for row in (150, 350):
        for left in range(80, 700, 90):
            cv2.ellipse(canvas, (left, row), (height // 3, height // 2), 0, 0, 360, 1, 4)
    return canvas


def test_writing_alone_has_no_ruled_lines():
    across, down = find_ruled_lines(writing() > 0)
    assert (len(across), len(down)) == (0, 0)


def test_lines_of_squared_paper_are_found_both_ways():
    canvas = writing()
    canvas[20::50] = 1
    canvas[:, 30::50] = 1
    across, down = find_ruled_lines(canvas > 0)
    np.testing.assert_allclose(np.sort(across.at(np.float64(400))), range(20, ROWS, 50), atol=1)
    np.testing.assert_allclose(np.sort(down.at(np.float64(300))), range(30, COLS, 50), atol=1)


def test_a_bar_is_thicker_than_a_ruled_line():
    canvas = writing()
    canvas[500:514] = 1
    assert len(find_ruled_lines(canvas > 0)[0]) == 0


@pytest.mark.parametrize(("count", "found"), [(2, 0), (5, 5)])
def test_lines_little_longer_than_the_writing_are_ruled_only_in_a_family(count, found):
    canvas = writing()
    for i in range(count):
        canvas[30 + 7 * i, 600:700] = 1
    across, _ = find_ruled_lines(canvas > 0)
    assert len(across) == found


def test_one_line_three_times_as_long_as_the_writing_is_high_is_ruled():
    canvas = writing()
    canvas[550, 300:500] = 1
    assert len(find_ruled_lines(canvas > 0)[0]) == 1


@pytest.mark.parametrize("width", [1, 3, 6, 9])
def test_lines_of_a_page_that_is_searched_on_a_copy_are_found_up_to_their_limit(width):
    large = np.zeros((1200, 1600), bool)
    for row in range(100, 1200, 100):
        large[row : row + width] = True
        large[row - 60 : row - 20, 500:520] = True  # a digit
    across, _ = find_ruled_lines(large)
    assert len(across) == 11


def test_lines_of_a_large_page_are_scaled_to_it():
    large = np.zeros((2400, 3200), bool)
    large[1000:1006] = True
    large[300:420, 500:520] = True
    across, down = find_ruled_lines(large)
    assert (len(across), len(down)) == (1, 0)
    assert across.at(np.float64(1600))[0] == pytest.approx(1002.5, abs=2)
    assert across.ends[0] == pytest.approx(3199, abs=6)
