"""``digitus model``: describe, import and export model files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import json_output, model_choice, offline, print_json

if TYPE_CHECKING:
    from digitus.data.normalization import Kind, Normalizer
    from digitus.models import Model


@click.group()
def model() -> None:
    """Describe, import and export models."""


@model.command()
@click.argument("name", required=False, metavar="[NAME|FILE]")
@json_output
def info(name: str | None, as_json: bool) -> None:
    """Describe a model (default: cnn): its architecture, training and scores."""
    from digitus.models import load_model

    found = load_model(name)
    return print_json(_facts(found)) if as_json else _show(found)


def _facts(found: "Model") -> dict[str, Any]:
    from digitus.models.architecture import describe, title

    return {
        "name": found.name,
        "title": title(found.network),
        "parameters": int(found.network.parameters.size),
        "architecture": describe(found.network),
        "normalizer": found.normalizer.to_json(),
        "temperature": found.temperature,
        "digit_threshold": found.digit_threshold,
        "record": found.record,
    }


def _show(found: "Model") -> None:
    from rich.markup import escape

    from digitus.cli.screen import loss, percent, stdout, table
    from digitus.models.architecture import hidden_activation, title

    network, record = found.network, found.record
    screen = stdout()
    screen.print(
        f"[bold]{escape(found.name)}[/]  {title(network)}, {hidden_activation(network)}, "
        f"{network.loss.kind.replace('_', ' ')}\n"
        f"{network.parameters.size:,} parameters ({network.dtype.name}), "
        f"normalizer {found.normalizer.kind}, temperature {found.temperature:.3f}",
        soft_wrap=True,
    )
    if record.keys() >= {"date", "data", "config", "epochs", "seconds", "versions"}:
        versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
        screen.print(
            f"trained {escape(str(record['date']))} on {escape(record['data']['name'])}, seed "
            f"{record['config']['seed']}, {escape(str(record['epochs']))} epochs "
            f"in {escape(str(record['seconds']))} s "
            f"({escape(versions)})",
            soft_wrap=True,
        )
    if found.digit_threshold:
        screen.print(
            _declines(found.digit_threshold, record.get("calibration", {})), soft_wrap=True
        )
    if record.get("scores"):
        rows = table("part", "images", "accuracy", "ECE", "NLL")
        for part, scores in record["scores"].items():
            numbers = (f"{scores['ece']:.4f}", loss(scores["nll"]))
            rows.add_row(escape(part), f"{scores['n']:,}", percent(scores["accuracy"]), *numbers)
        screen.print(rows)


def _declines(digit_threshold: float, counted: dict[str, Any]) -> str:
    """Describe the threshold on p_digit, and how many held-out negatives pass it."""
    text = f"not_a_digit if the probability of a digit is below {100 * digit_threshold:.1f} %"
    passed, negatives = counted.get("negatives_accepted"), counted.get("negatives")
    if passed is not None and negatives is not None:
        text += f"; {passed:,} of {negatives:,} held-out negatives pass as digits"
    return text


@model.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="SRC")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Write this model file."
)
@click.option(
    "--activation",
    type=click.Choice(["relu", "leaky_relu", "tanh", "sigmoid"]),
    help="Hidden activation, if the format does not record it.",
)
@click.option(
    "--normalizer",
    type=click.Choice(["unit", "std", "zscore"]),
    help="Normalization of the pixels: unit (x/255, the default of these formats), or std or "
    "zscore with the mean and standard deviation of MNIST's 60,000 training images.",
)
@offline
def import_(
    source: Path, *, out: Path, activation: str | None, normalizer: "Kind | None", offline: bool
) -> None:
    """Import the weights of another program.

    SRC: a folder with Theta1.txt and Theta2.txt, a folder with W1.npy b1.npy W2.npy b2.npy
    (W3.npy b3.npy), an .npz with weight_layer_k and bias_layer_k, or a .pkl list of dicts.
    """
    from digitus.cli.screen import note
    from digitus.models import save_model
    from digitus.models.architecture import title
    from digitus.models.formats.import_export import import_model

    fitted = _fitted(normalizer, offline=offline) if normalizer else None
    found = import_model(source, activation=activation, normalizer=fitted)
    save_model(found, out)
    note(f"wrote {out}: {title(found.network)}")


def _fitted(kind: "Kind", *, offline: bool) -> "Normalizer":
    from digitus.cli.loading import load_data
    from digitus.data.normalization import Normalizer

    if kind == "unit":
        return Normalizer(kind)
    return Normalizer.fit(kind, load_data("mnist", offline=offline).train.pixels)


@model.command()
@model_choice
@click.argument("format_", metavar="FORMAT", type=click.Choice(["theta", "npy", "npz", "onnx"]))
@click.argument("target", type=click.Path(path_type=Path))
def export(model_name: str | None, format_: str, target: Path) -> None:
    """Export a model as FORMAT (theta, npy, npz, onnx) to the file or folder TARGET."""
    from digitus.cli.screen import line
    from digitus.models import load_model
    from digitus.models.formats.import_export import export_model

    line(export_model(load_model(model_name), format_, target))
