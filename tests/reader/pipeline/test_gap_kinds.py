"""Gaps are measured in digit heights, and those between numbers are the wider ones of two kinds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.pipeline.gap_kinds import (
    between_gaps,
    doubtful_gap_within,
    gaps_of,
    unit_px,
    widest_gap_within,
)
from digitus.reader.results.symbols import Symbol


def test_a_narrow_digit_is_measured_as_if_it_were_wider():
    wide, narrow = Symbol("digit", (0, 0, 20, 40)), Symbol("digit", (30, 0, 8, 40))
    assert gaps_of([wide, narrow], 40.0) == pytest.approx([(30 - 4 - 20) / 40])


def test_the_gap_between_two_tall_digits_is_measured_by_their_own_height():
    tall = [Symbol("digit", (0, 0, 40, 80)), Symbol("digit", (72, 0, 40, 80))]
    assert gaps_of(tall, 40.0) == pytest.approx([32 / 80])
    assert gaps_of([tall[0], Symbol("digit", (72, 40, 20, 40))], 40.0) == pytest.approx([32 / 40])


@given(st.lists(st.floats(-0.5, 10), max_size=30))
def test_a_gap_of_0_is_always_within_a_number_and_one_of_20_never(gaps):
    assert 0 <= widest_gap_within(np.array(gaps, float)) < 20


def test_the_tail_of_a_digit_does_not_narrow_the_gap_behind_it():
    tailed = Symbol("digit", (0, 0, 60, 40), columns=(0, 20))
    assert gaps_of([tailed, Symbol("digit", (60, 0, 20, 40))], 40.0) == pytest.approx([1.0])


def test_two_kinds_of_gaps_are_split_between_them():
    assert 0.3 < widest_gap_within(np.array([0.2, 0.25, 0.3, 0.2, 1.2, 1.4])) < 1.2


@pytest.mark.parametrize("count", [1, 3, 12])
def test_the_unit_of_a_line_lies_between_its_own_digits_and_those_of_the_page(count):
    assert 20 < unit_px([20.0] * count, 40.0) < 40


def test_a_line_without_a_digit_has_the_unit_of_the_page():
    assert unit_px([], 40.0) == 40


def test_the_middle_of_two_gaps_is_nearer_to_the_narrower_one():
    assert 0.2 < between_gaps(0.2, 1.0) < 0.6


def test_a_gap_is_doubtful_by_its_distance_from_the_usual_one():
    assert doubtful_gap_within(np.array([0.1] * 9 + [1.0]), 2.0) < 1.0
    assert doubtful_gap_within(np.array([1.0] * 9), 3.0) > 2.0
    assert doubtful_gap_within(np.array([0.1, 1.0]), 2.0) == 2.0
