"""A page with many doubtful 1s has a warning."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.pipeline.page_warnings import flag_as_turned, warnings_of
from digitus.reader.pipeline.reader import Reader
from digitus.reader.results.reading import PageReading


@pytest.fixture
def page(make_number):
    def page_of(*numbers):
        """Return a page of numbers, each given by text and confidence."""
        made = [make_number(text, confidence=confidence) for text, confidence in numbers]
        return PageReading("a.png", 1, 400, 300, (join_numbers(made),))

    return page_of


def test_many_doubtful_1s_among_few_numbers_are_a_warning(page):
    (warning,) = warnings_of(page(*[("1", 0.7)] * 5, ("11", 0.6), ("42", 0.99)))
    assert warning.startswith("6 of 7 numbers are doubtful 1s; ")


@pytest.mark.parametrize(
    "numbers",
    [
        [("1", 0.99)] * 20,
        [("1", 0.7)] * 5,
        [("1", 0.7)] * 6 + [("204", 0.99)] * 30,
        [("7", 0.7)] * 20,
        [],
    ],
    ids=["sure 1s", "few", "among many others", "other digits", "no numbers"],
)
def test_other_pages_have_no_warning(page, numbers):
    made = page(*numbers) if numbers else PageReading("a.png", 1, 400, 300)
    assert list(warnings_of(made)) == []


def test_the_warnings_are_in_the_reading(page, monkeypatch):
    monkeypatch.setattr(
        "digitus.reader.pipeline.reader.warnings_of", lambda page: iter([f"{page.width} px"])
    )
    (read,) = Reader().read(np.full((60, 80), 255, np.uint8)).pages
    assert read.warnings == ("80 px",)
    assert replace(read, warnings=()) == PageReading(read.source, 1, 80, 60)


def test_a_page_turned_on_little_evidence_is_flagged_as_a_whole(page, grid_reading):
    flagged = flag_as_turned(page(("42", 0.99), ("7", 0.99)), 3)
    assert [number.to_check for number in flagged.numbers] == [True, True]
    assert flagged.warnings[0].startswith("the page was turned by 270 degrees")
    cells = [cell for row in flag_as_turned(grid_reading, 1).grids[0].rows for cell in row]
    assert [cell.to_check for cell in cells] == [True, False, False, True]


SEGMENTS = {"1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "8": "abcdefg"}
ENDS = {"a": (0, 0, 1, 0), "g": (0, 1, 1, 1), "d": (0, 2, 1, 2), "f": (0, 0, 0, 1)}
ENDS |= {"e": (0, 1, 0, 2), "b": (1, 0, 1, 1), "c": (1, 1, 1, 2)}


def seven_segments(text, *, height=120, slant=0.08):
    """Draw a display with dark bars, whose ends do not touch: uint8."""
    half, thick = height // 2, height // 10
    image = np.full((3 * height, (len(text) + 2) * height), 184, np.uint8)
    for place, digit in enumerate(text):
        for segment in SEGMENTS[digit]:
            ends = half * np.array(ENDS[segment], float).reshape(2, 2)
            step = (ends[1] - ends[0]) / half
            ends += np.outer([8, -8], step)
            ends[:, 0] += 60 + 0.78 * height * place + slant * (height - ends[:, 1])
            start, end = np.rint(ends + np.array([0, height])).astype(int).tolist()
            cv2.line(image, start, end, 40, thick, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("text", ["58", "1234"])
def test_all_of_a_seven_segment_display_is_to_check_and_a_turn_has_a_warning(text):
    image = seven_segments(text)
    (read,) = Reader().read(image).pages
    assert all(number.to_check for number in read.numbers)
    assert read.warnings or (read.height, read.width) == image.shape


def test_a_turn_with_few_sure_digits_has_a_warning(new_sheet, monkeypatch):
    monkeypatch.setattr("digitus.reader.pipeline.reader.likely_turns", lambda weights: [1])
    sheet = new_sheet(200, 500)
    sheet.line("42", 60, 60, height=60)
    (read,) = Reader().read((235 - 200 * sheet.ink).astype(np.uint8)).pages
    assert read.warnings[0].startswith("the page was turned by 90 degrees")


def test_a_number_written_sideways_is_turned_without_a_warning(new_sheet):
    sheet = new_sheet(200, 500)
    sheet.line("27495", 60, 60, height=60)
    image = (235 - 200 * np.rot90(sheet.ink)).astype(np.uint8)
    (read,) = Reader().read(np.ascontiguousarray(image)).pages
    assert (read.width, read.height, read.warnings) == (500, 200, ())
