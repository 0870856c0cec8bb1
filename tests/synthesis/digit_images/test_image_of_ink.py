"""Images of ink: light on dark, dark on light, scans, photos and ruled paper."""

import numpy as np
import pytest

from digitus.synthesis.digit_images.image_of_ink import IMAGE, LOOKS, image_of
from digitus.synthesis.pen.writers import PenWriter


@pytest.fixture
def ink():
    rng = np.random.default_rng(0)
    return PenWriter(rng, 60, pen=0.1)(3, rng)


@pytest.mark.parametrize("look", LOOKS)
def test_the_same_generator_makes_the_same_image(ink, look):
    one, two = (image_of(ink, look, np.random.default_rng(4)) for _ in range(2))
    assert one.dtype == np.uint8
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("look", LOOKS)
def test_the_paper_around_the_ink_has_the_tone_of_its_look(ink, look):
    image = image_of(ink, look, np.random.default_rng(2))
    border = np.median(image[0]), np.median(image[:, 0])
    assert (max(border) == 0) if look == "light on dark" else (min(border) > 60)


def test_drawings_have_paper_of_exactly_one_tone(ink):
    image = image_of(ink, "dark on light", np.random.default_rng(2))
    assert set(image[0].tolist()) == {255}


def test_even_a_narrow_stroke_gives_an_image_of_some_size():
    stroke = np.ones((20, 2), np.float32)
    shapes = [image_of(stroke, "scan", np.random.default_rng(seed)).shape for seed in range(20)]
    assert min(min(shape[:2]) for shape in shapes) >= IMAGE.least_px
