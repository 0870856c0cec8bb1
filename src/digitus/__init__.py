"""Digitus reads handwritten digits with a neural network written from scratch on NumPy.

Public names are loaded at their first use, so that ``import digitus`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "ImageRows",
    "MLPClassifier",
    "Prediction",
    "Reader",
    "Reading",
    "Recognizer",
    "predict",
    "read",
]

if TYPE_CHECKING:
    from digitus.classifier import ImageRows, MLPClassifier
    from digitus.reader import Reader, Reading, read
    from digitus.recognizer import Prediction, Recognizer, predict

_MODULES = {
    "ImageRows": "digitus.classifier",
    "MLPClassifier": "digitus.classifier",
    "Prediction": "digitus.recognizer",
    "Reader": "digitus.reader.pipeline.reader",
    "Reading": "digitus.reader.results.reading",
    "Recognizer": "digitus.recognizer",
    "predict": "digitus.recognizer",
    "read": "digitus.reader.pipeline.reader",
}
_SUBPACKAGES = (
    "classifier",
    "data",
    "errors",
    "evaluation",
    "imaging",
    "models",
    "nn",
    "plots",
    "reader",
)


def __getattr__(name: str) -> Any:
    """Load a public name, or a subpackage such as ``digitus.models``, at its first use."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    if name in _SUBPACKAGES:
        return import_module(f"digitus.{name}")
    raise AttributeError(f"module 'digitus' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names and subpackages, loaded or not."""
    return sorted([*__all__, *_SUBPACKAGES, "__version__"])
