"""The common training rows, and the loss that is computed for all contestants."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contest.cells import SLOPE, Floats, Shape, Weights
from digitus.data import load, one_hot

CHUNK_ROWS = 4096


@dataclass(frozen=True)
class Rows:
    """MNIST's training rows in memory.

    Attributes:
        x: (n, 784) float32, 0 to 1.
        labels: (n,) the classes.
        targets: (n, 10) float32, 1 for each row's class.
    """

    x: Floats
    labels: npt.NDArray[np.int64]
    targets: Floats

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.x)


def load_rows(n: int | None = None) -> Rows:
    """Load the first n of MNIST's 60,000 training rows; None takes all."""
    data = load("mnist").train
    labels = data.labels[:n].astype(np.int64)
    x = data.pixels[:n].reshape(len(labels), -1).astype(np.float32) / np.float32(255)
    return Rows(x, labels, one_hot(labels))


def mean_loss(shape: Shape, weights: Weights, rows: Rows) -> float:
    """Return the mean loss of all rows, computed in plain NumPy."""
    total = 0.0
    for start in range(0, len(rows), CHUNK_ROWS):
        part = slice(start, start + CHUNK_ROWS)
        z = logits(shape, weights, rows.x[part]).astype(np.float64)
        t = rows.targets[part]
        if shape.output == "softmax":
            total += float(np.logaddexp.reduce(z, axis=1).sum() - (z * t).sum())
        else:
            total += float((np.logaddexp(0, z) - z * t).sum())
    return total / len(rows)


def logits(shape: Shape, weights: Weights, x: Floats) -> Floats:
    """Return the logits (n, k) of rows (n, d)."""
    for weight, bias in weights[:-1]:
        x = activate(shape.hidden, x @ weight + bias)
    weight, bias = weights[-1]
    return x @ weight + bias


def activate(name: str, x: Floats) -> Floats:
    """Return an activation, chosen by name, of x."""
    if name == "relu":
        return np.maximum(x, 0)
    if name == "leaky_relu":
        return np.maximum(x, np.float32(SLOPE) * x)
    return (1 + np.tanh(x / 2)) / 2
