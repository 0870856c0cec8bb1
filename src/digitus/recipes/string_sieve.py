"""Learning the sieve: which candidates a glance shows to be no one thing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitus.reader.scores import CLASSES
from digitus.reader.sieve import Sieve, with_one
from digitus.recipes.string_descent import Adam, batches

Floats = NDArray[np.float32]

HIDDEN = 48
BATCH, EPOCHS, RATE = 512, 8, 0.01
LEAST_SPREAD = 0.05
LOST = 0.0015  # share of the things none of whose right ranges is kept


def learn_sieve(
    glances: Sequence[Floats], right: Sequence[NDArray[np.bool_]], rng: np.random.Generator
) -> Sieve:
    """Learn which ranges are right as anything.

    Args:
        glances: for each string the ranges (n, f) as ``sieve.at_a_glance`` gives them.
        right: for each string (n, 14) which ranges are right as which class.
        rng: chooses the first weights and the order.
    """
    x = np.concatenate(glances)
    y = np.concatenate([some.any(axis=1) for some in right]).astype(np.float32)
    sieve = _first(x, rng)
    adam = Adam([sieve.hidden, sieve.output])
    steps = EPOCHS * (len(x) // BATCH + 1)
    for step, rows in enumerate(batches(len(x), BATCH, EPOCHS, rng)):
        gradient = _gradient(sieve, x[rows], y[rows])
        adam.step(gradient, rate=RATE * 0.5 * (1 + np.cos(np.pi * step / steps)))
    sieve.least[0] = _least(sieve, glances, right)
    return sieve


def _first(x: Floats, rng: np.random.Generator) -> Sieve:
    f = x.shape[1]
    return Sieve(
        x.mean(axis=0),
        np.maximum(x.std(axis=0), LEAST_SPREAD),
        rng.normal(scale=f**-0.5, size=(f + 1, HIDDEN)).astype(np.float32),
        rng.normal(scale=HIDDEN**-0.5, size=(HIDDEN + 1, 1)).astype(np.float32),
        np.zeros(1, np.float32),
    )


def _gradient(sieve: Sieve, x: Floats, y: Floats) -> list[Floats]:
    """Gradient of the mean logistic loss, for the hidden and the output weights."""
    rows = with_one((x - sieve.mean) / sieve.spread)
    hidden = np.tanh(rows @ sieve.hidden)
    h = with_one(hidden)
    odds = (h @ sieve.output)[:, 0]
    slope = ((1 / (1 + np.exp(-odds)) - y) / len(x))[:, None]
    back = (slope @ sieve.output[:-1].T) * (1 - hidden**2)
    return [rows.T @ back, h.T @ slope]


def _least(sieve: Sieve, glances: Sequence[Floats], right: Sequence[NDArray[np.bool_]]) -> float:
    """Find the log odds that nearly every thing's likeliest right range exceeds."""
    best = [
        sieve.odds(some)[marks[:, kind]].max()
        for some, marks in zip(glances, right, strict=True)
        for kind in range(CLASSES - 1)
        if marks[:, kind].any()
    ]
    return float(np.quantile(best, LOST))
