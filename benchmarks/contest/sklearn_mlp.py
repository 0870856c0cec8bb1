"""scikit-learn: `MLPClassifier.partial_fit`, one epoch per call."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn import set_config
from sklearn.neural_network import MLPClassifier

from contest.cells import BETAS, EPSILON, Cell, Weights
from contest.contestant import Contestant
from contest.rows import Rows

ACTIVATIONS = {"relu": "relu", "sigmoid": "logistic"}


class CommonOrder(np.random.RandomState):
    """Shuffles with a `Generator`, so that scikit-learn uses the common order of the rows."""

    rng: np.random.Generator

    def shuffle(self, x: npt.NDArray[np.int64]) -> None:
        """Replace 0, 1, 2, ... by the generator's permutation."""
        x[...] = self.rng.permutation(len(x))


class SklearnMLP(Contestant):
    """The estimator without its checks for NaN."""

    def __init__(self, rows: Rows, threads: int) -> None:
        super().__init__(rows, threads)
        set_config(assume_finite=True)
        self.indicators = rows.targets.astype(np.int64)

    def prepare(self, cell: Cell, weights: Weights) -> bool:
        """Let the estimator allocate its arrays on one batch, then set the given weights."""
        binary = cell.shape.output == "sigmoid"
        self.y = self.indicators if binary else self.rows.labels
        order = CommonOrder()
        order.rng = np.random.default_rng(0)
        self.model = MLPClassifier(random_state=order, **settings(cell))
        part = slice(0, cell.batch)
        self.model.partial_fit(self.rows.x[part], self.y[part], classes=np.arange(10))
        for i, (weight, bias) in enumerate(weights):
            self.model.coefs_[i], self.model.intercepts_[i] = weight.copy(), bias.copy()
        del self.model._optimizer  # the next call makes a new one for these arrays
        order.rng = self.rng
        return False

    def train(self) -> float:
        """Train one epoch."""
        return float(self.model.partial_fit(self.rows.x, self.y).loss_)

    def weights(self) -> Weights:
        """Return copies of the estimator's arrays."""
        pairs = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return [(weight.copy(), bias.copy()) for weight, bias in pairs]


def settings(cell: Cell) -> dict[str, Any]:
    """Return the estimator's parameters for a cell."""
    return {
        "hidden_layer_sizes": cell.shape.widths[1:-1],
        "activation": ACTIVATIONS[cell.shape.hidden],
        "solver": cell.optimizer,
        "alpha": 0.0,
        "batch_size": cell.batch,
        "learning_rate_init": cell.rate,
        "momentum": 0.0,
        "nesterovs_momentum": False,
        "beta_1": BETAS[0],
        "beta_2": BETAS[1],
        "epsilon": EPSILON,
    }
