"""Initial weights: random, scaled so that signals keep their variance from layer to layer.

An initializer draws an array for a layer of ``d`` inputs and ``h`` outputs:
``initializer(rng, shape, d, h) -> (shape) float64``.
"""

from collections.abc import Callable
from functools import partial
from math import sqrt

import numpy as np
from numpy.random import Generator, RandomState

from digitus.nn.arrays import Floats

Shape = tuple[int, ...]
Initializer = Callable[[Generator, Shape, int, int], Floats]


def zeros(rng: Generator, shape: Shape, d: int, h: int) -> Floats:
    """Return zeros: for biases only, as units with equal weights would learn the same."""
    return np.zeros(shape)


def he_normal(rng: Generator, shape: Shape, d: int, h: int) -> Floats:
    """Draw from a normal distribution of variance 2/d, for ReLU (He et al. 2015, eq. 10)."""
    return rng.standard_normal(shape) * sqrt(2 / d)


def he_uniform(rng: Generator, shape: Shape, d: int, h: int) -> Floats:
    """Draw uniformly within +-sqrt(6/d): the variance is 2/d, as in `he_normal`."""
    return rng.uniform(-1, 1, shape) * sqrt(6 / d)


def glorot_normal(rng: Generator, shape: Shape, d: int, h: int) -> Floats:
    """Draw from a normal distribution of variance 2/(d+h) (Glorot and Bengio 2010, eq. 12)."""
    return rng.standard_normal(shape) * sqrt(2 / (d + h))


def glorot_uniform(rng: Generator | RandomState, shape: Shape, d: int, h: int) -> Floats:
    """Draw uniformly within +-sqrt(6/(d+h)) (Glorot and Bengio 2010, eq. 16)."""
    return rng.uniform(-1, 1, shape) * sqrt(6 / (d + h))


def glorot_uniform_logistic(rng: Generator | RandomState, shape: Shape, d: int, h: int) -> Floats:
    """Draw uniformly within +-sqrt(2/(d+h)), as scikit-learn does for logistic units."""
    return rng.uniform(-1, 1, shape) * sqrt(2 / (d + h))


def scaled_normal(rng: Generator, shape: Shape, d: int, h: int) -> Floats:
    """Draw from a normal distribution of variance 1/d (LeCun et al. 1998b, eq. 16).

    LeCun, Bottou, Orr and Müller, "Efficient BackProp".
    """
    return rng.standard_normal(shape) * sqrt(1 / d)


def uniform(limit: float) -> Initializer:
    """Return an initializer that draws uniformly within +-limit, whatever the layer's size."""
    return partial(_draw_within, limit)  # a partial can be pickled, a closure cannot


def _draw_within(limit: float, rng: Generator, shape: Shape, d: int, h: int) -> Floats:
    return rng.uniform(-limit, limit, shape)
