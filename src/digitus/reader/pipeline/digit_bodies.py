"""The body of a digit: its columns without the rest of a ruled line beside its foot.

Gaps are measured between bodies, because such a tail reaches to the next number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitus.reader.results.symbols import LineImage, Symbol


@dataclass(frozen=True)
class BodyParameters:
    """Which columns of a wide digit are its body.

    Set by hand: digits are rarely wider than high, and ruled lines run along their feet.

    Attributes:
        min_width: least width of a digit that may have a tail, over its height.
        foot: share of the height of a digit at its foot; columns with ink there alone are a tail.
        min_tail: least width of a tail, in heights of the digit; a shorter one is a stroke.
        min_ink: least ink of a pixel that counts.
    """

    min_width: float = 1.05
    foot: float = 0.3
    min_tail: float = 0.25
    min_ink: float = 0.2


BODIES = BodyParameters()


def with_bodies(symbols: Sequence[Symbol], image: LineImage) -> list[Symbol]:
    """Give the wide digits among the symbols of a line image their bodies."""
    return [
        replace(one, columns=_body_of(one, image))
        if one.kind == "digit" and one.box[2] > BODIES.min_width * one.box[3]
        else one
        for one in symbols
    ]


def _body_of(symbol: Symbol, image: LineImage) -> tuple[int, int] | None:
    """Return the first column of a digit's body in the page, and its width; None for the whole."""
    left, top, width, height = symbol.box
    ink = image.ink[top - image.top :, left - image.left :][:height, :width]
    above = ink[: round((1 - BODIES.foot) * height)]
    cols = np.flatnonzero((above >= BODIES.min_ink).any(axis=0))
    if not len(cols):
        return None
    first, last = int(cols[0]), int(cols[-1]) + 1
    least_px = BODIES.min_tail * height
    first, last = first * (first >= least_px), last if width - last >= least_px else width
    return (left + first, last - first) if last - first < width else None
