"""Risk-coverage curves of whole numbers, on which ``--max-error`` of ``digitus read`` rests."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

import numpy as np

from digitus.data.samples import Samples
from digitus.imaging.opening.page_source import pages_of
from digitus.models.error_bound import ErrorCurve
from digitus.reader.pipeline.reader import Reader
from digitus.reader.results.reading import Number, PageReading
from digitus.synthesis.lines.digit_strings import Gap, as_image, random_text, write_string
from digitus.synthesis.pages.page import PAGE_KINDS, make_page
from digitus.synthesis.pages.page_truth import PageTruth
from digitus.synthesis.pen.writers import PatchWriter

MEASURED_KINDS = (
    *("plain", "scan", "red pen", "shadow", "pencil", "cheque"),
    *("marks", "letters and units", "list"),
)
"""Kinds of synthetic pages, in turn."""
STRING_PX = 40.0
"""Height of the digits of strings."""
GAPS: tuple[Callable[[np.random.Generator], Gap], ...] = (
    lambda rng: rng.uniform(0.15, 0.5),
    lambda _: 0.0,
    lambda _: None,
    lambda _: -0.2,
)
"""Distances of the digits of strings, in turn: apart, adjacent, touching, overlapping."""

Measured = tuple[list[float], list[bool]]
"""Confidences of numbers, and whether each was right."""


def read_synthetic_page(
    reader: Reader, number: int, samples: Samples, rng: np.random.Generator
) -> Measured:
    """Read one synthetic page and compare its numbers with what was written.

    A number is right if the same text, marks included, stands at the same place of the reading
    order. What was read where nothing is written, or in fragments, is wrong; what was not read does
    not count.

    Args:
        reader: to measure.
        number: of the page; pages with an odd number are written with the synthetic pen.
        samples: digits that nothing was trained on.
        rng: makes the page.
    """
    kind = PAGE_KINDS[MEASURED_KINDS[number % len(MEASURED_KINDS)]]
    made = make_page(kind, rng, samples=None if number % 2 else samples)
    (page,) = pages_of(made.image)
    compared = list(compare_numbers(reader.read_page(page), made.truth))
    return [number.confidence for number, _ in compared], [is_right for _, is_right in compared]


def read_string_image(
    reader: Reader, number: int, samples: Samples, rng: np.random.Generator
) -> Measured:
    """Read an image of one string of digits and compare.

    The confidence of a string is the least of the numbers that were read in it; it is right if all
    its digits are, and nothing else was read.

    Args:
        reader: to measure.
        number: of the string; it chooses the distance of the digits.
        samples: digits that nothing was trained on.
        rng: writes the string.
    """
    text = random_text(rng)
    gap = GAPS[number % len(GAPS)](rng)
    written = write_string(text, PatchWriter(samples, STRING_PX), rng, gap=gap)
    (page,) = pages_of(as_image(written)[0])
    numbers = list(reader.read_page(page).numbers)
    confidence = min((number.confidence for number in numbers), default=0.0)
    return [confidence], ["".join(number.text for number in numbers) == written.text]


def error_curve(measured: Iterator[Measured]) -> ErrorCurve | None:
    """Return the risk-coverage curve of all numbers; None if no number was read."""
    confidences, right = list[float](), list[bool]()
    for some_confidences, some_right in measured:
        confidences += some_confidences
        right += some_right
    return ErrorCurve.measure(confidences, right) if confidences else None


def compare_numbers(reading: PageReading, truth: PageTruth) -> Iterator[tuple[Number, bool]]:
    """Return each number of a reading, and whether its text is right."""
    found = list(reading.numbers)
    true = [number.text for line in truth.lines for number in line.numbers]
    matcher = SequenceMatcher(None, [one.text for one in found], true, autojunk=False)
    right = {block.a + i for block in matcher.get_matching_blocks() for i in range(block.size)}
    return ((number, i in right) for i, number in enumerate(found))
