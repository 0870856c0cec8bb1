"""Whole training steps of dense networks, compiled by Numba (the extra ``fast``).

NumPy multiplies whole matrices and passes over the parameters once for each operation. The compiled
steps skip the zeros of the rows (four of five pixels of MNIST), and use each gradient of the first
layer while it is in cache. They give what the NumPy text gives, up to rounding, and continue from
it and to it at any step: the text never asks for them. How they were made faster than it, and what
is measured, stands in docs/decisions/0022-compiled-training-steps.md.

Read `steps.py` first, then `first_layer.py` and `weighted_rows.py`.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from digitus.nn.compiled.support import is_installed, is_worth_it, why_not
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer

if TYPE_CHECKING:
    from digitus.nn.compiled.engine import CompiledSteps

Choice = bool | Literal["auto"]
"""Whether to compile: True, False, or ``auto``, where it is possible and pays."""


def say_on_stderr(sentence: str) -> None:
    """Print a sentence on stderr."""
    sys.stderr.write(f"digitus: {sentence}\n")


def require_numba() -> None:
    """Check that Numba can be imported.

    Raises:
        ValueError: if it is not installed.
    """
    if not is_installed():
        raise ValueError(
            "compiled training needs Numba, which is not installed; "
            "install the extra `fast`, or train without"
        )


def compiled_steps(
    choice: Choice,
    network: Network,
    optimizer: Optimizer,
    *,
    n_rows: int,
    n_epochs: int,
    batch_rows: int,
    l2: float,
    threads: int | None,
    notify: Callable[[str], None] = say_on_stderr,
) -> "CompiledSteps | None":
    """Return the compiled steps of a run; None where NumPy computes it.

    Args:
        choice: True compiles every run that can be compiled, ``auto`` those that gain by it.
        network: to train.
        optimizer: bound to the network.
        n_rows: rows to train on.
        n_epochs: largest number of epochs.
        batch_rows: rows of a batch.
        l2: lambda of the penalty.
        threads: number of threads; None takes as many as the BLAS library.
        notify: is told in a sentence what takes long, and why a run is not compiled.

    Raises:
        ValueError: if the choice is True and Numba is not installed.
    """
    if choice is False:
        return None
    if choice == "auto" and not (
        is_installed() and is_worth_it(network, n_rows=n_rows, n_epochs=n_epochs)
    ):
        return None
    require_numba()
    reason = why_not(network, optimizer, batch_rows=batch_rows)
    if reason is not None:
        if choice is True:
            notify(f"the training steps are not compiled: {reason}")
        return None
    from digitus.nn.compiled.engine import CompiledSteps  # Numba is slow to import

    return CompiledSteps(
        network, optimizer, n_rows=batch_rows, threads=threads, l2=l2, notify=notify
    )
