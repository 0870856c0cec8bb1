"""``digitus predict``: read one digit in each image."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from digitus.cli.options import (
    Share,
    complete_files,
    json_output,
    model_choice,
    not_empty,
    print_json,
)
from digitus.cli.predict.answers import Answer, envelope, least_confidence, show
from digitus.errors import ImageError

if TYPE_CHECKING:
    from digitus.cli.predict.explain import Explainer
    from digitus.imaging.opening.image_file import ImageSource
    from digitus.reader import Reading
    from digitus.recognizer import Recognizer

STDIN = "stdin"

NamedImage: TypeAlias = tuple[str, str | bytes | ImageError]
"""Name of an input, and its image or the reason why there is none."""

_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
    *(".pbm", ".pgm", ".ppm", ".jp2", ".heic", ".heif"),
)


@click.command()
@click.argument(
    "inputs",
    nargs=-1,
    required=True,
    metavar="INPUT...",
    callback=not_empty,
    shell_complete=complete_files,
)
@model_choice
@click.option(
    "--min-confidence",
    type=Share("99%"),
    metavar="P",
    help="Decline answers whose confidence is below P: 0.99 or 99%.",
)
@click.option(
    "--max-error",
    type=Share("0.5%", within=True),
    metavar="P",
    help=(
        "Error bound: decline the least confident answers, so that at most P of the others are "
        "wrong: 0.005 or 0.5%. The threshold comes from digits held out from training, by a "
        "one-sided 95% bound, which holds for digits of their kind."
    ),
)
@click.option(
    "--explain",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=(
        "Write a figure for each image into DIR, named after it: the image, the ink, the "
        "patch, and changes of the patch that change the answer. Print these changes, too."
    ),
)
@click.option(
    "--show", "gallery", is_flag=True, help="Show the patch, the input of the network, as text."
)
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="Read the rows of one CSV and write a CSV with the columns ImageId,Label.",
)
@json_output
def predict(
    inputs: tuple[str, ...],
    model_name: str | None,
    min_confidence: float | None,
    max_error: float | None,
    explain: Path | None,
    gallery: bool,
    submission: Path | None,
    as_json: bool,
) -> int:
    """Read one digit in each image: files, folders of images, or - for stdin.

    An image of several digits is not answered; use `digitus read`.

    If --min-confidence and --max-error are both given, the stricter one applies. A CSV of 784
    pixel values a row is read with --submission OUT.csv.
    """
    if submission is not None:
        _check_submission_options(min_confidence, max_error, explain)
        return _submit(inputs, model_name, submission, as_json=as_json)
    from digitus.imaging.opening.decoder_messages import silence_decoders
    from digitus.models import load_digit_model
    from digitus.recognizer import Recognizer

    silence_decoders()

    if explain is not None:
        _check_folder(explain, inputs)
    model = load_digit_model(model_name)
    least = least_confidence(model, min_confidence=min_confidence, max_error=max_error)
    recognizer = Recognizer(model, min_confidence=least)
    explainer = _explainer(explain, recognizer)
    answers = _read(inputs, recognizer, explainer, with_readings=as_json)
    if as_json:
        print_json(envelope(answers))
    else:
        show(answers, gallery=gallery, min_confidence=least)
    return _finish(answers, explainer, as_json=as_json)


def _check_submission_options(*others: object) -> None:
    if any(other is not None for other in others):
        raise click.UsageError(
            "--submission writes a digit for every row; it cannot be combined with "
            "--min-confidence, --max-error or --explain"
        )


def _check_folder(folder: Path, inputs: tuple[str, ...]) -> None:
    """Check that figures are not written into a folder of images, where they would be read."""
    if folder.is_dir() and any(os.path.isdir(name) and folder.samefile(name) for name in inputs):
        raise click.UsageError(
            f"--explain {folder} would write figures into a folder of images; choose another folder"
        )


def _explainer(folder: Path | None, recognizer: "Recognizer") -> "Explainer | None":
    from digitus.cli.predict.explain import Explainer

    return None if folder is None else Explainer(recognizer, folder)


def _read(
    inputs: tuple[str, ...],
    recognizer: "Recognizer",
    explainer: "Explainer | None",
    *,
    with_readings: bool,
) -> list[Answer]:
    from digitus.cli.screen import tracked

    found = tracked(list(images_of(inputs)))
    return [_answer(one, recognizer, explainer, with_reading=with_readings) for one in found]


def _answer(
    found: NamedImage,
    recognizer: "Recognizer",
    explainer: "Explainer | None",
    *,
    with_reading: bool,
) -> Answer:
    """Read one image; an expected failure becomes the answer's error."""
    from digitus.imaging.opening.image_file import remark_on, reopenable
    from digitus.imaging.preprocessing import preprocess

    name, source = found
    try:
        if isinstance(source, ImageError):
            raise source
        image = reopenable(source)
        preprocessed, remark = preprocess(image), remark_on(image)
        prediction = recognizer.predict_preprocessed(preprocessed)
        is_read = with_reading and prediction.verdict == "several_digits"
        reading = _reading_of(name, image, recognizer) if is_read else None
    except ImageError as error:
        return Answer(name, None, str(error))
    why = None if explainer is None else explainer.explain(name, preprocessed, prediction)
    return Answer(name, prediction, explanation=why, reading=reading, remark=remark)


