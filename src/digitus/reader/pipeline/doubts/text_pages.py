"""Pages of text: what is read as numbers there are mostly the letters o, O, l and I.

A letter that stands alone, apart from its word, is a digit by its shape. Only the whole page tells:
most of its symbols are letters, and most of its digits are 0 and 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from digitus.reader.pipeline.number_grouping import SymbolGroup
from digitus.reader.results.symbols import Lines, Symbol


@dataclass(frozen=True)
class TextPageParameters:
    """When a page is one of text.

    Set by hand: of the digits of true numbers a fifth to a third are 0 and 1.

    Attributes:
        min_letters: least number of letters for each digit.
        min_digits: least number of digits that show which ones they are.
        min_alike: least share of 0 and 1 among the digits.
        alike: the digits that letters without a word are.
        min_height: least height of a letter over the median of the digits.
        p_complete: limit of ``p_complete`` for the numbers of such a page.
    """

    min_letters: float = 1.0
    min_digits: int = 8
    min_alike: float = 0.6
    alike: frozenset[int] = frozenset({0, 1})
    min_height: float = 0.6
    p_complete: float = 0.6


TEXT_PAGES = TextPageParameters()


def doubt_on_text_page(
    groups: Sequence[Sequence[SymbolGroup]], lines: Lines
) -> list[list[SymbolGroup]]:
    """Doubt all numbers on a page of text.

    Args:
        groups: numbers of each line.
        lines: symbols of the page, with its letters.
    """
    if not _is_text_page([one for line in lines for some in line for one in some]):
        return [list(line) for line in groups]
    return [
        [replace(one, p_complete=min(one.p_complete, TEXT_PAGES.p_complete)) for one in line]
        for line in groups
    ]


def _is_text_page(symbols: Sequence[Symbol]) -> bool:
    digits = [one for one in symbols if one.kind == "digit"]
    if len(digits) < TEXT_PAGES.min_digits:
        return False
    least_px = TEXT_PAGES.min_height * median(one.box[3] for one in digits)
    n_letters = sum(one.kind == "other" and one.box[3] >= least_px for one in symbols)
    n_alike = sum(one.digit in TEXT_PAGES.alike for one in digits)
    is_alike = n_alike >= TEXT_PAGES.min_alike * len(digits)
    return is_alike and n_letters >= TEXT_PAGES.min_letters * len(digits)
