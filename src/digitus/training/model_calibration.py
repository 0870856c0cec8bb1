"""Calibration of a trained digit model, on rows that it was not trained on."""

from typing import Any

import numpy as np

from digitus.data import Samples
from digitus.models.error_bound import ErrorCurve
from digitus.models.model import Model, calibrated, split_classes
from digitus.nn.arrays import Floats, Ints
from digitus.nn.network import Network
from digitus.training.synthetic_digits import SyntheticDigits

ACCEPTED = 0.995
"""Share of the held-out digits whose probability of being a digit reaches the threshold."""

_LOG_RANGE = (-3.0, 3.0)
"""Range of the logarithm of the temperature that is searched."""


def calibrate(model: Model, held_out: Samples, synthetic: SyntheticDigits | None) -> dict[str, Any]:
    """Fit the temperature, the threshold of being a digit, and the risk-coverage curve.

    Args:
        model: changed in place.
        held_out: labelled rows that were held out.
        synthetic: digits of the synthetic pen that the model was not trained on; of their negatives
            it is only counted how many are accepted as digits.

    Returns:
        Number of digits and errors, and of negatives, for the record (JSON types).
    """
    if held_out.labels is None:
        return {}
    pixels, labels = held_out.pixels, held_out.labels
    if synthetic is not None:
        pixels = np.concatenate([pixels, synthetic.digits])
        labels = np.concatenate([labels, synthetic.labels])
    logits = model.logits(pixels)
    model.temperature = fit_temperature(model.network, logits, labels)
    found = split_classes(calibrated(model.network, logits, model.temperature))
    if model.network.n_outputs > found.probabilities.shape[1]:
        model.digit_threshold = float(np.quantile(found.p_digit, 1 - ACCEPTED))
    right = found.probabilities.argmax(axis=1) == labels
    confidence = found.probabilities.max(axis=1) * found.p_digit
    confidence[found.p_digit < model.digit_threshold] = 0  # declined, whichever digit it may be
    model.errors = ErrorCurve.measure(confidence, right)
    return {
        "digits": len(labels),
        "errors": int((~right).sum()),
        **_count_negatives(model, synthetic),
    }


def _count_negatives(model: Model, synthetic: SyntheticDigits | None) -> dict[str, Any]:
    """Count the negatives, and those that are accepted as digits."""
    if synthetic is None or synthetic.negatives is None:
        return {}
    accepted = model.classify(synthetic.negatives).p_digit >= model.digit_threshold
    return {"negatives": len(accepted), "negatives_accepted": int(accepted.sum())}


def fit_temperature(network: Network, logits: Floats, labels: Ints) -> float:
    """Return the temperature with the smallest negative log-likelihood (Guo et al. 2017, sec. 4.2).

    Args:
        network: its loss turns logits into probabilities.
        logits: (n, k), of rows that the network was not trained on.
        labels: (n,) their classes.
    """
    from scipy.optimize import minimize_scalar  # 0.1 s, which `digitus evaluate` need not pay

    rows = np.arange(len(labels))

    def cost(log_temperature: float) -> float:
        probabilities = calibrated(network, logits, float(np.exp(log_temperature)))
        return -float(np.log(probabilities[rows, labels]).mean())

    found = minimize_scalar(cost, bounds=_LOG_RANGE, method="bounded")
    return float(np.exp(found.x))
