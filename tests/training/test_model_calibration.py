"""Calibration of a digit model: accepted share, counts, and confidences."""

import numpy as np
import pytest

from digitus.data import Normalizer, Samples
from digitus.models.model import Model
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.training.model_calibration import ACCEPTED, calibrate
from digitus.training.synthetic_digits import SyntheticDigits


@pytest.fixture
def model():
    """Return a network whose first ten inputs stand for the digits, the eleventh for negatives."""
    network = Network(784, [Dense(11)])
    network.layers[0].weight[:11] = 10 * np.eye(11)
    return Model("made", network, Normalizer("unit"))


def rows(rng, classes, *, noise=130):
    pixels = np.zeros((len(classes), 784))
    pixels[:, :11] = 120 * np.eye(11)[classes] + rng.integers(0, noise, (len(classes), 11))
    return pixels.astype(np.uint8)


@pytest.fixture
def parts():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 3000)
    held_out = Samples(rows(rng, labels[:2000]), labels[:2000], "made")
    negatives = rows(rng, np.full(500, 10))
    return held_out, SyntheticDigits(rows(rng, labels[2000:]), labels[2000:], negatives)


def test_the_configured_share_of_held_out_digits_is_accepted(model, parts):
    held_out, synthetic = parts
    calibrate(model, held_out, synthetic)
    pixels = np.concatenate([held_out.pixels, synthetic.digits])
    assert (model.classify(pixels).p_digit >= model.digit_threshold).mean() == pytest.approx(
        ACCEPTED, abs=0.001
    )


def test_the_counts_agree_with_the_calibrated_model(model, parts):
    held_out, synthetic = parts
    found = calibrate(model, held_out, synthetic)
    accepted = (model.classify(synthetic.negatives).p_digit >= model.digit_threshold).sum()
    assert found["negatives"] == 500
    assert found["negatives_accepted"] == accepted < 400
    assert found["digits"] == model.errors.n == 3000
    assert found["errors"] == len(model.errors.confidence)


def test_the_mean_confidence_is_the_accuracy_afterwards(model):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 20_000)
    held_out = Samples(rows(rng, labels, noise=130), labels, "made")
    calibrate(model, held_out, None)
    found = model.classify(held_out.pixels)
    right = (found.probabilities.argmax(axis=1) == labels).mean()
    confidence = (found.probabilities.max(axis=1) * found.p_digit).mean()
    assert 0.5 < right < 0.99
    assert confidence == pytest.approx(right, abs=0.05)


def test_a_network_of_ten_outputs_declines_nothing():
    network = Network(784, [Dense(10)], rng=np.random.default_rng(0))
    model = Model("made", network, Normalizer("unit"))
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 100)
    calibrate(model, Samples(rows(rng, labels), labels, "made"), None)
    assert model.digit_threshold == 0
    assert (model.classify(rows(rng, labels)).p_digit == 1).all()
