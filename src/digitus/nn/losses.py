"""Losses: from the logits to one number and its gradient, each in a numerically stable form.

``logits`` and ``targets`` are (n, k). The value is the mean over the rows, so the gradient carries
the 1/n and the layers only sum. With row weights it is the weighted mean.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.nn.arrays import Floats


class LossWork:
    """Work arrays for the loss of n rows, allocated once per batch size.

    They are stored class by class (Fortran order): a sum over the k classes then adds k long
    columns instead of n short rows.

    Attributes:
        grad: (n, k) dLoss/dlogits.
        cells, targets: (n, k) intermediate values.
        rows: (n, 1) the loss of each row.
        answers, classes: (n,) largest output and largest target of each row.
        right: (n,) whether they agree.
        n_right: number of rows answered right, where the loss has counted them itself.
    """

    def __init__(self, n: int, k: int, dtype: np.dtype[Any]) -> None:
        self.grad = np.empty((n, k), dtype, order="F")
        self.cells = np.empty((n, k), dtype, order="F")
        self.targets = np.empty((n, k), dtype, order="F")
        self.rows = np.empty((n, 1), dtype)
        self.answers = np.empty(n, np.intp)
        self.classes = np.empty(n, np.intp)
        self.right = np.empty(n, np.bool_)
        self.n_right: int | None = None

    def mean(self, weights: Floats | None, total: float | None = None) -> float:
        """Return the mean of ``rows`` (n, 1), summed in float64, and scale ``grad`` accordingly.

        Args:
            weights: (n, 1) row weights; None weighs all rows alike.
            total: divisor of the sum; by default n, or the sum of the weights (1 if that is 0).
        """
        total = total_weight(weights, len(self.rows)) if total is None else total
        if weights is not None:
            self.rows *= weights
            self.grad *= weights
        self.grad *= 1 / total
        return _sum(self.rows) / total


def total_weight(weights: Floats | None, n: int) -> float:
    """Return the sum of the row weights (n, 1): n without weights, 1 where all are zero."""
    return float(n) if weights is None else _sum(weights) or 1.0


def _sum(values: Floats) -> float:
    return float(np.add.reduce(values, axis=None, dtype=np.float64))


class Loss:
    """Base of the losses: the function to minimize, together with the output function.

    Attributes:
        kind: name of the class in model files.
        exclusive: whether each row belongs to exactly one class, that of the largest output.
    """

    kind = "loss"
    exclusive = True

    def options(self) -> dict[str, Any]:
        """Return the constructor's arguments (JSON types only)."""
        return {}

    def n_targets(self, k: int) -> int:
        """Return the width of the targets for ``k`` logits."""
        return k

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """Compute the outputs in 0..1; ``out`` (n, k) may be ``logits`` itself."""
        raise NotImplementedError

    def are_correct(self, logits: Floats, targets: Floats, work: LossWork) -> NDArray[np.bool_]:
        """Return whether each row is answered right, (n,) in an array of ``work``.

        Exclusive classes: the largest logit is at the largest target. Otherwise: every output is
        on the same side of 1/2 as its target.
        """
        if self.exclusive:
            logits.argmax(axis=1, out=work.answers)
            targets.argmax(axis=1, out=work.classes)
            return np.equal(work.answers, work.classes, out=work.right)
        np.greater(logits, 0, out=work.cells)
        np.greater(targets, 0.5, out=work.targets)
        np.equal(work.cells, work.targets, out=work.cells)
        np.minimum.reduce(work.cells, axis=1, out=work.rows[:, 0])  # 1 where all are equal
        return np.equal(work.rows[:, 0], 1, out=work.right)

    def count_correct(self, logits: Floats, targets: Floats, work: LossWork) -> int:
        """Return the number of rows answered right, just after `value_and_gradient`."""
        return int(np.count_nonzero(self.are_correct(logits, targets, work)))

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """Return the mean loss and store dLoss/dlogits in ``work.grad``.

        Args:
            logits: (n, k).
            targets: (n, k), or (n, n_targets(k)) where a loss defines them otherwise.
            work: the arrays for n rows.
            weights: (n, 1) row weights.
            total: divisor of the sum of losses, n if None; for rows that are part of a batch.
        """
        raise NotImplementedError


