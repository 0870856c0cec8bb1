"""Words and small print are left alone; numbers stay, however they stand."""

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import line_of
from digitus.reader.pipeline.plausibility import plausible, without_words
from digitus.reader.results.symbols import Symbol


def piece(kind, left, *, sure=0.6):
    shares = None if kind == "other" else np.eye(10)[1]
    return Symbol(kind, (left, 0, 20, 30), shares, sure, sure if kind == "digit" else 0.0)


def kinds(pieces):
    return [one.kind for one in without_words(pieces)]


def test_a_doubtful_digit_among_letters_is_taken_for_a_letter():
    assert kinds([piece("other", 0), piece("digit", 22), piece("other", 44)]) == ["other"] * 3


def test_sure_digits_beside_a_unit_stay():
    word = [piece("digit", 0, sure=0.99), piece("digit", 22, sure=0.99), piece("other", 44)]
    assert kinds(word) == ["digit", "digit", "other"]


def test_a_number_after_a_word_stays_although_the_word_is_longer():
    word = [piece("other", 22 * i) for i in range(5)]
    assert kinds([*word, piece("digit", 140), piece("digit", 162)])[-2:] == ["digit", "digit"]


def test_doubtful_digits_without_a_letter_beside_them_stay():
    assert kinds([piece("digit", 0), piece("digit", 22)]) == ["digit", "digit"]


def test_no_pieces_stay_none():
    assert without_words([]) == []


@pytest.fixture
def line(make_number):
    return lambda text, sure, top=60: line_of([make_number(text, 40, top, sure=sure)])


def test_what_is_rather_wrong_than_right_is_left_out(line):
    assert [one.text for one in plausible([line("12", 0.45), line("34", 0.55)])] == ["34"]


def smaller(line, factor):
    from digitus.reader.pipeline.assembly import enlarged
    from digitus.reader.results.reading import PageReading

    return enlarged(PageReading("", 1, 9, 9, (line,)), factor).lines[0]


def test_doubtful_small_print_is_left_out_and_sure_small_numbers_stay(line):
    lines = [line("1234", 0.99), smaller(line("11", 0.8), 0.4), smaller(line("17", 0.99), 0.4)]
    assert [one.text for one in plausible(lines)] == ["1234", "17"]


def test_specks_are_no_numbers_however_sure(line):
    assert [one.text for one in plausible([line("12", 0.99), smaller(line("1", 0.99), 0.2)])] == [
        "12"
    ]


def test_small_print_alone_is_read(line):
    assert len(plausible([smaller(line("11", 0.8), 0.4)])) == 1


def test_a_line_keeps_the_numbers_that_are_plausible(make_number):
    line = line_of([make_number("12", 40), make_number("34", 200, sure=0.3)])
    (kept,) = plausible([line])
    assert (kept.text, kept.box) == ("12", line.numbers[0].box)
