"""``digitus predict``: one digit an image."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digitus.cli.options import json_output, model_choice, print_json
from digitus.cli.predict.answers import Answer, show
from digitus.cli.values import Share

if TYPE_CHECKING:
    from digitus.cli.predict.explain import Explainer
    from digitus.cli.predict.image_inputs import Found
    from digitus.recognizer import Recognizer


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
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
        "Decline so many doubtful answers that of the others at most P are wrong: 0.005 or 0.5%. "
        "The confidence for it comes from digits held out from training, by a one-sided 95% "
        "bound; the promise holds for digits of their kind."
    ),
)
@click.option(
    "--explain",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=(
        "Write a figure for each image into DIR, named after it: the image, the ink, the "
        "patch, and what would change the answer. Say the same in words."
    ),
)
@click.option(
    "--show", "gallery", is_flag=True, help="Show the patch that the network saw, as blocks."
)
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="Read the rows of one CSV and write ImageId,Label.",
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

    Where --min-confidence and --max-error are both given, the stricter one counts. A CSV of 784
    pixel values a row is read with --submission OUT.csv.
    """
    if submission is not None:
        _refuse_beside_submission(min_confidence, max_error, explain)
        return _submit(inputs, model_name, submission, as_json=as_json)
    from digitus.cli.loading import load_digit_model
    from digitus.cli.predict.threshold import least_confidence
    from digitus.recognizer import Recognizer

    if explain is not None:
        _refuse_to_mix(explain, inputs)
    model = load_digit_model(model_name)
    least = least_confidence(model, min_confidence=min_confidence, max_error=max_error)
    recognizer = Recognizer(model, min_confidence=least)
    explainer = _explainer(explain, recognizer)
    answers = _read(inputs, recognizer, explainer)
    if as_json:
        print_json([answer.to_json() for answer in answers])
    else:
        show(answers, gallery=gallery, min_confidence=least)
    return _finish(answers, explainer, as_json=as_json)


def _refuse_beside_submission(*others: object) -> None:
    if any(other is not None for other in others):
        raise click.UsageError(
            "--submission wants a digit for every row; it goes with none of "
            "--min-confidence, --max-error and --explain"
        )


def _refuse_to_mix(folder: Path, inputs: tuple[str, ...]) -> None:
    """Make sure that no figure joins the images of a folder: it would be read next time."""
    if folder.is_dir() and any(os.path.isdir(name) and folder.samefile(name) for name in inputs):
        raise click.UsageError(
            f"--explain {folder} would put its figures among the images that are read; "
            f"choose another folder"
        )


def _explainer(folder: Path | None, recognizer: "Recognizer") -> "Explainer | None":
    from digitus.cli.predict.explain import Explainer

    return None if folder is None else Explainer(recognizer, folder)


def _read(
    inputs: tuple[str, ...], recognizer: "Recognizer", explainer: "Explainer | None"
) -> list[Answer]:
    from digitus.cli.predict.image_inputs import images_of
    from digitus.cli.screen import tracked

    found = tracked(list(images_of(inputs)))
    return [_answer(one, recognizer, explainer) for one in found]


def _answer(found: "Found", recognizer: "Recognizer", explainer: "Explainer | None") -> Answer:
    """Read one image; an expected failure becomes part of the answer."""
    from digitus.errors import ImageError
    from digitus.imaging import preprocess

    name, image = found
    try:
        if isinstance(image, ImageError):
            raise image
        preprocessed = preprocess(image)
    except ImageError as error:
        return Answer(name, None, str(error))
    prediction = recognizer.predict_preprocessed(preprocessed)
    why = None if explainer is None else explainer.explain(name, preprocessed, prediction)
    return Answer(name, prediction, explanation=why)


def _finish(answers: list[Answer], explainer: "Explainer | None", *, as_json: bool) -> int:
    """Tell on stderr what failed and what was written; give the exit code."""
    from digitus.cli.screen import note

    errors = [answer.error for answer in answers if answer.error is not None]
    for error in errors if not as_json else ():
        note(f"digitus: {error}")
    if explainer is not None and explainer.failure is not None:
        raise explainer.failure
    if explainer is not None and not as_json:
        note(f"wrote {explainer.folder}: {explainer.written:,} of {len(answers):,} explained")
    return int(bool(errors))


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
