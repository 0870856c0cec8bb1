"""Paper: its colour, its lines and patterns, and ink that covers it."""

import numpy as np
import pytest

from digitus.synthesis.papers.papers import Stain, cover, draw_lines, guilloche, plain, rule


def _rng():
    return np.random.default_rng(0)


def test_plain_paper_is_light_and_never_quite_even():
    paper = plain(80, 120, _rng())
    assert paper.shape == (80, 120, 3)
    assert paper.mean() > 0.75
    assert 0.002 < paper[:, :, 0].std() < 0.05


def _dark(paper, axis):
    """Which columns (axis 0) or rows (axis 1) are darker than the paper in the mean."""
    means = paper.mean(axis=(axis, 2))
    return np.flatnonzero(means < np.median(means) - 0.08)


def test_ruled_paper_has_a_line_every_pitch():
    paper = np.ones((300, 200, 3), np.float32)
    rule(paper, 50, _rng(), first_px=20, squared=False)
    assert {round((row - 20) / 50) for row in _dark(paper, 1)} == {0, 1, 2, 3, 4, 5}
    assert all(abs((row - 20) % 50 - 50 * ((row - 20) % 50 > 25)) <= 2 for row in _dark(paper, 1))


def test_squared_paper_has_upright_lines_as_well():
    paper = np.ones((300, 200, 3), np.float32)
    rule(paper, 50, _rng(), first_px=20, squared=True)
    assert len(_dark(paper, 1)) >= 6
    assert len(_dark(paper, 0)) >= 4


def test_a_cheques_pattern_covers_the_paper_but_leaves_it_light():
    paper = np.ones((80, 300, 3), np.float32)
    guilloche(paper, 8, _rng())
    blocks = paper.mean(axis=2).reshape(4, 20, 15, 20).swapaxes(1, 2)
    assert (blocks.std(axis=(2, 3)) > 0.005).all()
    assert paper.mean() > 0.6


def test_full_ink_covers_paper_by_its_strength():
    paper = np.ones((2, 2, 3), np.float32)
    ink = np.array([[1, 0], [0.5, 0]], np.float32)
    cover(paper, ink, Stain((0.0, 0.2, 1.0), 0.5))
    np.testing.assert_allclose(paper[0, 0], [0.5, 0.6, 1.0], atol=1e-6)
    np.testing.assert_allclose(paper[1, 0], [0.75, 0.8, 1.0], atol=1e-6)
    assert (paper[:, 1] == 1).all()


def test_grain_lets_paper_shine_through():
    paper = np.ones((60, 60, 3), np.float32)
    cover(paper, np.ones((60, 60), np.float32), Stain((0, 0, 0), 1.0, 0.5), _rng())
    assert paper.std() > 0.02
    assert paper.max() <= 0.51


def test_a_line_runs_from_point_to_point():
    ink = draw_lines([((5, 10), (35, 10))], (20, 40), 2)
    assert ink[10, 20] == pytest.approx(1, abs=0.02)
    assert not ink[:, :3].any()
    assert not ink[15:].any()
