"""Losses: from the last layer's logits to one number and its gradient, each in its stable form.

``logits`` and ``targets`` are (n, k). The value is the mean over the rows, so the gradient carries
the 1/n and every layer below only sums. With row weights it is the weighted mean.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.nn.arrays import Floats


class LossWork:
    """Arrays of one batch, made once: the gradient (n, k), and scratch to compute and count.

    Class by class in memory: a sum over the k classes then adds k long columns, not n short rows.
    ``n_right`` is the number of rows answered right, where the loss has counted them in passing.
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
        """Average the losses in ``rows`` (n, 1), in float64, and scale the gradient alike.

        With ``weights`` (n, 1) it is the weighted mean; weights of zero alone teach nothing.
        ``total`` is what to divide by, if these rows are a part of more.
        """
        total = total_weight(weights, len(self.rows)) if total is None else total
        if weights is not None:
            self.rows *= weights
            self.grad *= weights
        self.grad *= 1 / total
        return _sum(self.rows) / total


def total_weight(weights: Floats | None, n: int) -> float:
    """Sum of the row weights; n without any, and 1 where all are zero."""
    return float(n) if weights is None else _sum(weights) or 1.0


def _sum(values: Floats) -> float:
    return float(np.add.reduce(values, axis=None, dtype=np.float64))


class Loss:
    """What the network is trained to make small, joined to its output function."""

    kind = "loss"
    exclusive = True
    """Each row belongs to exactly one class: the largest output decides."""

    def compile(self) -> None:
        """Let Numba compute the loss from now on, where there is code for it."""

    def options(self) -> dict[str, Any]:
        """Return the arguments that make this loss again (JSON types only)."""
        return {}

    def n_targets(self, k: int) -> int:
        """Return the width of the targets that belong to ``k`` logits."""
        return k

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """Turn logits into outputs between 0 and 1; ``out`` may be ``logits`` itself."""
        raise NotImplementedError

    def are_correct(self, logits: Floats, targets: Floats, work: LossWork) -> NDArray[np.bool_]:
        """Return which rows (n,) are right: by the largest output, or by each being past 1/2.

        ``work`` lends its scratch, so that a training step makes no arrays; the answer lies
        in there.
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

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """Return the mean loss and leave dLoss/dlogits in ``work.grad``.

        ``total`` is what the sum is divided by, if these rows are a part of more.
        """
        raise NotImplementedError


class SoftmaxCrossEntropy(Loss):
    """Softmax outputs with ``-sum(t * log p)`` a row (Bishop 2006, eqs. 4.104 and 4.108).

    Args:
        label_smoothing: share of each target that is spread evenly over all classes
            (Szegedy et al. 2016, section 7).
    """

    kind = "softmax_cross_entropy"

    def __init__(self, label_smoothing: float = 0.0) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"label smoothing wants 0 to below 1, got {label_smoothing}")
        self.label_smoothing = float(label_smoothing)
        self._compiled: Any = None

    def compile(self) -> None:
        """Let Numba compute rows without weights from now on, and count the right ones."""
        from digitus.nn.compiled import softmax_cross_entropy  # an extra, and slow to import

        self._compiled = softmax_cross_entropy

    def __getstate__(self) -> dict[str, Any]:
        """Leave compiled code out of a copy or a pickle."""
        return {**vars(self), "_compiled": None}

    def options(self) -> dict[str, Any]:
        """Return the label smoothing."""
        return {"label_smoothing": self.label_smoothing}

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """exp(z) / sum(exp(z)) of each row; less its largest z first, so nothing overflows."""
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
        """-sum(t log p) with -log p = log(sum(exp z)) - z; its gradient is p - t."""
        if self._compiled is not None and weights is None:
            total = float(len(logits)) if total is None else total
            loss, work.n_right = self._compiled(
                logits, targets, self.label_smoothing, total, work.grad
            )
            return float(loss)
        t = self._smoothed(targets, work.targets)
        p, cells, rows = work.grad, work.cells, work.rows
        np.copyto(cells, logits)
        np.maximum.reduce(cells, axis=1, keepdims=True, out=rows)
        cells -= rows
        np.exp(cells, out=p)
        np.add.reduce(p, axis=1, keepdims=True, out=rows)
        p /= rows
        p -= t
        np.log(rows, out=rows)
        np.subtract(rows, cells, out=cells)
        cells *= t
        np.add.reduce(cells, axis=1, keepdims=True, out=rows)
        return work.mean(weights, total)

    def _smoothed(self, targets: Floats, out: Floats) -> Floats:
        if self.label_smoothing == 0:
            return targets
        np.multiply(targets, 1 - self.label_smoothing, out=out)
        out += self.label_smoothing / targets.shape[1]
        return out


class SigmoidBinaryCrossEntropy(Loss):
    """Sigmoid outputs with binary cross-entropy summed over the classes (Bishop 2006, eq. 4.90).

    Args:
        exclusive: True where each row belongs to one class (S1's ten outputs); False for a
            single yes/no output or several labels a row, each decided at one half.
    """

    kind = "sigmoid_binary_cross_entropy"

    def __init__(self, *, exclusive: bool = True) -> None:
        self.exclusive = exclusive

    def options(self) -> dict[str, Any]:
        """Return whether classes exclude each other."""
        return {"exclusive": self.exclusive}

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """1 / (1 + exp(-z)) as exp(-softplus(-z)), exact down to the smallest numbers."""
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
        """-t log p - (1-t) log(1-p) = softplus(z) - t z; its gradient is p - t."""
        p, cells = work.grad, work.cells
        np.logaddexp(0, logits, out=cells)  # softplus(z) = log(1 + exp z) = -log(1 - p)
        np.subtract(logits, cells, out=p)
        np.exp(p, out=p)  # log p = z - softplus(z)
        p -= targets
        np.multiply(targets, logits, out=work.targets)
        cells -= work.targets
        np.add.reduce(cells, axis=1, keepdims=True, out=work.rows)
        return work.mean(weights, total)
