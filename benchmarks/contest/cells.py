"""The networks, batch sizes and optimizers of the comparison, and the common first weights."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Weights = list[tuple[Floats, Floats]]
"""Weight (d, h) and bias (h,) of each layer, from the input on."""

SLOPE = 0.1
"""Slope of the leaky ReLU for negative inputs."""
RATES = {"sgd": 0.1, "adam": 1e-3}
BETAS, EPSILON = (0.9, 0.999), 1e-8
BATCHES = (32, 128, 512)
SEED = 0
"""Seed of the first weights and of the order of the rows."""


@dataclass(frozen=True)
class Shape:
    """A feedforward network.

    Attributes:
        name: for the table and the command line.
        widths: inputs, hidden layers, classes.
        hidden: activation of the hidden layers: relu, leaky_relu or sigmoid.
        output: softmax with cross-entropy, or sigmoid with binary cross-entropy summed over the
            classes; both losses are means over the rows.
    """

    name: str
    widths: tuple[int, ...]
    hidden: str = "relu"
    output: str = "softmax"

    def __str__(self) -> str:
        """Return the name and the widths."""
        return f"{self.name} {'-'.join(map(str, self.widths))}"


SHAPES = (
    Shape("s0", (784, 100, 10)),
    Shape("s1", (784, 100, 10), hidden="sigmoid", output="sigmoid"),
    Shape("s2", (784, 10, 10)),
    Shape("s3", (784, 128, 64, 10)),
    Shape("s4", (784, 10, 10, 10), hidden="leaky_relu"),  # with ReLU it is s2
    Shape("512", (784, 512, 512, 10)),
)


@dataclass(frozen=True)
class Cell:
    """One line of the table: a network, the rows of a batch and an optimizer."""

    shape: Shape
    batch: int
    optimizer: str

    def __str__(self) -> str:
        """Return network, batch size and optimizer."""
        return f"{self.shape}, batch {self.batch}, {self.optimizer}"

    @property
    def rate(self) -> float:
        """The learning rate."""
        return RATES[self.optimizer]

    def batch_sizes(self, n: int) -> list[int]:
        """Return the number of rows of each step of an epoch over n rows."""
        return [min(self.batch, n - start) for start in range(0, n, self.batch)]


def all_cells() -> list[Cell]:
    """Return every cell of the full table."""
    return [Cell(*each) for each in product(SHAPES, BATCHES, RATES)]


def initial_weights(shape: Shape) -> Weights:
    """Draw He normal weights (He et al. 2015, eq. 10), the same at every call; biases are 0."""
    rng = np.random.default_rng(SEED)
    return [
        (
            rng.standard_normal((d, h), dtype=np.float32) * np.float32((2 / d) ** 0.5),
            np.zeros(h, np.float32),
        )
        for d, h in pairwise(shape.widths)
    ]
