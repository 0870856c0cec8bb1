"""Numbers as they are written have their marks where they stand."""

from dataclasses import replace

from digitus.reader.results.as_written import signs, written
from digitus.reader.results.reading import Mark


def test_a_dot_between_two_digits_stands_between_them(make_number):
    number = replace(make_number("1875"), marks=(Mark("point", (108, 86, 3, 3)),))
    assert written(number) == "187.5"


def test_a_dash_before_the_first_digit_and_a_dot_after_the_last_are_kept(make_number):
    marks = (Mark("minus", (20, 74, 10, 3)), Mark("point", (88, 86, 3, 3)))
    assert written(replace(make_number("12"), marks=marks)) == "-12."


def test_marks_stand_from_left_to_right_however_they_are_listed(make_number):
    marks = (Mark("comma", (84, 86, 3, 3)), Mark("minus", (60, 74, 3, 3)))
    assert written(replace(make_number("123"), marks=marks)) == "1-2,3"


def test_a_declined_digit_is_a_question_mark(make_number):
    number = make_number("9?5")
    assert written(number) == "9.?5"
    assert [is_mark for _, is_mark in signs(number)] == [False, True, False, False]


def test_a_number_without_marks_is_written_as_its_text(make_number):
    assert written(replace(make_number("0042"), marks=())) == "0042"
