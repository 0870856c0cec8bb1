"""Write a share as a percentage, the same way in the terminal, in tables and in plots."""


def percent(share: float, digits: int = 1) -> str:
    """Write a share as a percentage; only 1 is written as 100 %, and only 0 as 0 %.

    Args:
        share: 0 to 1.
        digits: number of decimals.

    >>> percent(0.98495, 2), percent(0.461), percent(1.0), percent(0.0)
    ('98.50 %', '46.1 %', '100.0 %', '0.0 %')
    >>> percent(0.99997), percent(0.00003), percent(0.00003, 2), percent(0.999, 0)
    ('> 99.9 %', '< 0.1 %', '< 0.01 %', '> 99 %')
    """
    text, least = f"{share:.{digits}%}", 10.0 ** -(digits + 2)
    if share < 1 and text == f"{1:.{digits}%}":
        text = f"> {1 - least:.{digits}%}"
    elif share > 0 and text == f"{0:.{digits}%}":
        text = f"< {least:.{digits}%}"
    return text.replace("%", " %")
