import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitus.plots.line_labels import log_ticks, spread_apart

heights = st.lists(st.floats(-500, 500), min_size=1, max_size=8).map(np.array)


@given(heights)
def test_spread_names_keep_the_gap(before):
    after = np.sort(spread_apart(before, gap=13.0))
    assert (np.diff(after) >= 13.0 - 1e-9).all()


@given(heights)
def test_spread_names_keep_their_order(before):
    order = np.argsort(before, kind="stable")
    assert (np.diff(spread_apart(before, gap=13.0)[order]) > 0).all()


def test_names_far_enough_from_each_other_stay():
    np.testing.assert_allclose(spread_apart(np.array([40.0, 0.0, 20.0]), gap=13.0), [40, 0, 20])


def test_two_names_at_one_height_move_by_half_the_gap():
    np.testing.assert_allclose(spread_apart(np.array([10.0, 10.0]), gap=13.0), [3.5, 16.5])


@given(st.floats(-12, 12), st.floats(0.01, 20), st.integers(2, 8))
def test_logarithmic_ticks_are_few_and_within_the_limits(exponent, decades, most):
    low, high = 10.0**exponent, 10.0 ** (exponent + decades)
    ticks = log_ticks(low, high, most=most)
    assert len(ticks) <= most
    assert all(low <= tick <= high for tick in ticks)


def test_a_narrow_range_gets_ticks_at_one_two_and_five():
    assert log_ticks(0.04, 0.6, most=5) == [0.05, 0.1, 0.2, 0.5]
