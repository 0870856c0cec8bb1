"""MNIST and its sources, file formats, splits and normalizers.

Rows are images: ``pixels`` (n, 784) uint8, 0 paper to 255 full ink; ``labels`` (n,) int64.
"""

from typing import TYPE_CHECKING, Any

from digitus.data.formats.csv_rows import write_submission
from digitus.data.load import load, load_rows
from digitus.data.normalization import Normalizer
from digitus.data.samples import DataSet, Samples, Split, one_hot, split

if TYPE_CHECKING:
    from digitus.data.mnist import fetch_mnist

__all__ = [
    "DataSet",
    "Normalizer",
    "Samples",
    "Split",
    "fetch_mnist",
    "load",
    "load_rows",
    "one_hot",
    "split",
    "write_submission",
]


def __getattr__(name: str) -> Any:
    """Import `fetch_mnist` on first use; a prediction does not need it."""
    if name == "fetch_mnist":
        from digitus.data.mnist import fetch_mnist

        return fetch_mnist
    raise AttributeError(f"module 'digitus.data' has no attribute {name!r}")
