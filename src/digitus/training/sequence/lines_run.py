"""The preset ``lines`` end to end: network -> arc scorer -> calibration -> error curves -> file.

The checkpoint holds the network; a resumed run is bit-identical to an uninterrupted one. The later
stages take a quarter of the time and are not resumed but repeated; each has its own generator.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from digitus.data import DataSet, Samples
from digitus.errors import Cancelled, DataError
from digitus.models import Model, load_model
from digitus.models.checkpoint import Checkpoint
from digitus.models.sequence.sequence_file import (
    NumberErrors,
    ScorerWeights,
    SequenceWeights,
    as_stored,
    read_sequence_file,
    save_sequence_file,
)
from digitus.nn.arrays import Floats
from digitus.nn.fitting.history import History
from digitus.nn.fitting.resume import restore_state
from digitus.reader.pipeline.reader import Reader
from digitus.reader.pipeline.thresholds import fingerprint
from digitus.reader.sequence.arc_scores import Scorer
from digitus.reader.sequence.line_reader import SequenceModels
from digitus.reader.sequence.sequence_recognizer import SequenceRecognizer
from digitus.training.listeners import Listener, ListenerCallback
from digitus.training.output_files import (
    beside,
    overwrite_notice,
    refuse_unwritable,
    versions,
    write_history,
)
from digitus.training.run import read_run_checkpoint
from digitus.training.sequence.confidence_fit import fit_calibration
from digitus.training.sequence.line_reading import (
    BATCH_LINES,
    LineNetworks,
    LineReadings,
    choose_text_weight,
    degraded_lines,
    join_readings,
    lines_of_pages,
    read_lines,
    scoring_examples,
)
from digitus.training.sequence.lines_config import LinesConfig
from digitus.training.sequence.network_training import make_trainer
from digitus.training.sequence.number_errors import (
    MEASURED_KINDS,
    error_curve,
    read_string_image,
    read_synthetic_page,
)
from digitus.training.sequence.scorer_training import train_scorer
from digitus.training.sequence.training_lines import (
    TrainingLine,
    make_number_string,
    make_training_line,
)

CLASSIFIER = "cnn"
"""The digit model that the sequence models work with."""

LEAST_OF_A_DIGIT = 30
"""Images that each stage needs; lines are written with a fifth of them that look alike."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class LinesOutcome:
    """What a run of the preset ``lines`` returns.

    Attributes:
        weights: with the record of the run.
        history: of the network, epoch by epoch.
        files: that were written.
    """

    weights: SequenceWeights
    history: History
    files: list[Path]


def train_lines(
    config: LinesConfig,
    data: DataSet,
    *,
    out: Path,
    start: Path | None = None,
    resume: bool = False,
    listener: Listener | None = None,
) -> LinesOutcome:
    """Train the sequence models and write their file, the network's history and its curves.

    Args:
        config: how to train.
        data: digits to write lines with; only its training part is used.
        out: the file; history, curves and checkpoint are written beside it.
        start: a file whose network the training starts from, as a further stage of it.
        resume: continue an interrupted run from its checkpoint.
        listener: is notified of each stage and epoch, and may interrupt.

    Raises:
        Cancelled: if the listener interrupted; the checkpoint is kept for ``resume``.
        DataError: if there are too few images, or nothing was read on the lines.
        ModelFileError: if there is no such file to start from.
        DivergenceError: if the training met a NaN or an infinity.
        CheckpointError: if there is no checkpoint to resume, or it belongs to another run.
        WriteError: if a file cannot be written.
    """
    refuse_unwritable(out)
    first = None if start is None else read_sequence_file(start)
    run = _LinesRun(config, data, out, start=first, listener=listener or Listener())
    recognizer, history = run.train_network(resume=resume)
    classifier = load_model(CLASSIFIER)
    networks = LineNetworks(classifier, recognizer)
    scorer, losses = run.train_scorer(networks)
    readings = run.read_calibration_strings(networks, scorer)
    try:
        calibration = fit_calibration(readings)
    except ValueError as error:
        raise DataError(f"{out}: {error}; train with more lines or epochs") from error
    models = SequenceModels(networks.recognizer, scorer, calibration)
    errors = run.measure_errors(classifier, models)
    record = run.record(history) | {
        "scorer_losses": losses,
        "calibration": {"n": len(readings.lines), "lines_read": float(readings.lines.mean())},
    }
    weights = SequenceWeights(
        recognizer.parameters,
        recognizer.channels,
        _scorer_weights(scorer),
        astuple(calibration.digits),
        astuple(calibration.marks),
        errors,
        record,
    )
    save_sequence_file(weights, out)
    files = [out, *write_history(history, record, out)]
    run.checkpoint.unlink(missing_ok=True)
    return LinesOutcome(weights, history, files)


