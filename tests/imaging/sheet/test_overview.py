"""The overview of a page: its marks without specks, lines and what is cut off."""

import cv2
import numpy as np
import pytest

from digitus.imaging.sheet.overview import overview_of


def page(scale=1):
    grey = np.full((700, 900), 0.9, np.float32)
    for left in range(150, 700, 80):
        cv2.ellipse(grey, (left, 300), (15, 25), 0, 0, 360, 0.2, 5)
    grey[400, 200] = grey[420, 600] = 0.2
    grey += 0.003 * np.random.default_rng(0).standard_normal(grey.shape).astype(np.float32)
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.clip(grey, 0, 1)


def test_marks_are_boxes_and_specks_are_not():
    overview = overview_of(page())
    assert len(overview.boxes) == 7
    np.testing.assert_allclose(np.median(overview.boxes[:, 2:], axis=0), (35, 55), atol=3)
    assert len(overview.across) == len(overview.down) == 0


def test_ruled_lines_are_lines_and_no_marks():
    grey = page()
    grey[60::60] = np.minimum(grey[60::60], 0.5)
    overview = overview_of(grey)
    assert len(overview.across) == 11
    assert overview.boxes[:, 2].max() < 60


def test_marks_cut_off_by_the_border_are_left_out():
    grey = page()
    cv2.ellipse(grey, (2, 300), (15, 25), 0, 0, 360, 0.2, 5)
    assert overview_of(grey).boxes[:, 0].min() > 100


def test_a_large_page_is_seen_on_a_copy_of_1000_px():
    overview = overview_of(page(2))
    assert max(overview.shape) == 1000
    assert np.median(overview.boxes[:, 3]) == pytest.approx(55 * 1000 / 900, abs=4)


def test_a_blank_page_shows_nothing():
    overview = overview_of(np.full((200, 300), 0.8, np.float32))
    assert overview.boxes.shape == (0, 4)
