"""From a data set to what the engine learns from: split, normalized, one-hot."""

from dataclasses import dataclass

import numpy as np

from digitus.data import DataSet, Normalizer, Samples, one_hot, split
from digitus.errors import DataError
from digitus.models.plan import Plan
from digitus.nn.arrays import Ints
from digitus.nn.examples import Examples


@dataclass(frozen=True)
class Rows:
    """The training and validation parts, both as stored and as the network gets them.

    Attributes:
        normalizer: fitted on the training part alone.
        train: examples to learn from.
        train_samples: the same rows as stored.
        validation: examples to choose by, or None.
        validation_samples: the same rows as stored, or None.
    """

    normalizer: Normalizer
    train: Examples
    train_samples: Samples
    validation: Examples | None
    validation_samples: Samples | None


def prepare_rows(plan: Plan, data: DataSet) -> Rows:
    """Hold the planned rows out, fit the normalizer on the others, and normalize both.

    Raises:
        DataError: if fewer rows are there than the plan holds out.
    """
    n = len(data.train)
    if plan.validation >= n:
        raise DataError(
            f"{data.name}: {n} training rows, but {plan.validation} are to be held out for "
            f"validation; use --validation with a smaller number"
        )
    parts = split(n, validation=plan.validation, seed=plan.split_seed)
    train = _part(data.train, parts.train, whole=plan.validation == 0)
    held_out = _part(data.train, parts.validation, whole=False) if plan.validation else None
    normalizer = Normalizer.fit(plan.normalizer, train.pixels)
    return Rows(
        normalizer,
        to_examples(train, normalizer),
        train,
        to_examples(held_out, normalizer) if held_out is not None else None,
        held_out,
    )


def _part(samples: Samples, rows: Ints, *, whole: bool) -> Samples:
    """Pick rows; what lies together is taken as it lies, without a copy."""
    if whole:
        return samples
    together = np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows)))
    return samples.rows(slice(rows[0], rows[0] + len(rows)) if together else rows)


def to_examples(samples: Samples, normalizer: Normalizer) -> Examples:
    """Normalize the pixels and write the labels one-hot.

    Raises:
        DataError: if the samples have no labels.
    """
    if samples.labels is None:
        raise DataError(f"{samples.source}: has no labels to learn from; choose a labelled file")
    return Examples(normalizer.apply(samples.pixels), one_hot(samples.labels))
