"""``digitus data``: fetch, show and describe data sets."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import (
    Whole,
    complete_models,
    data_choice,
    json_output,
    offline,
    plot_file,
    print_json,
    theme_choice,
)

if TYPE_CHECKING:
    from digitus.data import DataSet, Samples
    from digitus.plots import Theme

_HELD_OUT = 10_000  # as in the presets of `digitus train`


@click.group()
def data() -> None:
    """Fetch, show and describe data sets."""


@data.command()
@offline
@json_output
def fetch(offline: bool, as_json: bool) -> None:
    """Fetch MNIST if it is not on this machine, verify it, and print its folder."""
    from digitus.cli.screen import fetch_progress, line
    from digitus.cli.signals import interruptible
    from digitus.data import fetch_mnist

    with interruptible() as interrupt, fetch_progress() as progress:
        folder = fetch_mnist(progress=progress, cancelled=lambda: interrupt.wanted, offline=offline)
    if as_json:
        return print_json({"folder": str(folder)})
    return line(str(folder))


@data.command()
@data_choice
@offline
@json_output
def info(source: str, offline: bool, as_json: bool) -> None:
    """Count the images of a data set by part and digit."""
    from digitus.cli.loading import load_data
    from digitus.cli.screen import heading, stdout, table

    found = load_data(source, offline=offline)
    parts = {"train": found.train, "test": found.test}
    counts = {part: samples.counts() for part, samples in parts.items() if samples is not None}
    if as_json:
        listed = {part: {"n": int(n.sum()), "digits": n.tolist()} for part, n in counts.items()}
        return print_json({"name": found.name, "sha256": found.sha256, "parts": listed})
    heading(f"{found.name}  (training part {found.sha256[:12]})")
    rows = table("digit", *counts)
    for digit in range(10):
        rows.add_row(str(digit), *(f"{n[digit]:,}" for n in counts.values()))
    rows.add_section()
    rows.add_row("all", *(f"{n.sum():,}" for n in counts.values()))
    return stdout().print(rows)


@data.command()
@data_choice
@click.option(
    "--part",
    type=click.Choice(["train", "test", "validation"]),
    default="train",
    show_default=True,
    help="Part of the data set.",
)
@click.option(
    "--validation",
    "n_held",
    type=Whole(1),
    metavar="N",
    help=f"Rows of the validation part: the last N training rows.  [default: {_HELD_OUT:,}]",
)
@click.option(
    "-n",
    "--count",
    type=Whole(1, 200),
    default=40,
    show_default=True,
    help="Number of images.",
)
@click.option("--seed", type=Whole(0), help="Show random images instead of the first.")
@click.option("--index", type=Whole(0), help="Show this image, also as text.")
@click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    shell_complete=complete_models,
    help="Show the predictions of this model, too.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    callback=plot_file,
    default=Path("samples.png"),
    show_default=True,
    help="Write this image file.",
)
@theme_choice
@offline
def show(
    source: str,
    part: str,
    n_held: int | None,
    count: int,
    seed: int | None,
    index: int | None,
    model_name: str | None,
    out: Path,
    theme: "Theme",
    offline: bool,
) -> None:
    """Draw images of a data set with their labels as an image file."""
    from digitus.cli.loading import load_data
    from digitus.cli.screen import note
    from digitus.plots import digit_gallery, save_figure

    if n_held is not None and part != "validation":
        raise click.UsageError("--validation needs --part validation")
    samples = _part(load_data(source, offline=offline), part, n_held or _HELD_OUT)
    rows = _rows(len(samples), count, seed, index)
    chosen = samples.rows(rows)
    readings = _read(chosen, model_name) if model_name is not None else {}
    if index is not None:
        _print_blocks(chosen, index, readings)
    save_figure(digit_gallery(chosen.pixels, labels=chosen.labels, theme=theme, **readings), out)
    note(f"wrote {out}: {len(rows)} of {len(samples):,} images of the {part} part")


def _part(found: "DataSet", part: str, n_held: int) -> "Samples":
    from digitus.cli.loading import held_out

    if part == "validation":
        return held_out(found, n_held)
    samples = found.test if part == "test" else found.train
    if samples is None:
        raise click.UsageError(f"{found.name} has no test part; use --part train")
    return samples


def _rows(n: int, count: int, seed: int | None, index: int | None) -> list[int]:
    import numpy as np

    if index is not None:
        if index >= n:
            raise click.UsageError(f"--index: expected 0 to {n - 1}, got {index}")
        return [index]
    if seed is None:
        return list(range(min(n, count)))
    rows: list[int] = np.random.default_rng(seed).choice(n, min(n, count), replace=False).tolist()
    return rows


def _read(chosen: "Samples", model_name: str) -> dict[str, Any]:
    from digitus.models import load_digit_model

    probabilities = load_digit_model(model_name).probabilities(chosen.pixels)
    return {
        "predictions": probabilities.argmax(axis=1),
        "confidences": probabilities.max(axis=1),
    }


def _print_blocks(chosen: "Samples", index: int, readings: dict[str, Any]) -> None:
    import numpy as np

    from digitus.cli.screen import line
    from digitus.imaging import blocks

    label = "no label" if chosen.labels is None else f"label {chosen.labels[0]}"
    read = f", read as {readings['predictions'][0]}" if readings else ""
    line(f"image {index}, {label}{read}")
    line(blocks(chosen.pixels[0].reshape(28, 28).astype(np.float32) / 255))
