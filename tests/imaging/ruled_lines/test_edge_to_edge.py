"""Lines through the image of a digit go; the bars of the digit itself stay."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ruled_lines.edge_to_edge import without_edge_to_edge_lines

SIDE = 240


def digit():
    ink = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(ink, (120, 120), (45, 70), 0, 0, 360, 1.0, 14)
    return ink


def cleaned(ink):
    return without_edge_to_edge_lines(ink, ink, ink > 0)


@pytest.mark.parametrize("tone", [0.4, 1.0])
@pytest.mark.parametrize("squared", [False, True])
def test_ruled_and_squared_lines_go_and_the_digit_stays(squared, tone):
    ink = digit()
    ink[25::40] = np.maximum(ink[25::40], tone)
    if squared:
        ink[:, 20::40] = np.maximum(ink[:, 20::40], tone)
    rest = cleaned(ink)
    assert rest[cv2.dilate(digit(), np.ones((9, 9))) == 0].sum() == 0
    assert rest[digit() == 1].mean() > 0.95


@pytest.mark.parametrize("width", range(1, 13))
def test_lines_of_any_usual_width_go(width):
    ink = digit()
    for row in (30, 100, 200):
        ink[row : row + width] = 1
    rest = cleaned(ink)
    assert rest[cv2.dilate(digit(), np.ones((9, 9))) == 0].sum() == 0


def test_without_lines_the_ink_is_returned_itself():
    ink = digit()
    assert cleaned(ink) is ink


def test_a_line_that_ends_within_the_image_stays():
    ink = digit()
    ink[210:213, 30:210] = 1
    assert cleaned(ink) is ink


@pytest.mark.parametrize("width", [4, 12])
def test_a_tightly_cropped_one_and_seven_keep_their_bars(width):
    one = np.zeros((SIDE, 3 * width), np.float32)
    one[:, width : 2 * width] = 1
    seven = np.zeros((SIDE, SIDE), np.float32)
    seven[:width] = 1
    cv2.line(seven, (SIDE - width, 0), (80, SIDE), 1.0, width)
    for ink in (one, seven):
        np.testing.assert_array_equal(cleaned(ink), ink)


def test_in_a_small_image_nothing_is_taken_for_a_line():
    ink = np.zeros((28, 28), np.float32)
    ink[14] = ink[4:24, 10:14] = 1
    assert cleaned(ink) is ink


def test_in_an_image_of_100_px_lines_that_look_7_px_thick_go():
    ink = np.zeros((100, 100), np.float32)
    cv2.ellipse(ink, (50, 50), (18, 28), 0, 0, 360, 1.0, 6)
    bare = ink.copy()
    for row in (8, 46, 84):
        ink[row : row + 7] = 1
    rest = cleaned(ink)
    assert rest[cv2.dilate(bare, np.ones((15, 15))) == 0].sum() == 0
    assert rest[bare == 1].mean() > 0.95
