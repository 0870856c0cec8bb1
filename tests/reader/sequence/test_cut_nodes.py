"""Nodes: the cuts of a line in one row, and the ink between any two of them."""

import numpy as np
import pytest

from digitus.reader.sequence.cut_nodes import CutNodes
from digitus.reader.sequence.cuts import CandidateCuts, Cuts, cut_components, uncut
from digitus.reader.sequence.line_components import find_line_components


@pytest.fixture
def three_bars(line_image, bars):
    """Nodes of three bars that are not cut."""
    components = find_line_components(line_image(bars(2, 20, 40)))
    return CutNodes.of(components, [uncut(components.component(i)) for i in range(3)])


@pytest.fixture
def touching(line_image, write_digits):
    """Nodes of touching digits, cut wherever they may be."""
    components = find_line_components(line_image(write_digits("380", gap=None, seed=4).ink))
    (cuts,) = cut_components([components], [np.ones(len(components), bool)])
    return CutNodes.of(components, cuts)


def test_a_line_has_a_node_before_each_uncut_component_and_one_at_its_end(three_bars):
    assert three_bars.component.tolist() == [0, 1, 2, 3]
    assert three_bars.is_between_components().all()


def test_every_cut_is_a_node(touching):
    assert len(touching) == sum(len(cuts.price) for cuts in touching.cuts) + 1


def test_the_ink_before_the_last_node_is_all_ink(touching):
    assert touching.ink_before[0] == 0
    assert touching.ink_before[-1] == pytest.approx(touching.components.ink.sum())


def test_the_ink_before_a_component_is_that_of_all_earlier_ones(three_bars):
    masses = [three_bars.components.component(number).sum() for number in range(3)]
    assert three_bars.ink_before == pytest.approx(np.cumsum([0, *masses]))


def test_nodes_between_components_lie_in_the_middle_of_their_gaps(three_bars):
    boxes, columns = three_bars.components.boxes, three_bars.columns()
    assert columns[1] == (boxes[0, 2] + boxes[1, 0]) / 2
    assert columns[[0, -1]].tolist() == [0, three_bars.components.ink.shape[1]]


def test_columns_never_decrease(touching):
    assert (np.diff(touching.columns()) >= 0).all()


def test_the_ink_between_neighboring_nodes_adds_up_to_that_of_a_component(touching):
    k = len(touching.cuts[0].price)
    assert k > 2
    for cut in range(1, k):
        left, right = touching.ink_between(0, cut)[0], touching.ink_between(cut, k)[0]
        assert left.sum() + right.sum() == pytest.approx(touching.cuts[0].ink.sum(), rel=0.02)


def test_the_ink_between_nodes_of_several_components_holds_them_all(three_bars):
    ink, (left, top, right, bottom) = three_bars.ink_between(0, 2)
    np.testing.assert_array_equal(ink, three_bars.components.ink[top:bottom, left:right])
    assert [left, right] == [three_bars.components.boxes[0, 0], three_bars.components.boxes[1, 2]]


def test_cropped_ink_lies_where_its_box_says(touching):
    for first in range(len(touching) - 1):
        for last in range(first + 1, len(touching)):
            ink, (left, top, right, bottom) = touching.ink_between(first, last)
            here = touching.components.ink[top:bottom, left:right]
            assert ink.shape == here.shape
            assert (ink <= here + 1e-6).all()


def test_a_range_of_faint_ink_alone_has_a_box_of_one_pixel(line_image, bars):
    ink = bars(2)
    ink[:, 5] = 0.15
    components = find_line_components(line_image(ink))
    stroke = components.component(0)
    behind = CandidateCuts(np.full((1, len(stroke)), stroke.shape[1] - 2), np.zeros(1))
    nodes = CutNodes.of(components, [Cuts.ordered(stroke, behind)])
    faint, (left, top, right, bottom) = nodes.ink_between(1, 2)
    assert faint.shape == (bottom - top, right - left) == (1, 1)
