"""Numbers above and below a bar are to be checked, and the bar is told."""

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.pipeline.doubts.fraction_bars import doubt_fractions
from digitus.reader.pipeline.thresholds import CHECK_BELOW


@pytest.fixture
def fraction(make_number):
    """Lines of 12 above 37, some rows apart, and ink with a bar between them."""

    def make(*, gap=16, bar=(30, 110), thickness=3):
        above = make_number("12", 40, 50, confidence=0.99)
        foot = above.box[1] + above.box[3]
        below = make_number("37", 40, foot + gap, confidence=0.99)
        ink = np.zeros((300, 400), np.float32)
        ink[foot + gap // 2 :, :][:thickness, bar[0] : bar[1]] = 1
        return [join_numbers([above]), join_numbers([below])], ink

    return make


def flagged(lines, ink):
    found = doubt_fractions(lines, ink)
    return [number.confidence < CHECK_BELOW for line in found for number in line.numbers]


def test_both_parts_of_a_fraction_are_doubtful_and_have_the_bar_among_their_marks(fraction):
    lines, ink = fraction()
    left, _, width, _ = lines[0].numbers[0].box
    lines, ink = fraction(bar=(left - 8, left + width + 8))
    assert flagged(lines, ink) == [True, True]
    for line in doubt_fractions(lines, ink):
        (mark,) = line.numbers[0].marks
        assert (mark.kind, mark.in_text, mark.box[2]) == ("other", False, width + 16)


@pytest.mark.parametrize(
    "other",
    [
        {"bar": (0, 0)},
        {"bar": (0, 400)},  # a line across the page
        {"gap": 200, "bar": (30, 110)},
        {"gap": 30, "thickness": 25},
    ],
)
def test_numbers_without_a_bar_of_their_length_close_between_them_stay(fraction, other):
    assert flagged(*fraction(**other)) == [False, False]
