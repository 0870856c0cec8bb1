"""The light on the paper: slopes and shadows belong to it, strokes do not."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.light import light_of_digit_image, light_of_page, slope_of_light

ROWS, COLS = 240, 320


def written(pen):
    ink = np.zeros((ROWS, COLS), np.float32)
    cv2.ellipse(ink, (160, 120), (50, 80), 0, 0, 360, 0.6, pen)
    return ink


LIGHTS = {
    "even": np.full((ROWS, COLS), 0.9, np.float32),
    "slope": np.linspace(0.4, 0.9, COLS, dtype=np.float32)[None].repeat(ROWS, axis=0),
    "vignette": (0.9 - 0.5 * np.hypot(*np.mgrid[-1:1:240j, -1:1:320j]) ** 2 / 2).astype(np.float32),
}


@pytest.mark.parametrize("light", LIGHTS)
def test_the_light_of_a_digit_image_does_not_show_the_digit(light):
    found = light_of_digit_image(LIGHTS[light] * (1 - written(20)))
    assert np.abs(found / LIGHTS[light] - 1).max() < 0.08


@pytest.mark.parametrize("light", LIGHTS)
def test_the_light_of_a_page_does_not_show_the_writing(light):
    page = LIGHTS[light] * (1 - written(6))
    found = light_of_page(np.rint(255 * page).astype(np.uint8)) / 255
    assert np.abs(found / LIGHTS[light] - 1).max() < 0.08


def test_black_paper_has_a_light_that_can_be_divided_by():
    assert light_of_digit_image(np.zeros((40, 40), np.float32)).min() > 0
    assert light_of_page(np.zeros((40, 40), np.uint8)).min() > 0


def test_even_light_has_no_slope():
    small = LIGHTS["even"][::4, ::4] * (1 - written(8)[::4, ::4])
    np.testing.assert_array_equal(slope_of_light(small), 1)


def test_the_slope_is_fitted_beside_the_ink():
    small = LIGHTS["slope"][::4, ::4] * (1 - written(12)[::4, ::4])
    np.testing.assert_allclose(slope_of_light(small), LIGHTS["slope"][::4, ::4], atol=0.03)
