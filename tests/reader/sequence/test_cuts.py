"""Cuts: seams cross as little ink as possible, and the cuts that are kept differ."""

import numpy as np
import pytest

from digitus.reader.sequence.cuts import (
    PARAMETERS,
    SEAM_PARAMETERS,
    Seams,
    cut_components,
    uncut,
)
from digitus.reader.sequence.line_components import find_line_components

PAPER = SEAM_PARAMETERS.paper_cost


def bar(rows=20, cols=60):
    """A horizontal bar, whose right half is thinner."""
    ink = np.zeros((rows, cols), np.float32)
    ink[8:12, :30] = 1
    ink[10:12, 30:] = 1
    return ink


def dumbbell():
    """Two discs, 30 px high, that a thin neck joins."""
    y, x = np.mgrid[:30, :64]
    discs = ((x - 15) ** 2 + (y - 15) ** 2 < 200) | ((x - 48) ** 2 + (y - 15) ** 2 < 200)
    ink = discs.astype(np.float32)
    ink[14:17, 15:48] = 1
    return ink


def border_through(ink, row, col):
    return Seams([ink]).borders(np.array([0]), np.array([row]), np.array([col]))[0]


def cuts_of(image):
    components = find_line_components(image)
    assert len(components) == 1
    ((cuts,),) = cut_components([components], [np.array([True])])
    return components, cuts


def test_the_cheapest_seam_crosses_the_thin_half():
    costs = Seams([bar()]).costs(0, 0)[25:35]
    assert costs.min() == pytest.approx(2 + 20 * PAPER, abs=1e-6)


def test_a_seam_goes_around_ink_that_does_not_reach_the_side():
    ink = np.zeros((20, 15), np.float32)
    ink[9:11, 3:10] = 1
    costs = Seams([ink]).costs(0, 0)
    assert costs[6] < 1 + 20 * PAPER + 12 * PAPER


def test_a_seam_passes_through_its_pixel():
    assert border_through(bar(), 10, 24)[10] == 24


def test_components_side_by_side_do_not_change_each_other():
    alone = Seams([bar()]).costs(0, 5)
    beside = Seams([np.ones((30, 9), np.float32), bar()]).costs(1, 5)
    assert beside - (30 - 20) * PAPER == pytest.approx(alone, abs=1e-5)


def test_a_slanted_gap_between_two_strokes_costs_no_ink():
    rows = np.arange(30)
    ink = np.zeros((30, 50), np.float32)
    for start in (5, 15):
        for row in rows:
            ink[row, start + (29 - row) // 2 : start + (29 - row) // 2 + 3] = 1
    border = border_through(ink, 15, 17)
    left = sum(ink[row, : border[row]].sum() for row in rows)
    assert left == pytest.approx(ink.sum() / 2)


def test_the_cheapest_cut_of_two_discs_goes_through_their_neck(line_image):
    components, cuts = cuts_of(line_image(dumbbell()))
    inside = np.arange(1, len(cuts.price))
    cheapest = inside[cuts.price[1:].argmin()]
    assert cuts.left[cheapest] == pytest.approx(components.ink.sum() / 2, rel=0.15)
    assert cuts.price[cheapest] < 2


def test_cuts_are_ordered_by_the_ink_on_their_left_and_the_first_has_none(line_image):
    _, cuts = cuts_of(line_image(dumbbell()))
    assert cuts.left[0] == cuts.price[0] == 0
    assert (np.diff(cuts.left) >= 0).all()


def test_no_two_cuts_leave_nearly_the_same_ink_on_their_left(line_image):
    components, cuts = cuts_of(line_image(dumbbell()))
    rows = np.arange(len(cuts.ink))
    on_left = cuts.total[rows, cuts.border]
    least = PARAMETERS.min_difference * components.stroke_area_px
    for one in range(len(on_left)):
        for other in range(one + 1, len(on_left)):
            assert np.abs(on_left[one] - on_left[other]).sum() >= 0.999 * least


def test_the_ink_between_two_cuts_and_the_crossed_ink_add_up(line_image):
    _, cuts = cuts_of(line_image(dumbbell()))
    first, second = np.array([0, 1]), np.array([len(cuts.price) - 1] * 2)
    ink, crossed = cuts.between(first, second)
    assert ink - crossed == pytest.approx(cuts.left[second] - cuts.left[first])
    assert cuts.between(second, first)[1] == pytest.approx(ink)


def test_every_cut_costs_more_than_the_ink_that_it_crosses(line_image):
    components, cuts = cuts_of(line_image(dumbbell()))
    rows = len(cuts.ink)
    crossed = np.pad(cuts.ink, ((0, 0), (0, 1)))[np.arange(rows), cuts.border[1:]].sum(axis=1)
    least = min(components.stroke_px, rows * PAPER)  # of a straight cut, and of a seam
    assert (cuts.price[1:] * components.stroke_px - crossed >= 0.999 * least).all()


def test_no_cut_leads_far_aside(line_image):
    ink = np.zeros((38, 110), np.float32)
    ink[:12, :80] = 1  # the cheapest seam starts on the right of this bar ...
    ink[12:18, 10:14] = 1
    ink[18:20, 10:60] = 1  # ... and ends here, where the lower bar is thin
    ink[18:38, 60:] = 1
    components, cuts = cuts_of(line_image(ink, height_px=20))
    assert len(cuts.price) > 1
    assert np.ptp(cuts.border, axis=1).max() <= 1.2 * components.height_px


def test_components_that_are_not_to_be_cut_have_the_first_cut_alone(line_image, bars):
    components = find_line_components(line_image(bars(2, 20, 40)))
    (cuts,) = cut_components([components], [np.zeros(3, bool)])
    assert [len(one.price) for one in cuts] == [1, 1, 1]
    assert (uncut(components.component(0)).border == 0).all()


def test_a_component_of_many_digit_heights_is_not_cut(line_image):
    components = find_line_components(line_image(dumbbell(), height_px=9))
    ((cuts,),) = cut_components([components], [np.array([True])])
    assert len(cuts.price) == 1


def test_a_line_is_cut_as_if_it_were_alone(line_image, write_digits):
    line = find_line_components(line_image(write_digits("38", gap=None, seed=2).ink))
    cuttable = np.ones(len(line), bool)
    (alone,), both = cut_components([line], [cuttable]), cut_components([line] * 2, [cuttable] * 2)
    for cuts in both:
        for one, other in zip(alone, cuts, strict=True):
            # Ties between equally cheap seams may fall either way.
            np.testing.assert_allclose(one.price, other.price, atol=1e-6)
