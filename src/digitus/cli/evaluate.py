"""``digitus evaluate``: score a model on labelled images."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from digitus.cli.options import (
    data_choice,
    json_output,
    model_choice,
    offline,
    print_json,
    theme_choice,
)
from digitus.files import make_folder

if TYPE_CHECKING:
    from digitus.data import DataSet, Samples
    from digitus.evaluation import Evaluation
    from digitus.models import Model
    from digitus.plots import Theme

_GALLERY = 40  # mistakes in the figure


@click.command()
@model_choice
@data_choice
@click.option(
    "--part",
    type=click.Choice(["test", "train", "validation"]),
    help="Rows to score.  [default: test if there is one, else all rows]",
)
@click.option("--plots", type=click.Path(path_type=Path), help="Write plots into this folder.")
@click.option(
    "--results", type=click.Path(path_type=Path), help="Write the scores to this file (JSON)."
)
@theme_choice
@offline
@json_output
def evaluate(
    model_name: str | None,
    source: str,
    part: str | None,
    plots: Path | None,
    results: Path | None,
    theme: "Theme",
    offline: bool,
    as_json: bool,
) -> None:
    """Score a model: accuracy, each digit, confusion, calibration, most confident mistakes."""
    from digitus.cli.loading import load_data
    from digitus.cli.screen import note
    from digitus.models import load_digit_model
    from digitus.training import score

    model = load_digit_model(model_name)
    data = load_data(source, offline=offline)
    part = part or ("test" if data.test is not None else "all")
    samples = _part(data, part, model)
    found = score(model, samples)
    if results is not None:
        found.save(results)
        note(f"wrote {results}")
    written = _draw(found, samples, model, make_folder(plots), theme) if plots else []
    if as_json:
        return print_json({"model": model.name, "data": data.name, "part": part, **found.to_json()})
    rows = "all rows" if part == "all" else f"{part} part"
    return _show(found, f"{model.name} on {data.name}, {rows}", written)


def _part(data: "DataSet", part: str, model: "Model") -> "Samples":
    """Return the rows of a part; validation rows are those held out in the model's training."""
    from digitus.cli.loading import held_out
    from digitus.errors import DataError

    if part in ("train", "all"):
        return data.train
    if part == "test" and data.test is not None:
        return data.test
    if part == "test":
        raise DataError(f"{data.name}: has no test part; choose another --part")
    config = model.record.get("config", {})
    if not config.get("validation"):
        raise DataError(f"{model.name}: trained without validation rows; choose another --part")
    if model.record.get("data", {}).get("sha256") != data.sha256:
        raise DataError(
            f"{data.name}: not the training data of {model.name}, so no rows were held out; "
            f"choose another --part"
        )
    return held_out(data, config["validation"], seed=config.get("split_seed"))


def _show(found: "Evaluation", title: str, written: list[Path]) -> None:
    from digitus.cli.screen import heading, loss, note, percent, stdout, table

    low, high = found.accuracy_interval
    screen = stdout()
    heading(title)
    screen.print(
        f"accuracy {percent(found.accuracy)} "
        f"(95 % interval {percent(low)} to {percent(high)}), "
        f"{found.errors:,} of {found.n:,} misread\n"
        f"expected calibration error {found.ece:.4f}, "
        f"negative log-likelihood {loss(found.nll)}",
        soft_wrap=True,
    )
    rows = table("digit", "images", "accuracy", "precision", "recall", "F1")
    for one in found.per_class:
        scores = map(percent, (one.accuracy, one.precision, one.recall, one.f1))
        rows.add_row(str(one.digit), f"{one.n:,}", *scores)
    mean = found.macro
    rows.add_section()
    rows.add_row("macro", "", "", *map(percent, (mean.precision, mean.recall, mean.f1)))
    screen.print(rows)
    heading("Rows: the true digit; columns: what it was read as")
    screen.print(_confusion(found))
    heading("Errors when the least confident answers are declined")
    screen.print(_rejection(found))
    for path in written:
        note(f"wrote {path}")


def _confusion(found: "Evaluation") -> object:
    from digitus.cli.screen import table

    k = len(found.confusion)
    rows = table("", *map(str, range(k)))
    for digit, counts in enumerate(found.confusion.tolist()):
        cells = [
            f"[dim]{count}[/]" if read == digit else str(count or "·")
            for read, count in enumerate(counts)
        ]
        rows.add_row(str(digit), *cells)
    return rows


def _rejection(found: "Evaluation") -> object:
    """Return the risk-coverage curve as a table."""
    from digitus.cli.screen import percent, table

    rows = table("accepted", "misread among them", "confidence from")
    curve = found.risk_coverage
    nearest = (int(abs(curve.coverage - share).argmin()) for share in (1.0, 0.99, 0.98, 0.95, 0.9))
    for at in dict.fromkeys(nearest):  # a short curve may have the same nearest point twice
        rows.add_row(
            percent(float(curve.coverage[at]), 0),
            percent(float(curve.error_rate[at])),
            percent(float(curve.threshold[at])),
        )
    return rows


def _draw(
    found: "Evaluation", samples: "Samples", model: "Model", folder: Path, theme: "Theme"
) -> list[Path]:
    """Write the plots of an evaluation; return their paths."""
    from digitus.plots import (
        confusion_matrix,
        digit_gallery,
        first_layer_weights,
        reliability,
        risk_coverage,
        save_figure,
    )

    worst = found.surest_mistakes[:_GALLERY]
    probabilities = model.probabilities(samples.pixels[worst])
    labels = samples.labels
    figures = {
        "confusion": confusion_matrix(found.confusion, theme=theme),
        "reliability": reliability(found.reliability, theme=theme),
        "risk-coverage": risk_coverage(found.risk_coverage, theme=theme),
        "surest-mistakes": digit_gallery(
            samples.pixels[worst],
            labels=None if labels is None else labels[worst],
            predictions=probabilities.argmax(axis=1),
            confidences=probabilities.max(axis=1),
            theme=theme,
        ),
    }
    first = model.network.dense_layers()[0].weight
    if len(first) == samples.pixels.shape[1]:
        figures["weights"] = first_layer_weights(first, theme=theme)
    for name, figure in figures.items():
        save_figure(figure, folder / f"{name}.png")
    return [folder / f"{name}.png" for name in figures]
