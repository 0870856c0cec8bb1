"""Arcs: every digit has one, every line has a path, and unlikely arcs are dropped."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.sequence import arcs as arcs_module
from digitus.reader.sequence.arcs import PARAMETERS, find_arcs
from digitus.reader.sequence.cuts import cut_components
from digitus.reader.sequence.lattice import Lattice
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer


def arcs_of(image, *, single=False):
    components = find_line_components(image)
    (cuts,) = cut_components([components], [np.ones(len(components), bool)])
    (output,) = shipped_sequence_recognizer().recognize([image])
    return find_arcs(components, cuts, np.full(len(components), single), output)


@pytest.mark.parametrize("seed", range(4))
def test_every_touching_digit_has_a_range_of_about_its_box(line_image, write_digits, seed):
    written = write_digits("3806", gap=None, seed=seed)
    found = arcs_of(line_image(written.ink))
    scale = found.nodes.components.scale
    for left, _, width, _ in written.boxes:
        ends = scale * (np.array([left, left + width]) + 5)  # the margin of the line image
        near = np.abs(found.ranges.boxes[:, [0, 2]] - ends).max(axis=1)
        assert near.min() <= 0.2 * found.nodes.components.height_px


def test_whole_components_alone_lead_through_every_line(line_image, write_digits):
    found = arcs_of(line_image(write_digits("7142", gap=-0.1, seed=3).ink))
    between, component = found.nodes.is_between_components(), found.nodes.component
    whole = between[found.start] & between[found.end]
    whole &= component[found.end] == component[found.start] + 1
    lattice = Lattice.of([(found.start[whole], found.end[whole], len(found.nodes))])
    assert np.isfinite(lattice.posteriors(np.zeros(whole.sum()))[1]).all()


def test_arcs_that_read_as_no_one_class_are_dropped_unless_they_are_components(
    line_image, write_digits, monkeypatch
):
    image = line_image(write_digits("4826", gap=None, seed=4).ink)
    counts = []
    for least in (0.0, PARAMETERS.min_probability, 2.0):
        changed = replace(PARAMETERS, min_probability=least)
        monkeypatch.setattr(arcs_module, "PARAMETERS", changed)
        counts.append(len(arcs_of(image).ranges))
    assert counts[0] > counts[1] > counts[2] == len(find_line_components(image))


def test_every_arc_goes_forward(line_image, write_digits):
    found = arcs_of(line_image(write_digits("8086", gap=None, seed=5).ink))
    assert (found.start < found.end).all()


def test_some_arcs_share_ink_with_the_arc_before_and_some_skip_ink(line_image, write_digits):
    found = arcs_of(line_image(write_digits("8086", gap=None, seed=5).ink))
    shift = found.start - found.ranges.first[found.range]
    assert set(shift.tolist()) == {-1, 0, 1, 2}


def test_two_components_that_are_single_digits_are_never_taken_together(line_image, bars):
    image = line_image(bars(2, 10))
    joined, apart = arcs_of(image), arcs_of(image, single=True)
    assert (joined.end - joined.start).max() > 1
    assert set(zip(apart.start.tolist(), apart.end.tolist(), strict=True)) >= {(0, 1), (1, 2)}
    assert not ((apart.ranges.first == 0) & (apart.ranges.last == len(apart.nodes) - 1)).any()


def test_small_and_wide_ranges_have_no_digit_size(line_image):
    ink = np.zeros((32, 120), np.float32)
    ink[14:18, 2:6] = 1  # a dot
    ink[2:30, 20:24] = 1  # a stroke
    ink[14:18, 40:110] = 1  # a long dash
    ranges = arcs_of(line_image(ink)).ranges
    whole = ranges.is_uncut() & (
        ranges.nodes.component[ranges.last] - ranges.nodes.component[ranges.first] == 1
    )
    assert ranges.has_digit_size()[whole].tolist() == [False, True, False]


def test_a_line_of_many_arcs_keeps_the_likeliest(line_image, write_digits, monkeypatch):
    image = line_image(write_digits("38205", gap=None, seed=2).ink)
    every = arcs_of(image)
    best = np.sort(every.probabilities.max(axis=1))[::-1]
    most = len(best) // 2
    monkeypatch.setattr(arcs_module, "PARAMETERS", replace(PARAMETERS, max_arcs=most))
    kept = np.sort(arcs_of(image).probabilities.max(axis=1))[::-1]
    assert len(kept) < len(best)
    np.testing.assert_array_equal(kept[:most], best[:most])
