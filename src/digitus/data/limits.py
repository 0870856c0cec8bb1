"""Limits on what one data file may hold once it is decoded: a small file can expand a thousandfold.

Sizes that a file declares are compared with them before anything is decoded; streams that declare
none (CSV) are counted as they are decoded.
"""

import os
from dataclasses import dataclass

from digitus.data.samples import PIXELS
from digitus.errors import DataError

VARIABLE = "DIGITUS_MAX_DATA_BYTES"


@dataclass(frozen=True)
class Limits:
    """How much one file may hold.

    Attributes:
        data_bytes: of all arrays that are taken from it, in the number type of the file. 512 MiB
            are 11 times MNIST's 60,000 images as bytes, or MNIST's 70,000 as double precision; a
            deflated file of 0.5 MB can expand to it. ``$DIGITUS_MAX_DATA_BYTES`` sets it.
        line_bytes: of one line of a table: 785 numbers in the longest usual form
            (``-1.797693134862315700e+308``) take 20 kB.
    """

    data_bytes: int = 1 << 29
    line_bytes: int = 1 << 16

    @property
    def rows(self) -> int:
        """Lines of a table: each takes a byte per pixel once it is read."""
        return self.data_bytes // PIXELS

    @property
    def text_bytes(self) -> int:
        """Text of a table: a pixel takes up to four characters, such as ``255,``."""
        return 4 * self.data_bytes


def current_limits() -> Limits:
    """Return the limits, with those that the environment sets.

    Raises:
        DataError: if ``$DIGITUS_MAX_DATA_BYTES`` is not a whole number above 0.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return Limits()
    if not text.isdecimal() or len(text) > 18 or int(text) == 0:
        raise DataError(
            f"{VARIABLE}: expected a number of bytes such as {Limits().data_bytes}, "
            f"found {text!r:.40}; correct it"
        )
    return Limits(data_bytes=int(text))


def too_large(where: object, found: str) -> DataError:
    """Return the error for a file that holds more than the limit.

    Args:
        where: the file.
        found: what it holds, such as ``3,000,000,000 bytes``.
    """
    return DataError(
        f"{where}: expected at most {current_limits().data_bytes:,} bytes of decoded data, "
        f"found {found}; set {VARIABLE} if the file is meant to be that large"
    )


def refuse_too_large(n_bytes: int, where: object) -> None:
    """Compare a declared size with the limit, before anything is decoded.

    Raises:
        DataError: if it is larger.
    """
    if n_bytes > current_limits().data_bytes:
        raise too_large(where, f"{n_bytes:,}" if n_bytes < 1 << 63 else "far more")
