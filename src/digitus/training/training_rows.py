"""From a data set to what the engine learns from: split, normalized, one-hot."""

from dataclasses import dataclass

import numpy as np

from digitus.data import DataSet, Normalizer, Samples, one_hot, split
from digitus.data.samples import CLASSES
from digitus.errors import DataError
from digitus.models.config import TrainingConfig
from digitus.nn.arrays import Ints
from digitus.nn.fitting.examples import Examples
from digitus.training.augmented_rows import (
    HELD_OUT,
    MOST_DRAWINGS,
    NEGATIVES_SHARE,
    PEN_SHARE,
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


def prepare_rows(config: TrainingConfig, data: DataSet) -> Rows:
    """Hold the configured rows out, fit the normalizer on the others, and normalize both.

    Raises:
        DataError: if fewer rows are there than the config holds out.
    """
    refuse_too_few_rows(config, data)
    n = len(data.train)
    parts = split(n, validation=config.validation, seed=config.split_seed)
    train = _part(data.train, parts.train, whole=config.validation == 0)
    held_out = _part(data.train, parts.validation, whole=False) if config.validation else None
    normalizer = Normalizer.fit(config.normalizer, train.pixels)
    mixture = _mixture(config, train) if config.augmentation else None
    examples = to_examples(train, normalizer) if mixture is None else mixture.examples
    k = examples.targets.shape[1]
    validation = to_examples(held_out, normalizer, k) if held_out is not None else None
    return Rows(normalizer, examples, train, validation, held_out, mixture)


def refuse_too_few_rows(config: TrainingConfig, data: DataSet) -> None:
    """Refuse to hold out all that there is to learn from.

    Raises:
        DataError: if fewer rows are there than the config holds out.
    """
    n = len(data.train)
    if config.validation >= n:
        raise DataError(
            f"{data.name}: {n} training rows, but {config.validation} are to be held out for "
            f"validation; use --validation with a smaller number"
        )


def _mixture(config: TrainingConfig, train: Samples) -> Mixture:
    drawings = draw(config, train)
    return Mixture(train, drawings, seed=config.seed, threads=config.threads)


def draw(config: TrainingConfig, train: Samples, *, held_out: bool = False) -> Drawings:
    """Make the configured drawings: those to learn from, or others to calibrate by.

    No more are made than the epochs can show, or than can be told from each other in the end.
    """
    epochs, most = (1, HELD_OUT) if held_out else (config.epochs, MOST_DRAWINGS)
    shares = (PEN_SHARE, NEGATIVES_SHARE if config.negatives else 0)
    pen, negatives = (min(most, round(share * epochs * len(train))) for share in shares)
    return make_drawings(
        config.seed,
        (pen, negatives),
        digits=train.pixels,
        held_out=held_out,
        processes=config.threads,
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
