"""Warnings about the reading of a whole page."""

from collections.abc import Iterator
from dataclasses import dataclass

from digitus.reader.results.reading import PageReading


@dataclass(frozen=True)
class PageWarningParameters:
    """Parameters of ``warnings_of``, set by hand.

    Attributes:
        fewest_ones: least number of doubtful numbers of nothing but 1s for a warning.
        least_share: least share of all numbers of the page that these are.
    """

    fewest_ones: int = 6
    least_share: float = 0.25


PAGE_WARNINGS = PageWarningParameters()


def warnings_of(page: PageReading) -> Iterator[str]:
    """Yield a sentence for each reason to doubt the reading of a page as a whole.

    A straight stroke of any origin fits a 1; so many doubtful 1s are probably none.
    """
    numbers = list(page.numbers)
    ones = sum(number.to_check and set(number.text) <= {"1", "?"} for number in numbers)
    if ones >= max(PAGE_WARNINGS.fewest_ones, PAGE_WARNINGS.least_share * len(numbers)):
        yield (
            f"{ones:,} of {len(numbers):,} numbers are doubtful 1s; lines, a pattern of the paper "
            f"or the edge of the sheet may have been taken for digits"
        )
