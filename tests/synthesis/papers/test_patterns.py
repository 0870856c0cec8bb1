"""Graph paper, dotted paper, and the hatching of security paper."""

import numpy as np
import pytest

from digitus.synthesis.papers import patterns
from digitus.synthesis.papers.patterns import draw_dots, draw_graph, draw_security


def _white(rows=200, cols=240):
    return np.ones((rows, cols, 3), np.float32)


def _peaks(profile):
    """Places where a profile is clearly darker than the paper, and darker than its neighbors."""
    inner = profile[1:-1]
    is_dark = inner < np.median(profile) - 0.01
    return 1 + np.flatnonzero(is_dark & (inner < profile[:-2]) & (inner <= profile[2:]))


@pytest.mark.parametrize("seed", range(4))
def test_graph_paper_has_fine_lines_and_every_few_a_strong_one(seed):
    paper = _white()
    draw_graph(paper, 10, np.random.default_rng(seed))
    for axis in (0, 1):
        profile = paper.mean(axis=(axis, 2))
        lines = _peaks(profile)
        depths = 1 - profile[lines]
        strong = lines[depths > (depths.min() + depths.max()) / 2]
        assert np.diff(lines) == pytest.approx(10, abs=1)
        assert set(np.rint(np.diff(strong) / 10).astype(int)) <= {4, 5, 10}
        assert 1 < len(strong) < len(lines) / 2


def test_dots_have_a_pitch_in_both_directions_and_paper_between_them():
    paper = _white()
    draw_dots(paper, 20, np.random.default_rng(1), first_px=15)
    dark = paper.mean(axis=2) < 0.99
    rows = np.flatnonzero(dark.any(axis=1))
    assert set(np.rint((rows - 15) / 20).astype(int)) == set(range(10))
    assert np.abs((rows - 15 + 10) % 20 - 10).max() <= 3
    assert dark.mean() < 0.05
    assert not dark.all(axis=1).any()
    assert not dark.all(axis=0).any()


def test_security_paper_is_hatched_everywhere_and_stays_light():
    for seed in range(5):
        paper, ink = _white(80, 300), np.zeros((80, 300), np.float32)
        draw_security(paper, ink, 8, np.random.default_rng(seed))
        blocks = paper.mean(axis=2).reshape(4, 20, 15, 20).swapaxes(1, 2)
        assert (blocks.std(axis=(2, 3)) > 0.005).all()
        assert paper.mean() > 0.6


def test_ink_does_not_hold_on_some_security_papers():
    broken = 0
    for seed in range(20):
        ink = np.ones((80, 300), np.float32)
        draw_security(_white(80, 300), ink, 8, np.random.default_rng(seed))
        assert ink.min() >= (1 - patterns.PATTERN.lacquer[1]) ** 2 - 1e-6
        broken += ink.min() < 0.9
    assert 5 <= broken < 20
