"""Traced lines: looked up, moved, scaled and marked where they lie."""

import numpy as np
import pytest

from digitus.imaging.ruled_lines.line_set import RuledLines, transposed


def lines():
    """A straight, a falling and a curved line."""
    courses = np.array([[10.0, 0, 0], [20, 0.1, 0], [60, -0.2, 0.001]])
    return RuledLines(
        courses, np.array([0.0, 20, 0]), np.array([199.0, 180, 199]), np.array([1.0, 3, 5])
    )


def test_lines_are_looked_up_at_one_column_or_at_their_own():
    assert lines().at(np.float64(100)).tolist() == [10, 30, 50]
    cols = np.array([[0.0, 10], [10, 20], [100, 200]])
    np.testing.assert_allclose(lines().at(cols), [[10, 10], [21, 22], [50, 60]])


def test_lengths_and_angles_are_those_from_end_to_end():
    assert lines().lengths_px.tolist() == [199, 160, 199]
    np.testing.assert_allclose(lines().angles_deg[:2], [0, np.rad2deg(np.arctan(0.1))])


def test_a_moved_line_passes_through_the_moved_points():
    cols = np.array([30.0, 80, 130])
    moved = lines().moved(cols=7, rows=-4)
    np.testing.assert_allclose(moved.at(cols + 7), lines().at(cols) - 4)
    assert moved.starts.tolist() == [7, 27, 7]


@pytest.mark.parametrize("factor", [2, 3])
def test_a_scaled_line_passes_through_the_middles_of_the_larger_pixels(factor):
    cols = np.array([30.0, 80, 130])
    larger = lines().scaled(factor)
    np.testing.assert_allclose(
        larger.at(cols * factor), lines().at(cols) * factor + (factor - 1) / 2
    )
    assert larger.widths_px.tolist() == [factor, 3 * factor, 5 * factor]


def test_a_selection_and_its_rest_are_joined_again():
    some = np.array([True, False, True])
    joined = lines().only(some).joined(lines().only(~some))
    assert len(joined) == 3
    assert joined.at(np.float64(100)).tolist() == [10, 50, 30]


def test_a_mask_covers_the_lines_and_a_pixel_beside_them():
    mask = lines().mask((100, 200))
    assert mask[9:12, :199].all()
    assert not mask[13:17].any()
    for col in range(30, 170):
        assert mask[round(lines().at(np.float64(col))[2]), col]


def test_no_lines_mark_nothing():
    assert not lines().only(np.zeros(3, bool)).mask((50, 60)).any()


def test_a_transposed_mask_is_contiguous():
    mask = np.random.default_rng(0).random((30, 50)) > 0.5
    turned = transposed(mask[:, ::2])
    np.testing.assert_array_equal(turned, mask[:, ::2].T)
    assert turned.flags.c_contiguous
