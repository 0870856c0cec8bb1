"""Per cent that add up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitus.desktop.answer.percents import shown_percents

shares = st.lists(st.floats(1e-9, 1.0), min_size=10, max_size=10).map(
    lambda values: (np.array(values) / np.sum(values)).tolist()
)


@given(shares)
def test_ten_percents_sum_to_100_as_shown(probabilities):
    tenths = [round(10 * shown) for shown in shown_percents(probabilities)]
    assert sum(tenths) == 1000


@given(shares)
def test_no_percent_is_a_tenth_off(probabilities):
    shown = np.array(shown_percents(probabilities))
    assert np.abs(shown - 100 * np.array(probabilities)).max() < 0.1 + 1e-9


@given(shares)
def test_the_likelier_digit_never_shows_less(probabilities):
    shown = shown_percents(probabilities)
    for share, its_percent in zip(probabilities, shown, strict=True):
        for other, others_percent in zip(probabilities, shown, strict=True):
            assert share >= other or its_percent <= others_percent
