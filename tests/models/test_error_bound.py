import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from digitus.models.error_bound import ErrorCurve, upper_bound


@pytest.fixture
def curve():
    """1,000 digits: the surest 600 right, then every tenth wrong."""
    confidence = np.linspace(1, 0, 1000, endpoint=False)
    right = (np.arange(1000) < 600) | (np.arange(1000) % 10 != 0)
    return ErrorCurve.measure(confidence, right), confidence, right


def test_a_threshold_keeps_its_promise_on_the_digits_it_was_measured_on(curve):
    errors, confidence, right = curve
    threshold = errors.threshold(0.01)
    kept = confidence > threshold
    wrong = int((~right[kept]).sum())
    assert 0 < kept.sum() < 1000
    assert upper_bound(wrong, int(kept.sum())) <= 0.01


def test_a_threshold_keeps_as_many_as_the_promise_allows(curve):
    errors, confidence, right = curve
    threshold = errors.threshold(0.01)
    lower = max(c for c in errors.confidence if c < threshold)
    kept = confidence > lower
    assert upper_bound(int((~right[kept]).sum()), int(kept.sum())) > 0.01


def test_a_generous_promise_keeps_everything(curve):
    assert curve[0].threshold(0.5) == 0.0


def test_a_promise_beyond_the_number_of_digits_is_not_made(curve):
    assert curve[0].threshold(0.001) is None


def test_without_any_error_the_number_of_digits_limits_the_promise():
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
