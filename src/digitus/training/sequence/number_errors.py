"""How often whole numbers are read wrong, by confidence: what ``--max-error`` of pages rests on."""

import json
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from digitus.data.samples import Samples
from digitus.files import replacing
from digitus.imaging.opening.page_source import pages_of
from digitus.models import Model
from digitus.models.error_bound import ErrorCurve
from digitus.reader.pipeline.reader import Reader
from digitus.reader.pipeline.thresholds import fingerprint
from digitus.reader.results.reading import Number, PageReading
from digitus.synthesis.lines.digit_strings import Gap, as_image, random_text, write_string
from digitus.synthesis.pages.page import PAGE_KINDS, make_page
from digitus.synthesis.pages.page_truth import PageTruth
from digitus.synthesis.pen.writers import PatchWriter

KINDS = ("plain", "scan", "red pen", "shadow", "pencil", "cheque")
"""Kinds of pages, as many of each."""
STRING_PX = 40.0
GAPS: tuple[Callable[[np.random.Generator], Gap], ...] = (
    lambda rng: rng.uniform(0.15, 0.5),
    lambda _: 0.0,
    lambda _: None,
    lambda _: -0.2,
)
"""How far the digits of strings are apart, as many of each."""


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
        drawn = make_page(
            PAGE_KINDS[KINDS[i % len(KINDS)]], rng, samples=None if i % 2 else samples
        )
        (sheet,) = pages_of(drawn.image)
        for number, is_right in judged(reader.read_page(sheet), drawn.truth):
            confidence.append(number.confidence)
            right.append(is_right)
    return ErrorCurve.measure(confidence, right)


def measure_strings(
    model: Model, samples: Samples, rng: np.random.Generator, *, strings: int
) -> ErrorCurve:
    """Read images of one string each and count wrong ones by confidence.

    The digits of every other one touch or overlap. A string is as sure as the least sure number
    that was read of it, and right if all digits are.

    Args:
        model: reads the digits.
        samples: digits that it was not trained on.
        rng: writes the strings.
        strings: how many.
    """
    reader, writer = Reader(model), PatchWriter(samples, STRING_PX)
    confidence, right = np.zeros(strings), np.zeros(strings, bool)
    for i in range(strings):
        written = write_string(random_text(rng), writer, rng, gap=GAPS[i % len(GAPS)](rng))
        (sheet,) = pages_of(as_image(written)[0])
        numbers = list(reader.read_page(sheet).numbers)
        confidence[i] = min((number.confidence for number in numbers), default=0.0)
        right[i] = "".join(number.text for number in numbers) == written.text
    return ErrorCurve.measure(confidence, right)


def judged(reading: PageReading, truth: PageTruth) -> Iterator[tuple[Number, bool]]:
    """Tell of every number of a reading whether it is right."""
    found = list(reading.numbers)
    true = [number.text for line in truth.lines for number in line.numbers]
    matched = SequenceMatcher(None, [one.text for one in found], true, autojunk=False)
    right = {block.a + i for block in matched.get_matching_blocks() for i in range(block.size)}
    return ((number, i in right) for i, number in enumerate(found))


def write_curves(target: Path, model: Model, pages: ErrorCurve, strings: ErrorCurve) -> None:
    """Write what ``reader.thresholds`` reads.

    Raises:
        WriteError: if it cannot be written.
    """
    content: dict[str, Any] = {"model": fingerprint(model), "kinds": KINDS}
    content |= {"errors": pages.to_json(), "strings": strings.to_json()}
    with replacing(target) as draft:
        draft.write_text(json.dumps(content) + "\n", encoding="utf-8")
