"""A plain number has its value; whatever may be something else has none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.results.reading import Grid
from digitus.reader.results.values import (
    EXACT_DIGITS,
    decimal_sign_of,
    is_ambiguous,
    value_of,
    with_values,
)

WHOLE = st.integers(0, 10**9)
DECIMALS = st.text("0123456789", min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("0042", 42),
        ("-4", -4),
        ("+12", 12),
        ("187.50", 187.5),
        ("12,50", 12.5),
        ("-3.5", -3.5),
        (".5", 0.5),
        ("0,125", 0.125),
        ("1204,500", 1204.5),
        ("1 204", 1204),
        ("1 204 000,5", 1204000.5),
        ("1,204,000", 1204000),
        ("1.204,50", 1204.5),
        ("1,204.50", 1204.5),
    ],
)
def test_a_plain_number_that_allows_one_decimal_sign_has_its_value(text, value):
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", "?", "4?", "12/05/2026", "1/2", "07:30", "(5)", "12%", "5-", "-1-2", "+-5"),
        *("12.", "3,", "1.2.3", "12.05.2026", "12 50", "1 2045", "1,204 000", "1,20,400", " 5"),
        *("0,204,000", "1234,567,890", "1.204.50", "1,204,50", "\u0663"),
    ],
)
def test_what_is_no_plain_number_has_no_value(text):
    assert [value_of(text, decimal) for decimal in (None, "point", "comma")] == [None] * 3
    assert not is_ambiguous(text)


@pytest.mark.parametrize(
    ("text", "by_point", "by_comma"),
    [("1,204", 1204, 1.204), ("-12.345", -12.345, -12345), ("204,000", 204000, 204.0)],
)
def test_one_separator_before_three_digits_needs_the_decimal_sign(text, by_point, by_comma):
    assert is_ambiguous(text)
    values = [value_of(text, decimal) for decimal in (None, "point", "comma")]
    assert values == [None, by_point, by_comma]


def test_the_chosen_decimal_sign_leaves_other_numbers_without_a_value():
    assert value_of("12,50", "point") is None
    assert value_of("12.50", "comma") is None
    assert value_of("1.204", "comma") == 1204


def test_a_number_too_long_for_a_double_has_no_value():
    assert value_of("1" * EXACT_DIGITS) == int("1" * EXACT_DIGITS)
    assert value_of("1" * (EXACT_DIGITS + 1)) is None


@given(st.sampled_from(["", "-", "+"]), WHOLE, DECIMALS, st.sampled_from([".", ","]))
def test_a_number_and_its_decimals_are_read_with_their_decimal_sign(sign, whole, decimals, point):
    decimal = "point" if point == "." else "comma"
    text = f"{sign}{whole}{point}{decimals}"
    assert value_of(text, decimal) == float(f"{sign}{whole}.{decimals}")


@given(WHOLE, st.sampled_from([",", ".", " "]))
def test_groups_of_three_are_read_with_any_separator_but_the_decimal_sign(number, separator):
    text = f"{number:,}".replace(",", separator)
    for decimal, point in (("point", "."), ("comma", ",")):
        if separator != point:
            assert value_of(text, decimal) == number


@given(st.text("0123456789.,- +/:%()?", max_size=9))
def test_a_value_never_hides_that_a_text_allows_another(text):
    values = {value_of(text, decimal) for decimal in ("point", "comma")} - {None}
    assert is_ambiguous(text) == (len(values) == 2)
    assert value_of(text) == (values.pop() if len(values) == 1 else None)


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        ([], None),
        (["12", "1 204", "1,204", "12/05"], None),
        (["3.5", "1,204"], "point"),
        (["12,50", "1,204"], "comma"),
        (["1,204,000"], "point"),
        (["1.204,5"], "comma"),
        (["3.5", "12,50"], None),
        (["3.5", "12,50", "0,1"], None),
        (["3.5", *["12,50"] * 9, "1,204"], "comma"),
        (["3.5", *["12,50"] * 8], None),
        (["12.05.2026", "4?.5"], None),
    ],
)
def test_the_decimal_sign_of_a_page_is_that_of_nearly_all_its_decisive_numbers(texts, decimal):
    assert decimal_sign_of(texts) == decimal


@pytest.fixture
def page_of(page_reading, make_number):
    """Make a page with numbers of these texts; those that end with "!" are to be checked."""

    def make(*texts):
        numbers = tuple(
            replace(make_number("7"), text=text.rstrip("!"), to_check=text.endswith("!"))
            for text in texts
        )
        return replace(page_reading, lines=(replace(page_reading.lines[0], numbers=numbers),))

    return make


def values(page):
    return [number.value for number in page.numbers]


def test_on_a_page_of_decimal_commas_an_ambiguous_number_has_a_decimal_comma(page_of):
    assert values(with_values(page_of("12,50", "1,204"))) == [12.5, 1.204]


def test_without_a_decisive_number_an_ambiguous_one_has_no_value(page_of):
    assert values(with_values(page_of("17", "1,204"))) == [17, None]


def test_a_number_to_check_does_not_decide(page_of):
    assert values(with_values(page_of("1,5!", "1,204"))) == [1.5, None]


def test_a_number_against_the_rest_of_the_page_keeps_its_value(page_of):
    page = page_of(*["3.5"] * 9, "12,50", "1,204")
    assert values(with_values(page))[-2:] == [12.5, 1204]


def test_on_a_page_of_both_decimal_signs_an_ambiguous_number_has_no_value(page_of):
    assert values(with_values(page_of("3.5", "12,50", "1,204"))) == [3.5, 12.5, None]


def test_a_decimal_sign_that_is_chosen_holds_for_every_number(page_of):
    page = page_of("12,50", "1,204", "3.5")
    assert values(with_values(page, "comma")) == [12.5, 1.204, None]
    assert values(with_values(page, "point")) == [None, 1204, 3.5]


def test_cells_have_the_values_of_their_numbers_and_no_others(grid_reading):
    (grid,) = with_values(grid_reading).grids
    assert [[cell.value for cell in row] for row in grid.rows] == [[7, None], [None, None]]
    decimal = tuple(replace(cell, text="1,204", verdict="digit") for cell in grid.rows[0])
    page = replace(grid_reading, grids=(Grid(grid.box, (decimal,)),))
    assert [cell.value for cell in with_values(page, "comma").grids[0].rows[0]] == [1.204] * 2
