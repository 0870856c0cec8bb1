"""Digits of two lines that touch are divided; other high components stay whole."""

import numpy as np
import pytest

from digitus.imaging.components import find_components
from digitus.reader.layout.touching_lines import split_tall

HEIGHT_PX = 40


def page(*, neighbors=(True, True), waist=4, height=40):
    """Two rings above each other, joined by a stroke, and digits beside the upper and the lower."""
    ink = np.zeros((200, 200), np.float32)
    for top, has_neighbors in zip((40, 44 + height), neighbors, strict=True):
        ink[top : top + height, 80:104] = 1
        ink[top + 5 : top + height - 5, 85:99] = 0
        if has_neighbors:
            for left in (40, 140):
                ink[top : top + height, left : left + 5] = 1
    ink[40 + height : 44 + height, 92 - waist // 2 : 92 + waist - waist // 2] = 1
    return ink


def divided(ink):
    components = find_components(ink)
    return components, split_tall(components, HEIGHT_PX)


def test_two_digits_that_touch_are_divided_at_their_waist():
    before, after = divided(page())
    assert len(after) == len(before) + 1
    boxes = after.boxes[after.boxes[:, 0] == 80]
    assert sorted(boxes[:, 1].tolist())[0] == 40
    assert (boxes[:, 3] - boxes[:, 1]).max() <= 45


def test_the_parts_keep_all_ink_and_have_labels_of_their_own():
    before, after = divided(page())
    assert after.areas_px.sum() == before.areas_px.sum()
    assert len(set(after.numbers.tolist())) == len(after)
    for place in range(len(after)):
        assert after.mask(place).sum() == after.areas_px[place]


@pytest.mark.parametrize("neighbors", [(False, False), (True, False), (False, True)])
def test_a_high_component_without_digits_of_two_lines_beside_it_stays_whole(neighbors):
    before, after = divided(page(neighbors=neighbors))
    assert len(after) == len(before)


def test_a_high_component_without_a_waist_stays_whole():
    before, after = divided(page(waist=24))
    assert len(after) == len(before)
