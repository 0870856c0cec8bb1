"""Synthetic pages of every kind: share of digits, numbers and cells that are right.

    python benchmarks/synthetic.py [--n 10] [--kinds plain,grid,...] [--model cnn] [--seed 7]
                                   [--quick] [--json] [--sheet FILE.png]

Pages of `digitus.synthesis.pages`, 1600 x 1200 pixels, alternately written by the synthetic pen and
with digits of MNIST's training part, which the shipped models were trained on. So these figures
compare versions of the reader and show its weaknesses; for its accuracy measure real pages
(pages.py, cheques.py).

  pages    right: the digits read equal those written, in order
  digits   wrong: edit distance (Levenshtein) divided by the number of digits
  numbers  right: numbers whose digits were read as such, neither split nor joined, in any order
  cells    right: digits and verdict (digit, blank, struck_out, word) are both right; in a grid
           that was not found with all its rows and columns, no cell is
Seconds are medians. The sheet shows the pages that are not right, with what was read; keep it in an
ignored folder, such as build/.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.data import load
from digitus.synthesis.pages.page import PAGE_KINDS, SyntheticPage, make_page
from digitus.synthesis.pages.page_truth import PageTruth
from reading.engines import PageReader, digits_and_doubts, digits_of, numbers_of
from reading.scores import edit_distance, share
from reading.sheet import caption, draw_sheet

SEED, QUICK = 7, 2


@dataclass(frozen=True, eq=False)
class Answer:
    """One page and what was read on it.

    Attributes:
        kind: one of ``PAGE_KINDS``.
        truth: what is written.
        digits: all digits that were read, in order.
        numbers: the numbers that were read.
        cells: (right, all) cells of grids.
        seconds: that reading took.
        image: (rows, cols, 3) uint8.
    """

    kind: str
    truth: PageTruth
    digits: str
    numbers: Counter[str]
    cells: tuple[int, int]
    seconds: float
    image: NDArray[np.uint8]

    @property
    def right(self) -> bool:
        """Whether all digits are right."""
        return self.digits == self.truth.digits


def pages_of(kind: str, n: int, seed: int) -> Iterator[SyntheticPage]:
    """Yield n pages of a kind, alternately by the synthetic pen and with MNIST training digits."""
    train = load("mnist").train
    for number in range(n):
        rng = np.random.default_rng([seed, list(PAGE_KINDS).index(kind), number])
        yield make_page(PAGE_KINDS[kind], rng, samples=train if number % 2 else None)


def read_page(reader: PageReader, kind: str, page: SyntheticPage) -> Answer:
    """Read a page."""
    started = time.perf_counter()
    reading = reader.read(page.image)
    seconds = time.perf_counter() - started
    numbers = Counter(number.digit_text for number in numbers_of(reading))
    grids = [grid for one in reading.pages for grid in one.grids]
    cells = right_cells(page.truth, grids)
    return Answer(kind, page.truth, digits_of(reading), numbers, cells, seconds, page.image)


def right_cells(truth: PageTruth, grids: list[Any]) -> tuple[int, int]:
    """Return the number of right cells and of all; in a grid of another shape none is right."""
    true = [[_content(cell) for cell in row] for grid in truth.grids for row in grid.rows]
    read = [[_content(cell) for cell in row] for grid in grids for row in grid.rows]
    count = sum(map(len, true))
    if [*map(len, true)] != [*map(len, read)]:
        return 0, count
    pairs = zip(chain(*true), chain(*read), strict=True)
    return sum(one == other for one, other in pairs), count


def _content(cell: Any) -> tuple[str, str]:
    """Return the digits and the verdict of a cell; the truth does not tell words from other ink."""
    verdict = "not_a_digit" if cell.verdict == "word" else cell.verdict
    return digits_and_doubts(cell.text), verdict


def found_numbers(answer: Answer) -> tuple[int, int]:
    """Return the number of true numbers that were read as such, and of all."""
    true = Counter(number.digit_text for line in answer.truth.lines for number in line.numbers)
    return (true & answer.numbers).total(), true.total()


def score(answers: list[Answer]) -> dict[str, Any]:
    """Score the pages of one kind."""
    digits = sum(len(answer.truth.digits) for answer in answers)
    wrong = sum(edit_distance(answer.digits, answer.truth.digits) for answer in answers)
    numbers = np.sum([found_numbers(answer) for answer in answers], axis=0).tolist()
    cells = np.sum([answer.cells for answer in answers], axis=0).tolist()
    return {
        "pages": share(sum(answer.right for answer in answers), len(answers)),
        "digit_error_rate": wrong / max(digits, 1),
        "numbers": share(*numbers),
        "cells": share(*cells),
        "median_s": median(answer.seconds for answer in answers),
    }


def show(scores: dict[str, Any]) -> None:
    """Print the scores of all kinds."""
    print(f"{'':16}{'pages right':>14}{'digits wrong':>14}{'numbers':>9}{'cells':>9}{'seconds':>9}")
    for kind, found in scores.items():
        pages, numbers, cells = (found[name] for name in ("pages", "numbers", "cells"))
        print(
            f"{kind:<16}{pages['hits']:6d} of {pages['n']:4d}{found['digit_error_rate']:14.1%}"
            f"{_format_share(numbers):>9}{_format_share(cells):>9}{found['median_s']:9.2f}"
        )


def _format_share(part: dict[str, Any]) -> str:
    return "-" if part["share"] is None else f"{part['share']:.1%}"


def main() -> None:
    """Read the pages and print the scores as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=10, help="pages of each kind")
    parser.add_argument("--kinds", default=",".join(PAGE_KINDS), help="names, with commas")
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages of each kind")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw the mistakes")
    options = parser.parse_args()
    from digitus.reader import Reader

    reader, n = Reader(options.model), QUICK if options.quick else options.n
    answers = {
        kind: [read_page(reader, kind, page) for page in pages_of(kind, n, options.seed)]
        for kind in options.kinds.split(",")
    }
    scores = {kind: score(found) for kind, found in answers.items()}
    print(json.dumps(scores, indent=1)) if options.as_json else show(scores)
    if options.sheet is not None:
        mistakes = [one for found in answers.values() for one in found if not one.right]
        draw_sheet(
            (
                (Image.fromarray(one.image), caption(one.truth.digits, one.digits, one.kind))
                for one in mistakes
            ),
            options.sheet,
        )


if __name__ == "__main__":
    main()
