"""Symbols are grouped into numbers by the gaps of their own page."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.pipeline.number_grouping import group_numbers, page_limits
from digitus.reader.pipeline.thousands import GapLimits
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.symbols import Symbol


def line_of(text, rng, *, gap=0.25, space=1.0, height=40.0, jitter=0.3):
    """One line image of symbols; letters are of kind other, and . , - are marks."""
    symbols, left = [], 0.0
    kinds = {".": "point", ",": "comma", "-": "minus", "/": "slash", ":": "colon"}
    kinds |= {"(": "left_bracket", ")": "right_bracket", "%": "percent"}
    for letter in text:
        if letter == " ":
            left += (space - gap) * height * rng.uniform(0.85, 1.15)
            continue
        width = height * (0.15 if letter in "1.,-" else 0.6) * rng.uniform(0.85, 1.15)
        kind = "digit" if letter.isdigit() else kinds.get(letter, "other")
        high = height * (0.15 if kind in kinds.values() else rng.uniform(0.9, 1.1))
        symbols.append(Symbol(kind, (round(left), 10, round(width), round(high))))
        left += width + gap * height * rng.uniform(1 - jitter, 1 + jitter)
    return [symbols]


def n_digits(lines):
    return [[sum(p.kind == "digit" for p in number.symbols) for number in line] for line in lines]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("space", [0.8, 1.2, 3.0])
def test_numbers_are_split_at_the_wider_gaps(seed, space):
    rng = np.random.default_rng(seed)
    page = [line_of("12 345 6", rng, space=space) for _ in range(4)]
    assert n_digits(group_numbers(page)) == [[2, 3, 1]] * 4


@pytest.mark.parametrize("seed", range(8))
def test_one_line_suffices_to_split_it(seed):
    page = [line_of("12 345 6", np.random.default_rng(seed), space=1.2)]
    assert n_digits(group_numbers(page)) == [[2, 3, 1]]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("gap", [0.1, 0.5, 1.2, 2.0])
def test_evenly_spaced_digits_are_one_number(seed, gap):
    rng = np.random.default_rng(seed)
    page = [line_of(text, rng, gap=gap, jitter=0.2) for text in ("134678", "912532")]
    assert n_digits(group_numbers(page)) == [[6], [6]]


def test_a_gap_far_above_those_of_evenly_spaced_digits_splits_them():
    rng = np.random.default_rng(0)
    page = [line_of("1357 2468", rng, gap=0.8, space=4.0, jitter=0.1)]
    assert n_digits(group_numbers(page)) == [[4, 4]]


def test_distant_columns_do_not_hide_the_gaps_between_numbers():
    rng = np.random.default_rng(0)
    near = line_of("12 34", rng, space=1.0)[0]
    far = [
        Symbol(p.kind, (p.box[0] + 1000, *p.box[1:])) for p in line_of("56 78", rng, space=1.0)[0]
    ]
    assert n_digits(group_numbers([[near, far]] * 3)) == [[2, 2, 2, 2]] * 3


def test_a_number_may_extend_over_several_line_images():
    symbols = line_of("2345", np.random.default_rng(0), gap=1.0)[0]
    assert n_digits(group_numbers([[[symbol] for symbol in symbols]])) == [[4]]


def test_marks_stay_within_their_number():
    ((number,),) = group_numbers([line_of("12.50", np.random.default_rng(0))])
    assert [one.kind for one in number.symbols] == ["digit", "digit", "point", "digit", "digit"]


def test_letters_end_a_number_and_are_left_out():
    lines = group_numbers([line_of("12a34", np.random.default_rng(0))])
    assert n_digits(lines) == [[2, 2]]
    assert all(one.kind == "digit" for number in lines[0] for one in number.symbols)


def test_lines_without_a_digit_are_left_out():
    rng = np.random.default_rng(0)
    assert group_numbers([line_of("abc", rng), line_of("...", rng), [], [[]]]) == []


def test_a_page_without_symbols_has_no_numbers():
    assert group_numbers([]) == []


@given(st.floats(0.5, 20), st.integers(0, 100), st.integers(0, 500))
def test_scale_and_position_do_not_change_the_numbers(scale, seed, shift):
    page = [line_of("12 345 6", np.random.default_rng(seed), height=400)]

    def moved(symbol):
        left, top, width, height = (round(scale * side) for side in symbol.box)
        return replace(symbol, box=(left + shift, top + shift, width, height))

    other = [[[moved(symbol) for symbol in some] for some in line] for line in page]
    assert n_digits(group_numbers(other)) == n_digits(group_numbers(page))


def test_a_gap_between_the_two_kinds_makes_its_numbers_doubtful():
    rng = np.random.default_rng(3)
    page = [line_of("12 345 6", rng, space=1.5, jitter=0.05) for _ in range(4)]
    first, sizes, shares = page[0][0], [], []
    for shift in range(0, 53, 4):
        moved = [replace(one, box=(one.box[0] - shift, *one.box[1:])) for one in first[2:]]
        number = group_numbers([[[*first[:2], *moved]], *page[1:]])[0][0]
        sizes.append(sum(one.kind == "digit" for one in number.symbols))
        shares.append(number.p_complete)
    assert sizes == sorted(sizes)  # split, then joined
    assert (sizes[0], sizes[-1]) == (2, 5)
    assert min(shares) < 0.995 < 0.999 < min(shares[0], shares[-1])


# Unread symbols beside a number


def symbol(kind, left, *, height=30, p_digit=0.02):
    return Symbol(kind, (left, 0, 20, height), p_digit=p_digit)


def p_complete(*symbols):
    ((number,),) = group_numbers([[symbols]])
    return number.p_complete


def test_an_unread_symbol_beside_a_number_makes_it_one_to_check():
    assert p_complete(symbol("digit", 0), symbol("digit", 22), symbol("other", 44)) < CHECK_BELOW


@pytest.mark.parametrize("p_digit", [0.3, 0.6])
def test_the_number_is_as_incomplete_as_the_symbol_beside_it_is_probably_a_digit(p_digit):
    other = symbol("other", 22, p_digit=p_digit)
    assert p_complete(symbol("digit", 0), other) == pytest.approx(1 - p_digit)


@pytest.mark.parametrize("other", [symbol("other", 60), symbol("other", 22, height=10)])
def test_a_distant_or_low_symbol_leaves_the_number_complete(other):
    assert p_complete(symbol("digit", 0), other) == 1


def test_unread_symbols_on_both_sides_count_twice():
    run = (symbol("other", 0), symbol("digit", 22), symbol("other", 44))
    assert p_complete(*run) == pytest.approx(0.85**2)


def test_a_number_of_ones_alone_is_less_certain():
    def read_as(digit, left):
        return Symbol("digit", (left, 0, 20, 30), probabilities=np.eye(10)[digit], p_digit=1.0)

    assert p_complete(read_as(1, 0)) == pytest.approx(0.9)
    assert p_complete(read_as(7, 0)) == 1


# What does not end a number


def digits(*lefts, height=30):
    return [Symbol("digit", (left, 10, 20, height)) for left in lefts]


def rest_of_a_line(left):
    return Symbol("other", (left, 36, 14, 4))


def test_the_rest_of_a_ruled_line_between_two_digits_does_not_end_their_number():
    row = digits(0, 24, 48, 72)
    row.insert(3, rest_of_a_line(66))
    ((number,),) = group_numbers([[row]])
    assert [one.kind for one in number.symbols] == ["digit"] * 4
    assert number.p_complete > CHECK_BELOW


def test_a_gap_with_the_rest_of_a_line_in_it_still_separates_numbers():
    row = [*digits(0, 24, 48), rest_of_a_line(90), *digits(120, 144, 168)]
    assert n_digits(group_numbers([[row]] * 2)) == [[3, 3]] * 2


def test_a_narrow_unread_stroke_leaves_both_halves_doubtful_and_tells_that_they_may_be_one():
    stroke = Symbol("other", (75, 10, 4, 28))
    first, second = group_numbers([[[*digits(0, 24, 48), stroke, *digits(86, 110)]]])[0]
    assert max(first.p_complete, second.p_complete) < CHECK_BELOW
    assert (first.joined_with_next, second.joined_with_next) == (pytest.approx(0.3), 0)


def test_a_letter_between_digits_leaves_no_number_across_it():
    groups = group_numbers([line_of("12a34", np.random.default_rng(0))])[0]
    assert [one.joined_with_next for one in groups] == [0, 0]


def test_a_gap_near_the_limit_tells_that_its_numbers_may_be_one():
    shares = []
    for gap in (20, 24, 30, 60):
        first, _ = group_numbers([[digits(0, 24, 44 + gap, 68 + gap)]], GapLimits(0.6, 0.6))[0]
        shares.append(first.joined_with_next)
        assert first.p_complete == pytest.approx(1 - first.joined_with_next, abs=0.011)
    assert 0.5 > shares[0] > shares[1] > shares[2] >= shares[3] == 0


def test_a_line_of_one_digit_is_measured_by_the_page():
    rng = np.random.default_rng(0)
    page = [line_of("12 345 6", rng) for _ in range(4)]
    low = [Symbol("digit", (left, 10, 20, 8)) for left in (0, 30)]  # 10 px: within numbers
    assert n_digits(group_numbers([*page, [low]]))[-1] == [2]


def test_all_versions_of_a_page_are_divided_at_the_same_gaps():
    rng = np.random.default_rng(0)
    clean = [line_of("12 345 6", rng, space=1.2) for _ in range(4)]
    wide = [
        [[replace(one, box=(one.box[0], one.box[1], one.box[2] + 9, one.box[3])) for one in some]]
        for (some,) in clean
    ]
    assert page_limits([wide, clean]) == page_limits([clean])
    assert page_limits([wide, clean[:1]]) == page_limits([wide])  # it lacks most digits


@pytest.mark.parametrize(
    ("before", "behind", "kept"),
    [
        ("right_bracket", "percent", ["digit", "digit", "percent"]),
        ("colon", "colon", ["digit", "digit"]),
        ("left_bracket", "right_bracket", ["left_bracket", "digit", "digit", "right_bracket"]),
        ("minus", "slash", ["minus", "digit", "digit"]),
    ],
)
def test_marks_that_begin_or_end_no_number_are_left_out(before, behind, kept):
    marks = [Symbol(kind, (left, 10, 8, 30)) for kind, left in ((before, 0), (behind, 60))]
    ((number,),) = group_numbers([[[marks[0], *digits(12, 36), marks[1]]]])
    assert [one.kind for one in number.symbols if one.kind != "other"] == kept
    assert len(number.symbols) == 4  # the others are told


def test_a_number_with_a_gap_far_above_the_usual_is_doubtful_where_no_kinds_are_separate():
    number = digits(0, 20, 40, 61, 83, 107, 135, 169, 213)  # gaps of 0 to 24 pixels
    ((group,),) = group_numbers([[number]])
    assert group.p_complete < CHECK_BELOW
    ((even,),) = group_numbers([[digits(*range(0, 450, 50))]])
    assert even.p_complete > CHECK_BELOW


# Spaces within numbers


def test_the_gaps_between_thousands_become_spaces_of_one_number():
    rng = np.random.default_rng(1)
    numbers = ("1_204", "35", "12_500", "7_310")
    page = [spaced_line(" ".join(np.roll(numbers, shift)), rng) for shift in range(3)]
    texts = [[text_of(number) for number in line] for line in group_numbers(page)]
    assert texts == [list(np.roll(numbers, shift)) for shift in range(3)]


def spaced_line(text, rng):
    """A line in which _ is a gap of half a digit height, within a number."""
    symbols, left = [], 0.0
    for letter in text:
        if letter in " _":
            left += {" ": 48, "_": 18}[letter] * rng.uniform(0.9, 1.1)
            continue
        width = 24 * rng.uniform(0.9, 1.1)
        box = (round(left), 10, round(width), 40)
        symbols.append(Symbol("digit", box, np.eye(10)[int(letter)]))
        left += width + 6 * rng.uniform(0.7, 1.3)
    return [symbols]


def text_of(number):
    return "".join("_" if one.kind == "space" else str(one.digit) for one in number.symbols)


# Marks with a wide gap beside them


def with_gap_behind(text, place, *, wide):
    """Lines of numbers 2 heights apart; in the first one a gap is wider behind a symbol."""
    rng = np.random.default_rng(0)
    page = [line_of("45 312 67", rng, space=2.0, jitter=0.1) for _ in range(3)]
    (symbols,) = line_of(text, rng, jitter=0.1)
    moved = [
        replace(one, box=(one.box[0] + round(40 * wide) * (at > place), *one.box[1:]))
        for at, one in enumerate(symbols)
    ]
    return [[moved], *page]


@pytest.mark.parametrize(
    ("text", "place"),
    [("12/30", 2), ("12:30", 1), ("(24)", 0), ("(24)", 2), ("75%", 1), ("-35", 0)],
)
def test_a_mark_that_begins_or_ends_no_number_is_not_split_off(text, place):
    (numbers, *_) = group_numbers(with_gap_behind(text, place, wide=0.7))
    assert [len(number.symbols) for number in numbers] == [len(text)]
    assert numbers[0].p_complete < CHECK_BELOW


def test_the_year_of_a_date_is_not_split_off():
    (numbers, *_) = group_numbers(with_gap_behind("12.02.2022", 5, wide=0.7))
    assert len(numbers) == 1


@pytest.mark.parametrize(("text", "place"), [("12,47", 2), ("12.47", 2), ("12-47", 2)])
def test_a_mark_that_may_end_a_number_is_split_off(text, place):
    (numbers, *_) = group_numbers(with_gap_behind(text, place, wide=0.7))
    assert len(numbers) == 2


def test_a_mark_far_from_a_number_is_none_of_it():
    (numbers, *_) = group_numbers(with_gap_behind("12/30", 2, wide=4.0))
    assert [sum(one.kind == "digit" for one in number.symbols) for number in numbers] == [2, 2]


@pytest.mark.parametrize(
    ("box", "is_doubtful"),
    [((40, 0, 18, 26), True), ((40, 18, 18, 26), False), ((40, 2, 22, 40), False)],
)
def test_a_small_digit_high_beside_another_makes_its_number_one_to_check(box, is_doubtful):
    symbols = [Symbol("digit", (10, 6, 24, 40)), Symbol("digit", box)]
    ((number,),) = group_numbers([[symbols]])
    assert (number.p_complete < CHECK_BELOW) == is_doubtful
