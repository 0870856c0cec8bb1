"""Bars and words tell the same shares."""

import numpy as np
import pytest

from digitus.desktop.answer.shares import shares_of, texts_of
from digitus.recognizer import BLANK, Prediction


def prediction(*shares, is_digit, accepted=True):
    probabilities = (*shares, *np.full(10 - len(shares), (1 - sum(shares)) / (10 - len(shares))))
    best = int(np.argmax(probabilities))
    return Prediction(
        "digit" if accepted else "not_a_digit",
        digit=best if accepted else None,
        confidence=probabilities[best] * is_digit,
        best_guess=best,
        probabilities=probabilities,
    )


def test_the_share_of_an_answered_digit_is_its_confidence_and_all_sum_to_one():
    found = prediction(0.2, 0.7, is_digit=0.98)
    shares = shares_of(found)
    assert shares[1] == found.confidence
    assert sum(shares) == pytest.approx(1)
    assert shares[0] > 0.2  # what is not sure is shared among the others


def test_the_answer_is_never_a_shorter_bar_than_another():
    found = prediction(0.505, 0.495, is_digit=0.95)
    assert np.argmax(shares_of(found)) == found.digit


def test_a_declined_answer_tells_which_digit_it_would_be():
    found = prediction(0.6, 0.3, is_digit=0.001, accepted=False)
    assert shares_of(found) == found.probabilities
    assert texts_of(found)[0] == "60.0 %"


def test_nothing_short_of_all_is_told_as_all():
    texts = texts_of(prediction(0.99996, is_digit=1.0))
    assert (texts[0], texts[1]) == ("> 99.9 %", "< 0.1 %")


def test_a_blank_has_no_shares():
    assert shares_of(BLANK) is None
    assert texts_of(BLANK) == []
