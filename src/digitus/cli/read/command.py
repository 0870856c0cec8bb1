"""``digitus read``: numbers on pages, as a view, a table, marked pages and crops."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import Share, Whole, csv_file, json_output, model_choice, workbook_file

if TYPE_CHECKING:
    from digitus.cli.read.outputs import Outputs
    from digitus.cli.read.page_inputs import Sources
    from digitus.cli.read.targets import Targets
    from digitus.reader.batch.journal import Journal
    from digitus.reader.batch.page_task import Job

_ENDING = "pages under way are finished; press Ctrl-C again to end at once"
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
        "holds for numbers of their kind. A P that cannot be promised is refused, with the least "
        "that can."
    ),
)
@click.option(
    "--csv",
    type=_file,
    callback=csv_file,
    metavar="FILE",
    help=(
        "Write a row for each number, to stdout where FILE is -. If every page holds exactly one "
        "grid, write the grids as they lie instead."
    ),
)
@click.option(
    "--xlsx",
    type=_file,
    callback=workbook_file,
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
    "--crops",
    type=_folder,
    metavar="DIR",
    help="Write an image of each number and of each doubtful cell into DIR.",
)
@click.option(
    "--resume",
    is_flag=True,
    help=(
        "Go on with a run that was interrupted, or add pages to one that was made with --resume: "
        "what was read is kept. Model, thresholds and places of results must be the same."
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

    Words and letters are left alone. Without --min-confidence and --max-error every digit is
    told, and numbers less sure than 90 % are listed to be checked.

    Beside the first file or folder that is written lies its journal until all pages are read; with
    --resume it stays, so that more pages can be added.
    """
    from digitus.cli.read.outputs import Outputs
    from digitus.cli.read.page_inputs import find_sources
    from digitus.cli.read.targets import Targets
    from digitus.models import load_digit_model
    from digitus.reader.pipeline.thresholds import fingerprint, make_thresholds

    targets = Targets.of(options)
    job = _job(options, targets)
    model = load_digit_model(job.model)
    make_thresholds(model, min_confidence=job.min_confidence, max_error=job.max_error)
    sources = find_sources(pages, outputs=[targets.overlay, targets.crops])
    targets.refuse_inputs(*sources.paths, job.model or "")
    with targets.folders():
        settings = _settings(job, fingerprint(model))
        journal = _open_journal(targets, settings, resume=options["resume"])
        outputs = Outputs(targets, sources.order, journal=journal, options=options)
        return _read(sources, job, outputs, jobs=options["jobs"] or _cores())


def _job(options: Mapping[str, Any], targets: "Targets") -> "Job":
    from digitus.reader.batch.page_task import Job

    return Job(
        model=options["model_name"],
        min_confidence=options["min_confidence"] or 0.0,
        max_error=options["max_error"],
        overlay=targets.overlay,
        crops=targets.crops,
        keeps_crops=targets.xlsx is not None,
    )


def _open_journal(
    targets: "Targets", settings: dict[str, Any], *, resume: bool
) -> "Journal | None":
    """Open the journal where something is to be written; for pipes alone it stays no longer."""
    from digitus.reader.batch.journal import Journal

    return Journal(targets.journal, settings, resume=resume) if targets else None


def _settings(job: "Job", model: str) -> dict[str, Any]:
    """Name what the readings in a journal depend on, and what was written page by page."""
    folders = {"overlay": job.overlay, "crops": job.crops}
    return {
        "model": model,
        "min-confidence": job.min_confidence,
        "max-error": job.max_error,
        "xlsx": job.keeps_crops,
        **{name: folder and os.path.realpath(folder) for name, folder in folders.items()},
    }


def _cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(sources: "Sources", job: "Job", outputs: "Outputs", *, jobs: int) -> int:
    """Read all pages that are not in the journal; write what was asked for; give the exit code."""
    from digitus.cli.read.progress_bar import progress
    from digitus.cli.screen import interruptible
    from digitus.reader.batch.parallel import read_many

    with outputs, interruptible(_ENDING) as interrupt:
        with progress(sources) as bar:
            tasks = sources.tasks(outputs.journal)
            for outcome in read_many(
                tasks, job, n_jobs=jobs, stop=lambda: interrupt.wanted or outputs.is_cut_off
            ):
                outputs.take(outcome, bar)
        outputs.finish(sources.errors, is_whole=sources.are_all_given(bar.done))
        if interrupt.wanted:
            raise KeyboardInterrupt
        if outputs.is_cut_off:
            raise BrokenPipeError
    return outputs.exit_code
