"""Which digits are told and which numbers are to be checked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nextafter
from typing import Any

import numpy as np

from digitus.errors import ModelFileError
from digitus.models import Model
from digitus.models.error_bound import ErrorCurve, format_error_rate
from digitus.models.sequence_file import shipped_sequence_weights
from digitus.reader.results.reading import DOUBTFUL, Digit, Line, Number

WORTH_A_LOOK = 0.9
"""A number less sure than this is listed to be checked where nobody chose a threshold."""


@dataclass(frozen=True)
class Thresholds:
    """Thresholds below which digits are declined and numbers are to be checked.

    Attributes:
        least_digit: a digit less sure is declined.
        least_number: of a number less sure the least sure digit is declined.
        least_unseen: a number less sure is to be checked, its digits are told all the same.
    """

    least_digit: float = 0.0
    least_number: float = 0.0
    least_unseen: float = 0.0

    def judge(self, number: Number) -> Number:
        """Decline the doubtful digits of a number; tell whether it is to be checked."""
        least = self.least_digit
        if number.confidence < self.least_number:
            lowest = min(digit.confidence for digit in number.digits)
            least = max(least, nextafter(lowest, 2.0))
        digits = tuple(_judged(digit, least) for digit in number.digits)
        is_doubtful = any(digit.digit is None for digit in digits)
        return replace(
            number,
            text=text_of(digits),
            digits=digits,
            to_check=is_doubtful or number.confidence < self.least_unseen,
        )

    def judge_line(self, line: Line) -> Line:
        """Judge each number of a line."""
        numbers = tuple(map(self.judge, line.numbers))
        return replace(line, numbers=numbers, text=" ".join(number.text for number in numbers))


def make_thresholds(model: Any, *, min_confidence: float, max_error: float | None) -> Thresholds:
    """Make the thresholds out of what a user asks for.

    Args:
        model: what the digits are read with.
        min_confidence: digits less sure are declined.
        max_error: of the numbers that are not to be checked at most this share is wrong; None
            promises nothing.

    Raises:
        ValueError: if a share is out of range.
        ModelFileError: if no such promise can be made.
    """
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"a confidence lies in 0 to 1; got {min_confidence}")
    if max_error is not None and not 0 < max_error < 1:
        raise ValueError(f"max_error lies between 0 and 1; got {max_error}")
    if max_error is not None:
        return Thresholds(min_confidence, _least_number(error_curves(model), max_error))
    return Thresholds(min_confidence, 0.0, 0.0 if min_confidence else WORTH_A_LOOK)


def error_curves(model: Any) -> tuple[ErrorCurve, ErrorCurve]:
    """Return how often numbers were wrong by confidence: synthetic pages and touching strings.

    Raises:
        ModelFileError: if it was not measured with this model.
    """
    measured = shipped_sequence_weights().errors
    if (
        not isinstance(model, Model)
        or measured is None
        or measured.classifier != fingerprint(model)
    ):
        name = getattr(model, "name", "this model")
        raise ModelFileError(
            f"{name}: errors of whole numbers were measured with the model cnn alone; "
            f"choose that, or --min-confidence"
        )
    return measured.pages, measured.strings


def fingerprint(model: Model) -> str:
    """Tell a model by its parameters: the start of their SHA-256."""
    parameters = np.ascontiguousarray(model.network.parameters)
    return hashlib.sha256(parameters.tobytes()).hexdigest()[:16]


def text_of(digits: tuple[Digit, ...]) -> str:
    """Write digits in a row, ``?`` for one that was declined."""
    return "".join(DOUBTFUL if one.digit is None else str(one.digit) for one in digits)


def _judged(digit: Digit, least: float) -> Digit:
    if digit.confidence >= least:
        return digit
    return replace(digit, digit=None, verdict="not_a_digit")


def _least_number(curves: Sequence[ErrorCurve], max_error: float) -> float:
    """Return the confidence from which every curve keeps the promise."""
    found = [curve.threshold(max_error) for curve in curves]
    thresholds = [one for one in found if one is not None]
    if len(thresholds) < len(curves):
        strictest = max(curves, key=ErrorCurve.least_error)
        raise ModelFileError(
            f"no confidence promises at most {100 * max_error:g} % wrong numbers, measured on "
            f"{strictest.n:,} of them; the least that can be promised is "
            f"{format_error_rate(strictest.least_error())}"
        )
    # A number must exceed the threshold: the wrong number that set it is not kept.
    return max(nextafter(one, 2.0) if one else 0.0 for one in thresholds)
