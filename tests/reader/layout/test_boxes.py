"""Geometry of boxes, against slower definitions of the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.layout.boxes import cheapest, grouped, hull, near_pairs, overlap


def random_boxes(n, seed=0):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 300, (n, 2))
    return np.concatenate([corners, corners + rng.integers(1, 40, (n, 2))], axis=1)


@pytest.mark.parametrize("reach_px", [0.0, 7.5, 40.0])
def test_near_pairs_are_all_pairs_within_reach_each_once(reach_px):
    boxes = random_boxes(40)
    found = {frozenset(pair) for pair in zip(*near_pairs(boxes, reach_px), strict=True)}
    wanted = {
        frozenset((i, j))
        for i in range(40)
        for j in range(i)
        if max(boxes[i, 0], boxes[j, 0]) - min(boxes[i, 2], boxes[j, 2]) <= reach_px
    }
    assert found == wanted
    assert len(near_pairs(boxes, reach_px)[0]) == len(wanted)


def test_the_first_of_a_pair_does_not_begin_right_of_the_second():
    boxes = random_boxes(40, seed=1)
    first, second = near_pairs(boxes, 20)
    assert (boxes[first, 0] <= boxes[second, 0]).all()


def test_overlap_is_positive_for_shared_pixels_and_negative_for_a_gap():
    one, other = np.array([[0, 0, 10, 10]] * 2), np.array([[6, 12, 20, 20], [15, 5, 20, 9]])
    assert overlap(one, other, 0).tolist() == [4, -5]
    assert overlap(one, other, 1).tolist() == [-2, 4]


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=15),
        )
    )
)
def test_groups_are_the_connected_ones_numbered_by_their_lowest_place(case):
    count, pairs = case
    first, second = np.array(pairs, np.intp).reshape(-1, 2).T
    groups = [{place} for place in range(count)]
    for i, j in pairs:
        joined = groups[i] | groups[j]
        for place in joined:
            groups[place] = joined
    lowest = sorted({min(group) for group in groups})
    wanted = [lowest.index(min(group)) for group in groups]
    assert grouped(count, (first, second)).tolist() == wanted


def test_nothing_has_no_groups():
    nothing = np.zeros(0, np.intp)
    assert grouped(0, (nothing, nothing)).tolist() == []


def test_the_cheapest_partner_is_found_and_a_place_without_one_has_none():
    of, to = np.array([0, 0, 2]), np.array([5, 6, 7])
    assert cheapest(of, to, np.array([2.0, 1.0, 9.0]), count=3).tolist() == [6, -1, 7]


def test_of_equally_cheap_partners_the_last_is_taken():
    of, to = np.array([0, 0]), np.array([5, 6])
    assert cheapest(of, to, np.array([1.0, 1.0]), count=1).tolist() == [6]


def test_the_hull_of_a_group_bounds_all_its_boxes():
    boxes = np.array([[0, 5, 10, 9], [4, 0, 6, 20], [30, 30, 40, 40]])
    assert hull(boxes, np.array([0, 0, 1])).tolist() == [[0, 0, 10, 20], [30, 30, 40, 40]]
