import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.models.calibration import fit_temperature
from digitus.models.model import calibrated


def _labels_drawn(network, logits, temperature):
    """Draw labels that come true as often as the probabilities at this temperature say."""
    rng = np.random.default_rng(0)
    p = calibrated(network, logits, temperature)
    return (p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1).clip(0, 9)


@given(temperature=st.floats(0.3, 5))
@settings(max_examples=10)
def test_the_temperature_that_made_the_labels_is_found(make_model, temperature):
    network = make_model().network
    logits = np.random.default_rng(1).normal(0, 3, (20_000, 10))
    found = fit_temperature(network, logits, _labels_drawn(network, logits, temperature))
    assert found == pytest.approx(temperature, rel=0.1)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_calibration_never_makes_the_likelihood_worse(make_model, output):
    network = make_model(output=output).network
    rng = np.random.default_rng(2)
    logits, labels = rng.normal(0, 8, (500, 10)), rng.integers(0, 10, 500)

    def cost(temperature):
        return -np.log(calibrated(network, logits, temperature)[range(500), labels]).mean()

    assert cost(fit_temperature(network, logits, labels)) <= cost(1.0)


def test_extreme_logits_give_a_finite_temperature(make_model):
    logits = np.full((4, 10), -1e6)
    logits[:, 3] = 1e6
    assert np.isfinite(fit_temperature(make_model().network, logits, np.array([1, 2, 3, 4])))
