"""The command line of the benchmarks of labelled folders."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from reading.engines import side_by_side
from reading.scores import Case, Contest, show
from reading.sheet import caption, draw_sheet, opened


def measure_folder(
    description: str, cases_of: Callable[[Path], list[Case]], *, mode: int, quick: int
) -> None:
    """Read a labelled folder with all readers, and print the scores as text or JSON.

    Args:
        description: the script's docstring, whose first line is the command's help.
        cases_of: reads the labels of a folder.
        mode: Tesseract's page segmentation mode.
        quick: number of images to read with --quick.
    """
    options = _parser(description, quick).parse_args()
    from digitus.reader import Reader

    cases = cases_of(options.folder)[: quick if options.quick else None]
    contest = Contest()
    contest.run(side_by_side(Reader(options.model), mode), cases)
    scores = contest.scores()
    print(json.dumps(scores, indent=1)) if options.as_json else show(scores)
    if options.sheet is not None:
        draw_mistakes(contest, options.sheet)


def draw_mistakes(contest: Contest, path: Path) -> None:
    """Draw a sheet of the mistakes of digitus."""
    entries = [
        (opened(one.case.path), caption(one.case.truth, one.found, one.case.path.name))
        for one in contest.mistakes("digitus")
    ]
    draw_sheet(entries, path)


def _parser(description: str, quick: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--quick", action="store_true", help=f"the first {quick} images")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw the mistakes of digitus")
    return parser
