"""Seconds per epoch on MNIST: Digitus, PyTorch, JAX, scikit-learn and the bare products.

    python benchmarks/training.py [--quick] [--only s3,512] [--batch 32,128] [--optimizer adam]
                                  [--epochs N] [--threads N] [--json [FILE]] [--plot FILE]

Six networks x batches of 32, 128 and 512 x SGD and Adam. All contestants hold the same float32 rows
in memory, start from the same weights and use the same order of the rows, which each draws within
the measured time; none has a penalty. Each has its own process with the same number of threads;
they train alternately (A B C A B C ...), one epoch each. A number is the median after one warm-up;
compilation is done before and reported separately. PyTorch is listed with its fastest variant.

The floor is the time of the matrix products alone, computed by `np.matmul` into existing arrays.
"peer/D" is the fastest peer's time over that of Digitus, "D/floor" that of Digitus over the
floor's. "loss" is the relative difference of the mean training losses over the whole run: more
than 2 % in a cell ends with exit code 1. "final" is that of the losses of the final weights, which
one NumPy function computes for all; rounding differences have grown there, the more the smaller
the loss, so it has no limit.

Before each round the program waits for other programs to finish; a line measured while others
were computing ends with an exclamation mark.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from contest.cells import BATCHES, RATES, SHAPES, Cell, all_cells
from contest.result import LARGEST_SPREAD, Result
from contest.rows import load_rows
from contest.run import choose_entries, run_cell
from contest.table import line, summary, table
from contest.worker import ContestantProcess

EPOCHS, QUICK_EPOCHS = 5, 3
WAIT_S, QUICK_WAIT_S = 60.0, 1.0


def say(text: str) -> None:
    """Print a line of progress to stderr."""
    print(text, file=sys.stderr, flush=True)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "--quick", action="store_true", help="3 epochs, batch 128 and all of s3, fused PyTorch only"
    )
    add("--only", help="networks, out of " + ",".join(shape.name for shape in SHAPES))
    add("--batch", help="batches, out of " + ",".join(map(str, BATCHES)))
    add("--optimizer", help="optimizers, out of " + ",".join(RATES))
    add("--epochs", type=int, help=f"after the warm-up, {EPOCHS} by default")
    add("--threads", type=int, default=2, help="threads of each contestant")
    add("--rows", type=int, help="use only the first rows, to try the program")
    add("--json", nargs="?", const="-", metavar="FILE", help="to a file, or instead of the table")
    add("--plot", type=Path, metavar="FILE", help="draw the ratios")
    return parser.parse_args()


def choose_cells(options: argparse.Namespace) -> list[Cell]:
    """Return the cells that pass the filters."""
    cells = all_cells()
    if options.quick:
        cells = [cell for cell in cells if cell.batch == 128 or cell.shape.name == "s3"]
    found = {
        "only": lambda cell: cell.shape.name,
        "batch": lambda cell: str(cell.batch),
        "optimizer": lambda cell: cell.optimizer,
    }
    for option, value in found.items():
        if (wanted := getattr(options, option)) is not None:
            cells = [cell for cell in cells if value(cell) in wanted.split(",")]
    if not cells:
        raise SystemExit("no cell is left; see --help for the names")
    return cells


def measure(cells: Sequence[Cell], options: argparse.Namespace) -> list[Result]:
    """Start the contestants and measure them in all cells."""
    rows = load_rows(options.rows)
    epochs = options.epochs or (QUICK_EPOCHS if options.quick else EPOCHS)
    wait_s = QUICK_WAIT_S if options.quick else WAIT_S
    entries = choose_entries(say, quick=options.quick)
    workers = [
        ContestantProcess(entry, threads=options.threads, n_rows=options.rows) for entry in entries
    ]
    results = []
    for number, cell in enumerate(cells, start=1):
        results.append(run_cell(cell, workers, rows, epochs=epochs, wait_s=wait_s))
        say(f"{number:>3}/{len(cells)}  {line(results[-1])}")
    for worker in workers:
        worker.close()
    return results


def report(results: Sequence[Result], options: argparse.Namespace) -> None:
    """Print the table; write JSON and plot if requested."""
    as_json = {"threads": options.threads, "cells": [result.as_json() for result in results]}
    text = json.dumps(as_json, indent=2)
    if options.json == "-":
        print(text)
    else:
        print("\n".join([*table(results), summary(results)]))
        if options.json:
            Path(options.json).write_text(text + "\n", encoding="utf-8")
    if options.plot:
        from contest.plot import draw  # matplotlib is slow to import

        draw(results, options.plot)


def check_losses(results: Sequence[Result]) -> None:
    """Exit with code 1 if the losses of the contestants of a cell differ."""
    apart = [each for each in results if each.spread > LARGEST_SPREAD]
    if apart:
        names = "; ".join(f"{each.cell} ({each.spread:.1%})" for each in apart)
        raise SystemExit(f"mean losses lie more than {LARGEST_SPREAD:.0%} apart in {names}")


def main() -> None:
    """Measure, print, and check that all reached the same losses."""
    options = parse_options()
    results = measure(choose_cells(options), options)
    report(results, options)
    check_losses(results)


if __name__ == "__main__":
    main()
