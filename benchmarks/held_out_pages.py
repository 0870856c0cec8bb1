"""Pages held out by kind: share that is wholly right, marks included, and what goes wrong.

    python benchmarks/held_out_pages.py [--n 40] [--kinds "lab book,blackboard"] [--seed 16]
                                        [--model cnn] [--jobs 2] [--json] [--sheet FILE.png]

Five generators in `held_out/` write pages on papers, with pens and in layouts that no training
uses. Their digits are shapes of their own or, on every second page, skeletons of MNIST's training
rows 55,000 to 59,999 followed by another pen.

  pages    wholly right: all numbers as written, marks included, in reading order, and no others
  digits   pages of which all digits are right and in order, whatever their marks
  numbers  read as written; what was read is aligned with what is written, in order
  missed   true numbers with nothing read for them
  silent   numbers read that are not right, and not flagged
  marks    recall and precision of each kind; false points or commas for each number; a slash read
           as a 1 or a 1 as a slash
  reasons  pages that each kind of mistake occurs on
Shares have 95 % intervals (Wilson 1927) in the JSON. The sheet shows the pages that are not wholly
right, with what is written and what was read; keep it in an ignored folder, such as build/.
"""

import argparse
import json
import multiprocessing
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from digitus.reader import Reader
from held_out.pages import GENERATORS, page_of
from held_out.scores import KINDS, Answer, answer_of, score

SEED, PAGES = 16, 40
COLUMNS, TILE_PX, CAPTION_LINES = 3, (620, 560), 4  # of the sheet

_readers: list[Any] = []  # of this process: one, once it is made


def answers_of(
    kinds: Sequence[str], n: int, seed: int, *, model: str | None, jobs: int
) -> Iterator[Answer]:
    """Yield the answers to n pages of each kind, in order."""
    tasks = [(kind, number, seed) for kind in kinds for number in range(n)]
    if jobs == 1:
        _start(model)
        yield from map(_answer, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _start, (model,)) as pool:
        yield from pool.imap(_answer, tasks)


def _start(model: str | None) -> None:
    """Make the reader of this process."""
    _readers[:] = [Reader(model)]


def _answer(task: tuple[str, int, int]) -> Answer:
    """Make a page and read it."""
    kind, number, seed = task
    page = page_of(kind, number, seed)
    started = time.perf_counter()
    reading = _readers[0].read(page.image)
    return answer_of(kind, number, page, reading, time.perf_counter() - started)


def show(scores: dict[str, Any]) -> None:
    """Print the scores of all kinds as tables."""
    names = ("pages", "digits", "numbers")
    print(f"{'':14}{'pages':>12}{'digits':>12}{'numbers':>14}{'missed':>8}{'silent':>8}{'s':>7}")
    for kind, found in scores.items():
        parts = [f"{found[name]['hits']} of {found[name]['n']}" for name in names]
        print(
            f"{kind:14}{parts[0]:>12}{parts[1]:>12}{parts[2]:>14}"
            f"{found['missed']:8d}{found['silent']:8d}{found['mean_s']:7.2f}"
        )
    print(f"\n{'marks':14}{'found of true':>20}{'true of found':>20}")
    marks = scores["all"]["marks"]
    for kind in KINDS:
        recall, precision = marks[kind]["recall"], marks[kind]["precision"]
        print(f"{kind:14}{_format_share(recall):>20}{_format_share(precision):>20}")
    print(f"false points for each number: {scores['all']['false_points_per_number']:.4f}")
    print(
        "slash against 1: {flagged} flagged, {silent} not".format(
            **scores["all"]["slash_against_1"]
        )
    )
    print("\npages with a mistake of a kind")
    for kind, found in scores.items():
        listed = ", ".join(f"{name} {count}" for name, count in found["reasons"].items())
        print(f"{kind:14}{listed}")


def _format_share(part: dict[str, Any]) -> str:
    if part["share"] is None:
        return "-"
    return f"{part['hits']} of {part['n']} {part['share']:7.1%}"


def draw_sheet(answers: Sequence[Answer], seed: int, path: Path) -> None:
    """Draw the pages of answers with what is written and what was read."""
    rows = -(-len(answers) // COLUMNS) or 1
    sheet = Image.new("RGB", (COLUMNS * TILE_PX[0], rows * TILE_PX[1]), "white")
    for i, answer in enumerate(answers):
        corner = (i % COLUMNS * TILE_PX[0], i // COLUMNS * TILE_PX[1])
        image = Image.fromarray(page_of(answer.kind, answer.number, seed).image)
        image.thumbnail((TILE_PX[0] - 10, TILE_PX[1] - 34 * CAPTION_LINES))
        sheet.paste(image, corner)
        read = "  ".join(one.text + "!" * one.to_check for one in answer.found)
        lines = [f"{answer.kind} {answer.number}"]
        for name, text in (("is", "  ".join(answer.true)), ("read", read)):
            lines += textwrap.wrap(f"{name:5}{text}", 84)
        below = (corner[0], corner[1] + image.height + 4)
        ImageDraw.Draw(sheet).multiline_text(below, "\n".join(lines), fill="black", font_size=14)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def main() -> None:
    """Read the pages and print the scores as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=PAGES, help="pages of each kind")
    parser.add_argument("--kinds", default=",".join(GENERATORS), help="names, with commas")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw the mistakes")
    options = parser.parse_args()
    kinds = options.kinds.split(",")
    if unknown := [kind for kind in kinds if kind not in GENERATORS]:
        parser.error(f"unknown kinds: {', '.join(unknown)}; there are {', '.join(GENERATORS)}")
    answers = list(
        answers_of(kinds, options.n, options.seed, model=options.model, jobs=options.jobs)
    )
    scores = {kind: score([one for one in answers if one.kind == kind]) for kind in kinds}
    scores["all"] = score(answers)
    print(json.dumps(scores, indent=1), flush=True) if options.as_json else show(scores)
    if options.sheet is not None:
        draw_sheet([one for one in answers if not one.right], options.seed, options.sheet)


if __name__ == "__main__":
    main()
