"""Pages of a labelled folder: share read without error, compared with Tesseract and RapidOCR.

    python benchmarks/pages.py FOLDER [--model cnn] [--quick] [--json] [--sheet FILE.png]

FOLDER holds images and labels.json, a list of objects:
  file                   the image
  digits                 all its digits in reading order
  hard                   counted as "hard", the others as "plain"
  mixed_with_non_digits  counted separately: other writing has to be ignored
  reading_order_certain  if false, counted separately, and any order is right

A page is right if the digits read equal the label. The digit error rate is the edit distance
(Levenshtein) to the label divided by the number of digits in the labels. The other readers, if they
are installed, read each page in the same run: the command `tesseract` (one block of text, digits
only) and the Python package `rapidocr`. Seconds are medians, intervals 95 % (Wilson 1927). The
sheet shows the mistakes of digitus; keep it in an ignored folder, such as build/.
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
    """Return the group that a page is counted in."""
    if row["mixed_with_non_digits"]:
        return "mixed"
    if not row["reading_order_certain"]:
        return "order uncertain"
    return "hard" if row["hard"] else "plain"


if __name__ == "__main__":
    measure_folder(__doc__, cases_of, mode=PAGE, quick=QUICK)
