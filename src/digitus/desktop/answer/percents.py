"""The probabilities of an answer in percent: shares that sum to 100 and agree everywhere."""

import re
from collections.abc import Sequence

from digitus.recognizer import Prediction

NO_BREAK = "\N{NO-BREAK SPACE}"
ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"
_TENTHS = 1000  # tenths of a percent in 100 %


def shares_of(found: Prediction) -> tuple[float, ...] | None:
    """Return the probability shown for each digit; they sum to one.

    None for a blank and for several digits. The share of an answered digit is its confidence, the
    probability that the image is a digit and this one; the rest is divided among the others in
    proportion. If the answer was declined, the shares are the probabilities of the digits given
    that it is a digit.
    """
    if found.verdict == "several_digits":
        return None
    shares, best, confidence = found.probabilities, found.digit, found.confidence
    if shares is None or best is None or confidence is None or shares[best] >= 1:
        return shares
    rest = (1 - confidence) / (1 - shares[best])
    shown = tuple(confidence if i == best else rest * share for i, share in enumerate(shares))
    return shown if confidence >= max(shown) else shares  # the answer must have the longest bar


def texts_of(found: Prediction) -> list[str]:
    """Return the shares as texts; empty for a blank."""
    shares = shares_of(found)
    return [] if shares is None else percent_texts(shares)


def rounded_percents(probabilities: Sequence[float]) -> list[float]:
    """Round shares to tenths of a percent such that the results sum to 100.

    Each share is rounded down, and the missing tenths go to those with the largest remainders
    (Hamilton 1792).

    Args:
        probabilities: not negative, summing to one.

    >>> rounded_percents([1 / 3, 1 / 3, 1 / 3])
    [33.4, 33.3, 33.3]
    """
    total = sum(probabilities)
    exact = [_TENTHS * share / total for share in probabilities]
    tenths = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: tenths[i] - exact[i])
    for i in by_remainder[: _TENTHS - sum(tenths)]:
        tenths[i] += 1
    return [value / 10 for value in tenths]


def percent_texts(probabilities: Sequence[float]) -> list[str]:
    """Write shares that sum to one as percentages that sum to 100; see ``percent``.

    >>> percent_texts([0.99996, 0.00004, 0.0])
    ['> 99.9 %', '< 0.1 %', '0.0 %']
    """
    shown = rounded_percents(probabilities)
    return [
        _bounded(f"{value:.1f}", share) for value, share in zip(shown, probabilities, strict=True)
    ]


def unbroken(text: str) -> str:
    r"""Keep each number on one line with its sign and unit.

    >>> unbroken("Otherwise a 3: < 0.1 %").split(" ")
    ['Otherwise', 'a', '3:', '<\xa00.1\xa0%']
    """
    return re.sub(r"(?<=[<>]) | (?=%)", NO_BREAK, text)


def breakable(text: str) -> str:
    r"""Let long paths wrap behind each slash.

    >>> breakable("/a/b.png").split("\u200b")
    ['/', 'a/', 'b.png']
    """
    return re.sub(r"(?<=[/\\])", ZERO_WIDTH_SPACE, text)


def _bounded(text: str, share: float) -> str:
    if text == "100.0" and share < 1:
        return "> 99.9 %"
    if text == "0.0" and share > 0:
        return "< 0.1 %"
    return f"{text} %"
