"""The part of a model that reads single digits, and how it is loaded."""

from os import PathLike, fspath
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.models import Classification, load_model

FULL_INK_IN_MNIST = 255


class DigitModel(Protocol):
    """The part of a model that a recognizer uses."""

    digit_threshold: float
    """An image whose ``p_digit`` is below this threshold is not a digit."""

    def classify(self, pixels: NDArray[np.float32], /) -> Classification:
        """Classify rows of pixels (n, 784), 0 paper to 255 ink."""


ModelSource: TypeAlias = str | PathLike[str] | DigitModel | None


def load_digit_model(model: ModelSource) -> DigitModel:
    """Return a model: the default one for None, one by name or path, or a loaded one as it is.

    Raises:
        ModelFileError: if there is no such model.
    """
    if model is None:
        return load_model()
    return load_model(fspath(model)) if isinstance(model, PathLike | str) else model
