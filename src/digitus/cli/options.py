"""Options that several commands share, and the types of option values."""

import os
from math import isfinite
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from digitus.files import is_stream

Parameter = click.Parameter


def complete_files(ctx: click.Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete names of files, for values that are strings to click."""
    return [CompletionItem(incomplete, type="file")]


def complete_models(ctx: click.Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete names of shipped models and of model files, else of any file."""
    from digitus.models.shipped import SHIPPED

    return _files_after(incomplete, [*SHIPPED, *_model_files(incomplete)])


def complete_data(ctx: click.Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete ``mnist``, else names of files."""
    return _files_after(incomplete, ["mnist"])


def _files_after(incomplete: str, names: list[str]) -> list[CompletionItem]:
    """Return the names that fit, and any file; bash offers files only where no name fits."""
    fitting = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return [CompletionItem(incomplete, type="file"), *fitting]  # for bash, in this order


def _model_files(incomplete: str) -> list[str]:
    """Return the model files in the folder that is being typed.

    The completion of bash divides names at spaces, so names with spaces are left out.
    """
    folder = os.path.dirname(incomplete)
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return []
    found = [os.path.join(folder, name) for name in names if name.endswith(".safetensors")]
    return [
        path for path in found if not path.endswith(".checkpoint.safetensors") and " " not in path
    ]


def not_empty(ctx: click.Context, param: Parameter, value: Any) -> Any:
    """Refuse an empty name, which an unset variable of the shell leaves; return the value."""
    if "" in (value if isinstance(value, tuple) else (value,)):
        raise click.BadParameter("expected a name, got an empty text", ctx, param)
    return value


json_output = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
model_choice = click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    callback=not_empty,
    shell_complete=complete_models,
    help="A shipped model (cnn, mlp) or a model file.  [default: cnn]",
)
data_choice = click.option(
    "--data",
    "source",
    default="mnist",
    show_default=True,
    metavar="mnist|PATH",
    callback=not_empty,
    shell_complete=complete_data,
    help="MNIST, or a folder of IDX, CSV or class folders, or a .csv, .mat, .npz or .zip file.",
)
offline = click.option("--offline", is_flag=True, help="Do not use the network.")
theme_choice = click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    default="light",
    show_default=True,
    help="Background of the plots.",
)


def print_json(value: Any) -> None:
    """Print JSON to stdout; NaN and infinities become null."""
    from digitus.json_values import dump_json

    click.echo(dump_json(value, indent=2))


class Number(click.FloatRange):
    """A finite number in a range; click alone accepts NaN and infinity in any range."""

    name = "number"

    def convert(self, value: Any, param: Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        try:
            number = float(value)
        except ValueError:
            self.fail(f"expected a number, got {value!r}", param, ctx)
        if not isfinite(number):
            self.fail(f"expected a finite number, got {value}", param, ctx)
        checked: float = super().convert(number, param, ctx)
        return checked


class Whole(click.IntRange):
    """A whole number in a range."""

    name = "integer"

    def convert(self, value: Any, param: Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        try:
            number = int(value)
        except ValueError:
            self.fail(f"expected a whole number, got {value!r}", param, ctx)
        checked: int = super().convert(number, param, ctx)
        return checked


class Share(click.FloatRange):
    """A share from 0 to 1, as a number or a percentage.

    Args:
        example: a percentage for error messages.
        within: whether 0 and 1 are excluded.
    """

    name = "share"

    def __init__(self, example: str, *, within: bool = False) -> None:
        super().__init__(0, 1, min_open=within, max_open=within)
        self.example, self.within = example, within

    def convert(self, value: Any, param: Parameter | None, ctx: click.Context | None) -> float:
        """Return the share.

        >>> Share("99%").convert("99.5 %", None, None)
        0.995
        """
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not (0 < share < 1 if self.within else 0 <= share <= 1):  # false for NaN
            limits = "between 0 and 1" if self.within else "from 0 to 1"
            wanted = f"a percentage such as {self.example} or a number {limits}"
            self.fail(f"expected {wanted}, got {value!r}", param, ctx)
        return share


def widths(ctx: click.Context, param: Parameter, text: str | None) -> tuple[int, ...] | None:
    """Parse widths of layers, such as ``128,64``; an empty text means no layer."""
    if text is None or not text.strip():
        return None if text is None else ()
    words = [word.strip() for word in text.split(",")]
    if not all(word.isdecimal() and int(word) > 0 for word in words):
        raise click.BadParameter(f"expected widths such as 128,64, got {text!r}", ctx, param)
    return tuple(map(int, words))


def stages(ctx: click.Context, param: Parameter, text: str | None) -> dict[str, float] | None:
    """Parse learning rates by the epoch at which they start, such as ``0:0.1,3:0.01``."""
    if text is None:
        return None
    try:
        pairs = [pair.split(":") for pair in text.split(",")]
        rates = {str(int(epoch)): float(rate) for epoch, rate in pairs}
    except ValueError as error:
        wanted = "epoch:rate pairs such as 0:0.1,3:0.01"
        raise click.BadParameter(f"expected {wanted}, got {text!r}", ctx, param) from error
    if not all(isfinite(rate) and rate > 0 for rate in rates.values()):
        raise click.BadParameter(f"expected rates above 0, got {text!r}", ctx, param)
    return rates


def batch_size(ctx: click.Context, param: Parameter, text: str | None) -> int | None:
    """Parse the rows per step; ``full`` is 0, and None means that the option is not given."""
    if text is None or text == "full":
        return None if text is None else 0
    if not text.isdecimal() or int(text) < 1:
        raise click.BadParameter(
            f"expected a number of rows from 1, or full, got {text!r}", ctx, param
        )
    return int(text)


def plot_file(ctx: click.Context, param: Parameter, path: Path) -> Path:
    """Check that a plot's file name ends in .png or .svg."""
    if path.suffix.lower() not in (".png", ".svg"):
        raise click.BadParameter(
            f"expected a name that ends in .png or .svg, got {str(path)!r}", ctx, param
        )
    return path


def csv_file(ctx: click.Context, param: Parameter, path: Path | None) -> Path | None:
    """Check that a CSV file's name does not end like that of a workbook."""
    if path is not None and path.suffix.lower() in (".xlsx", ".xls", ".xlsm", ".ods"):
        raise click.BadParameter(
            f"expected a name such as numbers.csv, got {str(path)!r}; --xlsx writes a workbook",
            ctx,
            param,
        )
    return path


def workbook_file(ctx: click.Context, param: Parameter, path: Path | None) -> Path | None:
    """Check that a workbook's name ends in .xlsx, or that it is a pipe or device."""
    if path is not None and path.suffix.lower() != ".xlsx" and not is_stream(path):
        raise click.BadParameter(
            f"expected a name that ends in .xlsx, got {str(path)!r}", ctx, param
        )
    return path
