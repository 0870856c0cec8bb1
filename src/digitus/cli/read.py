"""``digitus read``: numbers on pages, as a view, a table, marked pages and crops."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import json_output, model_choice
from digitus.cli.values import Share

if TYPE_CHECKING:
    from digitus.cli.read_outputs import Outputs
    from digitus.cli.read_sources import Sources
    from digitus.reader.tasks import Job

_file = click.Path(path_type=Path, dir_okay=False)
_folder = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@model_choice
@click.option(
    "--min-confidence",
    type=Share("99%"),
    metavar="P",
    help="Put ? for digits whose confidence is below P, 0.99 or 99%, and list their numbers.",
)
@click.option(
    "--max-error",
    type=Share("0.5%", within=True),
    metavar="P",
    help=(
        "List so many doubtful numbers to be checked that of the others at most P are wrong: 0.05 "
        "or 5%. Measured on synthetic pages and strings, by a one-sided 95% bound; the promise "
        "holds for numbers of their kind, and less than about 2% cannot be promised."
    ),
)
@click.option(
    "--csv",
    type=_file,
    metavar="FILE",
    help=(
        "Write a row for each number. If every page holds exactly one grid, write the grids as "
        "they lie instead."
    ),
)
@click.option(
    "--xlsx",
    type=_file,
    metavar="FILE",
    help="Write an Excel workbook: the numbers, a crop beside each doubtful one, and the grids.",
)
@click.option(
    "--overlay",
    type=_folder,
    metavar="DIR",
    help="Write each page into DIR with a box and its text at each number.",
)
@click.option(
    "--crops", type=_folder, metavar="DIR", help="Write a picture of each number into DIR."
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with a run that was interrupted, or add pages to one: what was read is kept.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of processes.  [default: one for each core]",
)
@json_output
def read(pages: tuple[str, ...], **options: Any) -> int:
    """Read the numbers on pages: pictures, multi-page TIFF, PDF, folders of these, or - for stdin.

    Words and letters are left alone. Without --min-confidence and --max-error every digit is
    told, and numbers less sure than 90 % are listed to be checked.

    Beside the first file or folder that is written lies its journal until all pages are read; with
    --resume it stays, so that more pages can be added.
    """
    from digitus.cli.loading import load_digit_model
    from digitus.cli.read_outputs import Outputs
    from digitus.cli.read_sources import find_sources
    from digitus.reader.thresholds import make_thresholds

    job = _job(options)
    model = load_digit_model(job.model)
    make_thresholds(model, min_confidence=job.min_confidence, max_error=job.max_error)
    sources = find_sources(pages, outputs=[job.overlay, job.crops])
    outputs = Outputs.open(options, sources.order, _settings(job))
    return _read(sources, job, outputs, jobs=options["jobs"] or _cores())


def _job(options: Mapping[str, Any]) -> "Job":
    from digitus.files import make_folder
    from digitus.reader.tasks import Job

    overlay, crops = (
        None if options[name] is None else make_folder(options[name])
        for name in ("overlay", "crops")
    )
    return Job(
        model=options["model_name"],
        min_confidence=options["min_confidence"] or 0.0,
        max_error=options["max_error"],
        overlay=overlay,
        crops=crops,
        keeps_crops=options["xlsx"] is not None,
    )


def _settings(job: "Job") -> dict[str, Any]:
    """Name what the readings in a journal depend on."""
    return {
        "model": job.model or "cnn",
        "min-confidence": job.min_confidence,
        "max-error": job.max_error,
        "xlsx": job.keeps_crops,
    }


def _cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(sources: "Sources", job: "Job", outputs: "Outputs", *, jobs: int) -> int:
    """Read all pages that are not in the journal; write what was asked for; give the exit code."""
    from digitus.cli.read_progress import progress
    from digitus.cli.screen import interruptible
    from digitus.reader.many import read_many

    with outputs, interruptible() as interrupt:
        with progress(sources) as bar:
            tasks = sources.tasks(outputs.journal)
            for outcome in read_many(tasks, job, n_jobs=jobs, stop=lambda: interrupt.wanted):
                outputs.take(outcome, bar)
        outputs.finish(sources.errors, interrupted=interrupt.wanted)
        if interrupt.wanted:
            raise KeyboardInterrupt
    return outputs.exit_code
