"""Degradation keeps what is written within the image, and adds what it says."""

import numpy as np
import pytest

from digitus.models.line_image_format import ROWS
from digitus.synthesis.lines import degradation
from digitus.synthesis.lines.degradation import PARAMETERS, degrade

COLS = 192


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_no_digit_at_either_end_is_cut_off(rng):
    written = np.zeros((30, COLS), np.float32)
    written[4:26, 2:5] = written[4:26, -5:-2] = 1
    for _ in range(60):
        image = degrade(written, rng)
        left, right = image[:, : COLS // 2].sum(), image[:, COLS // 2 :].sum()
        assert min(left, right) > 10


def test_a_line_higher_than_the_image_is_shrunk_into_it(rng):
    written = np.zeros((90, COLS), np.float32)
    written[:3, 80:110] = written[-3:, 80:110] = 1
    images = [degrade(written, rng) for _ in range(20)]
    assert np.mean([image[: ROWS // 2].sum() > 3 for image in images]) >= 0.8
    assert np.mean([image[ROWS // 2 :].sum() > 3 for image in images]) >= 0.8


def test_ink_below_the_faintest_is_removed(rng):
    written = np.full((20, COLS), 0.5, np.float32)
    for _ in range(20):
        image = degrade(written, rng)
        assert not ((image > 0) & (image < PARAMETERS.faintest)).any()


@pytest.mark.parametrize("name", ["_add_ruled_line", "_add_table_lines", "_add_specks"])
def test_additions_only_darken(name, rng):
    image = rng.random((ROWS, COLS), np.float32)
    before = image.copy()
    for _ in range(10):
        getattr(degradation, name)(image, rng)
    assert (image >= before).all()
    assert (image > before).any()


def test_faded_rows_span_the_whole_width(rng):
    image = np.ones((ROWS, COLS), np.float32)
    degradation._fade_rows(image, rng)
    faded = (image < 1).any(axis=1)
    assert 1 <= faded.sum() <= 3
    assert (image[faded] < 1).all()
