"""Numbers and lines are made of symbols; pages are scaled."""

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import bounding_box, make_number, make_versions, scale_page
from digitus.reader.results.symbols import Symbol


@pytest.fixture
def symbol():
    def make(digit, left=0, *, confidence=0.9, kind="digit"):
        shares = np.full(10, 0.02)
        if digit is not None:
            shares[digit] = 0.82
        return Symbol(kind, (left, 10, 20, 30), shares, 1.0, confidence)

    return make


def lines_of(lines):
    """Return the text lines of a page with one version of its ink."""
    (only,) = make_versions([lines])
    return only


def test_the_confidence_of_a_number_is_the_product_of_its_digits(symbol):
    number = make_number([symbol(4, 0), symbol(2, 30, confidence=0.5)], p_complete=0.8)
    assert (number.text, number.box) == ("42", (0, 10, 50, 30))
    assert number.confidence == pytest.approx(0.8 * 0.45)


def test_a_number_is_written_with_its_marks_and_what_is_no_sign_is_left_out(symbol):
    point = Symbol("point", (22, 36, 4, 6), confidence=1.0)
    number = make_number([symbol(4), point, symbol(None, 30, kind="other"), symbol(2, 60)])
    assert (number.text, number.digit_text) == ("4.2", "42")
    assert [(mark.kind, mark.in_text) for mark in number.marks] == [
        ("point", True),
        ("other", False),
    ]


def test_the_box_of_a_number_spans_its_marks(symbol):
    minus = Symbol("minus", (-20, 22, 12, 3), confidence=1.0)
    comma = Symbol("comma", (22, 36, 4, 10), confidence=1.0)
    letter = symbol(None, 90, kind="other")
    number = make_number([minus, symbol(4), comma, symbol(2, 30), letter])
    assert number.box == (-20, 10, 70, 36)


def test_the_confidence_of_a_number_covers_its_marks(symbol):
    point = Symbol("point", (22, 36, 4, 4), confidence=0.7)
    number = make_number([symbol(4), point, symbol(2, 30)], p_complete=0.5)
    assert number.confidence == pytest.approx(0.5 * 0.9 * 0.7 * 0.9)
    assert number.alternatives[0] == ("4.2", pytest.approx(number.confidence))
    assert number.alternatives[1] == ("42", pytest.approx(0.5 * 0.9 * 0.3 * 0.9))


def test_a_mark_that_the_text_leaves_out_lowers_the_confidence_and_is_in_an_alternative(symbol):
    speck = Symbol("comma", (22, 36, 4, 4), confidence=0.4, is_read=False)
    number = make_number([symbol(4, confidence=1.0), speck, symbol(2, 30, confidence=1.0)])
    assert (number.text, number.box) == ("42", (0, 10, 50, 30))
    assert number.confidence == pytest.approx(0.6)
    assert [text for text, _ in number.alternatives[:2]] == ["42", "4,2"]
    assert [(mark.kind, mark.in_text, mark.confidence) for mark in number.marks] == [
        ("comma", False, 0.4)
    ]


def test_a_space_inside_a_number_stands_in_its_text(symbol):
    gap = Symbol("space", (21, 10, 8, 30), confidence=0.95)
    assert make_number([symbol(1), gap, symbol(2, 30)]).text == "1 2"


def test_alternatives_start_with_the_digit_and_share_what_its_confidence_leaves(symbol):
    (digit,) = make_number([symbol(7, confidence=0.7)]).digits
    (best, share), *others = digit.alternatives
    assert (best, share) == (7, 0.7)
    assert sum(chance for _, chance in others) <= 0.3 + 1e-9
    assert all(chance >= 0 for _, chance in others)


def test_a_certain_digit_leaves_nothing_to_its_alternatives():
    shares = np.eye(10)[3]
    certain = Symbol("digit", (0, 0, 9, 9), shares, 1.0, 1.0)
    assert all(chance == 0 for _, chance in make_number([certain]).digits[0].alternatives[1:])


def test_a_digit_without_probabilities_is_refused():
    with pytest.raises(ValueError, match="needs probabilities"):
        make_number([Symbol("digit", (0, 0, 9, 9))])


def test_a_line_without_a_digit_is_left_out(symbol):
    assert lines_of([[[symbol(None, kind="other")], []]]) == []


def test_the_numbers_of_a_line_are_separated_by_a_space(symbol):
    (line,) = lines_of([[[symbol(1)], [symbol(2, 90), symbol(3, 120)]]])
    assert (line.text, line.box) == ("1 23", (0, 10, 140, 30))


def test_doubtful_digits_within_a_word_make_no_number(symbol):
    word = [symbol(None, left, kind="other") for left in (0, 21, 42)]
    assert lines_of([[[*word, symbol(1, 63, confidence=0.6)]]]) == []


def test_boxes_are_scaled_to_the_pixels_of_the_larger_image(page_reading):
    large = scale_page(page_reading, 2.5)
    assert (large.width, large.height) == (1000, 750)
    number = large.lines[1].numbers[0]
    assert number.box == (100, 400, 170, 75)
    assert number.digits[1].box == (160, 400, 50, 75)
    assert scale_page(page_reading, 1) is page_reading


def test_grids_are_scaled_with_their_cells(grid_reading):
    grid = scale_page(grid_reading, 2).grids[0]
    assert (grid.box, grid.rows[1][1].box) == ((40, 40, 360, 240), (220, 160, 180, 120))


def test_the_bounding_box_of_one_box_is_itself():
    assert bounding_box([(3, 4, 5, 6)]) == (3, 4, 5, 6)


def test_two_numbers_that_may_be_one_have_the_joined_text_among_their_alternatives(symbol):
    narrow = Symbol("other", (54, 10, 6, 30), symbol(1).probabilities, 0.1)
    line = [symbol(1, 0), symbol(4, 28), narrow, symbol(0, 64), symbol(7, 92)]
    (found,) = lines_of([[line]])
    assert [number.text for number in found.numbers] == ["14", "07"]
    for number in found.numbers:
        assert number.alternatives[0][0] == number.text
        assert dict(number.alternatives)["1407"] == pytest.approx(0.3)
