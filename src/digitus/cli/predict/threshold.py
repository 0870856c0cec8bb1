"""The confidence below which answers are declined: chosen, or taken from a promise."""

from math import nextafter
from typing import TYPE_CHECKING

from digitus.cli.screen import note, short_percent
from digitus.errors import ModelFileError

if TYPE_CHECKING:
    from digitus.models import Model
    from digitus.models.error_bound import ErrorCurve


def least_confidence(
    model: "Model", *, min_confidence: float | None, max_error: float | None
) -> float:
    """Return the stricter of the two; of a promised error, say on stderr what it rests on.

    Raises:
        ModelFileError: if the model can promise no such error.
    """
    chosen = min_confidence or 0.0
    if max_error is None:
        return chosen
    curve = _curve(model)
    threshold = _threshold(curve, max_error, name=model.name)
    note(_sentence(curve, max_error, threshold=threshold, chosen=chosen))
    # An answer must exceed the threshold: the wrong answer that set it is not kept.
    return max(chosen, nextafter(threshold, 1.0) if threshold else 0.0)


def _curve(model: "Model") -> "ErrorCurve":
    if model.errors is None:
        raise ModelFileError(
            f"{model.name}: holds no error curve, so --max-error can promise nothing; "
            f"choose another model, or --min-confidence"
        )
    return model.errors


def _threshold(curve: "ErrorCurve", max_error: float, *, name: str) -> float:
    from digitus.models.error_bound import format_error_rate

    threshold = curve.threshold(max_error)
    if threshold is None:
        raise ModelFileError(
            f"{name}: no confidence promises at most {short_percent(max_error)} errors, measured "
            f"on {curve.n:,} held-out digits; "
            f"the least that can be promised is --max-error "
            f"{format_error_rate(curve.least_error())}"
        )
    return threshold


def _sentence(curve: "ErrorCurve", max_error: float, *, threshold: float, chosen: float) -> str:
    kept = f"above a confidence of {short_percent(threshold)}" if threshold else "at any confidence"
    stricter = f"; --min-confidence {short_percent(chosen)} is stricter" * (chosen > threshold)
    return (
        f"at most {short_percent(max_error)} errors: answers are kept {kept}, measured on "
        f"{curve.n:,} held-out digits, of which {curve.kept_above(threshold):,} would be kept; "
        f"with 95 % certainty this holds for digits of their kind{stricter}"
    )
