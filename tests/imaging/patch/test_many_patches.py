"""Many patches at once are the patches that are made one by one."""

import numpy as np
import pytest

from digitus.imaging.patch.many_patches import lay_out_all
from digitus.imaging.patch.patch import lay_out
from digitus.synthesis.pen.pen_drawings import draw_ink


def test_every_patch_is_the_one_that_is_made_alone():
    rng = np.random.default_rng(0)
    inks = [draw_ink(digit, rng) for digit in range(10)]
    for one, ink in zip(lay_out_all(inks), inks, strict=True):
        assert one == pytest.approx(lay_out(ink), abs=0.01)


def test_ink_smaller_than_a_patch_is_enlarged_the_same_way():
    ink = np.zeros((9, 5), np.float32)
    ink[1:8, 2] = 1
    assert lay_out_all([ink])[0] == pytest.approx(lay_out(ink), abs=0.01)


def test_bare_paper_gives_a_bare_patch():
    assert not lay_out_all([np.zeros((5, 5), np.float32)]).any()


def test_no_inks_give_no_patches():
    assert lay_out_all([]).shape == (0, 28, 28)
