"""Tuning a network that reads single digits to judge what was cut out of strings."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitus.data import Samples, one_hot
from digitus.data.augment import MILD, augment
from digitus.data.samples import SIDE_PX
from digitus.models.calibration import fit_temperature
from digitus.models.model import Model
from digitus.nn.callbacks import Callback
from digitus.nn.examples import Examples
from digitus.nn.history import Epoch
from digitus.nn.optimizers import Adam
from digitus.nn.schedules import Cosine
from digitus.nn.training import Settings, Trainer
from digitus.recipes.string_patches import NONE, cut_patches

RATE, DECAY, BATCH = 0.0015, 0.02, 128
WHOLE_SHARE = 1 / 6  # digits that were not cut out of anything, so that none is forgotten
HELD_OUT = 3000  # patches to calibrate by
CHUNK = 2000  # patches that are distorted at a time
DISTORTED = replace(MILD, bar_share=0.0)  # what is missing decides here
PORTION = 100  # strings that are cut at a time


def tune(
    model: Model, samples: Samples, rng: np.random.Generator, *, strings: int, epochs: int
) -> Model:
    """Give a copy of a model that has learned from strings cut in all ways.

    Args:
        model: one with an eleventh output, "not a digit".
        samples: digits to write with; those that the model was trained on.
        rng: chooses everything.
        strings: to cut, about 20 patches each.
        epochs: times that each patch is seen.
    """
    cutter = deepcopy(model)
    pixels, labels = _patches(samples, rng, strings)
    held, kept = slice(0, HELD_OUT), slice(HELD_OUT, None)
    fresh = Fresh(cutter, pixels[kept], labels[kept], rng)
    Trainer(
        cutter.network,
        fresh.examples,
        optimizer=Adam(weight_decay=DECAY),
        schedule=Cosine(RATE),
        settings=Settings(n_epochs=epochs, batch_size=BATCH, shares=2),
        callbacks=[fresh],
    ).run()
    cutter.temperature = fit_temperature(cutter.network, cutter.logits(pixels[held]), labels[held])
    return cutter


class Fresh(Callback):
    """Distorts the patches a little, anew before each epoch.

    Args:
        model: whose normalizer is applied.
        pixels: (n, 784) 0 paper to 255 full ink.
        labels: (n,) 0 to 10.
        rng: chooses the distortions.

    Attributes:
        examples: what is trained on.
    """

    name = "fresh"

    def __init__(
        self,
        model: Model,
        pixels: NDArray[np.uint8],
        labels: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> None:
        self._model, self._pixels, self._rng = model, pixels, rng
        kind = model.network.dtype
        targets = one_hot(labels, NONE + 1).astype(kind)
        self.examples = Examples(np.zeros(pixels.shape, kind), targets)

    def started(self, trainer: Trainer) -> None:
        """Distort for the first epoch."""
        self._fill()

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Distort for the next epoch."""
        self._fill()

    def _fill(self) -> None:
        for start in range(0, len(self._pixels), CHUNK):
            rows = slice(start, start + CHUNK)
            patches = self._pixels[rows].reshape(-1, SIDE_PX, SIDE_PX).astype(np.float32)
            changed = augment(patches / np.float32(255), self._rng, DISTORTED)
            pixels = changed.reshape(len(changed), -1) * np.float32(255)
            self._model.normalizer.apply(pixels, self.examples.x[rows])


def _patches(
    samples: Samples, rng: np.random.Generator, strings: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Cut patches, and whole digits among them, in random order."""
    found = [cut_patches(samples, rng, strings=PORTION) for _ in range(-(-strings // PORTION))]
    pixels, labels = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    if samples.labels is None:
        raise ValueError(f"{samples.source}: has no labels to learn from")
    whole = rng.choice(len(samples), round(WHOLE_SHARE * len(pixels)), replace=False)
    pixels = np.concatenate([pixels, samples.pixels[whole]])
    labels = np.concatenate([labels, samples.labels[whole]])
    order = rng.permutation(len(pixels))
    return pixels[order], labels[order]
