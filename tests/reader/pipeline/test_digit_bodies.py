"""The body of a digit is its columns without the rest of a ruled line beside its foot."""

import numpy as np

from digitus.reader.pipeline.digit_bodies import with_bodies
from digitus.reader.results.symbols import LineImage, Symbol


def image_of(*, tail=0, bar=0):
    """A block of 40 rows and 20 columns with a line at its foot, or a bar at its top."""
    ink = np.zeros((44, 120), np.float32)
    ink[2:42, 30:50] = 1
    ink[39:42, 50 : 50 + tail] = 1
    ink[2:5, 50 : 50 + bar] = 1
    return LineImage(ink, 100, 200, 40.0)


def body_of(image, width, kind="digit"):
    (found,) = with_bodies([Symbol(kind, (130, 202, width, 40))], image)
    return found.columns


def test_the_rest_of_a_line_at_the_foot_is_no_part_of_the_body():
    assert body_of(image_of(tail=40), 60) == (130, 20)


def test_a_bar_at_the_top_is_part_of_the_body():
    assert body_of(image_of(bar=40), 60) is None


def test_a_digit_that_is_higher_than_wide_keeps_its_foot():
    assert body_of(image_of(tail=15), 35) is None


def test_marks_keep_their_columns():
    assert body_of(image_of(tail=40), 60, kind="minus") is None
