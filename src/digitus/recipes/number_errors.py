"""How often whole numbers are read wrong, by confidence: what ``--max-error`` of pages rests on."""

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from digitus.data.pages import PLANS, make_page
from digitus.data.samples import Samples
from digitus.data.truth import PageTruth
from digitus.files import replacing
from digitus.models import Model
from digitus.models.trust import ErrorCurve
from digitus.reader.reader import Reader
from digitus.reader.reading import Number, PageReading
from digitus.reader.sources import pages_of
from digitus.reader.thresholds import fingerprint

KINDS = ("plain", "scan", "red pen", "shadow", "pencil", "cheque")
"""Kinds of pages, as many of each."""


def measure_numbers(
    model: Model, samples: Samples, rng: np.random.Generator, *, pages: int
) -> ErrorCurve:
    """Read synthetic pages and count wrong numbers by confidence.

    A number is right if the same digits stand in the same place of the reading order. What is read
    where nothing is written, or where a number was torn apart, is wrong; what is not read at all
    does not count.

    Args:
        model: reads the digits.
        samples: digits that it was not trained on; every other page is written with our own pen.
        rng: makes the pages.
        pages: how many.
    """
    reader = Reader(model)
    confidence, right = [], []
    for i in range(pages):
        drawn = make_page(PLANS[KINDS[i % len(KINDS)]], rng, samples=None if i % 2 else samples)
        (sheet,) = pages_of(drawn.picture)
        for number, is_right in judged(reader.read_page(sheet), drawn.truth):
            confidence.append(number.confidence)
            right.append(is_right)
    return ErrorCurve.measure(confidence, right)


def judged(reading: PageReading, truth: PageTruth) -> Iterator[tuple[Number, bool]]:
    """Tell of every number of a reading whether it is right."""
    found = list(reading.numbers)
    true = [number.text for line in truth.lines for number in line.numbers]
    matched = SequenceMatcher(None, [one.text for one in found], true, autojunk=False)
    right = {block.a + i for block in matched.get_matching_blocks() for i in range(block.size)}
    return ((number, i in right) for i, number in enumerate(found))


def write_curve(target: Path, model: Model, curve: ErrorCurve) -> None:
    """Write what ``reader.thresholds`` reads.

    Raises:
        WriteError: if it cannot be written.
    """
    content: dict[str, Any] = {"model": fingerprint(model), "kinds": KINDS}
    content["errors"] = curve.to_json()
    with replacing(target) as draft:
        draft.write_text(json.dumps(content) + "\n", encoding="utf-8")
