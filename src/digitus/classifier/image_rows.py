"""Images as rows of pixels, a scikit-learn transformer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.patch.patch import PATCH_PX
from digitus.imaging.preprocessing import preprocess


class ImageRows(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Turns images of one digit each into rows, with the preprocessing of ``digitus predict``.

    The rows are what a network trained on MNIST's pixels takes, as ``MLPClassifier`` and any other
    classifier of scikit-learn. There is nothing to fit.

    Args:
        full_ink: value of a pixel that is full ink: 1.0, or 255 for models of MNIST's bytes. Paper
            is 0.

    >>> import numpy as np
    >>> ImageRows().fit_transform([np.ones((40, 30))]).shape
    (1, 784)
    """

    def __init__(self, full_ink: float = 1.0) -> None:
        self.full_ink = full_ink

    def fit(
        self, X: "Sequence[ImageSource] | NDArray[Any]", y: ArrayLike | None = None
    ) -> "ImageRows":
        """Return itself.

        Args:
            X: as ``transform``.
            y: ignored.
        """
        return self

    def transform(self, X: "Sequence[ImageSource] | NDArray[Any]") -> NDArray[np.float32]:
        """Return a row of 784 pixels for each image; a blank image is a row of zeros.

        Args:
            X: images: a list of paths, bytes, files, PIL images or arrays, or an array
                (n, rows, cols) or (n, rows, cols, channels).

        Returns:
            (n, 784), 0.0 paper to ``full_ink``.

        Raises:
            ImageError: if an image cannot be opened.
            ValueError: if X is one image, or rows of numbers.
        """
        images = _listed(X)
        rows = np.zeros((len(images), PATCH_PX**2), np.float32)
        for row, image in zip(rows, images, strict=True):
            patch = preprocess(image).patch
            if patch is not None:
                np.multiply(patch.ravel(), self.full_ink, out=row)
        return rows

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Return ``pixel0`` to ``pixel783``, row by row from the top left."""
        return np.array([f"pixel{i}" for i in range(PATCH_PX**2)], dtype=object)

    def __sklearn_tags__(self) -> Any:
        """Return the tags of an estimator that takes images and needs no fit."""
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.no_validation = True
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def _listed(X: Any) -> list[Any]:
    """Return the images as a list.

    Raises:
        ValueError: if it is one image, or rows of numbers.
    """
    wanted = "expected several images, such as a list of paths or an array (n, rows, cols)"
    if isinstance(X, str | bytes) or not hasattr(X, "__len__"):
        raise ValueError(f"{wanted}, got one {type(X).__name__}; put it into a list")
    if isinstance(X, np.ndarray) and X.dtype != object and X.ndim < 3:
        raise ValueError(f"{wanted}, got an array {X.shape}; put a single image into a list")
    return list(X)
