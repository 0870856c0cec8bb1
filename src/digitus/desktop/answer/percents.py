"""Probabilities as people read them: per cent with one decimal that add up."""

import re
from collections.abc import Sequence

NO_BREAK = "\N{NO-BREAK SPACE}"
_TENTHS = 1000  # of a per cent in the whole


def shown_percents(probabilities: Sequence[float]) -> list[float]:
    """Round shares to tenths of a per cent so that the rounded ones still sum to 100.

    Each is cut off, and what is missing goes to those that lost most (largest remainder,
    Hamilton 1792).

    Args:
        probabilities: not negative, summing to one.

    >>> shown_percents([1 / 3, 1 / 3, 1 / 3])
    [33.4, 33.3, 33.3]
    """
    total = sum(probabilities)
    exact = [_TENTHS * share / total for share in probabilities]
    tenths = [int(value) for value in exact]
    lost = sorted(range(len(exact)), key=lambda i: tenths[i] - exact[i])
    for i in lost[: _TENTHS - sum(tenths)]:
        tenths[i] += 1
    return [value / 10 for value in tenths]


def percent_texts(probabilities: Sequence[float]) -> list[str]:
    """Write shares (summing to one) so that they sum to 100, within the bounds of ``percent``.

    >>> percent_texts([0.99996, 0.00004, 0.0])
    ['> 99.9 %', '< 0.1 %', '0.0 %']
    """
    shown = shown_percents(probabilities)
    return [
        _bounded(f"{tenths:.1f}", share) for tenths, share in zip(shown, probabilities, strict=True)
    ]


def percent(share: float) -> str:
    """Write a share; nothing short of all is shown as 100 %, nothing above none as 0 %.

    >>> percent(0.987), percent(0.99999), percent(1.0), percent(0.00001)
    ('98.7 %', '> 99.9 %', '100.0 %', '< 0.1 %')
    """
    return _bounded(f"{100 * share:.1f}", share)


def _bounded(text: str, share: float) -> str:
    """Write per cent; nothing short of all is shown as 100 %, nothing above none as 0 %."""
    if text == "100.0" and share < 1:
        return "> 99.9 %"
    if text == "0.0" and share > 0:
        return "< 0.1 %"
    return f"{text} %"


def unbroken(text: str) -> str:
    r"""Keep each number in one line with its sign and unit.

    >>> unbroken("Otherwise a 3: < 0.1 %").split(" ")
    ['Otherwise', 'a', '3:', '<\xa00.1\xa0%']
    """
    return re.sub(r"(?<=[<>]) | (?=%)", NO_BREAK, text)
