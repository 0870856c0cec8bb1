"""Stroke width, blur, bars, grain and contrast of some of the patches."""

import numpy as np
import pytest

from digitus.synthesis.augmentation.distortions import (
    BAR,
    MARGIN_PX,
    blur,
    erase_bars,
    put_into_cells,
    scale_ink,
    speckle,
    thicken,
    thin,
)

SECOND = np.array([1])


def squares(n=3):
    patches = np.zeros((n, 28, 28), np.float32)
    patches[:, 9:19, 9:19] = 0.8
    return patches


def test_a_cell_is_the_patch_with_a_blank_margin():
    cells = put_into_cells(np.ones((2, 28, 28), np.float32))
    inner = cells[:, MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]
    assert (inner == 1).all()
    assert cells.sum() == inner.sum()


@pytest.mark.parametrize("change", [thicken, thin, blur])
def test_cells_that_are_not_named_stay_the_same(change):
    cells = put_into_cells(squares())
    before = cells.copy()
    change(cells, SECOND, np.array([1.0], np.float32))
    assert not np.array_equal(cells[1], before[1])
    assert np.array_equal(cells[[0, 2]], before[[0, 2]])


@pytest.mark.parametrize("change", [thicken, thin, blur])
def test_no_cell_to_change_is_allowed(change):
    cells = put_into_cells(squares())
    change(cells, np.array([], np.intp), np.array([], np.float32))
    assert np.array_equal(cells, put_into_cells(squares()))


def test_thickening_at_the_border_puts_no_ink_into_the_margin():
    cells = put_into_cells(np.ones((1, 28, 28), np.float32))
    thicken(cells, np.array([0]), np.array([1.0], np.float32))
    assert not cells[0, :MARGIN_PX].any()


def test_half_of_a_dilation_lies_half_way():
    cells = put_into_cells(squares(1))
    thicken(cells, np.array([0]), np.array([0.5], np.float32))
    assert cells[0, MARGIN_PX + 14, MARGIN_PX + 8] == pytest.approx(0.4)


def test_thinning_keeps_a_stroke_of_one_pixel():
    line = np.zeros((1, 28, 28), np.float32)
    line[0, 5:23, 14] = 1
    cells = put_into_cells(line)
    thin(cells, np.array([0]), np.array([1.0], np.float32))
    assert cells[0, MARGIN_PX + 7 : MARGIN_PX + 21, MARGIN_PX + 14].min() == 1


def test_a_bar_only_removes_ink_and_stays_near_the_center():
    full = np.ones((300, 28, 28), np.float32)
    which = np.arange(300)
    erase_bars(full, which, np.full(300, 2, np.float32), np.random.default_rng(0))
    assert full.max() == 1
    assert full.min() >= 0
    rows, cols = np.nonzero((full < 0.5).any(axis=0))
    reach = BAR.reach_px + BAR.length_px[1] / 2 + 1
    assert max(np.abs(rows - 13.5).max(), np.abs(cols - 13.5).max()) <= reach


def test_a_strong_speckle_makes_no_negative_ink():
    patches = squares()
    speckle(patches, SECOND, np.array([3.0], np.float32), np.random.default_rng(0))
    assert patches.min() == 0
    assert np.array_equal(patches[0], squares()[0])


def test_scaled_ink_is_clipped_at_full_ink():
    patches = squares()
    scale_ink(patches, SECOND, np.array([2.0], np.float32))
    assert patches[1].max() == 1
    assert patches[0].max() == pytest.approx(0.8)
