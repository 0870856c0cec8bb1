from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.evaluation.calibration_error import (
    expected_calibration_error,
    negative_log_likelihood,
    reliability_bins,
)

confidences = st.one_of(
    st.floats(0, 1), st.integers(0, 15).map(lambda edge: edge / 15), st.just(1.0)
)
answers = st.lists(st.tuples(confidences, st.booleans()), min_size=1, max_size=150)


def columns(pairs):
    confidence, right = zip(*pairs, strict=True)
    return np.array(confidence, dtype=float), np.array(right, dtype=bool)


@settings(deadline=None)
@given(answers)
def test_calibration_error_is_the_gap_of_every_bin_weighted_by_its_share(pairs):
    edges = np.linspace(0, 1, 16)
    gap = 0.0
    for low, high in pairwise(edges):
        inside = [pair for pair in pairs if low < pair[0] <= high or pair[0] == low == 0]
        gap += abs(sum(right for _, right in inside) - sum(sure for sure, _ in inside))
    ece = expected_calibration_error(reliability_bins(*columns(pairs)))
    assert ece == pytest.approx(gap / len(pairs), abs=1e-12)


@settings(deadline=None)
@given(answers)
def test_every_answer_falls_into_one_of_fifteen_bins(pairs):
    bins = reliability_bins(*columns(pairs))
    assert (len(bins.counts), bins.counts.sum()) == (15, len(pairs))


def test_means_of_an_empty_bin_are_nan():
    bins = reliability_bins(np.array([0.99]), np.array([True]))
    assert np.isnan(bins.accuracy[:14]).all()


def test_confidence_equal_to_accuracy_has_no_calibration_error():
    bins = reliability_bins(np.full(4, 0.75), np.array([True, True, True, False]))
    assert expected_calibration_error(bins) == 0


def test_the_likelihood_is_that_of_the_label():
    nll = negative_log_likelihood(np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 1]))
    assert nll == pytest.approx((np.log(4) + np.log(2)) / 2)


def test_the_likelihood_is_finite_where_the_label_has_probability_zero():
    assert 700 < negative_log_likelihood(np.array([[1.0, 0.0]]), np.array([1])) < 710
