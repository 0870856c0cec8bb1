"""Calibration of a network by one temperature (Guo et al. 2017)."""

import numpy as np

from digitus.models.model import calibrated
from digitus.nn.arrays import Floats, Ints
from digitus.nn.network import Network

_LOG_RANGE = (-3.0, 3.0)
"""Of the logarithm of the temperature."""


def fit_temperature(network: Network, logits: Floats, labels: Ints) -> float:
    """Return the temperature with the smallest negative log-likelihood (Guo et al. 2017, sec. 4.2).

    Args:
        network: its loss turns logits into probabilities.
        logits: (n, k), of rows that the network was not trained on.
        labels: (n,) their classes.
    """
    from scipy.optimize import minimize_scalar  # only training needs it; importing it takes 0.2 s

    rows = np.arange(len(labels))

    def cost(log_temperature: float) -> float:
        probabilities = calibrated(network, logits, float(np.exp(log_temperature)))
        return -float(np.log(probabilities[rows, labels]).mean())

    found = minimize_scalar(cost, bounds=_LOG_RANGE, method="bounded")
    return float(np.exp(found.x))
