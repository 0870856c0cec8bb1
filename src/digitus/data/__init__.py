"""Data: MNIST and its sources, readers, splits and normalizers.

Rows are images: ``pixels`` (n, 784) uint8, 0 = paper, 255 = full ink; ``labels`` (n,) int64.
"""

from typing import TYPE_CHECKING, Any

from digitus.data.formats.csv_rows import write_submission
from digitus.data.load import load, load_rows
from digitus.data.normalization import Normalizer
from digitus.data.samples import DataSet, Samples, one_hot
from digitus.data.splits import Split, split

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
    """Load the fetching of MNIST at its first use: a prediction needs none of it."""
    if name == "fetch_mnist":
        from digitus.data.mnist import fetch_mnist

        return fetch_mnist
    raise AttributeError(f"module 'digitus.data' has no attribute {name!r}")
