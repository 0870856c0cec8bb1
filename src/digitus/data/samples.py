"""Labelled images as rows, data sets with a training and a test part, and splits of rows."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int64]
Indices = NDArray[np.intp]  # of rows

SIDE_PX = 28
PIXELS = SIDE_PX * SIDE_PX
CLASSES = 10


@dataclass(frozen=True, eq=False)
class Samples:
    """Images as rows of pixels, with labels if the source has any; both arrays are read-only.

    Attributes:
        pixels: (n, 784), 0 = paper, 255 = full ink.
        labels: (n,), 0 to 9, or None.
        source: name of the source, for messages.

    Raises:
        ValueError: if a shape or type is wrong.
    """

    pixels: Bytes
    labels: Labels | None
    source: str

    def __post_init__(self) -> None:
        """Check the shapes and make the arrays read-only, so that a hash stays valid."""
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
        """Return the number of images."""
        return len(self.pixels)

    def counts(self) -> Labels:
        """Return the number of images of each digit (10,).

        Raises:
            ValueError: if the samples have no labels.
        """
        if self.labels is None:
            raise ValueError(f"{self.source} has no labels to count")
        return np.bincount(self.labels, minlength=CLASSES).astype(np.int64)

    def rows(self, index: Any) -> "Samples":
        """Return some of the rows, by an index array, a slice or a mask."""
        labels = None if self.labels is None else self.labels[index]
        return Samples(self.pixels[index], labels, self.source)


@dataclass(frozen=True, eq=False)
class DataSet:
    """A training part and, if the source has one, a test part.

    The parts of a data set from `load` share no image: MNIST is verified by its hashes, all other
    sources are compared pixel by pixel. The constructor does not check this.
    """

    name: str
    train: Samples
    test: Samples | None

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal hash of the training part's pixels and labels, the same for any format."""
        digest = hashlib.sha256(self.train.pixels.data)
        if self.train.labels is not None:
            digest.update(np.ascontiguousarray(self.train.labels, dtype="<i8").data)
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Split:
    """Disjoint row indices for training and validation, each in ascending order."""

    train: Indices
    validation: Indices


def split(n: int, *, validation: int, seed: int | None = None, first: bool = False) -> Split:
    """Hold out ``validation`` of ``n`` rows: the last ones, or the first ones.

    Args:
        n: number of rows.
        validation: number of rows to hold out; may be 0.
        seed: shuffle the rows with this seed first; None keeps their order.
        first: hold out the first rows instead of the last.

    Raises:
        ValueError: if no row would be left for training.

    >>> split(5, validation=2)
    Split(train=array([0, 1, 2]), validation=array([3, 4]))
    """
    if not 0 <= validation < n:
        raise ValueError(f"validation must be 0 to {n - 1} of {n} rows, not {validation}")
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    cut = validation if first else n - validation
    head, tail = np.sort(order[:cut]), np.sort(order[cut:])
    return Split(tail, head) if first else Split(head, tail)


def shared_rows(train: Samples, test: Samples) -> int:
    """Return the number of test images that are in the training part, too."""
    known = {row.tobytes() for row in train.pixels}
    return sum(row.tobytes() in known for row in test.pixels)


def one_hot(labels: ArrayLike, k: int = CLASSES, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Return one-hot rows (n, k), with k columns even if a class is absent.

    Args:
        labels: (n,) whole numbers.
        k: number of classes.
        dtype: type of the result.

    Raises:
        ValueError: if the labels are not whole numbers from 0 to ``k - 1``.

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
