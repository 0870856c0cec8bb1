"""Color, ruled lines and patterns of paper, and ink on it."""

import numpy as np
import pytest

from digitus.synthesis.papers.papers import (
    InkColor,
    cover,
    draw_guilloche,
    draw_lines,
    draw_ruled_lines,
    plain_paper,
)


def _rng():
    return np.random.default_rng(0)


def test_plain_paper_is_light_and_slightly_uneven():
    paper = plain_paper(80, 120, _rng())
    assert paper.shape == (80, 120, 3)
    assert paper.mean() > 0.75
    assert 0.002 < paper[:, :, 0].std() < 0.05


def _dark(paper, axis):
    """Columns (axis 0) or rows (axis 1) whose mean is clearly darker than the paper."""
    means = paper.mean(axis=(axis, 2))
    return np.flatnonzero(means < np.median(means) - 0.08)


def test_ruled_paper_has_a_horizontal_line_every_pitch():
    paper = np.ones((300, 200, 3), np.float32)
    draw_ruled_lines(paper, 50, _rng(), first_px=20, squared=False)
    assert {round((row - 20) / 50) for row in _dark(paper, 1)} == {0, 1, 2, 3, 4, 5}
    assert all(abs((row - 20) % 50 - 50 * ((row - 20) % 50 > 25)) <= 2 for row in _dark(paper, 1))


def test_squared_paper_has_vertical_lines_too():
    paper = np.ones((300, 200, 3), np.float32)
    draw_ruled_lines(paper, 50, _rng(), first_px=20, squared=True)
    assert len(_dark(paper, 1)) >= 6
    assert len(_dark(paper, 0)) >= 4


def test_a_guilloche_covers_all_of_the_paper_and_leaves_it_light():
    paper = np.ones((80, 300, 3), np.float32)
    draw_guilloche(paper, 8, _rng())
    blocks = paper.mean(axis=2).reshape(4, 20, 15, 20).swapaxes(1, 2)
    assert (blocks.std(axis=(2, 3)) > 0.005).all()
    assert paper.mean() > 0.6


def test_the_strength_is_the_opacity_of_full_ink():
    paper = np.ones((2, 2, 3), np.float32)
    ink = np.array([[1, 0], [0.5, 0]], np.float32)
    cover(paper, ink, InkColor((0.0, 0.2, 1.0), 0.5))
    np.testing.assert_allclose(paper[0, 0], [0.5, 0.6, 1.0], atol=1e-6)
    np.testing.assert_allclose(paper[1, 0], [0.75, 0.8, 1.0], atol=1e-6)
    assert (paper[:, 1] == 1).all()


def test_grain_makes_the_ink_uneven():
    paper = np.ones((60, 60, 3), np.float32)
    cover(paper, np.ones((60, 60), np.float32), InkColor((0, 0, 0), 1.0, 0.5), _rng())
    assert paper.std() > 0.02
    assert paper.max() <= 0.51


def test_a_line_goes_from_its_start_to_its_end():
    ink = draw_lines([((5, 10), (35, 10))], (20, 40), 2)
    assert ink[10, 20] == pytest.approx(1, abs=0.02)
    assert not ink[:, :3].any()
    assert not ink[15:].any()
