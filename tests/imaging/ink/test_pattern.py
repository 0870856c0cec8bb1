"""A pattern fainter than the ink is not ink."""

import numpy as np
import pytest

from digitus.imaging.ink.pattern import (
    darkest_class,
    find_clear_pattern,
    find_pattern,
    without_pattern,
)
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.preprocessing import preprocess
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

SIDE = 200


def written(digit):
    strokes = place(draw_digit(digit, np.random.default_rng(2)), size=110, left=45, top=45)
    return render_strokes(strokes, width=SIDE, height=SIDE, pen_px=12)


def striped(ink, *, angle_deg, tone=0.3, period_px=40):
    row, col = np.indices(ink.shape)
    angle = np.deg2rad(angle_deg)
    across = row * np.cos(angle) + col * np.sin(angle)
    return np.where(across % period_px < period_px / 3, ink + tone * (1 - 2 * ink), ink)


@pytest.mark.parametrize("angle_deg", [0, 10, 45, 80, 90, 130])
@pytest.mark.parametrize("digit", [0, 3, 5, 8])
def test_a_digit_on_stripes_is_the_digit_without_them(digit, angle_deg):
    ink = written(digit)
    patch, wanted = preprocess(1 - striped(ink, angle_deg=angle_deg)).patch, make_patch(ink)
    moves = [np.roll(wanted, (row, col), (0, 1)) for row in (-1, 0, 1) for col in (-1, 0, 1)]
    assert min(np.abs(patch - moved).mean() for moved in moves) <= 0.04


def test_a_digit_on_bare_paper_stays_as_it_is():
    ink = written(4)
    assert find_pattern(ink) is None


def test_ink_that_fills_the_border_is_not_a_pattern():
    ink = np.zeros((40, 40), np.float32)
    ink[:3], ink[:, :3] = 1, 0.5
    assert find_pattern(ink) is None


def test_the_darkest_of_three_tones_is_found():
    tones = np.repeat([0.0, 0.3, 0.9], [70, 25, 5]).astype(np.float32).reshape(10, 10)
    assert 0.3 < darkest_class(tones) <= 0.9


@pytest.mark.parametrize("shape", [(3, 3), (8, 50)])
def test_bare_paper_has_no_pattern(shape):
    assert find_pattern(np.zeros(shape, np.float32)) is None


def with_lines(ink, tone):
    lines = np.where(np.arange(SIDE) % 20 == 0, tone, 0.0)
    return np.maximum(ink, lines).astype(np.float32)


@pytest.mark.parametrize("bare", [0, 8])
def test_a_wide_and_faint_pattern_is_clear_also_where_the_border_is_bare(bare):
    image = with_lines(written(3), 0.2)
    image[:bare] = image[SIDE - bare :] = image[:, :bare] = image[:, SIDE - bare :] = 0
    pattern = find_clear_pattern(image)
    assert pattern is not None
    assert pattern.tone == pytest.approx(0.2)
    assert not without_pattern(image, pattern)[:, 20].any()


def test_dark_lines_and_lines_on_a_part_of_the_paper_are_no_clear_pattern():
    assert find_clear_pattern(with_lines(written(3), 0.6)) is None
    part = with_lines(written(3), 0.2)
    part[: SIDE // 2] = written(3)[: SIDE // 2]
    assert find_clear_pattern(part) is None
