"""A preset end to end: data -> network -> calibration -> scores -> model file."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from tempfile import TemporaryFile
from typing import Any

from threadpoolctl import threadpool_limits

from digitus.data import DataSet, Samples
from digitus.errors import Cancelled, WriteError
from digitus.evaluation import Evaluation, evaluate
from digitus.files import replacing
from digitus.models.config import TrainingConfig, build_network, make_settings
from digitus.models.file import save_model
from digitus.models.model import Model
from digitus.nn.fitting.history import History
from digitus.training.calibrate import calibrate
from digitus.training.fine_tuning import describe_start, keep_calibration, start_from
from digitus.training.gradient_descent import descend
from digitus.training.listeners import Listener
from digitus.training.quasi_newton import search
from digitus.training.run import Run
from digitus.training.training_rows import draw, prepare_rows, refuse_too_few_rows


@dataclass(frozen=True)
class Outcome:
    """What a training run gives.

    Attributes:
        model: trained, calibrated where rows were held out.
        history: epoch by epoch.
        scores: an `Evaluation` each for ``train``, ``validation`` and ``test``, where there.
        files: what was written.
    """

    model: Model
    history: History
    scores: dict[str, Evaluation]
    files: list[Path]


def beside(out: Path, kind: str) -> Path:
    """Name a file beside the model: ``runs/s3.safetensors`` -> ``runs/s3.history.json``."""
    return out.with_name(f"{out.stem}.{kind}")


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
    """Train what the config says and write model, history and curves.

    Args:
        config: how to build and train.
        data: where from; its test part is used once, at the end.
        out: the model file; history, curves and checkpoint lie beside it.
        name: the model's name.
        resume: go on from the checkpoint of an interrupted run.
        start: a trained model whose weights are the first ones. Where no rows are held out, its
            calibration is kept.
        listener: hears stages and epochs, and may interrupt.

    Raises:
        Cancelled: if the listener interrupted; the checkpoint is there to go on from.
        DivergenceError: if training met a NaN or an infinity; earlier files are untouched.
        CheckpointError, DataError, WriteError: as their names say.
        ModelFileError: if the start is another network than the config's.
    """
    listener = listener or Listener()
    refuse_unwritable(out)
    refuse_too_few_rows(config, data)
    listener.stage(_preamble(config, data))
    if config.augmentation:
        listener.stage("drawing digits with our own pen" + (" and negatives" * config.negatives))
    rows = prepare_rows(config, data)
    d, k = rows.train.x.shape[1], rows.train.targets.shape[1]
    network = build_network(config, n_inputs=d, n_classes=k)
    if start is not None:
        start_from(start, network, normalizer=config.normalizer)
    checkpoint = beside(out, "checkpoint.safetensors")
    if checkpoint.exists() and not resume:
        listener.stage(f"{checkpoint}: of an interrupted run, will be replaced (not with --resume)")
    origin = describe_start(start)
    run = Run(config, network, rows, checkpoint, data.sha256, resume, listener, origin)
    history = _train(run)
    parts = {"train": rows.train_samples, "validation": rows.validation_samples, "test": data.test}
    normalizer = rows.normalizer
    del run, rows  # the normalized rows: by far the most memory, and no longer needed
    model = Model(name, network, normalizer)
    calibrated_on = _calibrate(config, model, parts, start)
    scores = _score_all(model, parts)
    model.record = _record(config, data, history, scores, calibrated_on) | {"start": origin}
    save_model(model, out)
    files = [out, *_write_history(history, model.record, out)]
    checkpoint.unlink(missing_ok=True)
    return Outcome(model, history, scores, files)


def _train(run: Run) -> History:
    """Train the run's network in place."""
    config = run.config
    shared = make_settings(config).replicas > 1  # each replica has a thread of its own
    with threadpool_limits(1 if shared else config.threads, user_api="blas"):
        history, completed = (search if config.optimizer == "lbfgs" else descend)(run)
    if not completed:
        raise Cancelled(
            f"interrupted after {len(history)} of {config.epochs} {_unit(config)}; "
            f"the same command with --resume goes on from {run.checkpoint}"
        )
    return history


def refuse_unwritable(out: Path) -> None:
    """Find out before the training, not after it, whether the model can be written there.

    Raises:
        WriteError: if ``out`` is a folder, or no file can be made in its folder.
    """
    if out.is_dir():
        raise WriteError(f"{out}: is a folder; name the model file that is to be written")
    try:
        with TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise WriteError(
            f"{out}: cannot be written ({error.strerror}); choose another place"
        ) from error


def _unit(config: TrainingConfig) -> str:
    return "iterations" if config.optimizer == "lbfgs" else "epochs"


def _preamble(config: TrainingConfig, data: DataSet) -> str:
    n, test = len(data.train) - config.validation, data.test
    held = f", {config.validation:,} held out for validation" if config.validation else ""
    tested = f", {len(test):,} to test on" if test is not None else ""
    return f"{data.name}: {n:,} images to learn from{held}{tested}"


def _calibrate(
    config: TrainingConfig, model: Model, parts: dict[str, Samples | None], start: Model | None
) -> dict[str, Any]:
    """Calibrate on held-out rows; without any, only an earlier calibration is honest."""
    train, held_out = parts["train"], parts["validation"]
    if train is None or held_out is None:
        return keep_calibration(start, model) if start is not None else {}
    return calibrate(
        model, held_out, draw(config, train, held_out=True) if config.augmentation else None
    )


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
    """Write down how this model came about."""
    return {
        "config": config.to_json(),
        "data": {"name": data.name, "sha256": data.sha256, "rows": len(data.train)},
        "calibrated_on": "validation" if config.validation else "start" if calibrated_on else None,
        "calibration": calibrated_on,
        "epochs": len(history),
        "seconds": round(sum(epoch.seconds for epoch in history), 1),
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {
            **{package: version(package) for package in ("digitus", "numpy", "scipy")},
            "python": python_version(),
        },
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


def _write_history(history: History, record: dict[str, Any], out: Path) -> list[Path]:
    """Write the history as JSON and the curves as PNG."""
    path = beside(out, "history.json")
    content = {
        "record": record,
        "first_gradient_norms": history.first_gradient_norms,
        "epochs": history.to_json(),
    }
    with replacing(path) as draft:
        draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    from digitus.plots import save_figure, training_curves  # after the training: it is large

    curves = beside(out, "curves.png")
    save_figure(training_curves(history.to_json()), curves)
    return [path, curves]
