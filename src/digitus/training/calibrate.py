"""Making a trained model honest, on digits that it has not learned from."""

from typing import Any

import numpy as np

from digitus.data import Samples
from digitus.models.calibration import fit_temperature
from digitus.models.error_bound import ErrorCurve
from digitus.models.model import Model, calibrated, split_classes
from digitus.training.synthetic_digits import Drawings

ACCEPTED = 0.995
"""Share of the held-out digits that pass for digits."""


def calibrate(model: Model, held_out: Samples, drawings: Drawings | None) -> dict[str, Any]:
    """Fit the temperature, the least probability of being a digit, and the error curve.

    Args:
        model: changed in place.
        held_out: labelled rows that were held out.
        drawings: of our own pen, other ones than it learned from; their negatives is only counted.

    Returns:
        What was calibrated on and came of it, for the record (JSON types).
    """
    if held_out.labels is None:
        return {}
    pixels, labels = held_out.pixels, held_out.labels
    if drawings is not None:
        pixels = np.concatenate([pixels, drawings.pen])
        labels = np.concatenate([labels, drawings.labels])
    logits = model.logits(pixels)
    model.temperature = fit_temperature(model.network, logits, labels)
    judged = split_classes(calibrated(model.network, logits, model.temperature))
    if model.network.n_outputs > judged.probabilities.shape[1]:
        model.digit_threshold = float(np.quantile(judged.p_digit, 1 - ACCEPTED))
    right = judged.probabilities.argmax(axis=1) == labels
    confidence = judged.probabilities.max(axis=1) * judged.p_digit
    confidence[judged.p_digit < model.digit_threshold] = 0  # declined, however sure of the digit
    model.errors = ErrorCurve.measure(confidence, right)
    return {"digits": len(labels), "errors": int((~right).sum()), **_rubbish(model, drawings)}


def _rubbish(model: Model, drawings: Drawings | None) -> dict[str, Any]:
    """Count the negatives that still passes for digits."""
    if drawings is None or drawings.negatives is None:
        return {}
    passed = model.classify(drawings.negatives).p_digit >= model.digit_threshold
    return {"negatives": len(passed), "negatives_accepted": int(passed.sum())}
