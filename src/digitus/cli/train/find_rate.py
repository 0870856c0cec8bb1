"""``digitus train --find-rate``: try learning rates."""

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digitus.cli.options import print_json

if TYPE_CHECKING:
    from digitus.data import DataSet
    from digitus.models.config import TrainingConfig


def show_rates(config: "TrainingConfig", data: "DataSet", *, out: Path, as_json: bool) -> None:
    """Try the rates, print a table and save a plot."""
    from digitus.cli.screen import heading, loss, note, stdout, table
    from digitus.nn.fitting.rate_finder import best_rate
    from digitus.plots import learning_rate_search, save_figure
    from digitus.training import beside, find_rates

    if config.optimizer == "lbfgs":
        raise click.UsageError("lbfgs has no learning rate; choose another --optimizer")
    note("trying learning rates, one epoch each")
    found = find_rates(config, data)
    best = best_rate(found)
    image = beside(out, "rates.png")
    save_figure(learning_rate_search(found), image)
    if as_json:
        finite = [(rate, cost if isfinite(cost) else None) for rate, cost in found]
        return print_json({"rates": finite, "best": best, "files": [str(image)]})
    heading("Loss after one epoch from the same start")
    rows = table("rate", "loss", "")
    for rate, cost in found:
        rows.add_row(f"{rate:.5f}", loss(cost), "lowest" if rate == best else "")
    stdout().print(rows)
    return note(f"wrote {image}")
