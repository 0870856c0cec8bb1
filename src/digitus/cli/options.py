"""Options that several commands share."""

from typing import Any

import click

json_output = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
model_choice = click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    help="A shipped model (cnn, mlp) or a model file.  [default: cnn]",
)
data_choice = click.option(
    "--data",
    "source",
    default="mnist",
    show_default=True,
    metavar="mnist|PATH",
    help="MNIST, or a folder of IDX, CSV or class folders, or a .csv, .mat or .npz file.",
)
offline = click.option("--offline", is_flag=True, help="Never ask the network.")
theme_choice = click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    default="light",
    show_default=True,
    help="Background of the plots.",
)


def print_json(value: Any) -> None:
    """Print JSON to stdout."""
    import json

    click.echo(json.dumps(value, indent=2, allow_nan=False))
