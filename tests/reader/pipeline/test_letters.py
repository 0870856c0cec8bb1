"""The doubtful digits of a word are letters."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.pipeline.letters import (
    count_sure_letters,
    doubt_in_letter_columns,
    doubtful_words_in_columns,
    labels_as_letters,
    letters_in_words,
    wide_as_letters,
)
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.symbols import Symbol


def letter_or_digit(kind, left, *, confidence=0.6):
    shares = None if kind == "other" else np.eye(10)[1]
    sure = confidence if kind == "digit" else 0.0
    return Symbol(kind, (left, 0, 20, 30), shares, confidence, sure)


def kinds(symbols):
    return [one.kind for one in letters_in_words(symbols)]


def test_a_doubtful_digit_among_letters_becomes_a_letter():
    word = [letter_or_digit(kind, 22 * i) for i, kind in enumerate(("other", "digit", "other"))]
    assert kinds(word) == ["other"] * 3


def test_confident_digits_beside_a_unit_stay_digits():
    digits = [letter_or_digit("digit", left, confidence=0.99) for left in (0, 22)]
    assert kinds([*digits, letter_or_digit("other", 44)]) == ["digit", "digit", "other"]


def test_a_number_after_a_longer_word_stays_a_number():
    word = [letter_or_digit("other", 22 * i) for i in range(5)]
    digits = [letter_or_digit("digit", left) for left in (140, 162)]
    assert kinds([*word, *digits])[-2:] == ["digit", "digit"]


def test_doubtful_digits_without_a_letter_beside_them_stay_digits():
    assert kinds([letter_or_digit("digit", left) for left in (0, 22)]) == ["digit", "digit"]


def test_no_symbols_make_no_word():
    assert letters_in_words([]) == []


# Digits that look like letters, read with confidence


BRACKETS = {"(": "left_bracket", ")": "right_bracket"}


def word_of(text, *, gap=2, height=30, small=None):
    """Symbols of a word: letters are kind other, and digits are sure.

    Args:
        small: height of the symbols in lower case, and of the digits 0, 2, 5, 6, 8 and 9 after one.
    """
    symbols, left = [], 0
    for letter in text:
        high = small if small and (letter.islower() or letter in "o25689") else height
        digit = letter.replace("o", "0")
        box = (left, 40 - high, 18, high)
        if digit.isdigit():
            symbols.append(Symbol("digit", box, np.eye(10)[int(digit)], 1.0, 0.99))
        else:
            symbols.append(Symbol(BRACKETS.get(letter, "other"), box, None, 0.0))
        left += 18 + gap
    return symbols


@pytest.mark.parametrize(
    "text", ["T0ta1", "Car1a", "R0und", "Fina1", "0tt0", "P01nt5", "Is1", "G01d"]
)
def test_sure_digits_among_letters_are_letters(text):
    assert kinds(word_of(text)) == ["other"] * len(text)


@pytest.mark.parametrize("text", ["12kg", "3m", "B70", "x5", "A1234", "N1473"])
def test_digits_beside_few_letters_stay_digits(text):
    expected = ["digit" if letter.isdigit() else "other" for letter in text]
    assert kinds(word_of(text)) == expected


def test_small_digits_close_behind_a_tall_letter_are_letters():
    assert kinds(word_of("Lo5", small=21)) == ["other"] * 3
    assert kinds(word_of("Lo5", small=21, gap=9)) == ["other", "digit", "digit"]


def test_a_number_with_a_word_behind_a_gap_stays_a_number():
    word = word_of("Car1a")
    number = [replace(one, box=(one.box[0] + 130, *one.box[1:])) for one in word_of("10")]
    assert kinds([*word, *number]) == ["other"] * 5 + ["digit"] * 2


def test_letters_are_counted_where_they_are_high_and_no_digits():
    assert count_sure_letters(word_of("Car1a")) == 4
    assert count_sure_letters([Symbol("other", (0, 0, 20, 30), p_digit=0.9)]) == 0
    dot = Symbol("other", (0, 25, 5, 5))
    assert count_sure_letters([*word_of("ab"), dot]) == 2


def test_joined_letters_count_as_several():
    assert count_sure_letters([Symbol("other", (0, 0, 90, 30))]) == 3
    assert count_sure_letters([]) == 0


# Lists that begin with letters


def list_of(*letters, left=0):
    """Lines of one letter or digit each, and a number behind it."""
    number = [replace(one, box=(one.box[0] + 60, *one.box[1:])) for one in word_of("37")]
    return [[[replace(word_of(one)[0], box=(left, 10, 18, 30)), *number]] for one in letters]


def doubtful(lines):
    return [
        [one.confidence < CHECK_BELOW for some in line for one in some if one.kind == "digit"]
        for line in doubt_in_letter_columns(lines)
    ]


def test_a_single_digit_among_letters_that_begin_lines_is_doubtful():
    assert doubtful(list_of("a", "b", "1")) == [[False] * 2, [False] * 2, [True, False, False]]


@pytest.mark.parametrize("letters", [("a", "1", "5"), ("a", "1", "5", "b", "8"), ("2", "1", "5")])
def test_lines_that_mostly_begin_with_digits_are_no_list_of_letters(letters):
    assert not any(any(line) for line in doubtful(list_of(*letters)))


def test_a_digit_that_resembles_no_letter_or_stands_elsewhere_is_not_doubted():
    assert not any(any(line) for line in doubtful(list_of("a", "b", "7")))
    lines = [*list_of("a", "b"), *list_of("1", left=40)]
    assert not any(any(line) for line in doubtful(lines))


def test_the_first_digit_of_a_number_is_not_doubted():
    lines = [*list_of("a", "b"), [word_of("15")]]
    assert doubtful(lines)[-1] == [False, False]


def test_a_page_without_lines_has_no_list():
    assert doubt_in_letter_columns([]) == []


# Labels such as a) before numbers


def labelled(label):
    """A line image of a label with its bracket, and a number behind it."""
    return [[*word_of(label, gap=4), *[moved_on(one, 90) for one in word_of("37")]]]


def moved_on(symbol, cols):
    left, *rest = symbol.box
    return replace(symbol, box=(left + cols, *rest))


def digits_of(lines):
    return ["".join(str(one.digit) for one in some if one.kind == "digit") for (some,) in lines]


def test_a_digit_before_a_bracket_is_a_letter_where_most_labels_are():
    lines = [labelled(label) for label in ("a)", ")", "6)", "d)")]
    assert digits_of(labels_as_letters(lines)) == ["37"] * 4


@pytest.mark.parametrize("labels", [("1)", "2)", "3)"), ("a)", "2)"), ("1)", "2)", "3)", "a)")])
def test_labels_of_digits_stay(labels):
    found = digits_of(labels_as_letters([labelled(label) for label in labels]))
    assert found == [label.strip("a)") + "37" for label in labels]


def test_digits_of_labels_that_do_not_count_up_are_letters():
    lines = [labelled(label) for label in ("9)", "6)", "0)")]
    assert digits_of(labels_as_letters(lines)) == ["37"] * 3


def test_numbers_before_a_bracket_without_anything_behind_are_no_labels():
    lines = [[word_of(text, gap=4)] for text in ("9)", "6)", "0)")]
    assert digits_of(labels_as_letters(lines)) == ["9", "6", "0"]


def test_the_digit_of_a_bracketed_number_is_no_label():
    lines = [labelled(label) for label in ("a)", "b)", "(6)")]
    assert digits_of(labels_as_letters(lines))[-1] == "637"


# Columns of words


def column_of(*words, left=0, confidence=0.7):
    """Lines of one word each, whose digits have a confidence."""
    return [
        [
            [
                replace(moved_on(one, left), confidence=confidence if one.kind == "digit" else 0.0)
                for one in word_of(word)
            ]
        ]
        for word in words
    ]


def test_doubtful_digits_in_a_column_of_words_are_letters():
    lines = column_of("tea", "66", "6xx", "h0ney")
    assert digits_of(doubtful_words_in_columns(lines)) == [""] * 4


def test_sure_digits_in_a_column_of_words_stay():
    lines = [*column_of("tea", "bread"), *column_of("66", confidence=0.85)]
    assert digits_of(doubtful_words_in_columns(lines))[-1] == "66"


def test_doubtful_digits_stay_in_a_column_of_numbers_and_beside_one_of_words():
    numbers = column_of("12", "47", "30", confidence=0.99)
    lines = [*column_of("tea", "rice"), *numbers, *column_of("66")]
    assert digits_of(doubtful_words_in_columns(lines))[-1] == "66"
    lines = [*column_of("tea", "rice"), *column_of("66", left=200)]
    assert digits_of(doubtful_words_in_columns(lines))[-1] == "66"


def test_digits_behind_letters_and_of_uneven_height_are_letters_in_a_column_of_words():
    uneven = [[word_of("965", height=40, small=20)]]
    uneven[0][0][0] = replace(uneven[0][0][0], box=(0, 0, 18, 40))
    lines = [*column_of("tea", "bread", "x05", "6xx", confidence=0.95), *uneven]
    assert digits_of(doubtful_words_in_columns(lines)) == [""] * 5


def test_a_date_behind_a_stroke_stays_in_a_column_of_words():
    lines = [*column_of("tea", "bread"), *column_of("x31082022", confidence=0.99)]
    assert digits_of(doubtful_words_in_columns(lines))[-1] == "31082022"


def test_specks_in_a_column_are_no_words():
    specks = [[[Symbol("other", (0, 0, 6, 8), None, 0.0)]] for _ in range(3)]
    assert digits_of(doubtful_words_in_columns([*specks, *column_of("66")]))[-1] == "66"


# Digits too wide for one


@pytest.mark.parametrize(("width", "kind"), [(18, "digit"), (40, "digit"), (70, "other")])
def test_a_digit_that_is_far_wider_than_high_is_several_letters(width, kind):
    wide = Symbol("digit", (100, 10, width, 30), np.eye(10)[0], 1.0, 0.91)
    (found,) = wide_as_letters([[word_of("37"), [wide]]])
    assert [one.kind for one in found[1]] == [kind]


@pytest.mark.parametrize(
    ("width", "confidence", "inside", "kind"),
    [
        (70, 0.99, "digit", "digit"),
        (110, 0.99, "digit", "other"),
        (70, 0.8, "digit", "other"),
        (70, 0.99, "other", "other"),
    ],
)
def test_the_width_of_a_sure_digit_is_shared_by_the_digits_that_stand_in_its_box(
    width, confidence, inside, kind
):
    covering = Symbol("digit", (100, 10, width, 30), np.eye(10)[2], 1.0, confidence)
    covered = letter_or_digit(inside, 125, confidence=0.99)
    (found,) = wide_as_letters([[word_of("37"), [covering, covered]]])
    assert [one.kind for one in found[1]] == [kind, inside]


def test_a_flat_zero_beside_high_digits_stays_a_digit():
    flat = Symbol("digit", (100, 30, 20, 12), np.eye(10)[0], 1.0, 0.91)
    (found,) = wide_as_letters([[word_of("37"), [flat]]])
    assert found[1] == [flat]
