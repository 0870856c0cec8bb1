"""The training config that the options of ``digitus train`` ask for."""

from dataclasses import replace
from typing import Any

import click

from digitus.models.config import TrainingConfig, check_config
from digitus.models.presets import PRESETS

_ONLY_WITH = {"momentum": ("momentum", "nesterov"), "weight_decay": ("adamw",)}
_NOT_WITH_LBFGS = ("rate", "schedule", "stages", "warm_up", "batch_size", "compiled")


def make_config(preset: str | None, options: dict[str, Any]) -> TrainingConfig:
    """Apply the given options (those not None) to the preset, or to the defaults.

    Raises:
        UsageError: if the config is invalid, or an option would have no effect.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if "lines" in given:
        raise click.UsageError("--lines is for --preset lines")
    if given.get("epochs") == 0:
        raise click.UsageError("--epochs: expected 1 or more; 0 is for --preset lines")
    if "stages" in given:
        given.setdefault("schedule", "staged")
    if "batch_size" in given:
        given["batch_size"] = given["batch_size"] or None
    try:
        config = replace(PRESETS[preset].config if preset else TrainingConfig(), **given)
        check_config(config)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    _refuse_without_effect(config, given)
    return config


def _refuse_without_effect(config: TrainingConfig, given: dict[str, Any]) -> None:
    """Refuse options that the config does not use."""
    for name, optimizers in _ONLY_WITH.items():
        if name in given and config.optimizer not in optimizers:
            raise _idle(name, f"--optimizer {' or '.join(optimizers)}", config.optimizer)
    for name in _NOT_WITH_LBFGS:
        if name in given and config.optimizer == "lbfgs":
            raise _idle(name, "gradient descent", "lbfgs")
    if "stages" in given and config.schedule != "staged":
        raise _idle("stages", "--schedule staged", config.schedule)
    if "rate" in given and config.schedule == "staged":
        raise click.UsageError("--rate has no effect on staged rates; use --stages")


def _idle(name: str, wanted: str, found: str) -> click.UsageError:
    option = f"--{name.replace('_', '-')}"
    return click.UsageError(f"{option} is for {wanted}; with {found} it has no effect")
