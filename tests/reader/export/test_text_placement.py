"""Texts are placed clear of boxes and ink, on the better side first."""

import numpy as np
import pytest

from digitus.reader.export.text_placement import (
    FreeSpace,
    places_around,
    places_beside,
    places_within,
)

SIZE = (30, 12)
BOX = (100, 100, 40, 40)


@pytest.fixture
def page():
    return np.full((300, 300), 0.9, np.float32)


def overlap(one, other):
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, wide) * max(0, high)


def test_of_free_places_the_first_is_best(page):
    places = places_beside(BOX, SIZE, ["above", "right"], 2)
    assert FreeSpace(page, (300, 300), [BOX]).best(places, BOX) == (places[0], 0.0)


def test_a_place_on_another_box_is_never_chosen(page):
    other = (95, 80, 60, 18)
    place, _ = FreeSpace(page, (300, 300), [BOX, other]).best(
        places_beside(BOX, SIZE, ["above"], 2), BOX
    )
    assert place is None
    place, _ = FreeSpace(page, (300, 300), [BOX, other]).best(
        places_beside(BOX, SIZE, ["above", "below"], 2), BOX
    )
    assert overlap(place, other) == 0


def test_a_place_beyond_the_page_is_never_chosen(page):
    edge = (260, 100, 40, 40)
    place, _ = FreeSpace(page, (300, 300), [edge]).best(
        places_beside(edge, SIZE, ["right"], 2), edge
    )
    assert place is None


def test_a_place_on_ink_is_worse_than_one_on_the_next_side(page):
    page[84:98, 90:160] = 0.2
    places = places_beside(BOX, SIZE, ["above", "right"], 2)
    place, _ = FreeSpace(page, (300, 300), [BOX]).best(places, BOX)
    assert place[0] >= BOX[0] + BOX[2]


def test_ink_is_located_on_a_page_smaller_than_the_overlay(page):
    page[84:98, 90:160] = 0.2
    box = tuple(2 * side for side in BOX)
    places = places_beside(box, (60, 24), ["above", "right"], 2)
    place, _ = FreeSpace(page, (600, 600), [box]).best(places, box)
    assert place[0] >= box[0] + box[2]


def test_the_side_that_is_free_at_most_boxes_comes_first(page):
    boxes = [(100, 20 + 50 * row, 40, 45) for row in range(5)]
    space = FreeSpace(page, (300, 300), boxes)
    assert space.order_of_sides(boxes, SIZE, 2)[0] == "right"


def test_a_text_larger_than_a_cell_has_no_place_within_it():
    assert places_within((0, 0, 20, 40), SIZE, 2) == []
    assert all(
        overlap(place, (0, 0, 60, 40)) == 30 * 12
        for place in places_within((0, 0, 60, 40), SIZE, 2)
    )


def test_a_place_is_reachable_only_if_no_other_box_lies_between(page):
    places, wall = places_around(BOX, SIZE), (150, 20, 20, 200)
    beyond = [place for place in places if place[0] > 170 and 60 < place[1] < 180]
    assert beyond
    assert FreeSpace(page, (300, 300), [BOX]).reachable(beyond, BOX) == beyond
    assert FreeSpace(page, (300, 300), [BOX, wall]).reachable(beyond, BOX) == []
