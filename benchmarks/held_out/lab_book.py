"""A lab book: measured values with units in letters, on millimeter paper, by a dry ballpoint.

Hard here: lines of three strengths that cross every digit, a thin pen that fails now and then,
decimals, signs and percents, words before the numbers and units right after them.
"""

import numpy as np

from held_out.cameras import Light, scan
from held_out.hands import Hand
from held_out.papers import millimeter
from held_out.pens import BALLPOINT
from held_out.sheet import Sheet
from held_out.truth import HeldOutPage

NAMES = ("mass", "temp", "depth", "width", "power", "speed", "sample", "water", "drift", "scale")
UNITS = ("mg", "kg", "cm", "mm", "km", "volt", "bar", "watt", "mm")
KINDS, SHARES = ("whole", "minus", "plus", "percent"), (0.5, 0.26, 0.12, 0.12)


def make(rng: np.random.Generator, *, mnist: bool) -> HeldOutPage:
    """Return a page of values, one or two on a row."""
    height_px = float(rng.uniform(40, 56))
    pitch = round(float(rng.uniform(2.0, 2.5)) * height_px)
    rows = int(rng.integers(4, 7))
    shape = (round(pitch * (rows + 1.6)), int(rng.integers(1000, 1250)))
    sheet = Sheet(shape, Hand(rng, mnist=mnist), BALLPOINT, height_px, rng)
    sign, has_title = ".,"[int(rng.random() < 0.35)], rng.random() < 0.25
    left, column = 0.07 * shape[1], float(rng.uniform(0.34, 0.4)) * shape[1]
    if has_title:
        sheet.word("Test run", left, pitch, size=1.15)
    names, has_units = rng.permutation(NAMES), rng.random() < 0.4
    has_names = has_title or rng.random() < 0.4
    kinds = ["decimal", "decimal", *rng.choice(KINDS, 2, p=SHARES)]
    for i in range(rows):
        baseline = pitch * (i + 2) + rng.normal(scale=0.05) * height_px
        if has_names:
            sheet.word(str(names[i]), left, baseline)
        right = sheet.number(value(rng, str(rng.choice(kinds)), sign), column, baseline)
        if has_units and sheet.numbers[-1].text[-1] != "%":
            right = sheet.word(str(rng.choice(UNITS)), right + 0.55 * height_px, baseline)
        if rng.random() < 0.35:
            sheet.number(
                value(rng, str(rng.choice(kinds)), sign),
                max(right + 1.8 * height_px, 0.72 * shape[1]),
                baseline,
            )
    light = Light(fall=rng.uniform(0, 0.15), blur_px=rng.uniform(0.4, 0.7))
    return scan(sheet, millimeter(shape, height_px, rng), light, rng)


def value(rng: np.random.Generator, kind: str, sign: str) -> str:
    """Return a measured value of one of ``KINDS``, with the decimal sign of the page."""
    whole, places = int(rng.integers(0, 10 ** int(rng.integers(1, 4)))), int(rng.integers(1, 3))
    part = f"{int(rng.integers(0, 10**places)):0{places}d}"
    if kind == "percent":
        return f"{int(rng.integers(2, 100))}%"
    if kind == "whole":
        return str(whole + 10)
    before = {"minus": "-", "plus": "+"}.get(kind, "")
    return f"{before}{whole}{sign}{part}"
