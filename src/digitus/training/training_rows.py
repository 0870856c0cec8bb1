"""From a data set to training examples: split, normalized, one-hot, augmented."""

from dataclasses import dataclass, replace

import numpy as np

from digitus.data import DataSet, Normalizer, Samples, one_hot, split
from digitus.data.samples import CLASSES
from digitus.errors import DataError
from digitus.models.config import TrainingConfig
from digitus.nn.arrays import Ints
from digitus.nn.fitting.examples import Examples
from digitus.training.augmented_rows import SHARES, AugmentedRows
from digitus.training.synthetic_digits import (
    SyntheticCounts,
    SyntheticDigits,
    make_synthetic_digits,
)

_EVERY = 6
"""By default at most one image of so many is held out: 10,000 of MNIST's 60,000."""
_FEWEST = 20
"""With fewer images than these, none is held out by default: there would be two or three."""


@dataclass(frozen=True)
class Rows:
    """Training and validation rows, as stored and as the network gets them.

    Attributes:
        normalizer: fitted on the training part alone.
        train: examples to train with.
        train_samples: the same rows as stored.
        validation: examples to validate with, or None.
        validation_samples: the same rows as stored, or None.
        augmented: fills ``train`` anew each epoch, or None.
    """

    normalizer: Normalizer
    train: Examples
    train_samples: Samples
    validation: Examples | None
    validation_samples: Samples | None
    augmented: AugmentedRows | None = None


def prepare_rows(config: TrainingConfig, data: DataSet) -> Rows:
    """Hold out rows, fit the normalizer on the others, and normalize both.

    Raises:
        DataError: if the config holds out all rows or more.
    """
    refuse_too_few_rows(config, data)
    n = len(data.train)
    parts = split(n, validation=config.validation, seed=config.split_seed)
    train = _part(data.train, parts.train, whole=config.validation == 0)
    held_out = _part(data.train, parts.validation, whole=False) if config.validation else None
    normalizer = Normalizer.fit(config.normalizer, train.pixels)
    augmented = _augment(config, train) if config.augmentation else None
    examples = to_examples(train, normalizer) if augmented is None else augmented.examples
    k = examples.targets.shape[1]
    validation = to_examples(held_out, normalizer, k) if held_out is not None else None
    return Rows(normalizer, examples, train, validation, held_out, augmented)


def hold_out_a_share(config: TrainingConfig, n: int) -> TrainingConfig:
    """Return a config that holds out a sixth of the images where its number is larger than that.

    They are drawn at random if the config holds out the last ones: in a class folder, these are of
    one digit. With fewer than 20 images none is held out, unless early stopping needs them.

    Args:
        config: whose number of held-out rows was not chosen for this data set.
        n: number of training images.
    """
    held_out = n // _EVERY if n >= _FEWEST else 0
    if config.validation <= held_out or (held_out == 0 and config.patience is not None):
        return config
    seed = config.seed if config.split_seed is None else config.split_seed
    return replace(config, validation=held_out, split_seed=seed if held_out else None)


def refuse_too_few_rows(config: TrainingConfig, data: DataSet) -> None:
    """Refuse to hold out all rows.

    Raises:
        DataError: if the config holds out all rows or more.
    """
    n = len(data.train)
    if config.validation >= n:
        raise DataError(
            f"{data.name}: {n} training rows, but {config.validation} are to be held out for "
            f"validation; use --validation with a smaller number"
        )


def _augment(config: TrainingConfig, train: Samples) -> AugmentedRows:
    synthetic = make_configured_digits(config, train)
    return AugmentedRows(train, synthetic, seed=config.seed, threads=config.threads)


def make_configured_digits(
    config: TrainingConfig, train: Samples, *, held_out: bool = False
) -> SyntheticDigits:
    """Make synthetic digits and, if configured, negatives.

    No more are made than all epochs can show.

    Args:
        config: says whether there are negatives, and how many epochs.
        train: training images, of which negatives are made too.
        held_out: make other ones, to calibrate with.
    """
    epochs, most = (1, SHARES.held_out) if held_out else (config.epochs, SHARES.most)
    shares = (SHARES.pen, SHARES.negatives if config.negatives else 0)
    counts = SyntheticCounts(*(min(most, round(share * epochs * len(train))) for share in shares))
    return make_synthetic_digits(
        config.seed,
        counts,
        sources=train.pixels,
        held_out=held_out,
        processes=config.threads,
    )


def _part(samples: Samples, rows: Ints, *, whole: bool) -> Samples:
    """Return rows; contiguous ones without a copy."""
    if whole:
        return samples
    is_contiguous = np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows)))
    return samples.rows(slice(rows[0], rows[0] + len(rows)) if is_contiguous else rows)


def to_examples(samples: Samples, normalizer: Normalizer, k: int = CLASSES) -> Examples:
    """Return normalized pixels and labels one-hot, ``k`` wide.

    Raises:
        DataError: if the samples have no labels.
    """
    if samples.labels is None:
        raise DataError(f"{samples.source}: has no labels to train with; choose a labelled file")
    return Examples(normalizer.apply(samples.pixels), one_hot(samples.labels, k))
