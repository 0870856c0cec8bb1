"""Training of the sequence network: written lines, degraded anew in every epoch."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import Samples
from digitus.models.sequence.line_image_format import N_CLASSES, ROWS
from digitus.models.sequence.sequence_file import SequenceWeights
from digitus.models.sequence.sequence_network import LONGEST_TEXT, sequence_network
from digitus.nn.ctc import NOTHING
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.optimizers import Adam
from digitus.nn.schedules import OneCycle
from digitus.plots.fonts import font_files
from digitus.processes import worker_pool
from digitus.synthesis.lines.line_images import LineWriter, WrittenLine
from digitus.training.augmented_rows import RefillEachEpoch
from digitus.training.sequence.lines_config import LinesConfig
from digitus.training.sequence.widening import widen


@dataclass(frozen=True)
class NetworkSettings:
    """Fixed settings of the training of the sequence network.

    Set by hand; the columns hold about eight digits.

    Attributes:
        cols: columns of a training line.
        batch_size: lines per step.
        weight_decay: decoupled weight decay of Adam.
        portion: lines that a process writes at a time, with a seed of their own.
        font_families: of matplotlib's fonts that have all letters, for printed words.
    """

    cols: int = 192
    batch_size: int = 32
    weight_decay: float = 0.01
    portion: int = 2_500
    font_families: tuple[str, ...] = (
        *("DejaVuSans", "DejaVuSerif", "STIXGeneral"),
        *("cmb", "cmr", "cmss", "cmti", "cmtt"),
    )


SETTINGS = NetworkSettings()


@dataclass(frozen=True)
class TwoRounds:
    """One cycle of the learning rate in each round; the second at half the rate.

    Args:
        rate: the largest rate of the first round.
        first_round: its epochs.
    """

    rate: float
    first_round: int

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate."""
        if epoch < self.first_round:
            return OneCycle(self.rate)(epoch, self.first_round)
        rest = max(n_epochs - self.first_round, 1)
        return OneCycle(self.rate / 2)(epoch - self.first_round, rest)


class DegradedLines:
    """The line images of an epoch: chosen from written lines and degraded anew for each.

    Each round has written lines of its own. The images of an epoch depend on the config alone, so
    that a resumed run is bit-identical to an uninterrupted one.

    Args:
        samples: digits of many writers.
        config: of the training.

    Attributes:
        examples: x (lines, 32 * cols), 0.0 paper to 1.0 full ink; targets (lines, LONGEST_TEXT).
    """

    def __init__(self, samples: Samples, config: LinesConfig) -> None:
        self._samples, self._config = samples, config
        self._round, self._written = -1, list[WrittenLine]()
        n = config.lines
        self.examples = Examples(
            np.zeros((n, ROWS * SETTINGS.cols), np.float32), np.zeros((n, LONGEST_TEXT), np.float32)
        )

    def fill(self, epoch: int) -> None:
        """Put the line images of an epoch, counted from 0, into ``examples``."""
        self._write_round(int(epoch >= self._config.first_round))
        rng = np.random.default_rng([self._config.seed, 3, epoch])
        chosen = rng.choice(len(self._written), len(self.examples), replace=False)
        for row, number in enumerate(chosen.tolist()):
            line = self._written[number]
            self.examples.x[row] = line.degraded(rng).ravel()
            self.examples.targets[row] = as_target(line)

    def _write_round(self, number: int) -> None:
        if self._round != number:
            self._round, self._written = number, write_lines(self._samples, self._config, number)


def make_trainer(
    samples: Samples,
    config: LinesConfig,
    callbacks: Sequence[Callback],
    *,
    start: SequenceWeights | None = None,
) -> Trainer:
    """Make the trainer of a network.

    Args:
        samples: digits of many writers to write the lines with.
        config: how to train.
        callbacks: of the trainer.
        start: weights that the network starts from, of as many channels or fewer; None draws them.
    """
    network = sequence_network(SETTINGS.cols, N_CLASSES)
    network.initialize(np.random.default_rng([config.seed, 1]))
    if start is not None:
        narrow = sequence_network(
            SETTINGS.cols, N_CLASSES, channels=start.channels, parameters=start.network
        )
        widen(narrow, network)
    lines = DegradedLines(samples, config)
    return Trainer(
        network,
        lines.examples,
        optimizer=Adam(weight_decay=SETTINGS.weight_decay),
        schedule=TwoRounds(config.rate, config.first_round),
        settings=TrainerSettings(
            n_epochs=config.epochs,
            batch_size=SETTINGS.batch_size,
            seed=config.seed,
            replicas=config.threads,
        ),
        callbacks=[*callbacks, RefillEachEpoch(lines)],
    )


def as_target(line: WrittenLine) -> NDArray[np.float32]:
    """Return the text of a line as a row of the targets (LONGEST_TEXT,)."""
    target = np.full(LONGEST_TEXT, NOTHING, np.float32)
    text = line.text[:LONGEST_TEXT]
    target[: len(text)] = text
    return target


def write_lines(samples: Samples, config: LinesConfig, number: int) -> list[WrittenLine]:
    """Write the lines of a round, in several processes; their number does not change the lines."""
    n, portion = config.written_lines, SETTINGS.portion
    sizes = [min(portion, n - start) for start in range(0, n, portion)]
    seeds = [(config.seed, 2, number, i) for i in range(len(sizes))]
    if config.threads == 1 or len(sizes) == 1:
        portions = map(_write_portion, [samples] * len(sizes), sizes, seeds)
        return [line for some in portions for line in some]
    with worker_pool(config.threads) as pool:
        shared = pool.map(_write_portion, [samples] * len(sizes), sizes, seeds)
        return [line for some in shared for line in some]


def word_fonts() -> list[Path]:
    """Return the fonts of printed words."""
    return font_files(*(f"{family}*" for family in SETTINGS.font_families))


def _write_portion(samples: Samples, n: int, seed: Sequence[int]) -> list[WrittenLine]:
    write = LineWriter(samples, np.random.default_rng(seed), word_fonts())
    return [write(SETTINGS.cols) for _ in range(n)]
