"""A preset end to end: data -> network -> calibration -> scores -> model file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from digitus.data import DataSet, Samples
from digitus.errors import Cancelled
from digitus.evaluation import Evaluation, evaluate
from digitus.models.config import TrainingConfig, build_network, make_settings
from digitus.models.file import save_model
from digitus.models.model import Model
from digitus.nn.fitting.history import History
from digitus.training.fine_tuning import describe_start, keep_calibration, start_from
from digitus.training.gradient_descent import train_by_descent
from digitus.training.listeners import Listener
from digitus.training.model_calibration import calibrate
from digitus.training.output_files import (
    beside,
    overwrite_notice,
    refuse_unwritable,
    versions,
    write_history,
)
from digitus.training.quasi_newton import train_by_lbfgs
from digitus.training.run import Run
from digitus.training.training_rows import make_configured_digits, prepare_rows, refuse_too_few_rows


@dataclass(frozen=True)
class Outcome:
    """What a training run returns.

    Attributes:
        model: trained, and calibrated if rows were held out.
        history: epoch by epoch.
        scores: of the parts ``train``, ``validation`` and ``test`` that there are.
        files: that were written.
    """

    model: Model
    history: History
    scores: dict[str, Evaluation]
    files: list[Path]


def train(
    config: TrainingConfig,
    data: DataSet,
    *,
    out: Path,
    name: str = "custom",
    resume: bool = False,
    start: Model | None = None,
    listener: Listener | None = None,
) -> Outcome:
    """Train a network and write model, history and curves.

    Args:
        config: how to build and train.
        data: training part, and a test part that is used once, at the end.
        out: the model file; history, curves and checkpoint lie beside it.
        name: name of the model.
        resume: continue an interrupted run from its checkpoint.
        start: a trained model whose weights are the first ones; its calibration is kept if no rows
            are held out.
        listener: is notified of each stage and epoch, and may interrupt.

    Raises:
        Cancelled: if the listener interrupted; the checkpoint is kept for ``resume``.
        DivergenceError: if training met a NaN or an infinity; earlier files are untouched.
        CheckpointError: if there is no checkpoint to resume, or it belongs to another run.
        DataError: if there are no labels, or too few rows to hold out.
        WriteError: if a file cannot be written.
        ModelFileError: if the start has other layers than the config.
    """
    listener = listener or Listener()
    refuse_unwritable(out)
    refuse_too_few_rows(config, data)
    listener.stage(_preamble(config, data))
    if config.augmentation:
        listener.stage("drawing synthetic digits" + (" and negatives" * config.negatives))
    rows = prepare_rows(config, data)
    d, k = rows.train.x.shape[1], rows.train.targets.shape[1]
    network = build_network(config, n_inputs=d, n_classes=k)
    if start is not None:
        start_from(start, network, normalizer=config.normalizer)
    checkpoint = beside(out, "checkpoint.safetensors")
    if checkpoint.exists() and not resume:
        listener.stage(overwrite_notice(checkpoint))
    origin = describe_start(start)
    run = Run(config, network, rows, checkpoint, data.sha256, resume, listener, origin)
    history = _train(run)
    parts = {"train": rows.train_samples, "validation": rows.validation_samples, "test": data.test}
    normalizer = rows.normalizer
    del run, rows  # the normalized rows take most of the memory
    model = Model(name, network, normalizer)
    calibrated_on = _calibrate(config, model, parts, start)
    scores = _score_all(model, parts)
    model.record = _record(config, data, history, scores, calibrated_on) | {"start": origin}
    save_model(model, out)
    files = [out, *write_history(history, model.record, out)]
    checkpoint.unlink(missing_ok=True)
    return Outcome(model, history, scores, files)


def _train(run: Run) -> History:
    """Train the run's network in place."""
    config = run.config
    shared = make_settings(config).replicas > 1  # the replicas take the threads
    with threadpool_limits(1 if shared else config.threads, user_api="blas"):
        train_by = train_by_lbfgs if config.optimizer == "lbfgs" else train_by_descent
        history, completed = train_by(run)
    if not completed:
        raise Cancelled(
            f"interrupted after {len(history)} of {config.epochs} {_unit(config)}; "
            f"run the same command with --resume to continue from {run.checkpoint}"
        )
    return history


def _unit(config: TrainingConfig) -> str:
    return "iterations" if config.optimizer == "lbfgs" else "epochs"


def _preamble(config: TrainingConfig, data: DataSet) -> str:
    n, test = len(data.train) - config.validation, data.test
    held = f", {config.validation:,} held out for validation" if config.validation else ""
    tested = f", {len(test):,} to test on" if test is not None else ""
    return f"{data.name}: {n:,} images to train with{held}{tested}"


def _calibrate(
    config: TrainingConfig, model: Model, parts: dict[str, Samples | None], start: Model | None
) -> dict[str, Any]:
    """Calibrate on held-out rows; without any, keep the calibration of the start."""
    train, held_out = parts["train"], parts["validation"]
    if train is None or held_out is None:
        return keep_calibration(start, model) if start is not None else {}
    synthetic = (
        make_configured_digits(config, train, held_out=True) if config.augmentation else None
    )
    return calibrate(model, held_out, synthetic)


def _score_all(model: Model, parts: dict[str, Samples | None]) -> dict[str, Evaluation]:
    """Score the model on each labelled part."""
    return {
        part: score(model, samples)
        for part, samples in parts.items()
        if samples is not None and samples.labels is not None
    }


def score(model: Model, samples: Samples) -> Evaluation:
    """Evaluate a model on labelled samples."""
    if samples.labels is None:
        raise ValueError(f"{samples.source}: no labels to compare with")
    return evaluate(model.probabilities(samples.pixels), samples.labels)


def _record(
    config: TrainingConfig,
    data: DataSet,
    history: History,
    scores: dict[str, Evaluation],
    calibrated_on: dict[str, Any],
) -> dict[str, Any]:
    """Return the training record of the model."""
    return {
        "config": config.to_json(),
        "data": {"name": data.name, "sha256": data.sha256, "rows": len(data.train)},
        "calibrated_on": "validation" if config.validation else "start" if calibrated_on else None,
        "calibration": calibrated_on,
        "epochs": len(history),
        "seconds": round(sum(epoch.seconds for epoch in history), 1),
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "scores": {
            part: {
                "n": found.n,
                "accuracy": found.accuracy,
                "ece": found.ece,
                "nll": found.nll,
            }
            for part, found in scores.items()
        },
    }
