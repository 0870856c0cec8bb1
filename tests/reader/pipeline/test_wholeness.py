"""A number with scrap right beside it may lack a digit, and is worth a look."""

import numpy as np
import pytest

from digitus.reader.pipeline.thresholds import WORTH_A_LOOK
from digitus.reader.pipeline.wholeness import Wholeness
from digitus.reader.results.symbols import Symbol


def piece(kind, left, *, height=30, p_digit=0.02):
    return Symbol(kind, (left, 0, 20, height), p_digit=p_digit)


def test_scrap_right_beside_a_number_makes_it_worth_a_look():
    run = [piece("digit", 0), piece("digit", 22), piece("other", 44)]
    assert Wholeness([run]).of(run[:2]) < WORTH_A_LOOK


def test_the_likelier_the_scrap_is_a_digit_the_less_whole_is_the_number():
    runs = [[piece("digit", 0), piece("other", 22, p_digit=p)] for p in (0.3, 0.6)]
    assert [Wholeness([run]).of(run[:1]) for run in runs] == pytest.approx([0.7, 0.4])


@pytest.mark.parametrize(
    "other", [piece("other", 60), piece("other", 22, height=10), piece("dot", 22, height=30)]
)
def test_what_is_far_or_low_or_a_mark_takes_nothing_away(other):
    run = [piece("digit", 0), other]
    assert Wholeness([run]).of(run[:1]) == 1


def test_scrap_on_both_sides_counts_twice():
    run = [piece("other", 0), piece("digit", 22), piece("other", 44)]
    assert Wholeness([run]).of(run[1:2]) == pytest.approx(0.85**2)


def one_of(digit, left):
    return Symbol("digit", (left, 0, 20, 30), probabilities=np.eye(10)[digit], p_digit=1.0)


def test_bare_strokes_alone_are_worth_a_look():
    ones, others = [one_of(1, 0), one_of(1, 22)], [one_of(1, 60), one_of(7, 82)]
    wholeness = Wholeness([ones, others])
    assert (wholeness.of(ones), wholeness.of(others)) == (pytest.approx(0.9), 1)


@pytest.mark.parametrize("together", [True, False])
def test_a_doubtful_gap_makes_its_numbers_doubtful_once(together):
    left, right = piece("digit", 0), piece("digit", 40)
    whole = Wholeness([[left, right]], [(left, right, together, 0.8)])
    numbers = [[left, right]] if together else [[left], [right]]
    assert [whole.of(number) for number in numbers] == pytest.approx([0.8] * len(numbers))
