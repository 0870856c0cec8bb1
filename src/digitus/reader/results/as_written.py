"""Numbers as they are written: with the dots, commas and dashes that their text leaves out."""

from collections.abc import Iterator

from digitus.reader.results.reading import DOUBTFUL, Box, Digit, Number

SIGNS: dict[str, str] = {
    **{"point": ".", "comma": ",", "minus": "-", "plus": "+", "slash": "/", "colon": ":"},
    **{"percent": "%", "left_bracket": "(", "right_bracket": ")"},
}
"""The character of each mark."""


def written(number: Number) -> str:
    """Return the digits and marks of a number in one text, with ``?`` for a declined digit.

    >>> from digitus.reader.results.reading import Mark
    >>> digit = Digit(7, "digit", 0.99, (20, 0, 10, 20), ((7, 0.99),))
    >>> written(Number("7", 0.99, False, (20, 0, 10, 20), (digit,), (Mark("minus", (2, 9, 9, 3)),)))
    '-7'
    """
    return "".join(sign for sign, _ in signs(number))


def signs(number: Number) -> Iterator[tuple[str, bool]]:
    """Yield the digits and marks of a number from left to right, and whether each is a mark."""
    marks = sorted(number.marks, key=lambda mark: _middle(mark.box))
    for digit in number.digits:
        while marks and _middle(marks[0].box) < _middle(digit.box):
            yield SIGNS[marks.pop(0).kind], True
        yield _shown(digit), False
    for mark in marks:
        yield SIGNS[mark.kind], True


def _shown(digit: Digit) -> str:
    return DOUBTFUL if digit.digit is None else str(digit.digit)


def _middle(box: Box) -> float:
    return box[0] + box[2] / 2
