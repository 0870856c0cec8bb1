"""Components of the ink: labelled, measured, and the digits' height told from other sizes."""

import cv2
import numpy as np
import pytest

from digitus.imaging.components import (
    could_be_digits,
    digit_height_px,
    find_components,
    is_solid,
    pen_width_px,
    thickness_px,
    weighted_median,
)

ROWS, COLS = 400, 600


def blank():
    return np.zeros((ROWS, COLS), np.float32)


def ring(ink, left, top, width=24, height=36, pen=4):
    """Draw a zero whose ink has the given box."""
    ink[top : top + height, left : left + width] = 1
    ink[top + pen : top + height - pen, left + pen : left + width - pen] = 0


def with_digits(n=8, height=36):
    ink = blank()
    for i in range(n):
        ring(ink, 60 + 50 * i, 100, height=height)
    return ink


def test_components_have_their_boxes_and_areas():
    ink = blank()
    ink[10:20, 30:35] = 1
    ink[50:53, 100:140] = 0.5
    found = find_components(ink)
    assert found.boxes.tolist() == [[30, 10, 35, 20], [100, 50, 140, 53]]
    assert found.areas_px.tolist() == [50, 120]
    assert found.widths_px.tolist() == [5, 40]
    assert found.heights_px.tolist() == [10, 3]
    assert found.spans_px.tolist() == [10, 40]


def test_diagonal_neighbors_are_one_component():
    ink = blank()
    ink[5, 5] = ink[6, 6] = 1
    assert len(find_components(ink)) == 1


def test_ink_fainter_than_an_edge_is_in_no_component():
    ink = blank()
    ink[5:9, 5:9] = 0.05
    assert len(find_components(ink)) == 0


def test_a_selection_keeps_the_masks_of_its_components():
    found = find_components(with_digits(3))
    last = found.only(np.array([2]))
    np.testing.assert_array_equal(last.mask(0), found.mask(2))


def test_components_at_the_border_are_marked_with_a_margin_or_without():
    ink = blank()
    ink[0:5, 10:20] = ink[ROWS - 3, 100] = ink[50:60, 50:60] = 1
    found = find_components(ink)
    assert found.at_edge().tolist() == [True, False, False]
    assert found.at_edge(margin_px=2).tolist() == [True, False, True]


@pytest.mark.parametrize("height", [20, 36, 60])
def test_the_height_of_digits_is_measured_beside_specks_and_a_headline(height):
    ink = with_digits(height=height)
    rng = np.random.default_rng(0)
    for row, col in rng.integers((200, 0), (ROWS, COLS), (80, 2)):
        ink[row, col] = 1
    ring(ink, 200, 210, 2 * height, 3 * height, 8)
    assert digit_height_px(find_components(ink)) == pytest.approx(height, abs=1)


def test_a_page_of_specks_has_no_digit_height():
    ink = blank()
    ink[::20, ::20] = 1
    assert digit_height_px(find_components(ink)) == 0


def test_a_frame_around_the_page_is_not_a_digit():
    ink = with_digits(3)
    cv2.rectangle(ink, (10, 10), (COLS - 10, ROWS - 10), 1.0, 3)
    found = find_components(ink)
    frame = found.spans_px > 500
    assert not could_be_digits(found)[frame].any()
    assert could_be_digits(found)[~frame].all()


@pytest.mark.parametrize("length", [180, 370])
def test_the_parts_of_a_frame_around_many_digits_are_none(length):
    ink = with_digits(8)
    for left in (6, 570):
        for top in range(12, ROWS - length, length + 8):
            ink[top : top + length, left : left + 14] = 1
    found = find_components(ink)
    assert not could_be_digits(found)[found.heights_px > 100].any()
    assert digit_height_px(found) == 36


def test_a_number_that_fills_its_image_counts():
    ink = np.zeros((60, 100), np.float32)
    ring(ink, 2, 2, 45, 56, 6)
    ring(ink, 52, 2, 45, 56, 6)
    assert could_be_digits(find_components(ink)).all()


def test_blobs_are_solid_and_thick_rings_are_not():
    ink = blank()
    cv2.circle(ink, (100, 100), 20, 1.0, -1)
    ring(ink, 200, 100, 30, 40, 8)
    found = find_components(ink)
    assert is_solid(found, where=np.ones(2, bool)).tolist() == [True, False]
    assert is_solid(found, where=np.ones(2, bool), pen_px=30).tolist() == [False, False]


@pytest.mark.parametrize("pen", [3, 5, 8])
def test_the_width_of_the_pen_is_that_of_the_strokes(pen):
    ink = blank()
    for i in range(5):
        ring(ink, 50 + 90 * i, 100, 60, 90, pen)
    assert pen_width_px(find_components(ink)) == pytest.approx(pen, abs=1)


def test_without_ink_the_pen_has_no_width():
    assert pen_width_px(find_components(blank())) == 0


def test_the_thickness_is_the_widest_circle():
    mask = np.zeros((50, 50), bool)
    mask[10:21, 5:45] = True
    assert thickness_px(mask) == pytest.approx(11, abs=1)


def test_the_weighted_median_divides_the_weights_in_halves():
    assert weighted_median(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 1.0, 1.0, 4.0])) == 4
    assert weighted_median(np.array([5.0, 1.0, 3.0]), np.ones(3)) == 3
