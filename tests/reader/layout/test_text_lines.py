"""Text lines: segments that are level or climb together, joined across gaps."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.layout import text_lines
from digitus.reader.layout.text_lines import order_into_lines


def row(lefts, top, *, height=30, climb=0.0):
    """Boxes of digits in a row, which climbs by some rows per column."""
    return [
        (left, round(top - climb * left), left + 18, round(top - climb * left) + height)
        for left in lefts
    ]


def lines_of(*rows):
    """Lines of shuffled boxes; each as the numbers of its boxes in the order they were given."""
    boxes = np.array([box for one in rows for box in one])
    order = np.random.default_rng(0).permutation(len(boxes))
    return [order[places].tolist() for places in order_into_lines(boxes[order])]


def test_no_segments_make_no_lines():
    assert order_into_lines(np.zeros((0, 4), np.int64)) == []


def test_lines_run_from_top_to_bottom_and_from_left_to_right():
    found = lines_of(row([10, 40, 70], 200), row([10, 40, 70], 20))
    assert found == [[3, 4, 5], [0, 1, 2]]


def test_low_letters_behind_a_digit_do_not_make_its_line_climb():
    words = [
        [(50, top, 74, top + 48), *((x, top + 20, x + 30, top + 50) for x in range(100, 300, 34))]
        for top in (40, 140, 240)
    ]
    prices = [row([700, 730, 760], top, height=48) for top in (40, 140, 240)]
    places = iter(range(100))
    rows = [[next(places) for _ in one] for pair in zip(words, prices, strict=True) for one in pair]
    found = lines_of(*(one for pair in zip(words, prices, strict=True) for one in pair))
    assert found == [rows[i] + rows[i + 1] for i in (0, 2, 4)]


@pytest.mark.parametrize("climb", [-0.14, 0.14])
def test_lines_that_climb_stay_whole(climb):
    lefts = range(50, 500, 30)
    found = lines_of(*(row(lefts, top, climb=climb) for top in (150, 220, 290)))
    assert found == [list(range(15 * i, 15 * i + 15)) for i in range(3)]


def test_a_wide_gap_within_a_level_line_is_bridged():
    assert lines_of(row([10, 40], 100), row([500, 530], 104)) == [[0, 1, 2, 3]]


def test_columns_half_a_line_apart_make_lines_of_their_own():
    assert len(lines_of(row([10, 40], 100), row([500, 530], 130))) == 2


def test_small_and_large_digits_on_one_base_line_are_one_line():
    found = lines_of(row([10, 40], 100), row([70, 100], 112, height=18), row([130, 160], 100))
    assert found == [[0, 1, 2, 3, 4, 5]]


def test_a_comma_that_hangs_below_its_line_belongs_to_it():
    comma = [(62, 122, 68, 138)]
    assert lines_of(row([10, 40, 72, 102], 100), comma) == [[0, 1, 4, 2, 3]]


def test_chains_compared_in_batches_are_joined_as_all_at_once(monkeypatch):
    rows = [row(range(10, 900, 120), 20 + 60 * i) for i in range(6)]
    whole = lines_of(*rows)
    monkeypatch.setattr(text_lines, "JOINS", replace(text_lines.JOINS, batch=3))
    assert lines_of(*rows) == whole
    assert [len(line) for line in whole] == [8] * 6


@pytest.mark.parametrize("climb", [-0.25, -0.15, 0.15, 0.25])
def test_two_numbers_of_two_digits_on_a_line_that_climbs_are_read_from_left_to_right(climb):
    found = lines_of(row([10, 35, 153, 178], 150, climb=climb))
    assert found == [[0, 1, 2, 3]]


def test_every_line_of_a_page_may_climb_by_itself():
    lefts = [10, 40, 70, 250, 280, 310]
    found = lines_of(
        *(row(lefts, 80 + 70 * i, climb=climb) for i, climb in enumerate((0, 0.05, 0.1)))
    )
    assert found == [list(range(6 * i, 6 * i + 6)) for i in range(3)]


def test_small_digits_far_from_tall_ones_on_a_line_that_climbs_belong_to_it():
    tall, small = row([10, 40, 70], 100, climb=0.1), row([190, 208], 115, height=15, climb=0.1)
    assert lines_of(tall + small) == [[0, 1, 2, 3, 4]]
