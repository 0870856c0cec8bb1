"""What an error curve can promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.models.error_bound import ErrorCurve, as_promise, upper_bound


@st.composite
def curves(draw):
    n = draw(st.integers(1, 400))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    confidence = rng.integers(1, draw(st.integers(2, 1000)), n) / 1000  # ties, too
    return ErrorCurve.measure(confidence, rng.random(n) < draw(st.floats(0, 1))), confidence


@given(curves())
def test_the_least_error_has_a_threshold_and_a_smaller_one_has_none(made):
    curve, _ = made
    least = curve.least_error()
    assert curve.threshold(least) is not None
    assert curve.threshold(0.999 * least) is None


@given(curves(), st.floats(0.001, 0.9))
def test_the_digits_kept_are_those_with_a_confidence_above_the_threshold(made, max_error):
    curve, confidence = made
    threshold = curve.threshold(max_error)
    if threshold is not None:
        assert curve.kept_above(threshold) == np.count_nonzero(confidence > threshold)


def test_without_a_mistake_all_are_kept_at_the_bound_of_none():
    curve = ErrorCurve.measure([0.9, 0.5], [True, True])
    assert curve.least_error() == pytest.approx(upper_bound(0, 2))
    assert curve.kept_above(0.0) == 2


@given(curves())
def test_a_promise_that_is_told_can_be_made_when_it_is_typed(made):
    curve, _ = made
    typed = float(as_promise(curve.least_error()).removesuffix("%")) / 100
    assert curve.threshold(typed) is not None
    assert typed <= 1.11 * curve.least_error()
