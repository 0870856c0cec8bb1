"""Folds and carbon copies."""

import cv2
import numpy as np

from digitus.synthesis.papers.handling import copy_through_carbon, draw_folds


def _white():
    return np.ones((300, 400, 3), np.float32)


def test_a_sheet_that_is_not_folded_stays_as_it_is():
    paper = _white()
    draw_folds(paper, 0, np.random.default_rng(0))
    assert (paper == 1).all()


def test_a_fold_is_light_on_one_side_and_dark_on_the_other():
    for seed in range(5):
        paper = _white()
        draw_folds(paper, 1, np.random.default_rng(seed))
        profile = paper[:, 200, 0]
        crease = int(profile.argmin())
        before, after = profile[crease - 6], profile[crease + 6]
        assert 0.15 * 300 < crease < 0.85 * 300
        assert min(before, after) < 0.99
        assert max(before, after) > 1.01
        assert profile[crease] < min(before, after)


def test_the_second_fold_crosses_the_first():
    paper = _white()
    draw_folds(paper, 2, np.random.default_rng(3))
    assert paper[:, 5, 0].argmin() in range(40, 260)
    assert paper[5, :, 0].argmin() in range(70, 330)


def test_a_carbon_copy_has_wider_strokes_and_smudged_paper():
    ink = np.zeros((300, 400), np.float32)
    cv2.line(ink, (50, 40), (350, 260), 1.0, 5)
    for seed in range(5):
        paper = _white()
        copy = copy_through_carbon(paper, ink, 5.0, np.random.default_rng(seed))
        assert (copy > 0.25).sum() > 1.15 * (ink > 0).sum()
        assert copy[ink > 0].std() > 0.02
        assert 0 <= copy.min() <= copy.max() <= 1
        assert 0.8 < paper.min() < 0.995
