import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.evaluation.risk_coverage import risk_coverage_curve

confidences = st.one_of(
    st.floats(0, 1), st.integers(0, 15).map(lambda edge: edge / 15), st.just(1.0)
)
answers = st.lists(st.tuples(confidences, st.booleans()), min_size=1, max_size=150)


def columns(pairs):
    confidence, right = zip(*pairs, strict=True)
    return np.array(confidence, dtype=float), np.array(right, dtype=bool)


@settings(deadline=None)
@given(answers)
def test_the_error_rate_at_a_threshold_is_that_of_all_answers_from_it_on(pairs):
    confidence, right = columns(pairs)
    curve, _ = risk_coverage_curve(confidence, right)
    for coverage, error_rate, threshold in zip(*curve, strict=True):
        kept = confidence >= threshold
        assert (coverage, error_rate) == pytest.approx((kept.mean(), (~right[kept]).mean()))


@settings(deadline=None)
@given(answers)
def test_area_is_the_mean_error_rate_over_the_thresholds_of_all_samples(pairs):
    confidence, right = columns(pairs)
    rates = [(~right[confidence >= threshold]).mean() for threshold in confidence]
    assert risk_coverage_curve(confidence, right)[1] == pytest.approx(np.mean(rates), abs=1e-12)


@settings(deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_order_of_the_rows_does_not_change_the_curve(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    curves = [risk_coverage_curve(*columns(some))[0] for some in (pairs, shuffled)]
    for one, other in zip(*curves, strict=True):
        np.testing.assert_array_equal(one, other)


def test_many_samples_give_one_point_per_percent():
    confidence = np.linspace(0, 1, 10_000)
    curve, _ = risk_coverage_curve(confidence, confidence > 0.1)
    np.testing.assert_allclose(curve.coverage, np.arange(1, 101) / 100)


def test_few_samples_give_one_point_each():
    curve, _ = risk_coverage_curve(np.linspace(0, 1, 7), np.ones(7, dtype=bool))
    assert len(curve.coverage) == 7


def test_answers_of_equal_confidence_give_one_point():
    curve, _ = risk_coverage_curve(np.ones(50), np.arange(50) > 4)
    assert [column.tolist() for column in curve] == [[1.0], [0.1], [1.0]]
