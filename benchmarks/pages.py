"""Whole pages of a labelled folder: how many are wholly right, beside Tesseract and RapidOCR.

    python benchmarks/pages.py FOLDER [--model cnn] [--quick] [--json] [--sheet FILE.png]

FOLDER holds images and labels.json, a list of objects:
  file                   the image
  digits                 all its digits in reading order
  hard                   counted as "hard", the others as "plain"
  mixed_with_non_digits  counted apart: what is no digit has to be left alone
  reading_order_certain  if false counted apart, and right in any order

A page is wholly right if the digits that were read are the label, none more and none less. The
digit error rate is the edit distance (Levenshtein) to the label over the digits there are. The
peers read in the same run, a page each in turn, where they are installed: the command `tesseract`
(one block of text, allowed digits only) and the Python package `rapidocr`. Seconds are medians.
Intervals are 95 % (Wilson 1927). The sheet shows our mistakes; keep it in an ignored folder, such
as build/.
"""

import json
from pathlib import Path
from typing import Any

from reading.command import measure_folder
from reading.engines import PAGE
from reading.scores import Case

QUICK = 5


def cases_of(folder: Path) -> list[Case]:
    """Read labels.json."""
    rows = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return [
        Case(folder / row["file"], row["digits"], group_of(row), row["reading_order_certain"])
        for row in rows
    ]


def group_of(row: dict[str, Any]) -> str:
    """Return what a page is counted under."""
    if row["mixed_with_non_digits"]:
        return "mixed"
    if not row["reading_order_certain"]:
        return "order uncertain"
    return "hard" if row["hard"] else "plain"


if __name__ == "__main__":
    measure_folder(__doc__, cases_of, mode=PAGE, quick=QUICK)
