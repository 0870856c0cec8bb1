"""The sequence network: its gradient, and an output that does not depend on the width."""

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import ROWS
from digitus.models.sequence.sequence_network import LONGEST_TEXT, STEP_PX, sequence_network
from digitus.nn.fitting.examples import Examples
from digitus.nn.gradient_check import check_gradient
from digitus.nn.network import Network

SMALL = (2, 2, 2, 3, 3, 3, 3)


def test_a_wider_network_has_the_same_parameters_and_more_places():
    narrow, wide = (sequence_network(cols, 14) for cols in (64, 128))
    assert narrow.parameters.size == wide.parameters.size
    assert wide.n_outputs == 128 // STEP_PX * 15 == 2 * narrow.n_outputs


def test_a_place_far_from_a_change_has_the_same_output():
    rng = np.random.default_rng(0)
    network = sequence_network(128, 14)
    network.initialize(rng)
    image = rng.random((1, ROWS, 128), np.float32)
    changed = image.copy()
    changed[..., 64:] = 0
    one, other = (network.logits(x.reshape(1, -1)).reshape(-1, 15) for x in (image, changed))
    place = 64 // STEP_PX - 23 // STEP_PX - 1  # it sees 46 columns
    assert (one[:place] == other[:place]).all()
    assert (one != other).any()


def test_its_gradient_agrees_with_finite_differences():
    rng = np.random.default_rng(1)
    small = sequence_network(16, 3, channels=SMALL)
    network = Network(ROWS * 16, small.layers, loss=small.loss, dtype=np.float64, rng=rng)
    targets = np.full((3, LONGEST_TEXT), -1.0)
    targets[0, :2], targets[1, :1] = (0, 2), 1
    examples = Examples(rng.random((3, ROWS * 16)), targets)
    check = check_gradient(network, examples, dropout_seed=0)
    weights = {name: error for name, error in check.relative_errors.items() if "weight" in name}
    assert len(weights) == 8
    assert max(weights.values()) < 1e-5  # normalization cancels the biases: their gradient is 0


def test_line_images_of_another_width_are_refused():
    with pytest.raises(ValueError, match="expected rows"):
        sequence_network(64, 3, channels=SMALL).logits(np.zeros((1, ROWS * 60), np.float32))
