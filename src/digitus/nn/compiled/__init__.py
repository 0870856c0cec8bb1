"""The functions that dominate small training steps, compiled by Numba (the extra ``fast``).

NumPy passes over the vectors once per operation, ten times in a step of Adam, and calls a dozen
small operations for the loss of a small batch; the compiled functions do one pass
(docs/performance.md has the measurements). Each has its NumPy text in `digitus.nn.optimizers` or
`digitus.nn.losses`, and is tested equal to it.
"""

from digitus.nn.losses import Loss
from digitus.nn.optimizers import Optimizer


def compiled(optimizer: Optimizer, loss: Loss, *, threads: int = 1) -> tuple[Optimizer, Loss]:
    """Return the compiled versions of an optimizer and a loss.

    What has no compiled version is returned as it is: SGD with momentum, other losses.

    Args:
        optimizer: not yet bound to a network.
        loss: to minimize.
        threads: number of threads for long vectors.

    Raises:
        ValueError: if Numba is not installed.
    """
    try:  # imported only here: Numba is optional and slow to import
        from digitus.nn.compiled.losses import compiled_loss
        from digitus.nn.compiled.optimizers import compiled_optimizer
    except ImportError as error:
        raise ValueError(
            "compiled training needs Numba, which is not installed; "
            "install the extra `fast`, or train without"
        ) from error
    return compiled_optimizer(optimizer, threads), compiled_loss(loss)
