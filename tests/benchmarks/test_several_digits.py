"""Images of one digit and of several are made reproducibly, and verdicts are counted by kind."""

import numpy as np
import pytest

from digitus.recognizer import Prediction
from digitus.synthesis.digit_images.random_images import DigitImage, image_of_one
from digitus.synthesis.digit_images.written_digits import GAPS


@pytest.fixture
def several(script):
    return script("several_digits")


class FakeRecognizer:
    """Gives every image the same verdict, and every patch the same digit."""

    def __init__(self, verdict, digit=None):
        self.found, self.digit = Prediction(verdict, digit), digit

    def predict_preprocessed(self, preprocessed):
        return self.found

    def predict_patches(self, patches):
        return [Prediction("digit", 7)] * len(patches)


def image(digit):
    pixels = np.full((40, 40), 255, np.uint8)
    pixels[10:30, 18:22] = 0
    return DigitImage(pixels, 1 if digit is not None else 2, "whole", "scan", "pen", digit)


def test_a_single_digit_that_would_have_been_right_is_lost(several):
    recognizer = FakeRecognizer("several_digits")
    assert several.answer(recognizer, ("single",), image(7)).is_lost
    assert not several.answer(recognizer, ("single",), image(3)).is_lost
    assert not several.answer(recognizer, ("touching",), image(None)).is_lost
    assert not several.answer(FakeRecognizer("digit", 7), ("single",), image(7)).is_lost


def test_verdicts_are_counted_in_all_groups_of_an_image(several):
    answers = [
        several.Answer(("several", "touching"), "several_digits", False),
        several.Answer(("several", "apart"), "digit", False),
        several.Answer(("single",), "several_digits", True),
    ]
    scores = several.score(answers)
    assert list(scores) == ["single", "several", "apart", "touching"]
    assert (scores["several"]["several"]["hits"], scores["several"]["several"]["n"]) == (1, 2)
    assert scores["several"]["answered"]["hits"] == 1
    assert scores["single"]["lost"] == 1


def test_the_portions_cover_all_images_of_all_parts_once(several):
    found = list(several.tasks(250, 120, 30))
    for part, count in {"single": 250, "mnist": 30, **dict.fromkeys(GAPS, 120)}.items():
        numbers = [n for name, start, end in found if name == part for n in range(start, end)]
        assert numbers == list(range(count))


@pytest.mark.mnist
def test_the_same_seed_makes_the_same_image(several, mnist):
    one, two = (several.random_image("touching", 3, 31, mnist.train) for _ in range(2))
    np.testing.assert_array_equal(one.image, two.image)
    assert one.n_digits > 1


@pytest.mark.mnist
def test_a_single_image_names_its_digit(mnist):
    rng = np.random.default_rng(0)
    assert all(image_of_one(rng, mnist.train).digit in range(10) for _ in range(5))


def test_the_scores_are_printed(several, capsys):
    several.show(several.score([several.Answer(("single",), "digit", False)]))
    assert "0.00%" in capsys.readouterr().out
