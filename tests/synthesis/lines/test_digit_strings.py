"""Strings of digits and the boxes of their characters."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.synthesis.lines.digit_strings import as_image, assemble, random_text, write_string
from digitus.synthesis.pen.writers import FAINTEST, PenWriter

GAPS = [0.3, 0.0, None, -0.2]


def _written(text, gap, seed=0):
    rng = np.random.default_rng(seed)
    return write_string(text, PenWriter(rng, 40), rng, gap=gap)


def _count_components(ink):
    return cv2.connectedComponents((ink >= 0.3).astype(np.uint8))[0] - 1


@given(st.integers(0, 1000), st.sampled_from(GAPS))
def test_all_ink_is_in_the_boxes_and_every_box_is_full(seed, gap):
    written = _written(random_text(np.random.default_rng(seed)), gap, seed)
    inside = np.zeros(written.ink.shape, bool)
    for left, top, width, height in written.boxes:
        inside[top : top + height, left : left + width] = True
        part = written.ink[top : top + height, left : left + width]
        assert part.shape == (height, width)
        assert (part[[0, -1]] >= FAINTEST).any(axis=1).all()
        assert (part[:, [0, -1]] >= FAINTEST).any(axis=0).all()
    assert not written.ink[~inside].any()


def test_there_is_a_box_for_each_digit_from_left_to_right():
    written = _written("3081", 0.3)
    assert written.text == "3081"
    assert len(written.boxes) == 4
    assert sorted(written.boxes) == list(written.boxes)


def test_a_gap_is_a_share_of_the_mean_width():
    ink = np.ones((20, 10), np.float32)
    boxes = assemble("11", [ink, ink], [0, 0], [0.3]).boxes
    assert boxes == ((0, 0, 10, 20), (13, 0, 10, 20))


def test_a_negative_gap_overlaps_by_a_share_of_the_mean_width():
    narrow, wide = np.ones((20, 10), np.float32), np.ones((20, 30), np.float32)
    boxes = assemble("10", [narrow, wide], [0, 0], [-0.2]).boxes
    assert boxes[1][0] == 10 - 4


def test_where_digits_overlap_the_darker_ink_counts():
    light, dark = np.full((20, 10), 0.4, np.float32), np.full((20, 10), 0.9, np.float32)
    ink = assemble("11", [dark, light], [0, 0], [-0.5]).ink
    assert ink[0, 7] == np.float32(0.9)
    assert ink[0, 12] == np.float32(0.4)


@pytest.mark.parametrize("seed", range(12))
def test_touching_digits_are_one_component(seed):
    text = "".join(np.random.default_rng(seed).choice(list("012368"), 5))
    rng = np.random.default_rng(seed)
    ways = {0: "plain", 1: "bare", 2: "straight", 3: "smooth", 6: "curved", 8: "from the left"}
    writer = PenWriter(rng, 60, allographs=ways)
    apart = write_string(text, writer, rng, gap=0.4)
    together = write_string(text, writer, rng, gap=None)
    assert _count_components(apart.ink) == 5
    assert _count_components(together.ink) == 1


def test_touching_digits_overlap_by_one_pixel():
    ink = np.ones((20, 10), np.float32)
    assert assemble("11", [ink, ink], [0, 0], [None]).boxes[1][0] == 9


def test_a_digit_moves_below_an_overhanging_one():
    seven = np.zeros((20, 12), np.float32)
    seven[:4], seven[:, :4] = 1, 1
    dot = np.ones((10, 4), np.float32)
    assert assemble("71", [seven, dot], [0, 0], [None]).boxes[1][0] == 3


def test_the_last_row_above_the_baseline_holds_ink():
    ink = np.ones((20, 10), np.float32)
    written = assemble("11", [ink, ink], [3, 0], [0.2])
    assert written.baseline_px == 20
    assert written.ink.shape[0] == 23


def test_the_same_seed_writes_the_same_string():
    np.testing.assert_array_equal(_written("2468", None, 3).ink, _written("2468", None, 3).ink)


def test_an_image_has_paper_around_the_string_and_shifted_boxes():
    written = _written("57", 0.3)
    image, boxes = as_image(written)
    left, top, width, height = boxes[1]
    first = written.boxes[1]
    cut = written.ink[first[1] : first[1] + first[3], first[0] : first[0] + first[2]]
    np.testing.assert_allclose(
        image[top : top + height, left : left + width], 255 * (1 - cut), atol=0.51
    )
    assert (image[0] == 255).all()


@pytest.mark.parametrize("text", ["", "12a", " ", "1=2"])
def test_an_unknown_character_is_refused(text):
    with pytest.raises(ValueError, match="digits 0 to 9"):
        _written(text, 0.3)


def test_texts_have_every_length_and_every_digit():
    rng = np.random.default_rng(0)
    texts = [random_text(rng) for _ in range(300)]
    assert {len(text) for text in texts} == set(range(2, 11))
    assert set("".join(texts)) == set("0123456789")
