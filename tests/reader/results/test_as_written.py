"""Numbers are written with their marks, and have the texts that they may be as alternatives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.results.as_written import ALTERNATIVES, likeliest_texts, written
from digitus.reader.results.reading import Digit, Mark


def digit(value, left, confidence=1.0, *, other=None, declined=False):
    others = () if other is None else ((other, 1 - confidence),)
    return Digit(
        None if declined else value,
        "not_a_digit" if declined else "digit",
        confidence,
        (left, 0, 20, 30),
        ((value, confidence), *others),
    )


def digits(text, step=30):
    return [digit(int(one), i * step) for i, one in enumerate(text)]


def mark(kind, left, confidence=1.0, *, in_text=True):
    return Mark(kind, (left, 20, 4, 4), in_text, confidence)


def test_marks_stand_where_they_are_from_left_to_right_however_they_are_listed():
    marks = [mark("point", 84), mark("minus", -10)]
    assert written(digits("1875"), marks) == "-187.5"
    assert written(digits("12"), [mark("percent", 60)]) == "12%"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("point", "1.2"), ("comma", "1,2"), ("minus", "1-2"), ("plus", "1+2"), ("slash", "1/2")),
        *(("colon", "1:2"), ("percent", "1%2"), ("left_bracket", "1(2")),
        *(("right_bracket", "1)2"), ("space", "1 2")),
    ],
)
def test_every_kind_of_mark_has_its_character(kind, text):
    assert written(digits("12"), [mark(kind, 24)]) == text


def test_what_is_left_out_of_the_text_does_not_stand_in_it():
    marks = [mark("comma", 24, 0.2, in_text=False), mark("other", 60, in_text=False)]
    assert written(digits("12"), marks) == "12"


def test_a_declined_digit_is_a_question_mark():
    assert written([digit(9, 0), digit(4, 30, declined=True)], [mark("point", 24)]) == "9.?"


def test_the_first_alternative_is_the_text_with_its_probability():
    texts = likeliest_texts([digit(4, 0, 0.9, other=9), digit(2, 30, 0.8, other=7)], [], 0.5)
    assert [text for text, _ in texts] == ["42", "47", "92", "97"]
    assert [p for _, p in texts] == pytest.approx([0.36, 0.09, 0.04, 0.01])


def test_a_mark_that_is_not_sure_is_in_one_alternative_and_not_in_another():
    texts = likeliest_texts(digits("35"), [mark("point", 24, 0.7)])
    assert texts == (("3.5", 0.7), ("35", pytest.approx(0.3)))


def test_a_mark_that_may_be_there_is_in_the_second_alternative():
    texts = likeliest_texts(digits("35"), [mark("minus", -10, 0.3, in_text=False)])
    assert texts == (("35", 0.7), ("-35", 0.3))


def test_something_that_is_left_out_for_sure_changes_nothing():
    assert likeliest_texts(digits("35"), [mark("other", -10, in_text=False)]) == (("35", 1.0),)


def test_a_declined_digit_has_its_likeliest_digit_in_the_first_alternative():
    texts = likeliest_texts([digit(4, 0, 0.6, other=9, declined=True)], [])
    assert [text for text, _ in texts] == ["4", "9"]


def test_the_text_comes_first_even_if_another_is_likelier():
    texts = likeliest_texts(digits("35"), [mark("point", 24, 0.4)])
    assert [text for text, _ in texts] == ["3.5", "35"]


def test_improbable_texts_are_left_out_but_never_the_own_one():
    texts = likeliest_texts([digit(4, 0, 0.9995, other=9)], [], 0.0001)
    assert [text for text, _ in texts] == ["4"]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.floats(0.34, 1), st.sampled_from(["point", "comma"])),
        min_size=1,
        max_size=7,
    )
)
def test_the_alternatives_are_the_likeliest_of_all_texts(parts):
    own = [digit(one, 30 * i, p, other=(one + 1) % 10) for i, (one, p, _) in enumerate(parts)]
    marks = [mark(kind, 30 * i + 24, p) for i, (_, p, kind) in enumerate(parts)]
    every = [("", 1.0)]
    for place, (one, p, _) in enumerate(parts):
        sign = written([], [marks[place]])
        shares = [(str(one), p), (str((one + 1) % 10), 1 - p)]
        every = [(text + a, q * r) for text, q in every for a, r in shares]
        every = [(text + a, q * r) for text, q in every for a, r in [(sign, p), ("", 1 - p)]]
    found = likeliest_texts(own, marks)
    assert found[0] == (written(own, marks), pytest.approx(dict(every)[found[0][0]]))
    others = sorted((q for text, q in every if text != found[0][0]), reverse=True)
    wanted = [q for q in others if q >= ALTERNATIVES.min_probability]
    wanted = wanted[: ALTERNATIVES.max_texts - 1]
    assert [q for _, q in found[1:]] == pytest.approx(wanted)
    assert len({text for text, _ in found}) == len(found)
