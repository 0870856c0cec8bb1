"""Ground truth of a page."""

from digitus.synthesis.pages.page_truth import (
    PageTruth,
    TrueCell,
    TrueDigit,
    TrueGrid,
    TrueLine,
    TrueMark,
    TrueNumber,
)

NUMBER = TrueNumber(
    (TrueDigit(4, (0, 0, 5, 9)), TrueDigit(2, (8, 1, 5, 9))), (TrueMark("point", (20, 8, 1, 1)),)
)
TRUTH = PageTruth(
    (TrueLine((NUMBER, NUMBER)),),
    (TrueGrid(((TrueCell("42", "digit", (0, 0, 30, 20)),),)),),
    ((50, 60, 7, 8),),
)


def _shifted(box):
    left, top, width, height = box
    return left + 100, top + 10, width, height


def test_a_numbers_box_and_its_end_include_its_marks():
    assert NUMBER.box == (0, 0, 21, 10)
    assert NUMBER.end == 21


def test_a_number_is_written_with_its_marks_where_they_stand():
    minus, point = TrueMark("minus", (-8, 4, 5, 1)), TrueMark("point", (6, 8, 1, 1))
    number = TrueNumber(NUMBER.digits, (point, minus))
    assert (number.text, number.digit_text) == ("-4.2", "42")


def test_a_line_has_spaces_between_its_numbers_and_the_digits_of_a_page_no_marks():
    assert TRUTH.lines[0].text == "42. 42."
    assert TRUTH.digits == "4242"


def test_moving_the_truth_moves_every_box():
    moved = TRUTH.moved(_shifted)
    number = moved.lines[0].numbers[1]
    assert number.digits[1].box == (108, 11, 5, 9)
    assert number.marks[0].box == (120, 18, 1, 1)
    assert moved.grids[0].rows[0][0].box == (100, 10, 30, 20)
    assert moved.words == ((150, 70, 7, 8),)
    assert moved.digits == TRUTH.digits


def test_the_json_has_the_keys_of_a_reading():
    found = TRUTH.to_json()
    number = found["lines"][0]["numbers"][0]
    assert number["digits"][1] == {"digit": 2, "box": [8, 1, 5, 9]}
    assert number["marks"] == [{"kind": "point", "box": [20, 8, 1, 1]}]
    assert found["grids"][0]["rows"][0][0] == {
        "text": "42",
        "verdict": "digit",
        "box": [0, 0, 30, 20],
    }