def _reading_of(name: str, image: "ImageSource", recognizer: "Recognizer") -> "Reading":
    """Read the numbers of an image; all its pages are named as the image is."""
    from digitus.reader import Reader

    reading = Reader(recognizer.model).read(image)
    return replace(reading, pages=tuple(replace(page, source=name) for page in reading.pages))


def _finish(answers: list[Answer], explainer: "Explainer | None", *, as_json: bool) -> int:
    """Print errors and what was written to stderr; return the exit code."""
    from digitus.cli.screen import note

    errors = [answer.error for answer in answers if answer.error is not None]
    for answer in answers:
        if answer.remark:
            note(f"{answer.source}: {answer.remark}")
    for error in errors if not as_json else ():
        note(f"digitus: {error}")
    if explainer is not None and explainer.failure is not None:
        raise explainer.failure
    if explainer is not None and not as_json:
        note(f"wrote {explainer.folder}: {explainer.written:,} of {len(answers):,} explained")
    return int(bool(errors))


def _submit(inputs: tuple[str, ...], model_name: str | None, target: Path, *, as_json: bool) -> int:
    """Write the likeliest digit of each row of a CSV."""
    from digitus.cli.screen import note
    from digitus.data import load_rows, write_submission
    from digitus.models import load_digit_model

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


def images_of(inputs: Sequence[str]) -> Iterator[NamedImage]:
    """Yield name and image of each input; a folder yields its images, sorted by name."""
    for name in inputs:
        if name == "-":
            yield STDIN, _from_stdin()
        elif os.path.isdir(name):  # Path.is_dir may raise
            yield from _images_in(Path(name))
        elif name.lower().removesuffix(".gz").endswith(".csv"):
            yield name, ImageError(f"{name}: a table; read its rows with --submission OUT.csv")
        else:
            yield name, name


def _from_stdin() -> bytes | ImageError:
    """Return the bytes of standard input, named for messages; or why there are none."""
    from digitus.imaging.opening.image_file import NamedBytes, read_bytes

    try:
        data = NamedBytes(read_bytes(sys.stdin.buffer if sys.stdin else b"", STDIN))
    except ImageError as error:
        return error
    except OSError as error:
        return ImageError(f"{STDIN}: cannot be read ({error.strerror})")
    data.name = STDIN
    return data


def _images_in(folder: Path) -> Iterator[NamedImage]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield str(folder), ImageError(f"{folder}: cannot be listed ({error.strerror})")
        return
    found = [path for path in inside if _is_image(path)]
    if not found:
        yield str(folder), ImageError(_nothing_to_read(folder, inside))
    for path in found:
        yield str(path), str(path)


def _nothing_to_read(folder: Path, inside: Sequence[Path]) -> str:
    """Return the message about a folder without an image."""
    kinds = ", ".join(sorted(_SUFFIXES))
    message = f"{folder}: no image in this folder (looked for {kinds})"
    if any(path.suffix.lower() == ".pdf" for path in inside):
        return f"{message}; for its PDFs use `digitus read`"
    if any(os.path.isdir(path) for path in inside):
        return f"{message}; the folders in it are not searched, name one of them"
    return message


def _is_image(path: Path) -> bool:
    """Return whether a name is that of an image and not hidden."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")
