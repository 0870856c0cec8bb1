"""Operations on whole vectors, as loops: they compile faster than array expressions do.

`exponential` is written so that LLVM can vectorize it: a call of C's ``expf`` for each number takes
most of the time of a small loss or of a sigmoid layer. With x = n log 2 + r and |r| <= log(2)/2,
exp(x) = 2^n exp(r): the power of two is written into the exponent bits of a float32, and eight
terms of the exponential series give exp(r) to 5e-9, which is below float32's rounding (the method
of Cody and Waite, 1980, chapter 6, with a plain series).
"""

from math import e as _E
from math import exp, floor, log, log2
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from digitus.nn.compiled.arrays.step_arrays import Array
from digitus.nn.compiled.jit import OPTIONS, compiled

_LOWEST = np.float32(-87.0)
"""exp of this is just above the smallest normal number."""
_PER_E = np.float32(log2(_E))
_HIGH = np.float32(0.693359375)
"""log 2 in ten bits, so that n times it is exact; `_LOW` is the rest."""
_LOW = np.float32(log(2) - 0.693359375)
_TERMS = tuple(np.float32(1 / x) for x in (5040, 720, 120, 24, 6, 2, 1, 1))
_HALF, _BIAS, _MANTISSA_BITS = np.float32(0.5), np.int32(127), np.int32(23)


def exponential(x: float) -> float:
    """Return exp(x) for x up to 0; in float32, numbers below -87 give exp(-87)."""
    return exp(x)


@overload(exponential, jit_options=OPTIONS)  # type: ignore[untyped-decorator]  # Numba has no types
def _exponential(x: Any) -> Any:
    if x != types.float32:
        return lambda x: exp(x)

    def vectorizable(x: Any) -> Any:
        x = _LOWEST if x < _LOWEST else x  # NaN stays NaN
        n = np.float32(floor(x * _PER_E + _HALF))
        r = x - n * _HIGH - n * _LOW
        series = _TERMS[0]
        series = series * r + _TERMS[1]
        series = series * r + _TERMS[2]
        series = series * r + _TERMS[3]
        series = series * r + _TERMS[4]
        series = series * r + _TERMS[5]
        series = series * r + _TERMS[6]
        series = series * r + _TERMS[7]
        power = np.int32(np.int32(n) + _BIAS) << _MANTISSA_BITS
        return series * np.int32(power).view(np.float32)

    return vectorizable


@compiled
def exponentiate(x: Array) -> None:
    """Replace ``x`` (m,), no entry above 0, by exp(x)."""
    for i in range(len(x)):
        x[i] = exponential(x[i])


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