class SoftmaxCrossEntropy(Loss):
    """Softmax outputs with the loss ``-sum(t * log p)`` (Bishop 2006, eqs. 4.104 and 4.108).

    Args:
        label_smoothing: share of each target spread evenly over all classes, from 0 to below 1
            (Szegedy et al. 2016, section 7).

    Raises:
        ValueError: if the label smoothing is out of range.
    """

    kind = "softmax_cross_entropy"

    def __init__(self, label_smoothing: float = 0.0) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"label smoothing is a share from 0 to below 1, got {label_smoothing}")
        self.label_smoothing = float(label_smoothing)

    def options(self) -> dict[str, Any]:
        """Return the label smoothing."""
        return {"label_smoothing": self.label_smoothing}

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """Compute exp(z) / sum(exp(z)); the largest z is subtracted first, against overflow."""
        np.subtract(logits, np.maximum.reduce(logits, axis=1, keepdims=True), out=out)
        np.exp(out, out=out)
        out /= np.add.reduce(out, axis=1, keepdims=True)

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """Return the mean of -sum(t log p), with -log p = log(sum(exp z)) - z; gradient p - t."""
        t = self._smoothed(targets, work.targets)
        p, cells, rows = work.grad, work.cells, work.rows
        np.copyto(cells, logits)
        np.maximum.reduce(cells, axis=1, keepdims=True, out=rows)
        cells -= rows  # z, shifted so that exp cannot overflow
        np.exp(cells, out=p)
        np.add.reduce(p, axis=1, keepdims=True, out=rows)  # sum(exp z)
        p /= rows
        p -= t  # dLoss/dz, as sum(t) = 1
        np.log(rows, out=rows)
        np.subtract(rows, cells, out=cells)  # -log p
        cells *= t
        np.add.reduce(cells, axis=1, keepdims=True, out=rows)
        return work.mean(weights, total)

    def _smoothed(self, targets: Floats, out: Floats) -> Floats:
        """Return (1 - s) t + s/k."""
        if self.label_smoothing == 0:
            return targets
        np.multiply(targets, 1 - self.label_smoothing, out=out)
        out += self.label_smoothing / targets.shape[1]
        return out


class SigmoidBinaryCrossEntropy(Loss):
    """Sigmoid outputs with binary cross-entropy summed over the classes (Bishop 2006, eq. 4.90).

    Args:
        exclusive: True if each row belongs to one class (the ten outputs of the system S1);
            False for a single yes/no output or several labels per row, decided at 1/2 each.
    """

    kind = "sigmoid_binary_cross_entropy"

    def __init__(self, *, exclusive: bool = True) -> None:
        self.exclusive = exclusive

    def options(self) -> dict[str, Any]:
        """Return whether the classes exclude each other."""
        return {"exclusive": self.exclusive}

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """Compute 1 / (1 + exp(-z)) as exp(-softplus(-z)), accurate for very small outputs too."""
        np.negative(logits, out=out)
        np.logaddexp(0, out, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """Return the mean of -t log p - (1-t) log(1-p) = softplus(z) - t z; gradient p - t.

        Here softplus(z) = log(1 + exp z) = -log(1 - p), and log p = z - softplus(z).
        """
        p, cells = work.grad, work.cells
        np.logaddexp(0, logits, out=cells)  # softplus(z)
        np.subtract(logits, cells, out=p)
        np.exp(p, out=p)
        p -= targets  # dLoss/dz
        np.multiply(targets, logits, out=work.targets)
        cells -= work.targets
        np.add.reduce(cells, axis=1, keepdims=True, out=work.rows)
        return work.mean(weights, total)
