"""Numbers, words and lines of numbers on a sheet."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle, random_style
from digitus.synthesis.pen.writers import FAINTEST, PenWriter


def _writer(seed=0, rows=600, cols=1000, height_px=40, **style):
    rng = np.random.default_rng(seed)
    sheet = Sheet.blank(rows, cols, margin=0.02)
    return SheetWriter(sheet, PenWriter(rng, height_px), WritingStyle(**style), rng)


def _covered(sheet, boxes):
    inside = np.zeros(sheet.ink.shape, bool)
    for left, top, width, height in boxes:
        inside[top : top + height, left : left + width] = True
    return inside


def _boxes(sheet):
    numbers = [number for line in sheet.lines for number in line.numbers]
    symbols = [one for number in numbers for one in (*number.digits, *number.marks)]
    return [one.box for one in symbols] + sheet.words


@pytest.mark.parametrize("seed", range(8))
def test_all_ink_is_in_a_box_of_the_truth_and_every_box_has_ink(seed):
    writer = _writer(seed)
    writer = replace(writer, style=random_style(writer.rng))
    writer.line(["12", "3.50", "7,5", "01-02"], 60, 120)
    writer.word(5, 60, 300)
    assert len(writer.sheet.words) == 1
    assert not writer.sheet.ink[~_covered(writer.sheet, _boxes(writer.sheet))].any()
    for left, top, width, height in _boxes(writer.sheet):
        assert (writer.sheet.ink[top : top + height, left : left + width] >= FAINTEST).any()


def test_digits_and_kinds_of_marks_of_a_number_are_recorded():
    writer = _writer()
    writer.line(["3.50-,"], 60, 120)
    (number,) = writer.sheet.lines[0].numbers
    assert (number.text, number.digit_text) == ("3.50-,", "350")
    assert [mark.kind for mark in number.marks] == ["point", "minus", "comma"]


def test_a_line_stops_at_the_margin_of_the_sheet():
    writer = _writer(cols=400)
    writer.line(["123"] * 9, 20, 120)
    assert 1 <= len(writer.sheet.lines[0].numbers) < 5
    assert not writer.sheet.ink[:, -8:].any()


def test_a_line_without_room_writes_nothing():
    writer = _writer()
    writer.line(["123"], 20, 10)
    assert not writer.sheet.lines
    assert not writer.sheet.ink.any()


def test_a_line_rises_by_its_climb():
    writer = _writer(climb=0.1)
    writer.line(["11", "11", "11"], 60, 300)
    numbers = writer.sheet.lines[0].numbers
    rise = numbers[0].box[1] - numbers[-1].box[1]
    assert rise == pytest.approx(0.1 * (numbers[-1].box[0] - numbers[0].box[0]), abs=8)


def test_letters_are_written_in_order_and_recorded_as_one_word():
    writer = _writer(7)
    box = writer.letters("cm", 60, 300)
    single = [_writer(7).letters(letter, 60, 300) for letter in "cm"]
    assert writer.sheet.words == [box]
    assert box[:2] == (60, min(one[1] for one in single))
    assert box[2] > sum(one[2] for one in single)


def test_letters_without_room_are_not_written():
    writer = _writer(cols=90)
    assert writer.letters("m", 85, 300) is None
    assert not writer.sheet.words
    assert not writer.sheet.ink.any()
