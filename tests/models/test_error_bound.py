"""Risk-coverage curves, the thresholds that follow from them, and how rates are written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from digitus.models.error_bound import ErrorCurve, format_error_rate, upper_bound


@pytest.fixture
def curve():
    """1,000 answers: the 600 with the highest confidence right, then every tenth wrong."""
    confidence = np.linspace(1, 0, 1000, endpoint=False)
    right = (np.arange(1000) < 600) | (np.arange(1000) % 10 != 0)
    return ErrorCurve.measure(confidence, right), confidence, right


def test_the_bound_of_the_answers_above_a_threshold_is_at_most_max_error(curve):
    errors, confidence, right = curve
    threshold = errors.threshold(0.01)
    kept = confidence > threshold
    wrong = int((~right[kept]).sum())
    assert 0 < kept.sum() < 1000
    assert upper_bound(wrong, int(kept.sum())) <= 0.01


def test_the_next_lower_threshold_would_exceed_max_error(curve):
    errors, confidence, right = curve
    threshold = errors.threshold(0.01)
    lower = max(c for c in errors.confidence if c < threshold)
    kept = confidence > lower
    assert upper_bound(int((~right[kept]).sum()), int(kept.sum())) > 0.01


def test_a_large_max_error_keeps_every_answer(curve):
    assert curve[0].threshold(0.5) == 0.0


def test_a_max_error_too_small_for_the_number_of_answers_has_no_threshold(curve):
    assert curve[0].threshold(0.001) is None


def test_without_errors_the_number_of_answers_limits_max_error():
    curve = ErrorCurve.measure(np.full(300, 0.9), np.ones(300, bool))
    assert curve.threshold(0.0099) is None
    assert curve.threshold(0.01) == 0.0


@given(
    answers=st.lists(
        st.tuples(st.sampled_from([0.1, 0.5, 0.9, 0.99]), st.booleans()), min_size=1, max_size=60
    )
)
def test_counting_agrees_with_brute_force_also_for_equal_confidences(answers):
    confidence, right = (np.array(column) for column in zip(*answers, strict=True))
    curve = ErrorCurve.measure(confidence, right)
    assert len(curve.confidence) == (~right).sum()
    for i, value in enumerate(curve.confidence):
        assert curve.kept[i] == (confidence > value).sum()
        assert (~right[confidence > value]).sum() <= i


@given(n=st.integers(1, 400), data=st.data())
def test_the_bound_leaves_one_chance_in_twenty(n, data):
    wrong = data.draw(st.integers(0, n - 1))
    assert binom.cdf(wrong, n, upper_bound(wrong, n)) == pytest.approx(0.05, abs=1e-6)


def test_a_curve_comes_back_from_json(curve):
    assert ErrorCurve.from_json(curve[0].to_json()) == curve[0]


@pytest.mark.parametrize(
    "entry",
    [
        {"n": 0, "confidence": [], "kept": []},
        {"n": 5, "confidence": [0.5], "kept": []},
        {"n": 5, "confidence": [1.5], "kept": [1]},
        {"n": 5, "confidence": [float("nan")], "kept": [1]},
        {"n": 5, "confidence": [0.5, 0.6], "kept": [1, 2]},
        {"n": 5, "confidence": [0.6, 0.5], "kept": [2, 1]},
        {"n": 5, "confidence": [0.5], "kept": [5]},
    ],
)
def test_a_curve_that_cannot_have_been_measured_is_refused(entry):
    with pytest.raises(ValueError, match="not one that was measured"):
        ErrorCurve.from_json(entry)


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
def test_answers_kept_are_those_with_a_confidence_above_the_threshold(made, max_error):
    curve, confidence = made
    threshold = curve.threshold(max_error)
    if threshold is not None:
        assert curve.kept_above(threshold) == np.count_nonzero(confidence > threshold)


def test_without_errors_the_least_error_is_the_bound_of_none_wrong():
    curve = ErrorCurve.measure([0.9, 0.5], [True, True])
    assert curve.least_error() == pytest.approx(upper_bound(0, 2))
    assert curve.kept_above(0.0) == 2


@given(curves())
def test_a_written_rate_has_a_threshold_when_it_is_read_back(made):
    curve, _ = made
    typed = float(format_error_rate(curve.least_error()).removesuffix("%")) / 100
    assert curve.threshold(typed) is not None
    assert typed <= 1.11 * curve.least_error()
