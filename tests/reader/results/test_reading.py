"""The JSON of a reading has exactly the documented keys."""

import json
from dataclasses import replace

import pytest

from digitus.errors import ReadFailure
from digitus.reader.batch.journal_entries import page_from_json
from digitus.reader.results.reading import Mark, Reading

BOX = (0, 0, 3, 3)
PAGE = {"source", "page", "width", "height", "lines", "grids", "warnings"}
LINE = {"text", "confidence", "box", "numbers"}
NUMBER = {"text", "value", "confidence", "to_check", "box", "alternatives", "digits", "marks"}
DIGIT = {"digit", "verdict", "confidence", "box", "alternatives"}
CELL = {"text", "value", "verdict", "confidence", "to_check", "box"}


def test_a_reading_has_pages_and_errors(page_reading):
    entry = Reading((page_reading,), (ReadFailure("b.png", "b.png: broken"),)).to_json()
    assert set(entry) == {"pages", "errors"}
    assert entry["errors"] == [{"source": "b.png", "error": "b.png: broken"}]


def test_a_page_has_exactly_the_documented_keys_down_to_the_digits(page_reading):
    entry = page_reading.to_json()
    line = entry["lines"][0]
    number = line["numbers"][0]
    assert (set(entry), set(line), set(number)) == (PAGE, LINE, NUMBER)
    assert {frozenset(digit) for digit in number["digits"]} == {frozenset(DIGIT)}
    assert set(number["digits"][0]["alternatives"][0]) == {"digit", "probability"}
    assert set(number["alternatives"][0]) == {"text", "probability"}


def test_a_mark_says_whether_the_text_has_it(make_number):
    mark = {"kind": "point", "box": [60, 86, 3, 3], "in_text": True, "confidence": 1.0}
    assert make_number("1.7").to_json()["marks"] == [mark]


@pytest.mark.parametrize(
    ("mark", "certainty"),
    [
        (Mark("comma", BOX, True, 0.7), 0.7),
        (Mark("comma", BOX, False, 0.2), 0.8),
        (Mark("other", BOX, False), 1.0),
    ],
)
def test_the_certainty_of_a_mark_is_that_the_text_is_right_about_it(mark, certainty):
    assert mark.certainty == certainty


def test_the_digits_of_a_number_are_its_text_without_marks(make_number):
    assert make_number("-18?.5").digit_text == "18?5"


def test_a_grid_has_exactly_the_documented_keys_in_every_cell(grid_reading):
    (grid,) = grid_reading.to_json()["grids"]
    assert set(grid) == {"box", "rows"}
    assert {frozenset(cell) for row in grid["rows"] for cell in row} == {frozenset(CELL)}


def test_a_doubtful_digit_is_null_and_a_question_mark_in_the_text(page_reading):
    number = page_reading.to_json()["lines"][1]["numbers"][0]
    assert number["text"] == "9?5"
    assert [digit["digit"] for digit in number["digits"]] == [9, None, 5]


def test_boxes_are_left_top_width_height(page_reading):
    assert page_reading.to_json()["lines"][1]["numbers"][0]["box"] == [40, 160, 68, 30]


def test_the_numbers_of_all_pages_come_in_reading_order(page_reading):
    texts = [number.text for number in Reading((page_reading, page_reading)).numbers]
    assert texts == ["0042", "17", "9?5"] * 2


def test_a_page_survives_json(page_reading, grid_reading, make_number):
    left_out = (Mark("space", BOX), Mark("other", BOX, False), Mark("minus", BOX, False, 0.3))
    marked = replace(make_number("-187.5"), marks=left_out)
    line = replace(page_reading.lines[0], numbers=(marked,))
    for page in (page_reading, grid_reading, replace(page_reading, lines=(line,))):
        assert page_from_json(json.loads(json.dumps(page.to_json()))) == page


def test_the_text_of_a_page_is_that_of_its_lines(page_reading):
    assert page_reading.text == "0042 17\n9?5"


def test_the_repr_counts_pages_numbers_and_errors(page_reading):
    reading = Reading((page_reading,), (ReadFailure("b.png", "b.png: broken"),))
    assert repr(reading) == "<Reading: 1 page, 3 numbers, 1 to check, 1 error>"
    assert repr(page_reading).endswith(", page 1, 3 numbers, 1 to check>")
    assert repr(Reading(())) == "<Reading: 0 pages, 0 numbers>"


def test_a_preview_does_not_count_when_readings_are_compared(page_reading):
    assert replace(page_reading, preview=[[0]]) == page_reading
