"""``digitus train``: a preset, or a network with other options."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import (
    Number,
    Whole,
    batch_size,
    complete_models,
    data_choice,
    json_output,
    offline,
    print_json,
    stages,
    widths,
)

if TYPE_CHECKING:
    from digitus.data import DataSet
    from digitus.models.config import TrainingConfig
    from digitus.training import Outcome

_PRESETS = ["s0", "s1", "s1-tuned", "s2", "s3", "s4", "mlp", "cnn", "lines"]


@click.command()
@click.option(
    "--preset",
    type=click.Choice(_PRESETS),
    help="Network of one of the five original systems, or one that ships with digitus: mlp, cnn, "
    "or lines, the models that read whole lines. The options below change it.",
)
@click.option("--hidden", callback=widths, metavar="128,64", help="Widths of the hidden layers.")
@click.option("--activation", help="relu, leaky_relu, tanh or sigmoid.")
@click.option("--output", help="softmax or sigmoid.")
@click.option(
    "--input-bias/--no-input-bias", default=None, help="Learn a bias of every input (S0)."
)
@click.option("--weights", metavar="NAME", help="he_normal, glorot_uniform, uniform:0.5, ...")
@click.option("--biases", metavar="NAME", help="zeros, uniform:0.5, ...")
@click.option("--normalizer", help="none (0 to 255), unit (/255), std or zscore.")
@click.option("--optimizer", help="sgd, momentum, nesterov, adam, adamw or lbfgs.")
@click.option(
    "--momentum", type=Number(0, 1, max_open=True), help="For --optimizer momentum and nesterov."
)
@click.option(
    "--rate",
    type=Number(0, min_open=True),
    help="Learning rate; the largest one if the schedule varies it.",
)
@click.option("--schedule", help="constant, staged, cosine or one_cycle.")
@click.option(
    "--stages", callback=stages, metavar="0:0.1,3:0.01", help="Pairs of epoch and rate, for staged."
)
@click.option("--warm-up", type=Number(0), help="Epochs over which the rate rises.")
@click.option(
    "--epochs",
    type=Whole(0),
    help="Epochs; iterations for lbfgs. With --preset lines, 0 keeps the network of --start-from.",
)
@click.option(
    "--batch-size", callback=batch_size, metavar="N|full", help="Rows per step, or the full batch."
)
@click.option("--l2", type=Number(0), help="Lambda of the L2 penalty.")
@click.option("--weight-decay", type=Number(0), help="For --optimizer adamw.")
@click.option("--dropout", type=Number(0, 1, max_open=True), help="Share of hidden units zeroed.")
@click.option(
    "--label-smoothing",
    type=Number(0, 1, max_open=True),
    help="Share of each target spread over all classes.",
)
@click.option(
    "--validation",
    type=Whole(0),
    help="Training images held out. By default at most a sixth; none of fewer than 20.",
)
@click.option(
    "--split-seed",
    type=Whole(0),
    help="Seed for holding out random images instead of the last.",
)
@click.option(
    "--patience",
    type=Whole(1),
    help="Stop after so many validations without improvement. There is one per epoch; with "
    "--batch-size full, one every 10 epochs.",
)
@click.option(
    "--averaged",
    type=Whole(0),
    metavar="EPOCHS",
    help="Average the weights of the last epochs.",
)
@click.option(
    "--hard-rounds",
    type=Whole(0),
    help="Rounds of training on misread images alone, as S0 did; they can lower the accuracy.",
)
@click.option("--seed", type=Whole(0), help="Seed for weights, order and dropout.")
@click.option(
    "--threads",
    type=Whole(1),
    help="Number of threads.",
)
@click.option(
    "--compiled/--not-compiled",
    default=None,
    help="Compile the training steps with Numba (extra `fast`), or do not. By default they are "
    "compiled where that makes a run faster.",
)
@click.option(
    "--augmentation/--no-augmentation",
    default=None,
    help="Distort the images anew each epoch, and add synthetic digits.",
)
@click.option(
    "--negatives/--no-negatives",
    default=None,
    help="Learn an eleventh class, no digit, from synthetic negatives; requires --augmentation.",
)
@click.option(
    "--lines",
    type=Whole(50),
    metavar="N",
    help="For --preset lines: lines per epoch; all other numbers are in proportion to it.  "
    "[default: 20000]",
)
@data_choice
@offline
@click.option(
    "--out", type=click.Path(path_type=Path), help="Model file.  [default: NAME.safetensors]"
)
@click.option(
    "--start-from",
    "start",
    metavar="NAME|FILE",
    shell_complete=complete_models,
    help="Start from the weights of a trained model; with --validation 0 its calibration is kept.",
)
@click.option("--resume", is_flag=True, help="Continue an interrupted run.")
@click.option("--force", is_flag=True, help="Replace the model that --out names.")
@click.option("--find-rate", is_flag=True, help="Only try learning rates; print and plot them.")
@json_output
def train(
    preset: str | None,
    source: str,
    offline: bool,
    out: Path | None,
    start: str | None,
    resume: bool,
    force: bool,
    find_rate: bool,
    as_json: bool,
    **changes: Any,
) -> None:
    """Train a network; write the model, its history and its curves.

    A model that --out names, or the default name, is replaced with --force only.

    Without --preset, the options change a 784-128-64-10 network trained with Adam. With --preset
    lines, only --lines, --epochs, --rate, --validation, --seed and --threads change it.
    """
    from digitus.cli.loading import load_data
    from digitus.cli.train.config_options import make_config
    from digitus.models import load_digit_model
    from digitus.training import refuse_replacement

    if find_rate and resume:
        raise click.UsageError("--find-rate starts anew; it cannot be combined with --resume")
    if find_rate and start:
        raise click.UsageError("--find-rate tries rates on random weights, not with --start-from")
    out = out or Path(f"{preset or 'custom'}.safetensors")
    if not (resume or force or find_rate):
        refuse_replacement(out)
    if preset == "lines":
        from digitus.cli.train.train_lines import make_lines_config, train_lines_command

        if find_rate:
            raise click.UsageError("--preset lines has no --find-rate")
        lines_config = make_lines_config(changes)
        if not lines_config.epochs and start is None:
            raise click.UsageError("--epochs 0 keeps the weights of --start-from, which is missing")
        data = load_data(source, offline=offline)
        return train_lines_command(
            lines_config,
            data,
            out=out,
            start=Path(start) if start else None,
            resume=resume,
            as_json=as_json,
        )
    config = make_config(preset, changes)
    first = load_digit_model(start) if start else None
    data = load_data(source, offline=offline)
    if changes["validation"] is None:
        config = _hold_out_a_share(config, data)
    if find_rate:
        from digitus.cli.train.find_rate import show_rates

        return show_rates(config, data, out=out, as_json=as_json)
    outcome = _run(config, data, out=out, name=preset or out.stem, resume=resume, start=first)
    return print_json(_summary(outcome)) if as_json else _show(outcome, preset)


def _hold_out_a_share(config: "TrainingConfig", data: "DataSet") -> "TrainingConfig":
    """Hold out fewer rows of a small data set, and say so."""
    from digitus.cli.screen import note
    from digitus.training.training_rows import hold_out_a_share

    n = len(data.train)
    changed = hold_out_a_share(config, n)
    if changed != config:
        held = (
            f"a sixth of them, {changed.validation:,} at random, is held out for validation"
            if changed.validation
            else "too few to hold some out for validation"
        )
        note(f"{data.name}: {n:,} training images; {held} (--validation N chooses another number)")
    return changed


def _run(config: "TrainingConfig", data: Any, **how: Any) -> "Outcome":
    from digitus.cli.train.progress import training_screen
    from digitus.files import folder_of, folders_for
    from digitus.processes import alone_with
    from digitus.training import train as train_network

    out = how["out"]
    with folders_for(folder_of(out)), alone_with(out), training_screen() as screen:
        return train_network(config, data, **how, listener=screen)


def _summary(outcome: "Outcome") -> dict[str, Any]:
    record = outcome.model.record
    return {"model": outcome.model.name, "files": [*map(str, outcome.files)], **record}


def _show(outcome: "Outcome", preset: str | None) -> None:
    from digitus.cli.screen import heading, line, loss, note, percent, stdout, table
    from digitus.models.architecture import title
    from digitus.models.presets import PRESETS

    heading(f"{outcome.model.name}  {title(outcome.model.network)}")
    rows = table("part", "images", "accuracy", "95 % interval", "ECE", "NLL")
    for part, found in outcome.scores.items():
        low, high = found.accuracy_interval
        interval = f"{percent(low)} to {percent(high)}"
        rows.add_row(
            part,
            f"{found.n:,}",
            percent(found.accuracy),
            interval,
            f"{found.ece:.4f}",
            loss(found.nll),
        )
    stdout().print(rows)
    if preset and PRESETS[preset].claim is not None:
        chosen = PRESETS[preset]
        line(f"The original claims {percent(chosen.claim)} ({chosen.claim_source}).")
    for path in outcome.files:
        note(f"wrote {path}")
