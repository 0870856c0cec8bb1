"""Calibration: one temperature, fitted where the network has not trained, makes it honest."""

import numpy as np

from digitus.models.model import calibrated
from digitus.nn.arrays import Floats, Ints
from digitus.nn.network import Network

_LOG_RANGE = (-3.0, 3.0)


def fit_temperature(network: Network, logits: Floats, labels: Ints) -> float:
    """Find the temperature with the smallest negative log-likelihood (Guo et al. 2017, sec. 4.2).

    Args:
        network: knows how logits become probabilities.
        logits: (n, k), of rows that the network was not trained on.
        labels: (n,) their classes.
    """
    from scipy.optimize import minimize_scalar  # only training needs it, and it is large

    rows = np.arange(len(labels))

    def cost(log_temperature: float) -> float:
        probabilities = calibrated(network, logits, float(np.exp(log_temperature)))
        return -float(np.log(probabilities[rows, labels]).mean())

    found = minimize_scalar(cost, bounds=_LOG_RANGE, method="bounded")
    return float(np.exp(found.x))
