"""Photos of digits on sheets are made reproducibly, and answers are counted by kind."""

import numpy as np
import pytest

from digitus.recognizer import Prediction


@pytest.fixture
def table_digits(script):
    return script("table_digits")


def test_right_declined_and_wrong_answers_are_counted(table_digits):
    answers = [
        (3, Prediction("digit", 3)),
        (3, Prediction("digit", 8)),
        (3, Prediction("not_a_digit")),
        (3, Prediction("blank")),
    ]
    found = table_digits.score(answers)
    assert [found[name]["hits"] for name in ("right", "declined", "wrong")] == [1, 2, 1]


def test_the_same_seed_makes_the_same_photo(table_digits):
    (one,), (two,) = (list(table_digits.photos("tilted", 1, 5)) for _ in range(2))
    assert one[0] == two[0]
    np.testing.assert_array_equal(one[1], two[1])
