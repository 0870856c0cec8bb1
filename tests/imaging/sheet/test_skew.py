"""Skew: measured where lines or rows of marks tell it, left alone where nothing does."""

import cv2
import numpy as np
import pytest

from digitus.imaging.sheet.overview import overview_of
from digitus.imaging.sheet.skew import measure_skew
from digitus.imaging.sheet.squaring import rotated, square_up
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ANGLES = [-14.0, -7.5, -2.0, 1.0, 4.0, 11.0, 15.0]


def write(strokes, rng, *, size, left, top):
    strokes += place(draw_digit(int(rng.integers(10)), rng), size=size, left=left, top=top)


def page_of(strokes, *, width=1000, height=700):
    ink = render_strokes(strokes, width=width, height=height, pen_px=5)
    noise = np.random.default_rng(0).normal(0, 0.01, ink.shape)
    return np.asarray(np.clip(0.9 - 0.7 * ink + noise, 0, 1), np.float32)


def page_of_lines(n_lines, n_digits, seed=0):
    rng, strokes = np.random.default_rng(seed), []
    for line in range(n_lines):
        for i in range(n_digits):
            jitter = rng.normal(0, 2)
            write(strokes, rng, size=40, left=150 + 60 * i, top=200 + 80 * line + jitter)
    return page_of(strokes)


def fallen(page, angle):
    """Turn a page so that its lines fall to the right by an angle."""
    return rotated(page, -angle)


@pytest.mark.parametrize("angle", ANGLES)
def test_the_skew_of_written_lines_is_measured_within_half_a_degree(angle):
    page = fallen(page_of_lines(4, 11), angle)
    assert measure_skew(overview_of(page)) == pytest.approx(angle, abs=0.5)


@pytest.mark.parametrize("angle", [-9.0, 5.0])
def test_the_skew_of_one_line_is_measured(angle):
    page = fallen(page_of_lines(1, 11), angle)
    assert measure_skew(overview_of(page)) == pytest.approx(angle, abs=0.7)


@pytest.mark.parametrize("angle", ANGLES)
def test_the_skew_of_a_page_on_its_side_is_measured(angle):
    page = np.ascontiguousarray(np.rot90(fallen(page_of_lines(4, 11), angle)))
    assert measure_skew(overview_of(page)) == pytest.approx(angle, abs=0.5)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("angle", [-12.0, -3.0, 6.0, 14.0])
def test_the_skew_of_ruled_and_squared_paper_is_measured(angle, squared):
    page = page_of_lines(3, 8)
    page[60::50] = 0.6
    if squared:
        page[:, 60::50] = 0.6
    assert measure_skew(overview_of(fallen(page, angle))) == pytest.approx(angle, abs=0.5)


@pytest.mark.parametrize("seed", range(6))
def test_scattered_digits_are_left_as_they_are(seed):
    rng, strokes = np.random.default_rng(seed), []
    for left, top in rng.permutation([(c, r) for c in range(6) for r in range(4)])[:9]:
        shift = rng.uniform(-50, 50, 2)
        write(
            strokes, rng, size=50, left=100 + 140 * left + shift[0], top=80 + 150 * top + shift[1]
        )
    assert measure_skew(overview_of(page_of(strokes))) == 0


def page_of_numbers(seed):
    """Straight rows of numbers, each a little above or below its row."""
    rng, strokes = np.random.default_rng(seed), []
    for row in range(5):
        for col in range(3):
            rise = rng.normal(0, 5)
            for i in range(3):
                left, top = 120 + 280 * col + 45 * i, 90 + 110 * row + rise
                write(strokes, rng, size=50, left=left, top=top)
    return page_of(strokes)


@pytest.mark.parametrize("seed", range(8))
def test_numbers_that_stand_unevenly_in_straight_rows_are_not_turned(seed):
    assert measure_skew(overview_of(page_of_numbers(seed))) == 0


@pytest.mark.parametrize("angle", [-5.0, 4.0])
def test_numbers_that_stand_unevenly_in_skewed_rows_are_turned_back(angle):
    page = fallen(page_of_numbers(0), angle)
    assert measure_skew(overview_of(page)) == pytest.approx(angle, abs=1.0)


@pytest.mark.parametrize("page", [np.ones((300, 400)), np.zeros((300, 400)), np.full((8, 8), 0.5)])
def test_an_empty_page_has_no_skew(page):
    page = page.astype(np.float32)
    assert square_up(page) is page


def test_turning_back_and_forth_keeps_the_middle_of_a_page():
    page = page_of_lines(3, 8)
    there = rotated(page, 10)
    back = rotated(there, -10)
    top, left = ((back.shape[i] - page.shape[i]) // 2 for i in (0, 1))
    middle = back[top : top + page.shape[0], left : left + page.shape[1]]
    assert np.abs(cv2.blur(middle, (9, 9)) - cv2.blur(page, (9, 9))).mean() < 0.01


def test_what_comes_into_view_is_lit_as_the_page_beside_it():
    light = np.linspace(0.3, 0.9, 1000, dtype=np.float32)
    turned = rotated(page_of_lines(3, 8) * light, 12)
    corners = [turned[2, 2], turned[-3, 2], turned[2, -3], turned[-3, -3]]
    np.testing.assert_allclose(corners, [0.27, 0.27, 0.81, 0.81], atol=0.12)
