"""The steps of `digitus.nn.optimizers`, in one pass over the vectors.

All vectors are (m,) of one type: parameters ``p``, gradient ``g``, moments ``m`` and ``v``. NumPy
passes over them ten times in a step of Adam.
"""

from math import sqrt
from typing import Any, NamedTuple

from digitus.nn.compiled.arrays.step_arrays import Array, StepPlan
from digitus.nn.compiled.jit import compiled

SGD, MOMENTUM, NESTEROV, ADAM = range(4)


class Step(NamedTuple):
    """The numbers of a step, in the network's type: see `StepPlan`."""

    optimizer: int
    decay_1: Any
    decay_2: Any
    rate: Any
    epsilon: Any
    lift: Any
    l2: Any
    shrink: Any


@compiled
def weight_step(plan: StepPlan, number: int, total: float) -> Step:
    """Return the numbers of a step for weights; ``total`` is the sum of the row weights."""
    l2 = plan.rates.dtype.type(plan.l2 / total)
    return _step(plan, number, l2, plan.shrinks[number])


@compiled
def bias_step(plan: StepPlan, number: int) -> Step:
    """Return the numbers of a step for biases, which have no penalty and do not shrink."""
    return _step(plan, number, plan.rates.dtype.type(0), plan.rates.dtype.type(1))


@compiled
def _step(plan: StepPlan, number: int, l2: Any, shrink: Any) -> Step:
    return Step(
        plan.optimizer,
        plan.decay_1,
        plan.decay_2,
        plan.rates[number],
        plan.epsilons[number],
        plan.lifts[number],
        l2,
        shrink,
    )


@compiled
def update(step: Step, p: Array, g: Array, m: Array, v: Array) -> None:
    """Move ``p`` against the gradient ``g``, which gets the penalty's gradient added.

    Args:
        step: the numbers of the step.
        p: (m,) parameters.
        g: (m,) gradient of the loss.
        m: (m,) velocity, or sum of gradients; not used by plain descent.
        v: (m,) sum of squared gradients; used by Adam only.
    """
    rate, l2, lift = step.rate, step.l2, step.lift
    if step.optimizer == SGD:
        for i in range(len(p)):
            p[i] -= rate * (g[i] + l2 * p[i])
    elif step.optimizer == MOMENTUM:
        for i in range(len(p)):
            m[i] = (m[i] + lift) * step.decay_1 - rate * (g[i] + l2 * p[i])
            p[i] += m[i]
    elif step.optimizer == NESTEROV:
        for i in range(len(p)):
            move = rate * (g[i] + l2 * p[i])
            m[i] = (m[i] + lift) * step.decay_1 - move
            p[i] += m[i] * step.decay_1 - move
    else:
        for i in range(len(p)):
            gradient = g[i] + l2 * p[i]
            m[i] = (m[i] + lift) * step.decay_1 + gradient
            v[i] = (v[i] + lift) * step.decay_2 + gradient * gradient
            p[i] = p[i] * step.shrink - m[i] / (sqrt(v[i]) + step.epsilon) * rate


@compiled
def moves_without_gradient(step: Step) -> bool:
    """Return whether parameters whose gradient is zero change."""
    return bool(step.optimizer != SGD or step.l2 != 0)
