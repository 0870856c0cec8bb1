import pickle

import numpy as np
import pytest

from digitus.nn import initializers
from digitus.nn.initializers import uniform

D, H = 784, 128
SPREADS = {
    "he_normal": (2 / D) ** 0.5,
    "he_uniform": (2 / D) ** 0.5,
    "glorot_normal": (2 / (D + H)) ** 0.5,
    "glorot_uniform": (2 / (D + H)) ** 0.5,
    "glorot_uniform_logistic": (2 / 3 / (D + H)) ** 0.5,
    "scaled_normal": (1 / D) ** 0.5,
}
LIMITS = {
    "he_uniform": (6 / D) ** 0.5,
    "glorot_uniform": (6 / (D + H)) ** 0.5,
    "glorot_uniform_logistic": (2 / (D + H)) ** 0.5,
}
MAKERS = [*(getattr(initializers, name) for name in SPREADS), uniform(0.15), uniform(0.5)]


def draw(initializer, seed=0):
    return initializer(np.random.default_rng(seed), (D, H), D, H)


@pytest.mark.parametrize("name", SPREADS)
def test_weights_have_the_standard_deviation_of_the_paper(name):
    assert draw(getattr(initializers, name)).std() == pytest.approx(SPREADS[name], rel=0.01)


@pytest.mark.parametrize("initializer", MAKERS)
def test_weights_are_centered_at_zero(initializer):
    weights = draw(initializer)
    assert abs(weights.mean()) < 4 * weights.std() / weights.size**0.5


@pytest.mark.parametrize("name", LIMITS)
def test_uniform_weights_fill_their_range(name):
    weights = draw(getattr(initializers, name))
    assert 0.999 * LIMITS[name] < np.abs(weights).max() <= LIMITS[name]


@pytest.mark.parametrize("limit", [0.15, 0.5])
def test_uniform_fills_plus_minus_its_limit(limit):
    weights = draw(uniform(limit))
    assert 0.999 * limit < weights.max() <= limit
    assert -limit <= weights.min() < -0.999 * limit


@pytest.mark.parametrize("initializer", MAKERS)
def test_equal_seeds_give_equal_weights(initializer):
    np.testing.assert_array_equal(draw(initializer, seed=42), draw(initializer, seed=42))


@pytest.mark.parametrize("initializer", MAKERS)
def test_different_seeds_give_different_weights(initializer):
    assert not np.array_equal(draw(initializer, seed=1), draw(initializer, seed=2))


@pytest.mark.parametrize("initializer", [*MAKERS, initializers.zeros])
def test_an_initializer_can_be_pickled(initializer):
    copy = pickle.loads(pickle.dumps(initializer))
    np.testing.assert_array_equal(draw(copy), draw(initializer))


def test_zeros_are_zero():
    assert not draw(initializers.zeros).any()
