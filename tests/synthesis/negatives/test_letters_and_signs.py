"""Shapes that are no digits."""

from digitus.synthesis.negatives.letters_and_signs import LETTERS, SIGNS, SILHOUETTES, THINGS
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.smooth_curves import parse


def test_no_letter_or_sign_has_the_shape_of_a_digit():
    digits = {shape for shapes in DIGITS.values() for shape in shapes.values()}
    assert not digits & {*LETTERS.values(), *SIGNS.values(), *THINGS.values()}


def test_every_shape_can_be_parsed_and_lies_in_its_box():
    for name, notation in (LETTERS | SIGNS | THINGS).items():
        for points, _ in parse(notation):
            assert points.min() >= 0, name
            assert points.max() <= 1, name


def test_every_silhouette_is_a_closed_outline():
    for name in SILHOUETTES:
        outline = THINGS[name].split("/")[0].replace(">", ",").split(",")
        assert outline[0].split() == outline[-1].split(), name
