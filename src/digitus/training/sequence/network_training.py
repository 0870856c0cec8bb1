"""Training of the sequence network: lines, written or of pages, degraded anew in every epoch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

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
from digitus.training.sequence.lines_of_pages import PageLine, page_lines
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
        page_portion: the same of lines that are cut out of pages.
        page_share: share of the lines that are cut out of pages.
        font_families: of matplotlib's fonts that have all letters, for printed words.
    """

    cols: int = 192
    batch_size: int = 32
    weight_decay: float = 0.01
    portion: int = 2_500
    page_portion: int = 500
    page_share: float = 0.35
    font_families: tuple[str, ...] = (
        *("DejaVuSans", "DejaVuSerif", "STIXGeneral"),
        *("cmb", "cmr", "cmss", "cmti", "cmtt"),
    )


SETTINGS = NetworkSettings()


TextLine: TypeAlias = WrittenLine | PageLine
"""A line with its text, which is degraded anew in every epoch."""
Portion: TypeAlias = Callable[[Samples, int, np.random.Generator], list[TextLine]]


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
    """The line images of an epoch: chosen from the lines of a round and degraded anew for each.

    Each round has lines of its own, written ones and some that are cut out of synthetic pages. The
    images of an epoch depend on the config alone, so that a resumed run is bit-identical to an
    uninterrupted one.

    Args:
        samples: digits of many writers.
        config: of the training.

    Attributes:
        examples: x (lines, 32 * cols), 0.0 paper to 1.0 full ink; targets (lines, LONGEST_TEXT).
    """

    def __init__(self, samples: Samples, config: LinesConfig) -> None:
        self._samples, self._config = samples, config
        self._round, self._lines = -1, list[TextLine]()
        n = config.lines
        self.examples = Examples(
            np.zeros((n, ROWS * SETTINGS.cols), np.float32), np.zeros((n, LONGEST_TEXT), np.float32)
        )

    def fill(self, epoch: int) -> None:
        """Put the line images of an epoch, counted from 0, into ``examples``."""
        self._write_round(int(epoch >= self._config.first_round))
        rng = np.random.default_rng([self._config.seed, 3, epoch])
        chosen = rng.choice(len(self._lines), len(self.examples), replace=False)
        for row, number in enumerate(chosen.tolist()):
            line = self._lines[number]
            self.examples.x[row] = line.degraded(rng).ravel()
            self.examples.targets[row] = as_target(line)

    def _write_round(self, number: int) -> None:
        if self._round != number:
            self._round, self._lines = number, make_lines(self._samples, self._config, number)


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


def as_target(line: TextLine) -> NDArray[np.float32]:
    """Return the text of a line as a row of the targets (LONGEST_TEXT,)."""
    target = np.full(LONGEST_TEXT, NOTHING, np.float32)
    text = line.text[:LONGEST_TEXT]
    target[: len(text)] = text
    return target


def make_lines(samples: Samples, config: LinesConfig, number: int) -> list[TextLine]:
    """Make the lines of a round, in several processes; their number does not change the lines."""
    n_page = round(SETTINGS.page_share * config.written_lines)
    portions = [
        *_portions(_write_portion, config.written_lines - n_page, SETTINGS.portion),
        *_portions(_page_portion, n_page, SETTINGS.page_portion),
    ]
    tasks = [
        (make, samples, n, (config.seed, 2, number, place))
        for place, (make, n) in enumerate(portions)
    ]
    if config.threads == 1:
        return [line for task in tasks for line in _make(task)]
    with worker_pool(config.threads) as pool:
        return [line for some in pool.map(_make, tasks) for line in some]


def word_fonts() -> list[Path]:
    """Return the fonts of printed words."""
    return font_files(*(f"{family}*" for family in SETTINGS.font_families))


def _portions(make: Portion, n: int, most: int) -> list[tuple[Portion, int]]:
    return [(make, min(most, n - start)) for start in range(0, n, most)]


def _make(task: tuple[Portion, Samples, int, Sequence[int]]) -> list[TextLine]:
    make, samples, n, seed = task
    return make(samples, n, np.random.default_rng(seed))


def _write_portion(samples: Samples, n: int, rng: np.random.Generator) -> list[TextLine]:
    write = LineWriter(samples, rng, word_fonts())
    return [write(SETTINGS.cols) for _ in range(n)]


def _page_portion(samples: Samples, n: int, rng: np.random.Generator) -> list[TextLine]:
    return list(islice(page_lines(samples, SETTINGS.cols, rng), n))
