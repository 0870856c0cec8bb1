from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.evaluation.calibration_error import (
    error_reject,
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


@settings(deadline=None)
@given(answers)
def test_the_error_rate_at_a_threshold_is_that_of_all_answers_from_it_on(pairs):
    confidence, right = columns(pairs)
    curve, _ = error_reject(confidence, right)
    for coverage, error_rate, threshold in zip(*curve, strict=True):
        kept = confidence >= threshold
        assert (coverage, error_rate) == pytest.approx((kept.mean(), (~right[kept]).mean()))


@settings(deadline=None)
@given(answers)
def test_area_is_the_mean_error_rate_over_the_thresholds_of_all_samples(pairs):
    confidence, right = columns(pairs)
    rates = [(~right[confidence >= threshold]).mean() for threshold in confidence]
    assert error_reject(confidence, right)[1] == pytest.approx(np.mean(rates), abs=1e-12)


@settings(deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_order_of_the_rows_does_not_change_the_curve(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    for one, other in zip(
        error_reject(*columns(pairs))[0], error_reject(*columns(shuffled))[0], strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_many_samples_give_one_point_per_percent():
    confidence = np.linspace(0, 1, 10_000)
    curve, _ = error_reject(confidence, confidence > 0.1)
    np.testing.assert_allclose(curve.coverage, np.arange(1, 101) / 100)


def test_few_samples_give_one_point_each():
    curve, _ = error_reject(np.linspace(0, 1, 7), np.ones(7, dtype=bool))
    assert len(curve.coverage) == 7


def test_answers_of_equal_confidence_give_one_point():
    curve, _ = error_reject(np.ones(50), np.arange(50) > 4)
    assert [column.tolist() for column in curve] == [[1.0], [0.1], [1.0]]


def test_the_likelihood_is_that_of_the_label():
    nll = negative_log_likelihood(np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 1]))
    assert nll == pytest.approx((np.log(4) + np.log(2)) / 2)


def test_the_likelihood_is_finite_where_the_label_has_probability_zero():
    assert 700 < negative_log_likelihood(np.array([[1.0, 0.0]]), np.array([1])) < 710
