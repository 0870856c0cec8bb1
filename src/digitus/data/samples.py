"""Samples: images as rows with their labels, and a data set of a training and a test part."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int64]
Indices = NDArray[np.intp]

SIDE_PX = 28
PIXELS = SIDE_PX * SIDE_PX
CLASSES = 10


@dataclass(frozen=True, eq=False)
class Samples:
    """Rows of pixels, with labels if the source has any; both arrays are read-only.

    Attributes:
        pixels: (n, 784), 0 = paper, 255 = full ink.
        labels: (n,), 0 to 9, or None.
        source: where the rows come from, for messages.

    Raises:
        ValueError: if the shapes or types are other ones.
    """

    pixels: Bytes
    labels: Labels | None
    source: str

    def __post_init__(self) -> None:
        """Check the shapes and lock the arrays, so that a hash taken once stays true."""
        if self.pixels.dtype != np.uint8 or self.pixels.shape[1:] != (PIXELS,):
            raise ValueError(
                f"pixels must be uint8 of shape (n, {PIXELS}), "
                f"not {self.pixels.dtype} of shape {self.pixels.shape}"
            )
        object.__setattr__(self, "pixels", _locked(self.pixels))
        if self.labels is not None:
            if self.labels.shape != (len(self.pixels),):
                raise ValueError(
                    f"labels must be of shape ({len(self.pixels)},), not {self.labels.shape}"
                )
            object.__setattr__(self, "labels", _locked(self.labels.astype(np.int64, copy=False)))

    def __len__(self) -> int:
        """Number of images."""
        return len(self.pixels)

    def counts(self) -> Labels:
        """Count the images of each digit: (10,).

        Raises:
            ValueError: if the samples have no labels.
        """
        if self.labels is None:
            raise ValueError(f"{self.source} has no labels to count")
        return np.bincount(self.labels, minlength=CLASSES).astype(np.int64)

    def rows(self, index: Any) -> "Samples":
        """Pick rows by an index array, a slice or a mask."""
        labels = None if self.labels is None else self.labels[index]
        return Samples(self.pixels[index], labels, self.source)


@dataclass(frozen=True, eq=False)
class DataSet:
    """A training part and, where the source has one, a test part.

    What `load` gives shares no image between its parts, whatever the source: MNIST itself is
    known by its hashes, all else is compared pixel for pixel. Parts joined by hand are not.
    """

    name: str
    train: Samples
    test: Samples | None

    @cached_property
    def sha256(self) -> str:
        """Hex hash of the training part: the same for the same rows, whatever file held them."""
        digest = hashlib.sha256(self.train.pixels.data)
        if self.train.labels is not None:
            digest.update(np.ascontiguousarray(self.train.labels, dtype="<i8").data)
        return digest.hexdigest()


def one_hot(labels: ArrayLike, k: int = CLASSES, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Rows (n, k) with a one at the label, always ``k`` wide, even if a class is absent.

    Raises:
        ValueError: if the labels are not a vector of whole numbers from 0 to ``k - 1``.

    >>> one_hot([2, 0], k=3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    classes = np.asarray(labels)
    if classes.ndim != 1 or (classes.size and classes.dtype.kind not in "iu"):
        raise ValueError(
            "labels must be a vector of whole numbers, "
            f"not {classes.dtype} of shape {classes.shape}"
        )
    if classes.size and not 0 <= classes.min() <= classes.max() < k:
        raise ValueError(
            f"labels must lie in 0 to {k - 1}, not in {classes.min()} to {classes.max()}"
        )
    encoded = np.zeros((classes.size, k), dtype)
    encoded[np.arange(classes.size), classes.astype(np.intp)] = 1
    return encoded


def _locked(values: NDArray[Any]) -> NDArray[Any]:
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view
