"""Keys between keys: lines and numbers are inserted without changing the keys of others.

A key is a text of digits and small letters that does not end in ``0``; keys are compared as bytes.
Between any two there is another.
"""

from itertools import count

_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def first_key(number: int) -> str:
    """Return the key of the item with a number, from 0, in an order that is made at once.

    >>> first_key(7)
    '000007i'
    """
    return f"{number:06}i"


def key_between(low: str, high: str | None) -> str:
    """Return a key between two others.

    Args:
        low: a smaller key; empty for the lowest end.
        high: a greater key; None for the highest end.

    >>> key_between("000007i", "000008i"), key_between("", "000000i"), key_between("zz", None)
    ('000007r', '0000009', 'zzi')
    """
    key = ""
    for at in count():
        first = _SIGNS.index(low[at]) if at < len(low) else 0
        end = len(_SIGNS) if high is None else _SIGNS.index(high[at])
        if end - first > 1:
            return key + _SIGNS[(first + end) // 2]
        key += _SIGNS[first]
        if end > first:
            high = None  # the key is smaller already
    raise AssertionError  # the loop above has no end
