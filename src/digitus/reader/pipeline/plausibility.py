"""Leave out what is probably not a number: likely wrong, small print, specks, parts of frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from statistics import fmean, median

from digitus.reader.pipeline.assembly import bounding_box, join_numbers
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.reading import Digit, Line, Number
from digitus.reader.results.symbols import Symbol


@dataclass(frozen=True)
class PlausibilityParameters:
    """Limits below which a number is left out.

    Set by hand: a mean confidence of 0.5 is where right and wrong digits balance; the heights, from
    small print and specks beside handwriting.

    Attributes:
        min_mean_confidence: least mean confidence of the digits of a number.
        min_height: least height of the digits of a number to be checked, in typical digit heights
            of the page.
        min_height_confident: least height of any other number; what is lower is a speck.
        max_height_of_ones: greatest height of a number of 1s alone; the stems of handwritten 1s
            reach one and a half, and what is higher is an edge or a part of a frame.
        min_digits: least number of digits of a page that show their typical height.
    """

    min_mean_confidence: float = 0.5
    min_height: float = 0.5
    min_height_confident: float = 0.3
    max_height_of_ones: float = 2.0
    min_digits: int = 6


PLAUSIBILITY = PlausibilityParameters()


def drop_implausible(lines: Sequence[Line], in_cells: Sequence[Symbol] = ()) -> list[Line]:
    """Leave out implausible numbers, and lines of nothing else.

    Args:
        lines: text lines of a page.
        in_cells: symbols of its grids; the typical height is measured on these, too.
    """
    heights = _heights_px(lines, in_cells)
    typical_px = median(heights) if heights else 0.0
    show_most = len(heights) >= PLAUSIBILITY.min_digits
    most_px = PLAUSIBILITY.max_height_of_ones * typical_px if show_most else inf
    kept = [
        [one for one in line.numbers if _is_plausible(one, typical_px, most_px)] for line in lines
    ]
    return [
        line if len(numbers) == len(line.numbers) else join_numbers(numbers)
        for line, numbers in zip(lines, kept, strict=True)
        if numbers
    ]


def is_probably_right(number: Number) -> bool:
    """Return whether the digits of a number are more likely right than wrong, on average."""
    confidence = fmean(digit.confidence for digit in number.digits)
    return confidence >= PLAUSIBILITY.min_mean_confidence


def _is_plausible(number: Number, typical_px: float, most_px: float) -> bool:
    is_doubtful = number.confidence < CHECK_BELOW
    least = PLAUSIBILITY.min_height if is_doubtful else PLAUSIBILITY.min_height_confident
    height_px = bounding_box([digit.box for digit in number.digits])[3]
    if height_px > most_px and all(digit.digit == 1 for digit in number.digits):
        return False
    return height_px >= least * typical_px and is_probably_right(number)


def _heights_px(lines: Sequence[Line], in_cells: Sequence[Symbol]) -> list[int]:
    """Return the heights of the confident digits, or else of all."""
    digits: list[Digit | Symbol] = [
        digit for line in lines for number in line.numbers for digit in number.digits
    ]
    digits += [symbol for symbol in in_cells if symbol.kind == "digit"]
    confident = [one for one in digits if one.confidence >= CHECK_BELOW]
    return [one.box[3] for one in confident or digits]
