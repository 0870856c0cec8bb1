"""Contents of pages: lines, forms, scattered digits, grids and amounts."""

import re
from itertools import pairwise

import numpy as np
import pytest

from digitus.synthesis.lines.punctuation import MARKS
from digitus.synthesis.pages.contents import CONTENTS, print_field, random_number
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle
from digitus.synthesis.pen.writers import PenWriter

HEIGHT_PX = 30


def _written(content, seed=0):
    rng = np.random.default_rng([seed, *content.encode()])
    size = (63, 500) if content == "amount" else (500, 700)
    sheet = Sheet.blank(*size, margin=0.02)
    CONTENTS[content](SheetWriter(sheet, PenWriter(rng, HEIGHT_PX), WritingStyle(), rng))
    return sheet


def test_a_random_number_is_a_whole_number_a_decimal_fraction_or_a_date():
    rng = np.random.default_rng(0)
    form = re.compile(r"\d{1,6}|\d{1,3}\.\d\d|\d{1,3},\d|\d\d-\d\d-\d{4}")
    numbers = [random_number(rng) for _ in range(500)]
    assert all(form.fullmatch(number) for number in numbers)
    assert {mark for mark in ".,-" if any(mark in number for number in numbers)} == set(".,-")


@pytest.mark.parametrize("content", CONTENTS)
def test_every_content_writes_numbers(content):
    sheet = _written(content)
    assert sheet.ink.any()
    assert sheet.lines


@pytest.mark.parametrize("seed", range(5))
def test_scattered_digits_are_single_and_far_apart(seed):
    for line in _written("scattered", seed).lines:
        assert all(len(number.digit_text) == 1 for number in line.numbers)
        boxes = [number.box for number in line.numbers]
        gaps = [right[0] - left[0] - left[2] for left, right in pairwise(boxes)]
        assert all(gap > HEIGHT_PX for gap in gaps)


@pytest.mark.parametrize("seed", range(5))
def test_a_page_with_an_amount_holds_one_number_and_ends_behind_it(seed):
    sheet = _written("amount", seed)
    ((number,),) = [line.numbers for line in sheet.lines]
    assert len(number.text) >= 2
    assert number.end <= sheet.ink.shape[1] < number.end + HEIGHT_PX


def test_a_form_has_printed_labels_beside_its_numbers():
    sheet = _written("form")
    assert len(sheet.words) >= len(sheet.lines) > 0
    for left, top, width, height in sheet.words:
        assert sheet.printed[top : top + height, left : left + width].any()
        assert not sheet.ink[top : top + height, left : left + width].any()


def test_a_field_is_a_label_and_a_line_behind_it():
    sheet = Sheet.blank(100, 900)
    start = print_field(sheet, (20, 60), HEIGHT_PX, 150, np.random.default_rng(0))
    (box,) = sheet.words
    assert box[0] + box[2] < start
    lines = sheet.printed[60:, start : start + 150].all(axis=1)
    assert lines.any()


def test_a_field_without_room_is_not_printed():
    sheet = Sheet.blank(100, 100)
    assert print_field(sheet, (20, 60), HEIGHT_PX, 150, np.random.default_rng(0)) is None
    assert not sheet.printed.any()


def test_a_list_has_a_word_in_front_of_every_number():
    for seed in range(5):
        sheet = _written("list", seed)
        assert len(sheet.words) >= len(sheet.lines) > 0
        for line in sheet.lines:
            (number,) = line.numbers
            left, top, _, height = number.box
            beside = [w for w in sheet.words if w[1] < top + height and top < w[1] + w[3]]
            assert any(word[0] + word[2] < left for word in beside)


def test_letters_and_units_stand_beside_numbers_without_touching_them():
    near = 0
    for seed in range(8):
        sheet = _written("letters and units", seed)
        numbers = [number for line in sheet.lines for number in line.numbers]
        for left, top, width, height in sheet.words:
            assert sheet.ink[top : top + height, left : left + width].any()
            for number in numbers:
                x, y, w, h = number.box
                in_line = y < top + height and top < y + h
                assert not in_line or left >= x + w or left + width <= x
                near += in_line and -HEIGHT_PX < left - number.end < HEIGHT_PX
    assert near > 5


def test_marked_lines_have_marks_in_their_truth():
    lines = [line for seed in range(10) for line in _written("marked lines", seed).lines]
    kinds = {mark.kind for line in lines for number in line.numbers for mark in number.marks}
    assert kinds == {mark.kind for mark in MARKS.values()}
