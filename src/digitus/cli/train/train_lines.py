"""``digitus train --preset lines``: the sequence models, which read whole lines."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import print_json

if TYPE_CHECKING:
    from digitus.data import DataSet
    from digitus.training.sequence.lines_config import LinesConfig
    from digitus.training.sequence.lines_run import LinesOutcome

_ERROR_BOUNDS = (0.005, 0.01, 0.02, 0.05)


def make_lines_config(options: dict[str, Any]) -> "LinesConfig":
    """Apply the given options (those not None) to the config of the preset ``lines``.

    Raises:
        UsageError: if a number is out of range, or an option would have no effect.
    """
    from dataclasses import fields

    from digitus.training.sequence.lines_config import LinesConfig

    given = {name: value for name, value in options.items() if value is not None}
    known = {field.name for field in fields(LinesConfig)}
    for name in given:
        if name not in known:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} has no effect with --preset lines")
    try:
        return LinesConfig(**given)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def train_lines_command(
    config: "LinesConfig",
    data: "DataSet",
    *,
    out: Path,
    start: Path | None,
    resume: bool,
    as_json: bool,
) -> None:
    """Train, then print the summary."""
    from digitus.cli.train.progress import training_screen
    from digitus.files import folder_of, folders_for
    from digitus.processes import alone_with
    from digitus.training.sequence.lines_run import train_lines

    with folders_for(folder_of(out)), alone_with(out), training_screen() as screen:
        outcome = train_lines(config, data, out=out, start=start, resume=resume, listener=screen)
    if as_json:
        print_json({"files": [*map(str, outcome.files)], **outcome.weights.record})
    else:
        _show(outcome)


def _show(outcome: "LinesOutcome") -> None:
    from digitus.cli.screen import heading, line, note, percent, stdout, table

    calibration = outcome.weights.record["calibration"]
    heading("sequence models")
    if len(outcome.history):
        share = percent(outcome.history[-1].accuracy)
        line(f"Training lines read by the network in the last epoch: {share}.")
    line(f"Held-out strings read: {percent(calibration['lines_read'])} of {calibration['n']:,}.")
    errors = outcome.weights.errors
    if errors is not None:
        rows = table("--max-error", "numbers on pages kept", "strings kept")
        for bound in _ERROR_BOUNDS:
            kept = [_share_kept(curve, bound) for curve in (errors.pages, errors.strings)]
            rows.add_row(f"{bound:.1%}", *map(percent, kept))
        stdout().print(rows)
    for path in outcome.files:
        note(f"wrote {path}")


def _share_kept(curve: Any, bound: float) -> float:
    """Return the share of numbers above the threshold of an error bound; 0 without any."""
    threshold = curve.threshold(bound)
    return 0.0 if threshold is None else float(curve.kept_above(threshold) / curve.n)
