"""Symbols become numbers by the gaps of their own page."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.pipeline.number_grouping import gap_shares, group_numbers, widest_gap_within
from digitus.reader.results.symbols import Symbol


def line_of(text, rng, *, gap=0.25, space=1.0, height=40.0, jitter=0.3):
    """One run of pieces; letters are 'other', and . , - are marks."""
    pieces, left = [], 0.0
    kinds = {".": "dot", ",": "comma", "-": "dash"}
    for letter in text:
        if letter == " ":
            left += (space - gap) * height * rng.uniform(0.85, 1.15)
            continue
        width = height * (0.15 if letter in "1.,-" else 0.6) * rng.uniform(0.85, 1.15)
        kind = "digit" if letter.isdigit() else kinds.get(letter, "other")
        high = height * (0.15 if kind in kinds.values() else rng.uniform(0.9, 1.1))
        pieces.append(Symbol(kind, (round(left), 10, round(width), round(high))))
        left += width + gap * height * rng.uniform(1 - jitter, 1 + jitter)
    return [pieces]


def digits_in(lines):
    return [[sum(p.kind == "digit" for p in number) for number in line] for line in lines]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("space", [0.8, 1.2, 3.0])
def test_numbers_are_parted_at_the_wider_gaps(seed, space):
    rng = np.random.default_rng(seed)
    page = [line_of("12 345 6", rng, space=space) for _ in range(4)]
    assert digits_in(group_numbers(page)) == [[2, 3, 1]] * 4


@pytest.mark.parametrize("seed", range(8))
def test_a_single_line_is_parted_too(seed):
    page = [line_of("12 345 6", np.random.default_rng(seed), space=1.2)]
    assert digits_in(group_numbers(page)) == [[2, 3, 1]]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("gap", [0.1, 0.5, 1.2, 2.0])
def test_digits_evenly_apart_are_one_number(seed, gap):
    rng = np.random.default_rng(seed)
    page = [line_of(text, rng, gap=gap, jitter=0.2) for text in ("134678", "912532")]
    assert digits_in(group_numbers(page)) == [[6], [6]]


def test_a_number_far_from_evenly_spaced_digits_is_another():
    rng = np.random.default_rng(0)
    page = [line_of("1357 2468", rng, gap=0.8, space=4.0, jitter=0.1)]
    assert digits_in(group_numbers(page)) == [[4, 4]]


def test_columns_far_apart_do_not_hide_the_gaps_between_numbers():
    rng = np.random.default_rng(0)
    near = line_of("12 34", rng, space=1.0)[0]
    far = [
        Symbol(p.kind, (p.box[0] + 1000, *p.box[1:])) for p in line_of("56 78", rng, space=1.0)[0]
    ]
    assert digits_in(group_numbers([[near, far]] * 3)) == [[2, 2, 2, 2]] * 3


def test_runs_of_a_line_may_hold_one_number():
    pieces = line_of("2345", np.random.default_rng(0), gap=1.0)[0]
    assert digits_in(group_numbers([[[piece] for piece in pieces]])) == [[4]]


def test_marks_stay_within_their_number():
    (numbers,) = group_numbers([line_of("12.50", np.random.default_rng(0))])
    assert [piece.kind for piece in numbers[0]] == ["digit", "digit", "dot", "digit", "digit"]


def test_letters_end_a_number_and_are_left_out():
    lines = group_numbers([line_of("12a34", np.random.default_rng(0))])
    assert digits_in(lines) == [[2, 2]]
    assert all(piece.kind == "digit" for number in lines[0] for piece in number)


def test_lines_without_a_digit_are_left_out():
    rng = np.random.default_rng(0)
    assert group_numbers([line_of("abc", rng), line_of("...", rng), [], [[]]]) == []


def test_a_page_without_pieces_has_no_numbers():
    assert group_numbers([]) == []


@given(
    st.lists(st.floats(-0.5, 10), max_size=30),
)
def test_some_gap_is_always_within_and_a_huge_one_never(gaps):
    assert 0 <= widest_gap_within(np.array(gaps, float)) < 20


@given(st.floats(0.5, 20), st.integers(0, 100), st.integers(0, 500))
def test_scale_and_shift_leave_the_numbers(scale, seed, shift):
    page = [line_of("12 345 6", np.random.default_rng(seed), height=400)]
    other = [
        [
            [
                Symbol(
                    p.kind,
                    tuple(
                        round(scale * side) + add
                        for side, add in zip(p.box, (shift, shift, 0, 0), strict=True)
                    ),
                )
                for p in run
            ]
            for run in line
        ]
        for line in page
    ]
    assert digits_in(group_numbers(other)) == digits_in(group_numbers(page))


def test_the_nearer_a_gap_is_to_the_other_kind_the_more_doubtful_it_is():
    rng = np.random.default_rng(3)
    page = [line_of("12 345 6", rng, space=1.5, jitter=0.05) for _ in range(4)]
    first, told = page[0][0], []
    for shift in range(0, 53, 4):
        moved = [replace(one, box=(one.box[0] - shift, *one.box[1:])) for one in first[2:]]
        lines = [[[*first[:2], *moved]], *page[1:]]
        told += [one[2:] for one in gap_shares(lines) if one[0] is first[1]]
    together, shares = zip(*told, strict=True)
    assert together == tuple(sorted(together))  # apart, then together
    assert not together[0]
    assert together[-1]
    assert min(shares) < 0.995 < 0.999 < min(shares[0], shares[-1])


def test_a_gap_is_told_with_its_neighbours():
    (line,) = [line_of("12 3", np.random.default_rng(0), space=2.0)]
    told = [
        (left.box[0] < right.box[0], together) for left, right, together, _ in gap_shares([line])
    ]
    assert told == [(True, True), (True, False)]
