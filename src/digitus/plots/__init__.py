"""Plots of training, mistakes and calibration as matplotlib figures, light or dark."""

from digitus.palette import Theme
from digitus.plots.confusion import confusion_matrix
from digitus.plots.digit_gallery import digit_gallery
from digitus.plots.explanation import Explanation, Variant, explanation
from digitus.plots.learning_rates import learning_rate_search
from digitus.plots.reliability import reliability
from digitus.plots.risk_coverage import risk_coverage
from digitus.plots.style import is_saved_figure, save_figure
from digitus.plots.training_curves import training_curves
from digitus.plots.weights import first_layer_weights

__all__ = [
    "Explanation",
    "Theme",
    "Variant",
    "confusion_matrix",
    "digit_gallery",
    "explanation",
    "first_layer_weights",
    "is_saved_figure",
    "learning_rate_search",
    "reliability",
    "risk_coverage",
    "save_figure",
    "training_curves",
]
