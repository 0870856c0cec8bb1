"""Seams: the cheapest ways down through ink."""

import numpy as np
import pytest

from digitus.reader.sequence.seams import STEP, Seams


def bar(rows=20, cols=60):
    """A bar lying in the middle, its right half thinner."""
    ink = np.zeros((rows, cols), np.float32)
    ink[8:12, :30] = 1
    ink[10:12, 30:] = 1
    return ink


def border_through(ink, row, col):
    return Seams([ink]).borders(np.array([0]), np.array([row]), np.array([col]))[0]


def test_the_cheapest_seam_crosses_the_thin_half():
    costs = Seams([bar()]).costs(0, 0)[25:35]
    assert costs.min() == pytest.approx(2 + 20 * STEP, abs=1e-6)


def test_a_seam_goes_round_what_can_be_gone_round():
    ink = np.zeros((20, 15), np.float32)
    ink[9:11, 3:10] = 1
    costs = Seams([ink]).costs(0, 0)
    assert costs[6] < 1 + 20 * STEP + 12 * STEP


def test_a_seam_passes_through_the_pixel_that_was_asked_for():
    assert border_through(bar(), 10, 24)[10] == 24


def test_parts_side_by_side_do_not_change_each_other():
    alone = Seams([bar()]).costs(0, 5)
    beside = Seams([np.ones((30, 9), np.float32), bar()]).costs(1, 5)
    assert beside - (30 - 20) * STEP == pytest.approx(alone, abs=1e-5)


def test_a_slanted_gap_between_two_strokes_is_free():
    rows = np.arange(30)
    ink = np.zeros((30, 50), np.float32)
    for start in (5, 15):
        for row in rows:
            ink[row, start + (29 - row) // 2 : start + (29 - row) // 2 + 3] = 1
    border = border_through(ink, 15, 17)
    left = sum(ink[row, : border[row]].sum() for row in rows)
    assert left == pytest.approx(ink.sum() / 2)
