"""What lies beside a sheet of any shape is covered with its light; writing in a shadow stays."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.page_ink import page_inks
from digitus.imaging.sheet.surroundings import without_surroundings

SHAPE = 600, 800
DIGITS = [(x, y) for y in (200, 300, 400) for x in range(200, 560, 40)]


def photo(corners, *, paper=0.9, table=0.5, planks=True, digits=DIGITS):
    """A sheet with writing on a table with dark gaps between its planks."""
    grey = np.full(SHAPE, table, np.float32)
    for x in range(30, SHAPE[1], 90) if planks else ():
        cv2.line(grey, (x, 0), (x + 10, SHAPE[0]), 0.5 * table, 3)
    cv2.fillPoly(grey, [np.array(corners, np.int32)], paper)
    rng = np.random.default_rng(0)  # equal strokes at equal steps would be a pattern
    for x, y in digits:
        (left, top), (aside, high) = rng.integers(-5, 6, 2), rng.integers((0, 22), (12, 36))
        start = x + int(left), y + int(top)
        cv2.line(grey, start, (start[0] + int(aside), start[1] + int(high)), 0.15, 4, cv2.LINE_AA)
    grey = cv2.GaussianBlur(grey, (0, 0), 0.8)
    noise = 0.008 * np.random.default_rng(0).standard_normal(SHAPE)
    return np.asarray(np.clip(grey + noise, 0, 1), np.float32)


def torn(seed=1):
    """A sheet that fills the lower right of the image, torn at its left side."""
    rng = np.random.default_rng(seed)
    left = [(110 + int(rng.integers(-14, 14)), y) for y in range(600, 60, -12)]
    return [(130, 50), (799, 70), (799, 599), *left]


def ink_of(grey):
    return page_inks(without_surroundings(grey)).versions[-1] > 0.3


@pytest.mark.parametrize(
    "corners",
    [
        torn(),
        [(150, -10), (810, -10), (810, 610), (120, 610)],
        [(-9, 90), (809, 60), (809, 609), (-9, 609)],
    ],
    ids=["torn", "cut by three borders", "below the table"],
)
@pytest.mark.parametrize("table", [0.3, 0.55, 0.75])
def test_what_lies_beside_the_sheet_is_no_ink(corners, table):
    ink = ink_of(photo(corners, table=table))
    only_writing = ink_of(photo(corners, table=0.9, planks=False))
    assert ink.sum() == pytest.approx(only_writing.sum(), rel=0.05)


def test_a_page_that_fills_the_image_is_returned_itself():
    page = photo([(0, 0), (800, 0), (800, 600), (0, 600)])
    assert without_surroundings(page) is page


def test_ruled_lines_from_edge_to_edge_do_not_end_the_sheet():
    page = photo([(0, 0), (800, 0), (800, 600), (0, 600)])
    for y in range(40, 600, 45):
        cv2.line(page, (0, y), (800, y), 0.4, 3)
    assert without_surroundings(page) is page


def test_writing_in_a_shadow_with_a_sharp_edge_stays():
    page = photo([(0, 0), (800, 0), (800, 600), (0, 600)])
    page[:, 420:] *= 0.5
    assert without_surroundings(page) is page


@pytest.mark.parametrize("blur_px", [8, 20, 40])
def test_the_soft_edge_of_a_shadow_does_not_end_the_sheet(blur_px):
    page = photo([(0, 0), (800, 0), (800, 600), (0, 600)], digits=DIGITS[:4])
    light = np.where(np.arange(800) < 500, 1.0, 0.6).astype(np.float32)
    page *= cv2.GaussianBlur(np.tile(light, (600, 1)), (0, 0), blur_px)
    assert without_surroundings(page) is page


@pytest.mark.parametrize("corners", [torn(), [(150, -10), (810, -10), (810, 610), (120, 610)]])
def test_what_lies_beside_a_dark_board_is_no_ink(corners):
    ink = ink_of(1 - photo(corners, table=0.5))
    only_writing = ink_of(1 - photo(corners, table=0.9, planks=False))
    assert ink.sum() == pytest.approx(only_writing.sum(), rel=0.05)


def test_chalk_lines_across_a_wiped_board_do_not_end_it():
    page = 1 - photo([(0, 0), (800, 0), (800, 600), (0, 600)])
    wiped = np.where(np.arange(600) < 260, 0.03, 0.0).astype(np.float32)[:, None]
    page += cv2.GaussianBlur(np.tile(wiped, (1, 800)), (0, 0), 12)
    cv2.line(page, (0, 260), (800, 250), 0.8, 6)
    assert without_surroundings(page) is page
