"""Parts of digits, and digits side by side."""

import numpy as np

from digitus.synthesis.negatives.fragments import PARAMETERS, cut_digit, neighbors, several


def test_several_digits_are_taken_from_the_given_patches():
    bars = np.zeros((1, 28, 28), np.float32)
    bars[:, 4:24, 8:20] = 1  # unlike any digit that is drawn
    rng = np.random.default_rng(0)
    given = [several(rng, bars).mean() for _ in range(40)]
    drawn = [several(rng, None).mean() for _ in range(40)]
    assert np.mean(given) > 1.5 * np.mean(drawn)


def test_several_digits_are_wider_than_one():
    rng = np.random.default_rng(1)
    rows = [several(rng, None) for _ in range(40)]
    inked = [np.flatnonzero(row.any(axis=0)) for row in rows]
    widths = [cols[-1] - cols[0] + 1 for cols in inked]
    assert np.median(widths) > PARAMETERS.height_px


def test_both_halves_of_neighbors_have_ink():
    rng = np.random.default_rng(0)
    cuts = [neighbors(rng, None) for _ in range(40)]
    halves = [np.array([cut[:, : cut.shape[1] // 2].sum(), cut.sum()]) for cut in cuts]
    assert np.mean([0.05 < left / both < 0.95 for left, both in halves]) > 0.9


def test_most_cut_digits_are_clearly_longer_than_wide_or_wider_than_long():
    rng = np.random.default_rng(0)
    shapes = np.array([cut_digit(rng).shape for _ in range(100)])
    assert np.median(shapes.min(axis=1) / shapes.max(axis=1)) < 0.7
