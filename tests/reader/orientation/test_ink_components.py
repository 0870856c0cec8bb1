"""Ink components: what connects, and how likely a component is a digit."""

import numpy as np
import pytest

from digitus.models import Classification
from digitus.reader.orientation.ink_components import (
    digit_log_likelihoods,
    find_ink_components,
)


class Fixed:
    """A model that classifies every patch alike."""

    digit_threshold = 0.0

    def __init__(self, best, p_digit):
        self.best, self.p_digit, self.greatest = best, p_digit, 0.0

    def classify(self, pixels):
        self.greatest = float(pixels.max())
        probabilities = np.full((len(pixels), 10), (1 - self.best) / 9)
        probabilities[:, 3] = self.best
        return Classification(probabilities, np.full(len(pixels), self.p_digit))


@pytest.fixture
def two_components():
    """An L whose box holds a dot."""
    ink = np.zeros((30, 40), np.float32)
    ink[5:25, 10:13] = 1
    ink[22:25, 13:30] = 0.8
    ink[10:13, 20:23] = 0.9
    return ink


def test_each_component_has_its_box_and_area(two_components):
    components = find_ink_components(two_components)
    assert components.boxes.tolist() == [[10, 5, 30, 25], [20, 10, 23, 13]]
    assert components.areas_px.tolist() == [60 + 51, 9]


def test_a_cropped_component_is_without_its_neighbors(two_components):
    letter = find_ink_components(two_components).crop(0)
    assert letter.shape == (20, 20)
    assert letter[5:8, 10:13].max() == 0
    assert letter.sum() == pytest.approx(60 + 51 * 0.8)


def test_faint_ink_does_not_connect_components(two_components):
    two_components[13:22, 21] = 0.25
    assert len(find_ink_components(two_components).boxes) == 2


def test_paper_has_no_components():
    assert len(find_ink_components(np.zeros((5, 5), np.float32)).boxes) == 0


def test_the_likelihood_is_that_of_the_best_digit_and_of_being_one(two_components):
    nats = digit_log_likelihoods(Fixed(0.8, 0.5), [two_components, two_components])
    assert nats == pytest.approx([np.log(0.4)] * 2)


def test_no_component_is_less_likely_than_the_least_likelihood(two_components):
    nats = digit_log_likelihoods(Fixed(1.0, 0.0), [two_components])
    assert nats == pytest.approx([np.log(0.01)])


def test_the_model_gets_pixels_up_to_255(two_components):
    model = Fixed(1.0, 1.0)
    digit_log_likelihoods(model, [two_components])
    assert model.greatest == pytest.approx(255)


def test_no_components_need_no_model():
    assert digit_log_likelihoods(None, []).shape == (0,)
