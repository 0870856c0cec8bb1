"""Plots of training, mistakes and calibration as matplotlib figures, light or dark, no display."""

from digitus.palette import Theme
from digitus.plots.confusion import confusion_matrix
from digitus.plots.digit_gallery import sample_grid
from digitus.plots.explanation import Explanation, Variant, explanation
from digitus.plots.learning_rates import rate_finder
from digitus.plots.reliability import reliability
from digitus.plots.risk_coverage import error_reject
from digitus.plots.style import is_saved_figure, save_figure
from digitus.plots.training_curves import training_curves
from digitus.plots.weights import first_layer_weights

__all__ = [
    "Explanation",
    "Theme",
    "Variant",
    "confusion_matrix",
    "error_reject",
    "explanation",
    "first_layer_weights",
    "is_saved_figure",
    "rate_finder",
    "reliability",
    "sample_grid",
    "save_figure",
    "training_curves",
]
