"""Number formats of a spreadsheet, with which a value looks as it was written."""

import re


def number_format(text: str, value: float) -> str:
    """Return the number format of a plain number.

    Leading zeros, trailing zeros and a plus sign are kept. Decimal sign and thousands separator are
    those of the spreadsheet's language, except for a space.

    Args:
        text: the number as it is written.
        value: what it is worth, see `values.py`.

    >>> number_format("187.50", 187.5), number_format("0042", 42), number_format("+1 204", 1204)
    ('0.00', '0000', '+# ##0;-# ##0')
    """
    whole, decimals = text.lstrip("+-"), ""
    if isinstance(value, float):
        whole, decimals = re.split("[.,](?=[0-9]+$)", whole)
    pattern = _whole_format(whole) + (f".{'0' * len(decimals)}" if decimals else "")
    return f"+{pattern};-{pattern}" if text.startswith("+") else pattern


def _whole_format(whole: str) -> str:
    """Return the format of the whole part, which may be empty."""
    if " " in whole:
        return "#" + " ###" * (whole.count(" ") - 1) + " ##0"
    if re.search("[.,]", whole):
        return "#,##0"
    return "0" * len(whole) if whole.startswith("0") else whole and "0"
