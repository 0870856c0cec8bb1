"""Handwritten amounts on patterned paper: share read without error, compared with other readers.

    python benchmarks/cheques.py FOLDER [--model cnn] [--quick] [--json] [--sheet FILE.png]

FOLDER holds images and labels.csv with the columns file and text: the amount. An amount is right if
the digits read equal its digits; dots, commas and dashes do not count. Amounts in which the boxes
of two neighbors touch are the group "boxes meet", if labels.csv has a column boxes ([[left, top,
width, height], ...] in reading order). The other readers, if they are installed, read in the same
run: the command `tesseract` (one line of text, digits only) and the Python package `rapidocr`.
Seconds are medians, intervals 95 % (Wilson 1927). The sheet shows the mistakes of digitus; keep it
in an ignored folder, such as build/.
"""

import csv
import json
from itertools import pairwise
from pathlib import Path

from reading.command import measure_folder
from reading.engines import LINE, only_digits
from reading.scores import Case

QUICK = 20


def cases_of(folder: Path) -> list[Case]:
    """Read labels.csv."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return [
            Case(folder / row["file"], only_digits(row["text"]), group_of(row.get("boxes")))
            for row in csv.DictReader(file)
        ]


def group_of(boxes: str | None) -> str:
    """Return the group of an amount: whether the boxes of two neighbors touch."""
    found = json.loads(boxes) if boxes else []
    meet = any(left + width >= after for (left, _, width, _), (after, *_) in pairwise(found))
    return "boxes meet" if meet else "boxes apart"


if __name__ == "__main__":
    measure_folder(__doc__, cases_of, mode=LINE, quick=QUICK)
