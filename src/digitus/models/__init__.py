"""Models: the model file, other programs' formats, presets, error bound, shipped weights."""

from digitus.models.file import read_model, save_model
from digitus.models.formats import theta
from digitus.models.model import Classification, Model
from digitus.models.shipped import load_digit_model, load_model

__all__ = [
    "Classification",
    "Model",
    "load_digit_model",
    "load_model",
    "read_model",
    "save_model",
    "theta",
]
