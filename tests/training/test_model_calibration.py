"""Calibration of a digit model: accepted share, counts, and confidences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.data import Normalizer, Samples
from digitus.models.model import Model, calibrated
from digitus.nn.layers import Dense
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network
from digitus.training.model_calibration import ACCEPTED, calibrate, fit_temperature
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


def make_network(output="softmax"):
    loss = SoftmaxCrossEntropy() if output == "softmax" else SigmoidBinaryCrossEntropy()
    return Network(784, [Dense(10)], loss=loss, rng=np.random.default_rng(0))


def draw_labels(network, logits, temperature):
    """Draw labels from the probabilities at a temperature."""
    rng = np.random.default_rng(0)
    p = calibrated(network, logits, temperature)
    return (p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1).clip(0, 9)


@given(temperature=st.floats(0.3, 5))
@settings(max_examples=10)
def test_the_temperature_that_made_the_labels_is_found(temperature):
    network = make_network()
    logits = np.random.default_rng(1).normal(0, 3, (20_000, 10))
    found = fit_temperature(network, logits, draw_labels(network, logits, temperature))
    assert found == pytest.approx(temperature, rel=0.1)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_calibration_never_makes_the_likelihood_worse(output):
    network = make_network(output)
    rng = np.random.default_rng(2)
    logits, labels = rng.normal(0, 8, (500, 10)), rng.integers(0, 10, 500)

    def cost(temperature):
        return -np.log(calibrated(network, logits, temperature)[range(500), labels]).mean()

    assert cost(fit_temperature(network, logits, labels)) <= cost(1.0)


def test_extreme_logits_give_a_finite_temperature():
    logits = np.full((4, 10), -1e6)
    logits[:, 3] = 1e6
    assert np.isfinite(fit_temperature(make_network(), logits, np.array([1, 2, 3, 4])))
