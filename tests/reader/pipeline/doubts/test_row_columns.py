"""Two numbers in one column of the rows above and below are doubtful."""

import pytest

from digitus.reader.pipeline.doubts.row_columns import doubt_extra_numbers
from digitus.reader.pipeline.number_grouping import SymbolGroup
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.symbols import Symbol


def row(*spans):
    return [
        SymbolGroup([Symbol("digit", (first, 0, last - first, 20))], 1.0) for first, last in spans
    ]


TWO = row((0, 60), (200, 260))


def doubtful(lines):
    return [[one.p_complete < CHECK_BELOW for one in line] for line in doubt_extra_numbers(lines)]


def test_both_halves_of_a_divided_number_are_doubted_and_may_be_one():
    lines = [TWO, row((0, 40), (48, 60), (200, 260)), TWO]
    assert doubtful(lines) == [[False] * 2, [True, True, False], [False] * 2]
    middle = doubt_extra_numbers(lines)[1]
    assert [one.joined_with_next > 0 for one in middle] == [True, False, False]


@pytest.mark.parametrize("place", [0, 3])
def test_the_first_and_the_last_row_are_compared_with_the_two_nearest(place):
    lines = [TWO] * 3
    lines.insert(place, row((0, 40), (48, 60), (200, 260)))
    assert sum(map(sum, doubtful(lines))) == 2


def test_rows_of_other_columns_leave_no_doubt():
    assert not any(map(any, doubtful([TWO, row((0, 40), (48, 60)), row((90, 120), (140, 180))])))
    assert not any(map(any, doubtful([TWO, row((0, 60), (100, 160), (200, 260)), TWO])))


def test_a_gap_as_wide_as_between_columns_leaves_no_doubt():
    wide = row((0, 200), (320, 400))
    assert not any(map(any, doubtful([wide, row((0, 40), (140, 190), (330, 400)), wide])))


def test_a_page_of_fewer_than_three_rows_leaves_no_doubt():
    assert doubtful([]) == []
    assert doubtful([TWO, row((0, 40), (48, 60), (200, 260))]) == [[False] * 2, [False] * 3]
