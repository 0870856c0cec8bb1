"""The growth of a network to more channels."""

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import ROWS
from digitus.models.sequence.sequence_network import LONGEST_TEXT, sequence_network
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.training.sequence.widening import widen

COLS, CLASSES = 16, 3
NARROW, WIDE = (2, 3, 3, 4, 4, 5, 4), (2, 4, 3, 6, 7, 5, 8)


def random_network(channels: tuple[int, ...], seed: int) -> Network:
    """Return a network whose scales, shifts and statistics are drawn too."""
    network = sequence_network(COLS, CLASSES, channels=channels)
    rng = np.random.default_rng(seed)
    network.initialize(rng)
    for _, values, _ in network.named_parameters():
        if values.ndim == 1:
            values[...] = rng.uniform(0.5, 1.5, len(values))
    return network


def test_a_widened_network_computes_what_the_narrow_one_does():
    narrow, wide = random_network(NARROW, 0), random_network(WIDE, 1)
    x = np.random.default_rng(2).random((5, ROWS * COLS), np.float32)
    assert not np.allclose(wide.logits(x), narrow.logits(x), atol=1e-2)
    widen(narrow, wide)
    np.testing.assert_allclose(wide.logits(x), narrow.logits(x), atol=1e-5)


def test_the_new_channels_learn():
    narrow, wide = random_network(NARROW, 0), random_network(WIDE, 1)
    widen(narrow, wide)
    rng = np.random.default_rng(3)
    x = rng.random((4, ROWS * COLS), np.float32)
    targets = np.full((4, LONGEST_TEXT), -1.0, np.float32)
    targets[:, 0] = 0, 1, 2, 0
    for _ in range(9):
        wide.loss_and_gradient(x, targets, rng=rng)
        wide.parameters -= 0.01 * wide.gradient
    still = [
        name
        for name, _, grad in wide.named_parameters()
        if name.endswith("weight") and (grad == 0).any()
    ]
    assert still == []


def test_a_network_of_the_same_channels_becomes_the_same():
    one, other = random_network(NARROW, 0), random_network(NARROW, 1)
    widen(one, other)
    np.testing.assert_array_equal(other.parameters, one.parameters)


def test_fewer_channels_and_other_layers_are_refused():
    with pytest.raises(ValueError, match=r"holds|or more"):
        widen(random_network(WIDE, 0), random_network(NARROW, 1))
    with pytest.raises(ValueError, match="to grow into"):
        widen(random_network(NARROW, 0), Network(4, [Dense(2)]))
