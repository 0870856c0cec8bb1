"""Line images are scaled to the size that the sequence network was trained on."""

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import DIGIT_PX, ROWS
from digitus.models.sequence.line_input import line_input


@pytest.mark.parametrize("height", [11, 22, 88])
def test_digits_of_any_height_get_the_height_that_was_trained_on(height):
    ink = np.zeros((2 * height, 3 * height), np.float32)
    ink[height // 2 : height // 2 + height, height : 2 * height] = 1
    scaled, scale = line_input(ink, height)
    rows = np.flatnonzero(scaled.max(axis=1) > 0.5)
    assert len(rows) == pytest.approx(DIGIT_PX, abs=1)
    assert abs(rows.mean() - (ROWS - 1) / 2) <= 1
    assert scale == pytest.approx(DIGIT_PX / height, rel=0.05)


def test_ink_that_does_not_fit_is_reduced():
    scaled, _ = line_input(np.ones((90, 30), np.float32), 20)
    assert scaled.shape[0] == ROWS
    assert (scaled[[0, -1]] == 0).all()


def test_a_line_image_without_ink_is_paper():
    scaled, _ = line_input(np.zeros((20, 30), np.float32), 20)
    assert not scaled.any()
