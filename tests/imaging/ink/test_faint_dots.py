"""Dots that a blur makes too faint to be ink, and what is no dot."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.darkness import darkness_of_page
from digitus.imaging.ink.extractor import PAGE, extract_ink
from digitus.imaging.ink.faint_dots import FAINT_DOTS, FaintDots
from digitus.imaging.ink.page_ink import page_inks

ROWS, COLS = 300, 500
DOTS = [(150, 62), (152, 200), (148, 340)]


def drawing(*, dots=(), dot_px=2, dot=130, lines=()):
    """Upright strokes of 4 px, smaller dots beside them, and faint lines; 0.0 paper to 1.0 ink."""
    ink = np.zeros((ROWS, COLS), np.uint8)
    for x in range(40, COLS - 20, 35):
        cv2.line(ink, (x, 120), (x + 6, 150), 255, 4, cv2.LINE_AA)
    for row, col in dots:
        ink[row : row + dot_px, col : col + dot_px] = dot
    for start, end in lines:
        cv2.line(ink, start, end, 90, 1, cv2.LINE_AA)
    return ink.astype(np.float32) / 255


def photographed(ink, *, blur_px=1.5, noise=0.008, seed=0):
    soft = cv2.GaussianBlur(ink, (0, 0), blur_px)
    grain = noise * np.random.default_rng(seed).standard_normal(ink.shape)
    return np.clip(0.8 - 0.6 * soft + grain, 0, 1).astype(np.float32)


def extracted(grey):
    darkness = darkness_of_page(grey)
    ink = extract_ink(darkness, PAGE)
    return ink, FaintDots.of(darkness, PAGE).added_to(ink)


def is_inked(ink, place):
    row, col = place
    return bool(ink[row - 1 : row + 2, col - 1 : col + 2].max() >= FAINT_DOTS.ink - 0.01)


def test_dots_out_of_focus_become_ink():
    bare, dotted = extracted(photographed(drawing(dots=DOTS)))
    assert not any(is_inked(bare, place) for place in DOTS)
    assert all(is_inked(dotted, place) for place in DOTS)


def test_all_other_ink_stays_as_it_is():
    bare, dotted = extracted(photographed(drawing(dots=DOTS)))
    changed = np.argwhere(bare != dotted)
    nearest = np.abs(changed[:, None] - np.array(DOTS)).max(axis=2).min(axis=1)
    assert nearest.max() <= FAINT_DOTS.inner_px


def test_a_page_without_dots_stays_as_it_is():
    bare, dotted = extracted(photographed(drawing()))
    assert np.array_equal(bare, dotted)


def test_sharp_dots_stay_as_they_are():
    bare, dotted = extracted(photographed(drawing(dots=DOTS, dot_px=4, dot=255), blur_px=0.5))
    assert np.array_equal(bare, dotted)


@pytest.mark.parametrize("seed", range(3))
def test_noise_makes_no_dots(seed):
    bare, dotted = extracted(photographed(drawing(), noise=0.02, seed=seed))
    assert np.array_equal(bare, dotted)


def test_faint_lines_make_no_dots():
    lines = [((0, 40), (COLS, 44)), ((0, 250), (COLS, 200)), ((300, 0), (340, ROWS))]
    bare, dotted = extracted(photographed(drawing(lines=lines)))
    assert np.array_equal(bare, dotted)


def test_a_texture_of_dots_makes_none():
    places = [(row, col) for row in range(10, ROWS, 9) for col in range(10, COLS, 9)]
    texture = np.zeros((ROWS, COLS), np.float32)
    for row, col in places:
        texture[row : row + 2, col : col + 2] = 0.5
    bare, dotted = extracted(photographed(np.maximum(drawing(), texture)))
    assert np.array_equal(bare, dotted)


def test_dots_at_the_border_of_the_page_are_no_error():
    corners = [(1, 1), (1, COLS - 2), (ROWS - 2, 1), (ROWS - 2, COLS - 2)]
    _, dotted = extracted(photographed(drawing(dots=corners)))
    assert dotted.shape == (ROWS, COLS)


def test_the_ink_of_a_page_has_its_dots():
    inks = page_inks(photographed(drawing(dots=DOTS)))
    assert all(is_inked(ink, place) for ink in inks.versions for place in DOTS)


def test_a_blank_page_has_none():
    grey = np.full((ROWS, COLS), 0.9, np.float32)
    bare, dotted = extracted(grey)
    assert not bare.any()
    assert not dotted.any()
