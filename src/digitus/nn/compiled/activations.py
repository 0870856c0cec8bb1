"""The activations of `digitus.nn.activations` and dropout, in place and in one pass.

All arrays are flat, (m,) of one type. A loop over them calls nothing that LLVM cannot vectorize:
tanh and sigmoid are written with exp(-|z|), which never overflows.
"""

from typing import Any

from digitus.nn.compiled.arrays.step_arrays import Array
from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.vectors import copy, exponential

IDENTITY, RELU, LEAKY_RELU, TANH, SIGMOID = range(5)


@compiled
def activate(kind: int, slope: Any, z: Array) -> None:
    """Replace ``z`` by its activation.

    Args:
        kind: code of the activation.
        slope: of the leaky ReLU where z is negative.
        z: (m,).
    """
    zero, one, two = z.dtype.type(0), z.dtype.type(1), z.dtype.type(2)
    if kind == RELU:
        for i in range(len(z)):
            z[i] = max(z[i], zero)
    elif kind == LEAKY_RELU:
        for i in range(len(z)):
            z[i] = max(z[i], slope * z[i])  # the same as NumPy's, because slope < 1
    elif kind == TANH:
        for i in range(len(z)):
            small = exponential(-two * abs(z[i]))
            y = (one - small) / (one + small)
            z[i] = -y if z[i] < zero else y
    elif kind == SIGMOID:
        for i in range(len(z)):
            small = exponential(-abs(z[i]))
            z[i] = (small if z[i] < zero else one) / (one + small)


@compiled
def differentiate(kind: int, slope: Any, y: Array, grad: Array) -> None:
    """Multiply dLoss/dy by dy/dz.

    Args:
        kind: code of the activation.
        slope: of the leaky ReLU where z is negative.
        y: (m,) the activation of z.
        grad: (m,) dLoss/dy, replaced by dLoss/dz.
    """
    zero, one = y.dtype.type(0), y.dtype.type(1)
    if kind == RELU:
        for i in range(len(y)):
            grad[i] = grad[i] if y[i] > zero else zero
    elif kind == LEAKY_RELU:
        for i in range(len(y)):
            grad[i] = grad[i] if y[i] > zero else grad[i] * slope
    elif kind == TANH:
        for i in range(len(y)):
            grad[i] *= one - y[i] * y[i]
    elif kind == SIGMOID:
        for i in range(len(y)):
            grad[i] *= y[i] * (one - y[i])


@compiled
def drop(share: Any, uniform: Array, x: Array, y: Array) -> None:
    """Compute ``y = x * mask``, the mask 0 with probability ``share`` and 1/(1 - share) otherwise.

    Args:
        share: probability of zero; with 0, x is copied.
        uniform: (m,) random numbers from 0 to below 1.
        x: (m,).
        y: (m,) filled; it may be x.
    """
    zero, one = x.dtype.type(0), x.dtype.type(1)
    if share == zero:
        copy(x, y)
        return
    scale = one / (one - share)
    for i in range(len(x)):
        y[i] = x[i] * scale if uniform[i] >= share else zero
