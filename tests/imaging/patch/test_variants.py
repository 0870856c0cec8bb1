"""One change at a time."""

import numpy as np
import pytest

from digitus.imaging.patch.centering import center_of_mass
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.imaging.patch.variants import deslanted, variants


def slant(ink):
    """The regression of columns on rows."""
    row, col = center_of_mass(ink)
    rows, cols = np.indices(ink.shape)
    return (ink * (rows - row) * (cols - col)).sum() / (ink * (rows - row) ** 2).sum()


@pytest.mark.parametrize("digit", range(10))
def test_each_variant_is_a_patch(write, digit):
    for patch in variants(make_patch(write(digit))).values():
        assert (patch.shape, patch.dtype) == ((28, 28), np.float32)
        assert 0 <= patch.min() <= patch.max() <= 1


@pytest.mark.parametrize("digit", range(10))
def test_thicker_and_thinner_change_the_width_by_what_they_say(write, digit):
    patch = make_patch(write(digit))
    changed = variants(patch)
    width = stroke_width_px(patch)
    assert stroke_width_px(changed["thicker"]) > width + 0.4
    assert stroke_width_px(changed["thinner"]) < width - 0.2


@pytest.mark.parametrize("digit", range(10))
def test_deslanted_ink_stands_upright(write, digit):
    assert abs(slant(deslanted(make_patch(write(digit))))) <= 0.05


def test_inverted_ink_is_where_the_paper_was():
    ring = np.zeros((28, 28), np.float32)
    ring[4:24, 4:24] = 1
    ring[10:18, 10:18] = 0
    inverted = variants(ring)["inverted"]
    assert inverted[13, 13] == 1
    assert (inverted > 0.5).sum() == 400


def test_a_blank_has_no_variants():
    with pytest.raises(ValueError, match="no ink"):
        variants(np.zeros((28, 28), np.float32))
