"""Gradient check: compare backpropagation with central differences."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.fitting.examples import Examples
from digitus.nn.network import Network

_STEP = 1e-5
"""Central differences have errors of step² (truncation) and 1e-16/step (rounding): below 1e-10."""


@dataclass(frozen=True)
class GradientCheck:
    """Result of the comparison.

    Attributes:
        relative_errors: by parameter array, such as ``layer0.weight``: ``|g - m| / (|g| + |m|)``
            with Euclidean norms, g by backpropagation and m measured; 0 where both are 0.
    """

    relative_errors: dict[str, float]

    @property
    def worst(self) -> float:
        """The largest relative error; below 1e-6 the gradient is correct."""
        return max(self.relative_errors.values(), default=0.0)


def numerical_gradient(cost: Callable[[], float], vector: Floats, step: float = _STEP) -> Floats:
    """Return dcost/dvector by central differences, (f(v+s) - f(v-s)) / 2s, entry by entry.

    Args:
        cost: returns the cost at the current values of ``vector``.
        vector: (p,) float64, changed during the measurement and restored.
        step: the step s.
    """
    slopes = np.empty_like(vector)
    for i, value in enumerate(vector.tolist()):
        vector[i] = value + step
        above = cost()
        vector[i] = value - step
        slopes[i] = (above - cost()) / (2 * step)
        vector[i] = value
    return slopes


def check_gradient(
    network: Network, examples: Examples, *, l2: float = 0.0, dropout_seed: int | None = None
) -> GradientCheck:
    """Compare a network's gradient with the measured one; the parameters are unchanged after it.

    Two differences do not come from backpropagation: a gradient whose norm is below about 1e-5
    is dominated by rounding, and a ReLU whose input is closer to 0 than the step has no
    derivative to measure.

    Args:
        network: float64 and small: each parameter takes two passes.
        examples: float64 rows of one batch.
        l2: lambda of the penalty.
        dropout_seed: switches dropout on, with the same masks in every pass.

    Raises:
        ValueError: if the network is float32, whose rounding errors are too large.
    """
    if network.dtype != np.float64:
        raise ValueError(f"a gradient check needs a float64 network, got {network.dtype}")

    def cost() -> float:
        rng = None if dropout_seed is None else np.random.default_rng(dropout_seed)
        return network.loss_and_gradient(
            examples.x, examples.targets, l2=l2, weights=examples.weights, rng=rng
        )

    cost()
    ours = network.gradient.copy()
    measured = numerical_gradient(cost, network.parameters)
    network.gradient[...] = ours
    errors, start = {}, 0
    for name, values, _ in network.named_parameters():
        stop = start + values.size
        errors[name] = _relative_error(ours[start:stop], measured[start:stop])
        start = stop
    return GradientCheck(errors)


def _relative_error(ours: Floats, measured: Floats) -> float:
    size = float(np.linalg.norm(ours) + np.linalg.norm(measured))
    return float(np.linalg.norm(ours - measured)) / size if size > 0 else 0.0
