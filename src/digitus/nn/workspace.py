"""The arrays of a pass through the network, made once per batch size and used again."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.losses import LossWork


class Workspace:
    """What each layer gives and what comes back to it, for a batch of n rows.

    Attributes:
        outputs: what each layer gave, ``outputs[i]`` (n, h_i); the last are the logits.
        gradients: dLoss/d(outputs[i]), same shapes; made before the first backward pass.
        loss: the loss's arrays; its ``grad`` is the last of ``gradients``.
    """

    def __init__(self, n: int, widths: Sequence[int], dtype: np.dtype[Any]) -> None:
        self.outputs: list[Floats] = [np.empty((n, h), dtype) for h in widths]
        self.gradients: list[Floats] = []
        self.loss: LossWork

    def prepare_backward(self) -> None:
        """Make the arrays that only training needs."""
        if self.gradients:
            return
        *hidden, logits = self.outputs
        n, k = logits.shape
        self.loss = LossWork(n, k, logits.dtype)
        self.gradients = [*map(np.empty_like, hidden), self.loss.grad]
