"""The resolution at which a page is read follows the height of its digits."""

import cv2
import numpy as np
import pytest

from digitus.imaging.sheet.resolution import RESOLUTION, square_and_extract_ink


def page(digit_px, shape=(2000, 3000)):
    grey = np.full(shape, 0.9, np.float32)
    half = digit_px // 2
    for left in range(200, shape[1] - 200, 4 * half):
        cv2.ellipse(grey, (left, 500), (half * 2 // 3, half), 0, 0, 360, 0.1, max(2, half // 4))
    return grey


def test_a_page_of_tall_digits_is_read_on_a_smaller_copy():
    found = square_and_extract_ink(page(120))
    assert max(found.grey.shape) == RESOLUTION.coarse_px
    assert found.shrunk_by == pytest.approx(2)
    assert all(ink.shape == found.grey.shape for ink in found.inks.versions)


def test_a_page_of_small_digits_keeps_its_resolution():
    found = square_and_extract_ink(page(30))
    assert found.grey.shape == (2000, 3000)
    assert found.shrunk_by == 1


def test_a_small_page_keeps_its_resolution():
    found = square_and_extract_ink(page(60, (800, 1200)))
    assert found.grey.shape == (800, 1200)
    assert found.shrunk_by == 1
