"""The softmax cross-entropy in one pass over the logits."""

from math import exp, log
from typing import Any

from numba import njit

from digitus.nn.arrays import Floats
from digitus.nn.losses import Loss, LossWork, SoftmaxCrossEntropy


@njit(error_model="numpy", nogil=True, cache=True)  # type: ignore[untyped-decorator]  # Numba's
def _softmax_cross_entropy(
    logits: Floats, targets: Floats, smoothing: Any, total: Any, grad: Floats
) -> tuple[float, int]:
    """Return mean loss and number of right rows; store dLoss/dlogits (n, k) in ``grad``."""
    n, k = logits.shape
    loss, correct = 0.0, 0
    for i in range(n):
        best, wanted = 0, 0
        for j in range(1, k):
            if logits[i, j] > logits[i, best]:
                best = j
            if targets[i, j] > targets[i, wanted]:
                wanted = j
        correct += best == wanted
        largest, norm = logits[i, best], logits.dtype.type(0)
        for j in range(k):
            grad[i, j] = exp(logits[i, j] - largest)
            norm += grad[i, j]
        log_norm = log(norm)
        for j in range(k):
            target = targets[i, j] * (1 - smoothing) + smoothing / k
            loss += target * (log_norm - (logits[i, j] - largest))
            grad[i, j] = (grad[i, j] / norm - target) / total
    return loss / total, correct


class CompiledSoftmaxCrossEntropy(SoftmaxCrossEntropy):
    """Softmax cross-entropy that also counts the right rows; weighted rows are left to NumPy.

    Values differ from NumPy's in the last bits, as C's ``exp`` and ``log`` round differently.
    """

    def __reduce__(self) -> tuple[type[SoftmaxCrossEntropy], tuple[float]]:
        """Copy and pickle as the NumPy loss, which needs no Numba to load."""
        return SoftmaxCrossEntropy, (self.label_smoothing,)

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """Return the mean loss and store dLoss/dlogits in ``work.grad``."""
        work.n_right = None
        if weights is not None:
            return super().value_and_gradient(logits, targets, work, weights=weights, total=total)
        total = float(len(logits)) if total is None else total
        loss, work.n_right = _softmax_cross_entropy(
            logits, targets, self.label_smoothing, total, work.grad
        )
        return float(loss)

    def count_correct(self, logits: Floats, targets: Floats, work: LossWork) -> int:
        """Return the number of rows answered right, counted by `value_and_gradient`."""
        if work.n_right is None:
            return super().count_correct(logits, targets, work)
        return work.n_right


def compiled_loss(loss: Loss) -> Loss:
    """Return the compiled version of a loss, or the loss itself where there is none."""
    if type(loss) is SoftmaxCrossEntropy:
        return CompiledSoftmaxCrossEntropy(loss.label_smoothing)
    return loss
