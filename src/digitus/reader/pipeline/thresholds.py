"""Decline doubtful digits and flag doubtful numbers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nextafter
from typing import Any

import numpy as np

from digitus.errors import ModelFileError
from digitus.models import Model
from digitus.models.error_bound import ErrorCurve, format_error_rate
from digitus.models.sequence.sequence_file import shipped_sequence_weights
from digitus.reader.results.as_written import written
from digitus.reader.results.reading import Digit, Line, Number

CHECK_BELOW = 0.9
"""Confidence below which a number is flagged if the user chose no threshold; set by hand."""


@dataclass(frozen=True)
class Thresholds:
    """Confidences below which digits are declined and numbers are flagged.

    A number with a declined digit is flagged, too. A mark is never declined: the text keeps it, or
    leaves it out, and the number is flagged.

    Attributes:
        min_digit: confidence below which a digit is declined: ``?`` stands for it in the text; and
            certainty of a mark below which its number is flagged.
        min_number: confidence below which a number is flagged, and its least certain digit
            declined, unless one of its marks is less certain.
        check_below: confidence below which a number is flagged; its digits are kept.
    """

    min_digit: float = 0.0
    min_number: float = 0.0
    check_below: float = 0.0

    def apply_to_number(self, number: Number) -> Number:
        """Decline the doubtful digits of a number, and flag it if it is to be checked."""
        least, least_mark = self.min_digit, min((one.certainty for one in number.marks), default=1)
        if number.confidence < self.min_number:
            lowest = min(digit.confidence for digit in number.digits)
            if lowest <= least_mark:
                least = max(least, nextafter(lowest, 2.0))
        digits = tuple(_declined(one) if one.confidence < least else one for one in number.digits)
        is_incomplete = any(digit.digit is None for digit in digits)
        is_unsure = number.confidence < max(self.min_number, self.check_below)
        return replace(
            number,
            text=written(digits, number.marks),
            digits=digits,
            to_check=is_incomplete or is_unsure or least_mark < self.min_digit,
        )

    def apply_to_line(self, line: Line) -> Line:
        """Apply the thresholds to each number of a line."""
        numbers = tuple(map(self.apply_to_number, line.numbers))
        return replace(line, numbers=numbers, text=" ".join(number.text for number in numbers))


def make_thresholds(model: Any, *, min_confidence: float, max_error: float | None) -> Thresholds:
    """Return the thresholds for what a user asks for.

    Args:
        model: model that reads the digits.
        min_confidence: confidence below which digits are declined, 0 to 1.
        max_error: error bound, 0 to 1: of the numbers that are not flagged at most this share is
            wrong; None sets none.

    Raises:
        ValueError: if a share is out of range.
        ModelFileError: if the error bound cannot be met, or was not measured for this model.
    """
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence: expected 0 to 1, got {min_confidence}")
    if max_error is not None and not 0 < max_error < 1:
        raise ValueError(f"max_error: expected a share between 0 and 1, got {max_error}")
    if max_error is not None:
        return Thresholds(min_confidence, _min_number(error_curves(model), max_error))
    return Thresholds(min_confidence, 0.0, 0.0 if min_confidence else CHECK_BELOW)


def error_curves(model: Any) -> tuple[ErrorCurve, ErrorCurve]:
    """Return the error curves of whole numbers: of synthetic pages, and of touching strings.

    Raises:
        ModelFileError: if they were not measured with this model.
    """
    measured = shipped_sequence_weights().errors
    if (
        not isinstance(model, Model)
        or measured is None
        or measured.classifier != fingerprint(model)
    ):
        name = getattr(model, "name", "this model")
        raise ModelFileError(
            f"{name}: the errors of whole numbers were measured with the model cnn only; "
            f"choose it, or use --min-confidence"
        )
    return measured.pages, measured.strings


def fingerprint(model: Model) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a model's parameters."""
    parameters = np.ascontiguousarray(model.network.parameters)
    return hashlib.sha256(parameters.tobytes()).hexdigest()[:16]


def _declined(digit: Digit) -> Digit:
    return replace(digit, digit=None, verdict="not_a_digit")


def _min_number(curves: Sequence[ErrorCurve], max_error: float) -> float:
    """Return the lowest confidence of a number at which every curve meets the error bound."""
    found = [curve.threshold(max_error) for curve in curves]
    thresholds = [one for one in found if one is not None]
    if len(thresholds) < len(curves):
        strictest = max(curves, key=ErrorCurve.least_error)
        raise ModelFileError(
            f"no threshold meets the error bound of {100 * max_error:g} %, measured on "
            f"{strictest.n:,} numbers; the lowest bound that can be met is "
            f"{format_error_rate(strictest.least_error())}"
        )
    # A number must exceed the threshold: the wrong number that set it is not kept.
    return max(nextafter(one, 2.0) if one else 0.0 for one in thresholds)
