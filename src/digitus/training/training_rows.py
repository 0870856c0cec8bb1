"""From a data set to what the engine learns from: split, normalized, one-hot."""

from dataclasses import dataclass

import numpy as np

from digitus.data import DataSet, Normalizer, Samples, one_hot, split
from digitus.data.samples import CLASSES
from digitus.errors import DataError
from digitus.models.config import Plan
from digitus.nn.arrays import Ints
from digitus.nn.fitting.examples import Examples
from digitus.training.augmented_rows import (
    HELD_OUT,
    MOST_DRAWINGS,
    PEN_SHARE,
    RUBBISH_SHARE,
    Mixture,
)
from digitus.training.synthetic_digits import Drawings, make_drawings


@dataclass(frozen=True)
class Rows:
    """The training and validation parts, both as stored and as the network gets them.

    Attributes:
        normalizer: fitted on the training part alone.
        train: examples to learn from.
        train_samples: the same rows as stored.
        validation: examples to choose by, or None.
        validation_samples: the same rows as stored, or None.
        mixture: draws ``train`` anew each epoch, or None.
    """

    normalizer: Normalizer
    train: Examples
    train_samples: Samples
    validation: Examples | None
    validation_samples: Samples | None
    mixture: Mixture | None = None


def prepare_rows(plan: Plan, data: DataSet) -> Rows:
    """Hold the planned rows out, fit the normalizer on the others, and normalize both.

    Raises:
        DataError: if fewer rows are there than the plan holds out.
    """
    refuse_too_few_rows(plan, data)
    n = len(data.train)
    parts = split(n, validation=plan.validation, seed=plan.split_seed)
    train = _part(data.train, parts.train, whole=plan.validation == 0)
    held_out = _part(data.train, parts.validation, whole=False) if plan.validation else None
    normalizer = Normalizer.fit(plan.normalizer, train.pixels)
    mixture = _mixture(plan, train) if plan.hands else None
    examples = to_examples(train, normalizer) if mixture is None else mixture.examples
    k = examples.targets.shape[1]
    validation = to_examples(held_out, normalizer, k) if held_out is not None else None
    return Rows(normalizer, examples, train, validation, held_out, mixture)


def refuse_too_few_rows(plan: Plan, data: DataSet) -> None:
    """Refuse to hold out all that there is to learn from.

    Raises:
        DataError: if fewer rows are there than the plan holds out.
    """
    n = len(data.train)
    if plan.validation >= n:
        raise DataError(
            f"{data.name}: {n} training rows, but {plan.validation} are to be held out for "
            f"validation; use --validation with a smaller number"
        )


def _mixture(plan: Plan, train: Samples) -> Mixture:
    drawings = draw(plan, train)
    return Mixture(train, drawings, seed=plan.seed, threads=plan.threads)


def draw(plan: Plan, train: Samples, *, held_out: bool = False) -> Drawings:
    """Make the planned drawings: those to learn from, or others to calibrate by.

    No more are made than the epochs can show, or than can be told from each other in the end.
    """
    epochs, most = (1, HELD_OUT) if held_out else (plan.epochs, MOST_DRAWINGS)
    shares = (PEN_SHARE, RUBBISH_SHARE if plan.rubbish else 0)
    pen, rubbish = (min(most, round(share * epochs * len(train))) for share in shares)
    return make_drawings(
        plan.seed,
        (pen, rubbish),
        digits=train.pixels,
        held_out=held_out,
        processes=plan.threads,
    )


def _part(samples: Samples, rows: Ints, *, whole: bool) -> Samples:
    """Pick rows; what lies together is taken as it lies, without a copy."""
    if whole:
        return samples
    together = np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows)))
    return samples.rows(slice(rows[0], rows[0] + len(rows)) if together else rows)


def to_examples(samples: Samples, normalizer: Normalizer, k: int = CLASSES) -> Examples:
    """Normalize the pixels and write the labels one-hot, ``k`` wide.

    Raises:
        DataError: if the samples have no labels.
    """
    if samples.labels is None:
        raise DataError(f"{samples.source}: has no labels to learn from; choose a labelled file")
    return Examples(normalizer.apply(samples.pixels), one_hot(samples.labels, k))
