"""A corrected number: its text, value and digits, in its line and in its cell."""

from dataclasses import replace

import pytest

from digitus.desktop.numbers.corrected import with_correction
from digitus.reader.results.grid_numbers import GridPlace, n_to_check, place_in_grid
from digitus.reader.results.reading import Cell, Grid


def test_a_corrected_number_is_sure_and_has_its_value(page_of):
    page = with_correction(page_of("17 204? 58"), (0, 1), " 20.4 ")
    number = page.lines[0].numbers[1]
    assert (number.text, number.value, number.to_check, number.confidence) == (
        "20.4",
        20.4,
        False,
        1,
    )
    assert page.lines[0].text == "17 20.4 58"
    assert number.digit_text == "204"


def test_digits_keep_their_boxes_if_there_are_as_many(page_of):
    before = page_of("204?").lines[0].numbers[0]
    for text, boxes in (("209", [one.box for one in before.digits]), ("2049", [before.box] * 4)):
        after = with_correction(page_of("204?"), (0, 0), text).lines[0].numbers[0]
        assert [one.box for one in after.digits] == boxes


def test_the_cell_of_a_grid_is_corrected_too(page_of):
    page = page_of("17")
    cells = (
        Cell("17", "digit", 0.5, True, (10, 10, 60, 50)),
        Cell("", "blank", None, False, (70, 10, 60, 50)),
    )
    page = replace(page, grids=(Grid((10, 10, 120, 50), (cells,)),))
    cell, blank = with_correction(page, (0, 0), "1,5").grids[0].rows[0]
    assert (cell.text, cell.value, cell.to_check) == ("1,5", 1.5, False)
    assert blank.verdict == "blank"


@pytest.mark.parametrize("text", ["abc", "12x", "."])
def test_what_is_no_number_is_refused(page_of, text):
    with pytest.raises(ValueError, match="is no number"):
        with_correction(page_of("17"), (0, 0), text)


def test_a_line_is_as_sure_as_its_other_numbers(page_of):
    page = page_of("17 204?")
    page = replace(page, lines=(replace(page.lines[0], confidence=0.97 * 0.6),))
    assert with_correction(page, (0, 1), "204").lines[0].confidence == pytest.approx(0.97)


@pytest.fixture
def grid_page(page_of):
    """A page with a grid of two rows: a number and a doubtful cell, and two blank cells."""
    page = page_of("17", "9")
    boxes = [[(10 + 60 * col, 10 + 60 * row, 60, 60) for col in range(2)] for row in range(2)]
    rows = (
        (
            Cell("17", "digit", 0.9, False, boxes[0][0]),
            Cell("", "not_a_digit", None, True, boxes[0][1]),
        ),
        (Cell("", "blank", None, False, boxes[1][0]), Cell("", "blank", None, False, boxes[1][1])),
    )
    return replace(page, lines=page.lines[:1], grids=(Grid((10, 10, 120, 120), rows),))


def test_a_number_typed_into_a_cell_joins_the_line_of_its_row(grid_page):
    page = with_correction(grid_page, GridPlace(1, 1, 2), "3.5")
    assert [line.text for line in page.lines] == ["17 3.5"]
    cell = page.grids[0].rows[0][1]
    assert (cell.text, cell.value, cell.verdict, cell.to_check) == ("3.5", 3.5, "digit", False)
    assert place_in_grid(page.lines[0].numbers[1], page) == (1, 1, 2)


def test_a_number_typed_into_an_empty_row_makes_a_line(grid_page):
    page = with_correction(grid_page, GridPlace(1, 2, 1), "80")
    assert [line.text for line in page.lines] == ["17", "80"]
    assert page.lines[1].numbers[0].digit_text == "80"


def test_an_empty_text_confirms_that_a_cell_has_no_number(grid_page):
    page = with_correction(grid_page, GridPlace(1, 1, 2), "")
    assert n_to_check(grid_page) == 1
    assert n_to_check(page) == 0
    assert page.lines == grid_page.lines


def test_a_deleted_number_leaves_its_line_and_the_others_stay(page_of):
    page = with_correction(page_of("17 204? 58", "9"), (0, 1), "")
    assert [line.text for line in page.lines] == ["17 58", "9"]
    assert [number.value for number in page.numbers] == [17, 58, 9]


def test_a_line_without_its_last_number_is_left_out(page_of):
    page = with_correction(page_of("17", "9"), (0, 0), "")
    assert [line.text for line in page.lines] == ["9"]


def test_the_cell_of_a_deleted_number_is_blank(grid_page):
    page = with_correction(grid_page, (0, 0), "")
    cell = page.grids[0].rows[0][0]
    assert (cell.text, cell.value, cell.verdict, cell.confidence) == ("", None, "blank", None)
    assert page.lines == ()