class _LinesRun:
    """The stages of one run, which share config, digits and listener."""

    def __init__(
        self,
        config: LinesConfig,
        data: DataSet,
        out: Path,
        *,
        start: SequenceWeights | None,
        listener: Listener,
    ) -> None:
        self.config, self.data, self.start, self.listener = config, data, start, listener
        self.checkpoint = beside(out, "checkpoint.safetensors")
        self.network_samples, self.scorer_samples, self.held_out = _split(config, data)

    @property
    def facts(self) -> dict[str, Any]:
        """What the checkpoint is recognized by (JSON types)."""
        facts = {"config": self.config.to_json(), "data": self.data.sha256}
        return facts | {"start": None if self.start is None else sha256_of(self.start.network)}

    def train_network(self, *, resume: bool) -> tuple[SequenceRecognizer, History]:
        """Train the sequence network; its parameters are rounded as they are stored."""
        config = self.config
        if self.start is not None and not config.epochs:
            return SequenceRecognizer(self.start.network, self.start.channels), History()
        if self.checkpoint.exists() and not resume:
            self.listener.stage(overwrite_notice(self.checkpoint))
        self.listener.stage(
            f"network: {config.written_lines:,} lines a round, {config.lines:,} of them an epoch"
        )
        callbacks = [ListenerCallback(self.listener), Checkpoint(self.checkpoint, facts=self.facts)]
        with threadpool_limits(1, user_api="blas"):  # the threads are taken by shares of a batch
            trainer = make_trainer(
                self.network_samples,
                config,
                callbacks,
                start=self.start,
            )
            if resume:
                restore_state(trainer, read_run_checkpoint(self.checkpoint, self.facts))
            history = trainer.run()
        if trainer.interrupted:
            raise self._cancelled(f"after {len(history)} of {config.epochs} epochs")
        return SequenceRecognizer(as_stored(trainer.network.parameters)), history

    def train_scorer(self, networks: LineNetworks) -> tuple[Scorer, list[float]]:
        """Train the arc scorer and choose its text weight."""
        config, samples, rng = self.config, self.scorer_samples, self._generator(4)
        self.listener.stage(f"scorer: {config.scorer_lines:,} lines")
        examples = [
            example
            for n in self._watched(_batch_sizes(config.scorer_lines))
            for example in scoring_examples(
                [make_training_line(samples, rng) for _ in range(n)], networks
            )
        ]
        try:
            scorer, losses = train_scorer(examples, rng)
        except ValueError as error:
            raise DataError(f"{error}; train with more lines or epochs") from error
        n = config.text_weight_lines
        self.listener.stage(
            f"text weight: {n:,} lines, {n:,} degraded ones and {n:,} cut out of pages"
        )
        lines = [make_training_line(samples, rng) for _ in range(n)]
        lines += degraded_lines(n, samples, rng) + lines_of_pages(n, samples, rng)
        scorer = choose_text_weight(lines, networks, scorer)
        return _rounded(scorer), losses

    def read_calibration_strings(self, networks: LineNetworks, scorer: Scorer) -> LineReadings:
        """Read the held-out strings that the confidences are calibrated on."""
        n, rng = self.config.calibration_lines, self._generator(5)
        self.listener.stage(f"calibration: {n:,} held-out strings")
        lines: list[TrainingLine] = [make_number_string(self.held_out, rng) for _ in range(n)]
        return join_readings(list(self._watched(read_lines(lines, networks, scorer))))

    def measure_errors(self, classifier: Model, models: SequenceModels) -> NumberErrors | None:
        """Measure the curves of whole numbers; None if no number was read on the pages."""
        config, rng = self.config, self._generator(6)
        reader = Reader(classifier, sequence_models=models)
        self.listener.stage(f"error curves: {config.curve_pages} synthetic pages")
        pages = error_curve(
            read_synthetic_page(reader, number, self.held_out, rng)
            for number in self._watched(range(config.curve_pages))
        )
        self.listener.stage(f"error curves: {config.curve_strings:,} images of strings")
        strings = error_curve(
            read_string_image(reader, number, self.held_out, rng)
            for number in self._watched(range(config.curve_strings))
        )
        if pages is None or strings is None:
            self.listener.stage("no number was read, so there are no error curves for --max-error")
            return None
        return NumberErrors(fingerprint(classifier), pages, strings)

    def record(self, history: History) -> dict[str, Any]:
        """Say how the file came about (JSON types)."""
        return {
            "config": self.config.to_json(),
            "data": {
                "name": self.data.name,
                "sha256": self.data.sha256,
                "rows": len(self.data.train),
            },
            "start": None
            if self.start is None
            else {"sha256": sha256_of(self.start.network), "record": self.start.record},
            "classifier": CLASSIFIER,
            "page_kinds": list(MEASURED_KINDS),
            "epochs": len(history),
            "seconds": round(sum(epoch.seconds for epoch in history), 1),
            "date": datetime.now(UTC).date().isoformat(),
            "versions": versions(),
        }

    def _generator(self, stage: int) -> np.random.Generator:
        return np.random.default_rng([self.config.seed, stage])

    def _watched(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """Return the items, unless the listener interrupts."""
        for item in items:
            if self.listener.wants_to_stop():
                raise self._cancelled("after the network was trained")
            yield item

    def _cancelled(self, when: str) -> Cancelled:
        return Cancelled(
            f"interrupted {when}; run the same command with --resume to continue from "
            f"{self.checkpoint}"
        )


def _split(config: LinesConfig, data: DataSet) -> tuple[Samples, Samples, Samples]:
    """Return the images of the network, of the scorer, and of calibration and error curves.

    Raises:
        DataError: if there are no labels, or too few images of a digit.
    """
    n = len(data.train)
    borders = (0, n - config.validation, n - config.validation + config.scorer_images, n)
    if borders[1] <= 0 or data.train.labels is None:
        raise DataError(
            f"{data.name}: {n} training images; expected labelled ones, and more than the "
            f"{config.validation} that are held out; use --validation with a smaller number"
        )
    parts = [data.train.rows(slice(*ends)) for ends in pairwise(borders)]
    for part in parts:
        if part.counts().min() < LEAST_OF_A_DIGIT:
            raise DataError(
                f"{data.name}: one stage writes lines with {len(part)} of the training images; "
                f"expected {LEAST_OF_A_DIGIT} or more of each digit, found {part.counts().min()} "
                f"of one; use --validation with another number, or more images"
            )
    network, scorer, held_out = parts
    return network, scorer, held_out


def sha256_of(parameters: Floats) -> str:
    """Return the hash of a network's parameters."""
    return sha256(parameters.tobytes()).hexdigest()


def _batch_sizes(n: int) -> list[int]:
    return [min(BATCH_LINES, n - start) for start in range(0, n, BATCH_LINES)]


def _scorer_weights(scorer: Scorer) -> ScorerWeights:
    parameters = np.asarray(scorer.network.parameters, np.float64)
    return ScorerWeights(parameters, scorer.mean, scorer.spread, scorer.text_weight)


def _rounded(scorer: Scorer) -> Scorer:
    """Round the weights to single precision, as the file holds them."""
    weights = _scorer_weights(scorer)
    parameters, mean, spread = (
        array.astype(np.float32).astype(np.float64)
        for array in (weights.parameters, weights.mean, weights.spread)
    )
    return Scorer.of(ScorerWeights(parameters, mean, spread, weights.text_weight))
