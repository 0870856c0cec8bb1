"""Photos of a sheet on a table: the table around it has its color, and the sheet is tilted."""

import numpy as np
import pytest

from digitus.synthesis.digit_images.on_a_table import (
    SCENES,
    TABLE_KINDS,
    camera_over_table,
    digit_height_px,
    digit_on_table,
)
from digitus.synthesis.pen.writers import PenWriter


@pytest.fixture
def photo():
    def make(kind, seed=0):
        rng = np.random.default_rng(seed)
        return digit_on_table(PenWriter(rng, 150, pen=0.1)(4, rng), kind, rng)

    return make


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_the_table_is_darker_than_the_sheet(photo, kind):
    image = photo(kind).mean(axis=2)
    rows, cols = image.shape
    middle = image[rows // 3 : 2 * rows // 3, cols // 3 : 2 * cols // 3]
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert np.median(border) < 0.85 * np.median(middle)


def test_a_black_table_is_darker_than_light_wood(photo):
    tones = [photo(kind)[0].mean() for kind in ("black table", "light wood")]
    assert tones[0] < tones[1]


def test_tilted_sheets_and_perspective_are_as_far_as_named():
    rng = np.random.default_rng(0)
    low, high = SCENES.tilted_deg
    assert low <= abs(camera_over_table("tilted", rng).skew_deg) <= high
    assert camera_over_table("perspective", rng).tilt >= SCENES.perspective[0]
    assert camera_over_table("shadow", rng).shadow >= SCENES.shadow[0]
    assert camera_over_table("dark wood", rng).shadow == 0


def test_a_digit_fits_on_its_sheet():
    rng = np.random.default_rng(0)
    heights = [digit_height_px(rng) for _ in range(50)]
    assert 0 < min(heights) < max(heights) < SCENES.sheet_px[0]
