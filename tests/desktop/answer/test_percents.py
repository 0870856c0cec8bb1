"""Percentages that sum to 100, and the shares that bars and words show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.desktop.answer.percents import rounded_percents, shares_of, texts_of
from digitus.recognizer import BLANK, Prediction

shares = st.lists(st.floats(1e-9, 1.0), min_size=10, max_size=10).map(
    lambda values: (np.array(values) / np.sum(values)).tolist()
)


@given(shares)
def test_ten_percents_sum_to_100_as_shown(probabilities):
    tenths = [round(10 * shown) for shown in rounded_percents(probabilities)]
    assert sum(tenths) == 1000


@given(shares)
def test_no_percentage_is_off_by_a_tenth(probabilities):
    shown = np.array(rounded_percents(probabilities))
    assert np.abs(shown - 100 * np.array(probabilities)).max() < 0.1 + 1e-9


@given(shares)
def test_a_likelier_digit_never_shows_a_smaller_percentage(probabilities):
    shown = rounded_percents(probabilities)
    for share, its_percent in zip(probabilities, shown, strict=True):
        for other, others_percent in zip(probabilities, shown, strict=True):
            assert share >= other or its_percent <= others_percent


def prediction(*shares, p_digit, accepted=True):
    probabilities = (*shares, *np.full(10 - len(shares), (1 - sum(shares)) / (10 - len(shares))))
    best = int(np.argmax(probabilities))
    return Prediction(
        "digit" if accepted else "not_a_digit",
        digit=best if accepted else None,
        confidence=probabilities[best] * p_digit,
        best_guess=best,
        probabilities=probabilities,
    )


def test_the_share_of_an_answered_digit_is_its_confidence_and_all_sum_to_one():
    found = prediction(0.2, 0.7, p_digit=0.98)
    shares = shares_of(found)
    assert shares[1] == found.confidence
    assert sum(shares) == pytest.approx(1)
    assert shares[0] > 0.2  # the rest is divided among the others


def test_the_answer_always_has_the_longest_bar():
    found = prediction(0.505, 0.495, p_digit=0.95)
    assert np.argmax(shares_of(found)) == found.digit


def test_a_declined_answer_shows_the_probabilities_of_the_digits():
    found = prediction(0.6, 0.3, p_digit=0.001, accepted=False)
    assert shares_of(found) == found.probabilities
    assert texts_of(found)[0] == "60.0 %"


def test_only_certainty_is_shown_as_100_percent():
    texts = texts_of(prediction(0.99996, p_digit=1.0))
    assert (texts[0], texts[1]) == ("> 99.9 %", "< 0.1 %")


def test_a_blank_has_no_shares():
    assert shares_of(BLANK) is None
    assert texts_of(BLANK) == []
