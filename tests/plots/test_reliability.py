import numpy as np
import pytest

from digitus.plots import reliability


def test_the_note_gives_the_calibration_error():
    figure = reliability(([np.nan, 0.8], [np.nan, 0.75], [0, 8]))
    assert figure.texts[1].get_text() == "Expected calibration error 5.00 % over 2 bins"


def test_points_are_the_filled_bins():
    axes = reliability(([0.1, np.nan, 0.9], [0.2, np.nan, 0.7], [3, 0, 5])).axes[0]
    points = axes.lines[-1].get_xydata()
    np.testing.assert_array_equal(points, [[0.1, 0.2], [0.9, 0.7]])


def test_intervals_are_those_of_wilson():
    axes = reliability(([0.8], [0.75], [8])).axes[0]
    low, high = axes.collections[0].get_segments()[0][:, 1]
    assert (low, high) == pytest.approx((0.40927, 0.92852), abs=1e-5)  # Wilson, 6 of 8


def test_empty_bins_alone_are_a_figure_that_says_so():
    figure = reliability(([np.nan], [np.nan], [0]))
    assert figure.texts[1].get_text() == "There are no answers."
