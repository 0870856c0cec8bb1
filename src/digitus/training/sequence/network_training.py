"""Training the network that slides along a line: many strips, worn anew in every epoch."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import Samples
from digitus.models.line_image_format import N_CLASSES, ROWS
from digitus.models.sequence_network import LONGEST_TEXT, sequence_network
from digitus.nn.arrays import Floats
from digitus.nn.ctc import NOTHING
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.network import Network
from digitus.nn.optimizers import Adam
from digitus.nn.schedules import OneCycle
from digitus.synthesis.lines.line_images import Strip, StripMaker

COLS = 192
DECAY, BATCH = 0.01, 32
FAMILIES = ("DejaVuSans", "DejaVuSerif", "STIXGeneral", "cmb", "cmr", "cmss", "cmti", "cmtt")
PORTION = 500  # strips that a process writes at a time
PROCESSES = 2


@dataclass(frozen=True)
class Lessons:
    """How much is learned.

    Attributes:
        written: strips, about eight digits each.
        seen: of them in an epoch, others in each, every one worn anew.
        epochs: how many.
        rate: the greatest.
    """

    written: int = 50_000
    seen: int = 20_000
    epochs: int = 13
    rate: float = 0.003


def learn_strips(
    samples: Samples,
    rng: np.random.Generator,
    lessons: Lessons,
    *callbacks: Callback,
    start: Floats | None = None,
) -> Network:
    """Train a network on strips written with some digits.

    Args:
        samples: digits by many augmentation.
        rng: chooses everything.
        lessons: how many.
        callbacks: that listen.
        start: parameters (p,) to go on from; None begins anew.
    """
    network = sequence_network(COLS, N_CLASSES)
    network.initialize(rng)
    if start is not None:
        network.parameters[...] = start
    worn = WornStrips(write_all(samples, rng, lessons.written), rng, lessons.seen)
    Trainer(
        network,
        worn.examples,
        optimizer=Adam(weight_decay=DECAY),
        schedule=OneCycle(lessons.rate),
        settings=TrainerSettings(n_epochs=lessons.epochs, batch_size=BATCH, replicas=2),
        callbacks=[worn, *callbacks],
    ).run()
    return network


class WornStrips(Callback):
    """Takes other strips for each epoch, and wears them anew.

    Args:
        strips: to choose from.
        rng: chooses.
        seen: strips in an epoch.

    Attributes:
        examples: what is trained on.
    """

    name = "worn strips"

    def __init__(self, strips: Sequence[Strip], rng: np.random.Generator, seen: int) -> None:
        self._strips, self._rng = strips, rng
        x = np.zeros((seen, ROWS * COLS), np.float32)
        self.examples = Examples(x, np.zeros((seen, LONGEST_TEXT), np.float32))

    def started(self, trainer: Trainer) -> None:
        """Choose for the first epoch."""
        self._fill()

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Choose for the next one."""
        self._fill()

    def _fill(self) -> None:
        chosen = self._rng.choice(len(self._strips), len(self.examples), replace=False)
        for row, number in enumerate(chosen.tolist()):
            strip = self._strips[number]
            self.examples.x[row] = strip.worn(self._rng).ravel()
            self.examples.targets[row] = as_target(strip)


def as_target(strip: Strip) -> NDArray[np.float32]:
    """Return the text as a row of the targets (LONGEST_TEXT,)."""
    target = np.full(LONGEST_TEXT, NOTHING, np.float32)
    target[: len(strip.text)] = strip.text[:LONGEST_TEXT]
    return target


def write_all(samples: Samples, rng: np.random.Generator, n: int) -> list[Strip]:
    """Write strips in several processes; the same rng writes the same ones."""
    sizes = [min(PORTION, n - start) for start in range(0, n, PORTION)]
    seeds = rng.integers(2**63, size=len(sizes)).tolist()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        portions = pool.map(_write, [samples] * len(sizes), sizes, seeds)
        return [strip for portion in portions for strip in portion]


def word_fonts() -> list[Path]:
    """Find fonts to print words in: those with all letters that come with matplotlib."""
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    return sorted(path for family in FAMILIES for path in folder.glob(f"{family}*.ttf"))


def _write(samples: Samples, n: int, seed: int) -> list[Strip]:
    make = StripMaker(samples, np.random.default_rng(seed), word_fonts())
    return [make(COLS) for _ in range(n)]
