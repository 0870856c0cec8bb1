"""Operations on whole vectors, as loops: they compile faster than array expressions do."""

from typing import Any

from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.step_arrays import Array


@compiled
def fill(x: Array, value: Any) -> None:
    """Set every entry of ``x`` (m,)."""
    for i in range(len(x)):
        x[i] = value


@compiled
def copy(x: Array, y: Array) -> None:
    """Copy ``x`` (m,) to ``y``."""
    for i in range(len(x)):
        y[i] = x[i]


@compiled
def add(x: Array, y: Array) -> None:
    """Add ``x`` (m,) to ``y``."""
    for i in range(len(x)):
        y[i] += x[i]


@compiled
def square_sum(x: Array) -> float:
    """Return the sum of squares of ``x`` (m,), computed in float64."""
    total = 0.0
    for i in range(len(x)):
        total += float(x[i]) * float(x[i])
    return total


@compiled
def total(x: Array) -> float:
    """Return the sum of ``x`` (m,), computed in float64."""
    result = 0.0
    for i in range(len(x)):
        result += float(x[i])
    return result
