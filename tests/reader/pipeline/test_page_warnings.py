"""A page with many doubtful 1s has a warning."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.pipeline.page_warnings import warnings_of
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
