"""What an optimizer and the learning rates make of the next steps, as arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from digitus.nn.arrays import Floats, Ints
from digitus.nn.compiled.arrays.step_arrays import StepPlan
from digitus.nn.compiled.optimizers import ADAM, MOMENTUM, NESTEROV, SGD
from digitus.nn.optimizers import SGD as Descent
from digitus.nn.optimizers import Adam, Optimizer


def plan_steps(
    optimizer: Optimizer,
    rates: Sequence[float],
    *,
    order: Ints,
    l2: float,
    uniform: Floats,
) -> StepPlan:
    """Return the plan of the next steps, and count them as done in the optimizer.

    Args:
        optimizer: an `SGD` or an `Adam`.
        rates: learning rate of each step.
        order: (S * n,) rows of the batches.
        l2: lambda of the penalty.
        uniform: random numbers of the dropout.
    """
    dtype: Any = optimizer.parameters.dtype
    numbers = np.array([_numbers(optimizer, rate) for rate in rates]).astype(dtype)
    scaled, epsilons, shrinks, lifts = np.ascontiguousarray(numbers.T)
    code, decays = _kind(optimizer)
    return StepPlan(
        order=np.ascontiguousarray(order, np.int64),
        n_rows=len(order) // len(rates),
        optimizer=code,
        decay_1=dtype.type(decays[0]),
        decay_2=dtype.type(decays[1]),
        rates=scaled,
        epsilons=epsilons,
        shrinks=shrinks,
        lifts=lifts,
        l2=float(l2),
        uniform=uniform,
    )


def _kind(optimizer: Optimizer) -> tuple[int, tuple[float, float]]:
    """Return the code of an optimizer and the decays of its two arrays."""
    if isinstance(optimizer, Adam):
        return ADAM, (optimizer.beta_1, optimizer.beta_2)
    if isinstance(optimizer, Descent) and optimizer.momentum:
        return NESTEROV if optimizer.nesterov else MOMENTUM, (optimizer.momentum, 0.0)
    return SGD, (0.0, 0.0)


def _numbers(optimizer: Optimizer, rate: float) -> tuple[float, float, float, float]:
    """Return rate, epsilon, shrinking factor and lift of the next step, and count it."""
    optimizer.n_steps += 1
    if isinstance(optimizer, Adam):
        lift = optimizer.lift(optimizer.beta_1)
        return *optimizer.scaled(rate), 1 - rate * optimizer.weight_decay, lift
    return rate, 0.0, 1.0, optimizer.lift(getattr(optimizer, "momentum", 0.0))
