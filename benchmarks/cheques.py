"""Handwritten amounts on patterned paper: how many are wholly right, beside other readers.

    python benchmarks/cheques.py FOLDER [--model cnn] [--quick] [--json] [--sheet FILE.png]

FOLDER holds images and labels.csv with the columns file and text: the amount's digits. An amount
is wholly right if its digits are, none more and none less; dots, commas and dashes do not count.
"boxes meet" are the amounts with two neighbours whose boxes do, where labels.csv has a column boxes
([[left, top, width, height], ...] in reading order). The peers read in the same run, where they are
installed: the command `tesseract` (one line of text, allowed digits only) and the Python package
`rapidocr`. Seconds are medians, intervals 95 % (Wilson 1927). The sheet shows our mistakes; keep it
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
    """Return whether the boxes of two neighbours meet."""
    found = json.loads(boxes) if boxes else []
    meet = any(left + width >= after for (left, _, width, _), (after, *_) in pairwise(found))
    return "boxes meet" if meet else "boxes apart"


if __name__ == "__main__":
    measure_folder(__doc__, cases_of, mode=LINE, quick=QUICK)
