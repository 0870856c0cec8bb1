"""The components of a digit are kept; smudges, specks, neighbors and frames are cleared."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.digit_components import digit_components

SIDE = 200


def digit():
    ink = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(ink, (100, 100), (35, 55), 0, 0, 360, 1.0, 12)
    return ink


def test_a_digit_alone_is_kept_whole():
    np.testing.assert_array_equal(digit_components(digit()).digit, digit())


def test_the_dash_of_a_broken_digit_is_kept():
    ink = digit()
    ink[60:66, 145:165] = 1
    np.testing.assert_array_equal(digit_components(ink).digit, ink)


@pytest.mark.parametrize(
    "mark",
    [np.s_[20:23, 20:23], np.s_[80:120, 196:200]],
    ids=["speck", "neighbor cut off at the edge"],
)
def test_what_does_not_belong_to_the_digit_is_cleared(mark):
    ink = digit()
    ink[mark] = 1
    np.testing.assert_array_equal(digit_components(ink).digit, digit())


def test_a_smudge_that_is_nowhere_dark_is_cleared():
    ink = digit()
    ink[90:110, 150:180] = 0.4
    np.testing.assert_array_equal(digit_components(ink).digit, digit())


def test_smudges_alone_leave_nothing():
    assert not digit_components(0.4 * digit()).digit.any()


def test_a_box_drawn_around_the_digit_is_cleared():
    ink = digit()
    cv2.rectangle(ink, (15, 15), (185, 185), 1.0, 2)
    np.testing.assert_array_equal(digit_components(ink).digit, digit())


def test_a_zero_that_looks_like_a_frame_is_kept():
    ink = np.zeros((SIDE, SIDE), np.float32)
    cv2.rectangle(ink, (40, 20), (160, 180), 1.0, 8)
    np.testing.assert_array_equal(digit_components(ink).digit, ink)


def test_a_gap_of_a_dry_pen_is_bridged():
    ink = digit()
    ink[100] = 0
    np.testing.assert_array_equal(digit_components(ink).digit, ink)


def test_a_neighbor_of_the_same_size_belongs_to_the_writing_alone():
    ink = np.zeros((SIDE, 2 * SIDE), np.float32)
    ink[:, :SIDE] = digit()
    ink[45:155, 290:302] = 1
    found = digit_components(ink)
    np.testing.assert_array_equal(found.digit[:, :SIDE], digit())
    assert not found.digit[:, SIDE:].any()
    np.testing.assert_array_equal(found.writing, ink)


@pytest.mark.parametrize(
    "mark",
    [np.s_[20:23, 20:23], np.s_[60:140, 196:200], np.s_[90:105, 170:180]],
    ids=["speck", "neighbor cut off at the edge", "small mark"],
)
def test_specks_and_cut_off_neighbors_are_no_writing(mark):
    ink = digit()
    ink[mark] = 1
    found = digit_components(ink)
    assert found.writing is found.digit or (found.writing == found.digit).all()


def test_a_neighbor_whose_stroke_ends_at_the_border_is_whole():
    ink = np.zeros((SIDE, 2 * SIDE), np.float32)
    ink[:, :SIDE] = digit()
    cv2.ellipse(ink, (340, 100), (35, 55), 0, 0, 360, 1.0, 12)
    ink[95:105, 370:] = 1
    np.testing.assert_array_equal(digit_components(ink).writing, ink)


def test_a_neighbor_that_the_border_cuts_through_is_not_whole():
    ink = np.zeros((SIDE, SIDE + 120), np.float32)
    ink[:, :SIDE] = digit()
    cv2.ellipse(ink, (SIDE + 120, 100), (35, 55), 0, 0, 360, 1.0, 12)
    found = digit_components(ink)
    np.testing.assert_array_equal(found.writing[:, :SIDE], digit())
    assert not found.writing[:, SIDE:].any()
