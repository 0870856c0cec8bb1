"""Texts by their form: marks where people write them cost nothing, others do."""

import pytest

from digitus.models.sequence.line_image_format import FIRST_MARK, MARKS, OTHER
from digitus.reader.sequence.texts.text_forms import COSTS, log_prior
from digitus.synthesis.lines.punctuation import MARKS as SHAPES

USUAL = (
    *("1204", "3.5", "-4", "12,50", "12/05/2026", "07:30", "1/2", "(555)867-5309", "50%", "+3.5%"),
    *("1.250,00", "(12.50)", "3:2", "1.234.-", "", "-", "/", "(1/2)"),
)


def classes(text):
    return tuple(
        OTHER
        if one == " "
        else int(one)
        if one.isdigit()
        else FIRST_MARK + MARKS.index(SHAPES[one].kind)
        for one in text
    )


@pytest.mark.parametrize("text", USUAL)
def test_usual_numbers_cost_nothing(text):
    assert log_prior(classes(text)) == 0


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("/250", COSTS.at_the_beginning),
        ("%5", COSTS.at_the_beginning),
        ("25/", COSTS.at_the_end),
        ("12:", COSTS.at_the_end),
        ("12/.5", COSTS.beside_a_mark),
        ("12/34567", COSTS.long_part),
        ("1/2/3/4", COSTS.more_slashes),
        ("12 /250", COSTS.at_the_beginning),
        ("/25 /30", 2 * COSTS.at_the_beginning),
    ],
)
def test_marks_in_unusual_places_cost(text, cost):
    assert log_prior(classes(text)) == -cost
