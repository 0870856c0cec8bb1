"""Random images of one digit and of several are reproducible and of all kinds."""

import numpy as np
import pytest

from digitus.data.samples import Samples
from digitus.synthesis.digit_images.random_images import image_of_one, image_of_several
from digitus.synthesis.digit_images.written_digits import GAPS
from digitus.synthesis.pen.pen_drawings import pen_patches


@pytest.fixture(scope="module")
def samples():
    patches, labels = pen_patches(40, np.random.default_rng(0))
    return Samples(np.rint(255 * patches).astype(np.uint8).reshape(40, -1), labels, "drawn")


def test_the_same_generator_makes_the_same_image(samples):
    one, two = (image_of_one(np.random.default_rng(3), samples) for _ in range(2))
    np.testing.assert_array_equal(one.image, two.image)
    assert (one.digit, one.kind, one.look, one.by) == (two.digit, two.kind, two.look, two.by)


def test_single_digits_are_of_all_kinds_and_looks(samples):
    made = [image_of_one(np.random.default_rng(seed), samples) for seed in range(60)]
    assert {one.n_digits for one in made} == {1}
    assert len({one.kind for one in made}) == 4
    assert len({one.look for one in made}) == 5
    assert {one.by for one in made} == {"pen", "patches"}


@pytest.mark.parametrize("kind", list(GAPS))
def test_several_digits_are_two_to_four(samples, kind):
    made = [image_of_several(np.random.default_rng(seed), samples, kind) for seed in range(12)]
    assert {one.n_digits for one in made} <= {2, 3, 4}
    assert {one.kind for one in made} == {kind}
    assert all(one.digit is None for one in made)
