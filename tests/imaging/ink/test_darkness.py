"""Darkness of a page: independent of the light and of its polarity, its noise measured."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.darkness import darkness_of_page, paper_of_page
from digitus.imaging.ink.light import light_of_page
from digitus.imaging.ink.paper import is_dark_page

ROWS, COLS = 300, 400


def lines(width=5):
    """Strokes (300, 400), 0.0 or 1.0."""
    ink = np.zeros((ROWS, COLS), np.float32)
    for left in range(40, 360, 40):
        cv2.line(ink, (left, 100), (left + 12, 180), 1.0, width)
    return ink


def noisy(page, spread=0.02):
    noise = spread * np.random.default_rng(0).standard_normal(page.shape)
    return np.asarray(np.clip(page + noise, 0, 1), np.float32)


def test_darkness_does_not_depend_on_the_light():
    page = 0.9 - 0.6 * lines()
    slope = np.linspace(0.4, 1, COLS, dtype=np.float32)
    even, uneven = (darkness_of_page(noisy(page * light, 0.005)).values for light in (1, slope))
    strokes = lines(3) == 1
    assert even[strokes].mean() == pytest.approx(255 * 2 / 3, abs=8)
    assert uneven[strokes].mean() == pytest.approx(even[strokes].mean(), abs=8)


@pytest.mark.parametrize("spread", [0.005, 0.02, 0.05])
def test_the_noise_is_measured_though_darkness_is_cut_off_at_the_paper(spread):
    found = darkness_of_page(noisy(0.8 - 0.5 * lines(), spread * 0.8))
    assert found.noise == pytest.approx(spread, rel=0.2)


def test_a_clean_drawing_has_no_noise_and_keeps_its_grey():
    ink = cv2.GaussianBlur(lines(), (5, 5), 1)
    darkness = darkness_of_page(1 - ink)
    assert darkness.noise == 0
    np.testing.assert_allclose(darkness.values, 255 * ink, atol=0.51)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("shade", [1.0, 0.45])
def test_the_side_of_the_paper_is_known_in_shadow_too(turned, shade):
    page = noisy(0.9 - 0.6 * lines())
    page[:, 250:] *= shade
    levels = np.asarray(255 * (1 - page if turned else page), np.uint8)
    assert is_dark_page(levels) == turned


def test_a_sheet_on_a_dark_table_is_light_paper():
    page = np.full((ROWS, COLS), 0.1, np.float32)
    page[60:240, 20:380] = (0.9 - 0.6 * lines())[60:240, 20:380]
    assert not is_dark_page(np.asarray(255 * noisy(page), np.uint8))


def test_a_shadow_belongs_to_the_light_and_a_stroke_does_not():
    page = np.full((ROWS, COLS), 0.9, np.float32)
    page[:, 250:] *= 0.5
    light = light_of_page(np.asarray(255 * (page - 0.4 * lines()), np.uint8)) / 255
    assert np.abs(light - page)[:, np.r_[:240, 260:400]].max() < 0.06


def test_the_paper_of_a_board_is_dark_page():
    page = noisy(0.2 + 0.6 * lines())
    assert paper_of_page(page).max() < 0.3
