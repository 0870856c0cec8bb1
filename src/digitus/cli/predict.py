"""``digitus predict``: one digit a picture."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from digitus.cli.options import json_output, model_choice, print_json

if TYPE_CHECKING:
    from digitus.recognizer import Prediction, Recognizer

_SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}
_GALLERY_COLUMNS = 120


class Answer(NamedTuple):
    """What came of one input: a prediction or an error."""

    source: str
    prediction: "Prediction | None"
    error: str | None = None


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@model_choice
@click.option("--show", is_flag=True, help="Show the patch that the network saw, as blocks.")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="Read the rows of one CSV and write ImageId,Label.",
)
@json_output
def predict(
    inputs: tuple[str, ...],
    model_name: str | None,
    show: bool,
    submission: Path | None,
    as_json: bool,
) -> int:
    """Read one digit in each picture: files, folders of pictures, or - for stdin.

    A CSV of 784 pixel values a row is read with --submission OUT.csv.
    """
    if submission is not None:
        return _submit(inputs, model_name, submission, as_json=as_json)
    from digitus.cli.loading import load_digit_model
    from digitus.recognizer import Recognizer

    recognizer = Recognizer(load_digit_model(model_name))
    answers = [_answer(recognizer, *found) for found in _expand(inputs)]
    if as_json:
        print_json([_to_json(answer) for answer in answers])
    elif answers:
        _show(answers, show=show)
    for answer in answers:
        if answer.error is not None and not as_json:
            click.echo(f"digitus: {answer.error}", err=True)
    return int(any(answer.error is not None for answer in answers))


def _submit(inputs: tuple[str, ...], model_name: str | None, target: Path, *, as_json: bool) -> int:
    """Write the likeliest digit of each row of a CSV."""
    from digitus.cli.loading import load_digit_model
    from digitus.cli.screen import note
    from digitus.data import load_rows, write_submission

    if len(inputs) != 1:
        raise click.UsageError(f"--submission takes one CSV file, got {len(inputs)} inputs")
    if target.exists() and os.path.exists(inputs[0]) and target.samefile(inputs[0]):
        raise click.UsageError(f"--submission would overwrite its own input {target}")
    rows = load_rows(inputs[0])
    write_submission(target, load_digit_model(model_name).predict(rows.pixels))
    if as_json:
        print_json({"rows": len(rows), "file": str(target)})
    else:
        note(f"wrote {target}: {len(rows):,} digits")
    return 0


def _expand(inputs: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Give (name, picture) for each input; a folder gives its pictures, sorted."""
    from digitus.errors import PictureError

    for name in inputs:
        if name == "-":
            yield "stdin", sys.stdin.buffer if sys.stdin else b""
        elif os.path.isdir(name):  # unlike a Path's, never raises
            yield from _pictures_in(Path(name))
        elif name.lower().removesuffix(".gz").endswith(".csv"):
            yield name, PictureError(f"{name}: a table; read its rows with --submission OUT.csv")
        else:
            yield name, Path(name)


def _pictures_in(folder: Path) -> Iterator[tuple[str, Any]]:
    from digitus.errors import PictureError

    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as error:
        yield str(folder), PictureError(f"{folder}: cannot be looked into ({error.strerror})")
        return
    if not found:
        kinds = ", ".join(sorted(_SUFFIXES))
        yield str(folder), PictureError(f"{folder}: no picture in this folder (looked for {kinds})")
    for path in found:
        yield str(path), path


def _answer(recognizer: "Recognizer", name: str, picture: Any) -> Answer:
    """Read one picture; an expected failure becomes part of the answer."""
    from digitus.errors import PictureError

    try:
        if isinstance(picture, PictureError):
            raise picture
        return Answer(name, recognizer.predict(picture))
    except PictureError as error:
        return Answer(name, None, str(error))


def _to_json(answer: Answer) -> dict[str, Any]:
    if answer.prediction is None:
        return {"source": answer.source, "error": answer.error}
    return answer.prediction.to_json(answer.source)


def _show(answers: list[Answer], *, show: bool) -> None:
    from rich.text import Text

    from digitus.cli.screen import percent, stdout, table

    screen = stdout()
    read = [(one.source, one.prediction) for one in answers if one.prediction is not None]
    if show and read:
        screen.print(_gallery(read), width=min(screen.width, _GALLERY_COLUMNS))
    rows = table("picture", "digit", "confidence", "runner-up")
    for source, found in read:
        second = found.runner_up
        rows.add_row(
            Text(source),
            found.verdict if found.digit is None else f"[bold]{found.digit}[/]",
            percent(found.confidence, 1),
            "-" if second is None else f"{second[0]}  {percent(second[1], 1):>6}",
        )
    if read:
        screen.print(rows)


def _gallery(read: list[tuple[str, "Prediction"]]) -> object:
    """Lay the patches side by side, each in a frame with its answer."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.text import Text

    from digitus.cli.screen import percent
    from digitus.imaging import blocks

    frames = []
    for source, found in read:
        picture = "" if found.patch is None else blocks(found.patch)
        answer = found.verdict if found.digit is None else str(found.digit)
        title = f"[bold]{answer}[/]  {percent(found.confidence, 1)}"
        name = Text(Path(source).name[:28], style="dim")
        frames.append(Panel(Text(picture), title=title, subtitle=name, width=32))
    return Columns(frames)
