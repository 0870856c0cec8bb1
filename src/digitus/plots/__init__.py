"""Plots of training, mistakes and calibration as matplotlib figures, light or dark, no display."""

from digitus.plots.calibration import reliability
from digitus.plots.confusion import confusion_matrix
from digitus.plots.curves import training_curves
from digitus.plots.rates import rate_finder
from digitus.plots.rejection import error_reject
from digitus.plots.samples import sample_grid
from digitus.plots.style import Theme, save_figure
from digitus.plots.weights import first_layer_weights

__all__ = [
    "Theme",
    "confusion_matrix",
    "error_reject",
    "first_layer_weights",
    "rate_finder",
    "reliability",
    "sample_grid",
    "save_figure",
    "training_curves",
]
