"""The single-digit model's doubt lowers a digit's confidence and shows among its alternatives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence.arc_scores import ArcProbabilities
from digitus.reader.sequence.classifier_doubt import ClassifierDoubt
from digitus.reader.sequence.confidence import Calibration, SymbolCalibration
from digitus.reader.sequence.decoding import DecodedSymbol

IMAGE = LineImage(np.zeros((40, 40), np.float32), 0, 0, 30.0)
PLAIN = SymbolCalibration(Calibration(1.0, 0.0), Calibration(1.0, 0.0))


def shares(**by_digit):
    """Probabilities (10,): shares(d5=0.9, d3=0.1)."""
    found = np.zeros(10)
    for name, share in by_digit.items():
        found[int(name[1:])] = share
    return found


def read_as_5(doubt):
    symbol = Symbol("digit", (0, 0, 20, 30), shares(d5=0.97, d9=0.03), 1.0, 0.97)
    return DecodedSymbol(symbol, 1.0, doubt).on_page(IMAGE, PLAIN)


def test_a_sure_digit_that_the_model_contradicts_is_doubtful_and_has_its_digit_as_alternative():
    found = read_as_5(ClassifierDoubt(shares(d3=0.9, d5=0.1)))
    assert found.digit == 5
    assert found.confidence < CHECK_BELOW
    assert found.probabilities.argsort()[-2] == 3


def test_a_digit_that_both_see_keeps_its_confidence():
    assert read_as_5(ClassifierDoubt(shares(d5=1.0))).confidence == pytest.approx(0.97)


def test_a_digit_that_the_model_was_not_asked_about_keeps_its_confidence_and_alternatives():
    found = read_as_5(ClassifierDoubt())
    assert found.confidence == pytest.approx(0.97)
    assert found.probabilities.tolist() == shares(d5=0.97, d9=0.03).tolist()


def test_the_model_was_asked_where_it_gave_a_probability_of_a_digit():
    arcs = ArcProbabilities(
        np.array([0.0, 0.5]), np.stack([np.full(10, 0.1), shares(d7=1.0)]), np.eye(2), np.zeros(2)
    )
    assert ClassifierDoubt.of(arcs, 0).probabilities is None
    assert ClassifierDoubt.of(arcs, 1).probabilities.tolist() == shares(d7=1.0).tolist()


@given(st.lists(st.floats(0.001, 1), min_size=20, max_size=20))
def test_the_digit_that_was_read_stays_the_likeliest(values):
    digits, model = np.array(values[:10]), np.array(values[10:])
    digits, model = digits / digits.sum(), model / model.sum()
    best = int(digits.argmax())
    mixed = ClassifierDoubt(model).with_alternatives(digits, best)
    assert mixed.argmax() == best
    assert mixed.sum() == pytest.approx(1)
