"""Every cell of a grid has a verdict, and its number stands in a text line as well."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.pipeline.regions import ReadCell, ReadGrid
from digitus.reader.pipeline.table_results import insert_rows, make_grid
from digitus.reader.pipeline.thresholds import CHECK_BELOW, Thresholds
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.tables.cells import CellInk


def symbol(digit, left, *, kind="digit", confidence=0.99, p_digit=1.0):
    return Symbol(kind, (left, 10, 20, 30), np.eye(10)[digit], p_digit, confidence)


def cell(left, *symbols, blank=False, struck_out=False):
    return ReadCell(CellInk((left, 0, 90, 60), (), blank, struck_out), list(symbols))


def only_cell(read):
    ((found,),) = make_grid(ReadGrid((0, 0, 90, 60), [[read]])).grid.rows
    return found


@pytest.fixture
def result():
    """A row of five cells: 42, blank, struck out, a word, 7 with a doubtful digit."""
    cells = [
        cell(0, symbol(4, 10), symbol(2, 40)),
        cell(90, blank=True),
        cell(180, symbol(1, 190, confidence=0.6), struck_out=True),
        cell(270, symbol(0, 280, kind="other"), symbol(0, 310), symbol(0, 330, kind="other")),
        cell(360, symbol(7, 370, confidence=0.5)),
    ]
    return make_grid(ReadGrid((0, 0, 450, 60), [cells])).with_thresholds(Thresholds(min_digit=0.9))


def test_every_cell_has_its_verdict(result):
    (row,) = result.grid.rows
    assert [one.verdict for one in row] == ["digit", "blank", "struck_out", "not_a_digit", "digit"]
    assert [one.text for one in row] == ["42", "", "", "", "?"]


def test_words_and_doubtful_digits_are_to_be_checked(result):
    assert [one.to_check for one in result.grid.rows[0]] == [False, False, False, True, True]


def test_a_confident_digit_is_kept_though_its_loops_look_struck_out():
    found = only_cell(cell(0, symbol(8, 10), struck_out=True))
    assert (found.text, found.verdict) == ("8", "digit")


@pytest.mark.parametrize(
    ("p_digit", "verdict", "to_check"), [(0.01, "word", False), (0.4, "not_a_digit", True)]
)
def test_letters_are_to_be_checked_only_if_they_may_be_digits(p_digit, verdict, to_check):
    letters = (symbol(1, left, kind="other", p_digit=p_digit) for left in (10, 40))
    found = only_cell(cell(0, *letters))
    assert (found.verdict, found.to_check) == (verdict, to_check)


@pytest.mark.parametrize(("p_digit", "to_check"), [(0.01, False), (0.4, True)])
def test_a_single_letter_is_no_word(p_digit, to_check):
    found = only_cell(cell(0, symbol(1, 10, kind="other", p_digit=p_digit)))
    assert (found.verdict, found.to_check) == ("not_a_digit", to_check)


def test_ink_that_gave_no_symbol_is_to_be_checked():
    found = only_cell(cell(0))
    assert (found.verdict, found.to_check, found.confidence) == ("not_a_digit", True, None)


def test_the_numbers_of_a_row_make_a_line(result):
    (line,) = result.lines
    assert line.text == "42 ?"
    assert line.box == (10, 10, 380, 30)


def test_rows_stand_between_the_lines_above_and_below_the_grid(result, page_reading):
    above, below = page_reading.lines
    low = replace(result, box=(0, 100, 450, 60))
    assert insert_rows([above, below], [low]) == [above, *result.lines, below]
    assert insert_rows([], [low]) == result.lines


# Words


def letters(*lefts):
    return [Symbol("other", (left, 10, 20, 30), np.eye(10)[1], 0.0) for left in lefts]


def test_a_cell_of_letters_is_a_word_that_need_not_be_checked_though_one_looks_like_a_digit():
    found = only_cell(cell(0, *letters(10, 32), symbol(1, 54), *letters(76)))
    assert (found.text, found.verdict, found.to_check) == ("", "word", False)


def test_a_word_with_one_sure_letter_is_to_be_checked():
    unsure = Symbol("other", (32, 10, 20, 30), np.eye(10)[1], 0.6)
    found = only_cell(cell(0, *letters(10), unsure))
    assert (found.verdict, found.to_check) == ("word", True)


def test_letters_that_stand_alone_are_a_word_though_they_look_struck_out():
    pieces = np.zeros((30, 90), np.float32)
    for left in (0, 30, 60):
        pieces[:, left : left + 20] = 1
    joined = pieces.copy()
    joined[14:16] = 1
    for ink, verdict in ((pieces, "word"), (joined, "struck_out")):
        image = LineImage(ink, 10, 10, 30.0)
        read = ReadCell(CellInk((0, 0, 90, 60), (image,), False, True), letters(10, 40, 70))
        assert only_cell(read).verdict == verdict


def test_a_number_beside_a_letter_in_its_cell_is_to_be_checked():
    grid = make_grid(ReadGrid((0, 0, 90, 60), [[cell(0, *letters(10), symbol(7, 32))]]))
    ((found,),) = grid.with_thresholds(Thresholds(check_below=CHECK_BELOW)).grid.rows
    assert (found.text, found.verdict, found.to_check) == ("7", "digit", True)


def test_a_1_alone_in_its_cell_need_not_be_checked():
    grid = make_grid(ReadGrid((0, 0, 90, 60), [[cell(0, symbol(1, 10))]]))
    ((found,),) = grid.with_thresholds(Thresholds(check_below=CHECK_BELOW)).grid.rows
    assert (found.text, found.to_check) == ("1", False)


def test_numbers_in_a_row_or_column_of_words_are_to_be_checked():
    word, number = letters(10, 32, 54), [symbol(5, 10), symbol(0, 32)]
    rows = [[word, word, number], [word, number, number], [number, number, number]]
    read = [[cell(90 * i, *some) for i, some in enumerate(row)] for row in rows]
    grid = make_grid(ReadGrid((0, 0, 270, 180), read))
    found = grid.with_thresholds(Thresholds(check_below=CHECK_BELOW)).grid.rows
    assert [[one.to_check for one in row] for row in found] == [
        [False, False, True],
        [False, False, False],
        [True, False, False],
    ]


def test_a_doubtful_number_far_lower_than_the_sure_ones_of_its_grid_is_left_out():
    low = [Symbol("digit", (left, 20, 16, 16), np.eye(10)[2], 1.0, 0.9) for left in (10, 30)]
    rows = [[cell(0, symbol(4, 10), symbol(2, 40)), cell(90, *low)]]
    assert [one.text for one in make_grid(ReadGrid((0, 0, 180, 60), rows)).grid.rows[0]] == [
        "42",
        "",
    ]


def test_a_digit_behind_joined_letters_is_one_of_a_word():
    joined = Symbol("other", (10, 10, 60, 30), None, 0.0)
    assert only_cell(cell(0, joined, symbol(1, 72))).verdict == "word"
    assert only_cell(cell(0, symbol(1, 10), replace(joined, box=(32, 10, 60, 30)))).text == "1"
