"""A patch as text."""

import numpy as np
import pytest

from digitus.imaging.patch.text_blocks import blocks
from digitus.imaging.preprocessing import preprocess


def test_a_patch_is_14_lines_of_28_characters(write):
    lines = blocks(preprocess(write(5)).patch).split("\n")
    assert [len(line) for line in lines] == [28] * 14


def test_half_a_line_is_a_half_block():
    patch = np.zeros((28, 28), np.float32)
    patch[::2, :14] = 1
    patch[1::2, 14:] = 1
    assert blocks(patch) == "\n".join(["▀" * 14 + "▄" * 14] * 14)


@pytest.mark.parametrize(
    ("level", "character"), [(0, " "), (0.25, "░"), (0.5, "▒"), (0.75, "▓"), (1, "█")]
)
def test_grey_is_shaded(level, character):
    assert set(blocks(np.full((28, 28), level, np.float32))) == {character, "\n"}
