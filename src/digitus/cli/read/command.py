"""``digitus read``: numbers on pages, as text, tables, overlays and crops."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import (
    Share,
    Whole,
    complete_files,
    csv_file,
    json_output,
    model_choice,
    not_empty,
    workbook_file,
)

if TYPE_CHECKING:
    from digitus.cli.read.destinations import Destinations
    from digitus.cli.read.outputs import Outputs
    from digitus.cli.read.page_inputs import PageInputs
    from digitus.reader.batch.page_task import Job

_INTERRUPTED = "finishing the pages in progress; press Ctrl-C again to stop at once"
_file = click.Path(path_type=Path, dir_okay=False)
_folder = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument(
    "pages", nargs=-1, metavar="PAGE...", callback=not_empty, shell_complete=complete_files
)
@model_choice
@click.option(
    "--min-confidence",
    type=Share("99%"),
    metavar="P",
    help="Print ? for digits whose confidence is below P, 0.99 or 99%, and flag their numbers.",
)
@click.option(
    "--max-error",
    type=Share("0.5%", within=True),
    metavar="P",
    help=(
        "Error bound: flag so many doubtful numbers that of the others at most P are wrong, 0.05 "
        "or 5%. It is a one-sided 95% bound, measured on synthetic pages and strings, and valid "
        "for numbers like these. If P cannot be met, the error message says the lowest bound that "
        "can."
    ),
)
@click.option(
    "--decimal",
    type=click.Choice(["auto", "point", "comma"]),
    default="auto",
    show_default=True,
    help=(
        "The decimal sign, by which 1,204 has the value 1204 or 1.204. auto follows the numbers of "
        "each page that allow only one; where none does, such a number has no value."
    ),
)
@click.option(
    "--csv",
    type=_file,
    callback=csv_file,
    metavar="FILE",
    help="Write a row for each number; FILE may be - for stdout.",
)
@click.option(
    "--grid-csv",
    type=_folder,
    metavar="DIR",
    help="Write a CSV of each grid into DIR: its texts as they lie, values, and verdicts.",
)
@click.option(
    "--xlsx",
    type=_file,
    callback=workbook_file,
    metavar="FILE",
    help="Write an Excel workbook: the numbers, with a crop of each flagged one, and the grids.",
)
@click.option(
    "--overlay",
    type=_folder,
    metavar="DIR",
    help="Write each page into DIR, with a box and the text at each number.",
)
@click.option(
    "--crops",
    type=_folder,
    metavar="DIR",
    help="Write an image of each number and of each flagged cell into DIR.",
)
@click.option(
    "--resume",
    is_flag=True,
    help=(
        "Resume an interrupted run, or add pages to a run that was made with --resume. Model, "
        "thresholds and destinations must be the same; pages that were read are kept."
    ),
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help=(
        "Read on the workers of a Dask scheduler, tcp://host:8786, or of this machine: local. "
        "Pages and --parquet may be URLs, such as s3://bucket/scans/*.tif."
    ),
)
@click.option(
    "--parquet",
    metavar="DIR",
    help="With --cluster: write Parquet files into DIR. Pages that are there are not read again.",
)
@click.option(
    "--from-parquet",
    metavar="DIR",
    help="Read no pages: write --csv or --xlsx of what --parquet has written into DIR.",
)
@click.option(
    "--reviewed",
    metavar="DIR|URL",
    help=(
        "With --from-parquet: take the pages that people have checked from the data folder of "
        "digitus serve --review-parquet, or from its database."
    ),
)
@click.option(
    "--jobs",
    type=Whole(min=1),
    metavar="N",
    help="Number of processes.  [default: one for each core]",
)
@json_output
def read(pages: tuple[str, ...], **options: Any) -> int:
    """Read the numbers on pages: images, multi-page TIFF, PDF, folders of these, or - for stdin.

    Words and letters are ignored. Without --min-confidence and --max-error all digits are printed,
    and numbers whose confidence is below 90 % are flagged: listed to be checked.

    A journal is kept beside the first file or folder that is written, until all pages are read.
    With --resume it is kept after that, so that more pages can be added.
    """
    from digitus.cli.read.archive import check_options, read_archive, tables_of_archive
    from digitus.cli.read.destinations import Destinations
    from digitus.cli.read.outputs import Outputs
    from digitus.cli.read.page_inputs import find_page_inputs
    from digitus.imaging.opening.decoder_messages import silence_decoders
    from digitus.models import load_digit_model
    from digitus.reader.batch.journal import Journal
    from digitus.reader.pipeline.thresholds import fingerprint, make_thresholds

    check_options(pages, options)
    silence_decoders()
    if options["from_parquet"] is not None:
        return tables_of_archive(options)
    if options["cluster"] is not None:
        job = _make_job(options, Destinations())
        return read_archive(pages, options, job, n_workers=options["jobs"] or _n_cores())
    destinations = Destinations.of(options)
    job = _make_job(options, destinations)
    model = load_digit_model(job.model)
    make_thresholds(model, min_confidence=job.min_confidence, max_error=job.max_error)
    inputs = find_page_inputs(pages, outputs=[destinations.overlay, destinations.crops])
    destinations.refuse_inputs(*inputs.paths, job.model or "")
    with destinations.folders(), destinations.alone():
        journal = None
        if destinations:
            settings = _settings(job, fingerprint(model))
            journal = Journal(destinations.journal, settings, resume=options["resume"])
        outputs = Outputs(
            destinations,
            inputs.order,
            journal=journal,
            as_json=options["as_json"],
            resume=options["resume"],
        )
        return _read(inputs, job, outputs, n_jobs=options["jobs"] or _n_cores())


def _make_job(options: Mapping[str, Any], destinations: "Destinations") -> "Job":
    from digitus.reader.batch.page_task import Job

    return Job(
        model=options["model_name"],
        min_confidence=options["min_confidence"] or 0.0,
        max_error=options["max_error"],
        decimal=options["decimal"],
        overlay=destinations.overlay,
        crops=destinations.crops,
        keeps_crops=destinations.xlsx is not None,
    )


def _settings(job: "Job", model: str) -> dict[str, Any]:
    """Return what the readings in a journal and the files of each page depend on."""
    folders = {"overlay": job.overlay, "crops": job.crops}
    return {
        "model": model,
        "min-confidence": job.min_confidence,
        "max-error": job.max_error,
        "decimal": job.decimal,
        "xlsx": job.keeps_crops,
        **{name: folder and os.path.realpath(folder) for name, folder in folders.items()},
    }


def _n_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(inputs: "PageInputs", job: "Job", outputs: "Outputs", *, n_jobs: int) -> int:
    """Read all pages that are not in the journal, write the results, and return the exit code."""
    from digitus.cli.read.progress_bar import progress
    from digitus.cli.signals import interruptible
    from digitus.reader.batch.parallel import read_many

    with outputs, interruptible(_INTERRUPTED) as interrupt:
        with progress(inputs) as bar:
            tasks = inputs.tasks(outputs.journal)
            for outcome in read_many(
                tasks, job, n_jobs=n_jobs, stop=lambda: interrupt.wanted or outputs.is_cut_off
            ):
                outputs.take(outcome, bar)
        outputs.finish(inputs.errors, is_complete=inputs.is_complete(bar.done))
        if interrupt.wanted:
            raise KeyboardInterrupt
        if outputs.is_cut_off:
            raise BrokenPipeError
    return outputs.exit_code
