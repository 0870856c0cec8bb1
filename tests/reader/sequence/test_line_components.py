"""Components of a line image: order, noise, working size and stroke width."""

import numpy as np
import pytest

from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.models.sequence.line_input import scaled_ink
from digitus.reader.sequence.line_components import find_line_components


def test_components_are_ordered_from_left_to_right(line_image, bars):
    components = find_line_components(line_image(bars(40, 2, 20)))
    assert len(components) == 3
    assert (np.diff(components.boxes[:, 0]) > 0).all()


def test_noise_is_not_a_component_and_leaves_no_ink(line_image, bars):
    ink = bars(2, 30)
    ink[15, 17] = 1
    components = find_line_components(line_image(ink))
    assert len(components) == 2
    assert components.ink[20, 22] == 0


def test_a_line_image_without_ink_has_no_components(line_image):
    assert len(find_line_components(line_image(np.zeros((20, 30))))) == 0


def test_large_digits_are_reduced_to_working_size(line_image, bars):
    components = find_line_components(line_image(bars(10, 90, rows=160, width=14), 160))
    assert (components.height_px, components.scale) == (40, 0.25)
    assert components.ink.shape[0] == pytest.approx(170 / 4, abs=1)


def test_small_digits_are_enlarged_to_working_size(line_image, bars):
    components = find_line_components(line_image(bars(4, 14, rows=9, width=2), 9))
    assert (components.height_px, components.scale) == (18, 2)


def test_thin_strokes_are_thickened_and_stay_apart(line_image, bars):
    thin = line_image(bars(5, 25, width=1, rows=36), 36)
    components = find_line_components(thin)
    assert stroke_width_px(components.ink) > 1.5 * stroke_width_px(thin.ink)
    assert len(components) == 2


def test_the_components_share_out_all_ink(line_image, write_digits):
    components = find_line_components(line_image(write_digits("409", gap=0.2, seed=1).ink))
    shares = [components.component(number).sum() for number in range(len(components))]
    assert sum(shares) == pytest.approx(components.ink.sum())


def test_the_faint_edge_of_a_stroke_belongs_to_its_component(line_image, bars):
    ink = bars(2, 30)
    ink[:, 5] = 0.15
    components = find_line_components(line_image(ink))
    faint = components.labels[10:30, 10]
    assert (faint == 1).all()


def test_faint_ink_does_not_connect_two_strokes(line_image, bars):
    ink = bars(2, 8)
    ink[10:12, 5:8] = 0.2
    assert len(find_line_components(line_image(ink))) == 2


def test_ink_at_working_size_is_not_copied():
    ink = np.ones((4, 5), np.float32)
    assert scaled_ink(ink, 1) is ink
    assert scaled_ink(ink, 0.5).shape == (2, 2)
