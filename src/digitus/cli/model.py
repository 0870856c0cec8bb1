"""``digitus model``: describe, import and export model files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import Whole, complete_models, json_output, offline, print_json

if TYPE_CHECKING:
    from digitus.data.normalization import Kind, Normalizer
    from digitus.data.samples import DataSet
    from digitus.models import Model
    from digitus.web.page_export import PageContent

_FORMATS = ["theta", "npy", "npz", "onnx"]
_PAGE = "html"
_IMAGES = 500
"""Training images of a page unless asked otherwise: enough for the small experiments, 0.1 MB."""


@click.group()
def model() -> None:
    """Describe, import and export models."""


@model.command()
@click.argument("name", required=False, metavar="[NAME|FILE]", shell_complete=complete_models)
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
@click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    shell_complete=complete_models,
    help="A shipped model (cnn, mlp) or a model file.  [required; for html, default: cnn and mlp]",
)
@click.option(
    "--images",
    "n_images",
    type=Whole(0, 60_000),
    metavar="N",
    help=f"For html: pack the first N training images of MNIST, and N/10 test images, into the "
    f"page.  [default: {_IMAGES} if MNIST is on this machine, else 0]",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="For html: write a folder for a static host in place of one file.",
)
@offline
@click.argument("format_", metavar="FORMAT", type=click.Choice([*_FORMATS, _PAGE]))
@click.argument("target", required=False, type=click.Path(path_type=Path))
def export(
    model_name: str | None,
    n_images: int | None,
    folder: Path | None,
    offline: bool,
    format_: str,
    target: Path | None,
) -> None:
    """Export a model as FORMAT (theta, npy, npz, onnx, html) to the file or folder TARGET.

    The model is named by --model: `digitus model export onnx mlp.onnx --model mlp`.

    html is the page of `digitus serve` as one file, which runs from the disk without a server; it
    holds cnn, with mlp beside it, or the model that is named alone.
    """
    if format_ == _PAGE:
        _export_page(model_name, n_images, target, folder, offline=offline)
        return
    from digitus.cli.screen import line
    from digitus.models import load_model
    from digitus.models.formats.import_export import export_model

    if target is None:
        raise click.UsageError("Missing argument 'TARGET'.")
    if n_images is not None or folder is not None or offline:
        raise click.UsageError("--images, --folder and --offline are for html")
    if model_name is None:
        raise click.UsageError("name the model to export: --model cnn, --model mlp or --model FILE")
    line(export_model(load_model(model_name), format_, target))


def _export_page(
    model_name: str | None,
    n_images: int | None,
    target: Path | None,
    folder: Path | None,
    *,
    offline: bool,
) -> None:
    from digitus.cli.screen import line
    from digitus.web.page_export import PageContent, write_folder, write_page
    from digitus.web.page_models import page_models

    place = target or folder
    if place is None or (target is not None and folder is not None):
        raise click.UsageError("html needs a file, such as page.html, or --folder DIR")
    if target is not None and target.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"expected a name that ends in .html, got {str(target)!r}")
    models = page_models(model_name, alone=True)
    mnist, why = _images(n_images, offline=offline)
    content = PageContent(models, mnist, _IMAGES if n_images is None else n_images)
    write = write_folder if target is None else write_page
    size = write(content, place)
    names = " and ".join(one.name for one in models)
    line(f"{place}: {size / 1e6:.2f} MB with {names}, {_counted(content, why)}")


def _images(n: int | None, *, offline: bool) -> tuple["DataSet | None", str]:
    """Return MNIST if images are to be packed; else None and the reason."""
    from digitus.cli.loading import load_data
    from digitus.errors import DataError, DownloadError

    if n == 0:
        return None, "as asked"
    if n is not None:
        return load_data("mnist", offline=offline), ""
    try:
        return load_data("mnist", offline=True), ""
    except (DataError, DownloadError):
        return None, "MNIST is not on this machine; --images fetches it"


def _counted(content: "PageContent", why: str) -> str:
    counts = content.counts()
    if not counts:
        return f"without images of MNIST ({why})"
    return f"{counts['train']:,} training and {counts['test']:,} test images of MNIST"
