"""A time log: dates, times and percents with a chisel nib or a colored pencil.

On a dot-grid notebook with the holes of its binding, or between the staves of music paper. Hard
here: dots and holes beside decimal points, staves, strokes of two widths, slashes and colons, a
small number beside a tall one.
"""

from dataclasses import dataclass

import numpy as np

from held_out.cameras import Light, scan
from held_out.hands import Hand
from held_out.papers import dotted, music
from held_out.pens import CHISEL, COLORED_PENCIL
from held_out.sheet import Sheet
from held_out.truth import HeldOutPage

WORDS = ("run", "swim", "rest", "piano", "scales", "etude", "walk", "nap", "read")


@dataclass(frozen=True)
class Style:
    """What the entries of a page are like: the sign in dates, and whether there are words."""

    sign: str
    has_words: bool
    has_percents: bool


def make(rng: np.random.Generator, *, mnist: bool) -> HeldOutPage:
    """Return a page of three or four rows; each has a tall or a long entry and a second one."""
    height_px = float(rng.uniform(38, 50))
    rows, cols = int(rng.integers(3, 5)), int(rng.integers(1050, 1300))
    hand = Hand(rng, mnist=mnist, upright=True)
    if rng.random() < 0.5:
        pitch = round(float(rng.uniform(2.0, 2.4)) * height_px)
        shape = (round(pitch * (rows + 1.2)), cols)
        paper = dotted(shape, height_px, rng)
        baselines = [pitch * (i + 1.2) for i in range(rows)]
        pen, left = CHISEL, 90.0
    else:
        shape = (round((3.5 * rows + 0.6) * height_px), cols)
        paper, bands = music(shape, height_px, rng)
        baselines = bands[:rows]
        pen, left = COLORED_PENCIL, 0.06 * cols
    sheet = Sheet(shape, hand, pen, height_px, rng)
    words = rng.permutation(WORDS)
    style = Style("/."[int(rng.random() < 0.6)], bool(rng.random() < 0.3), bool(rng.random() < 0.3))
    for i, baseline in enumerate(baselines):
        _row(sheet, str(words[i]), left, baseline, style)
    light = Light(
        fall=rng.uniform(0, 0.2), shadow=rng.uniform(0, 0.4), blur_px=rng.uniform(0.4, 0.8)
    )
    return scan(sheet, paper, light, rng)


def _row(sheet: Sheet, word: str, left: float, baseline: float, style: Style) -> None:
    """Write a date and a time, or a tall day and a small time; a word; often a percent."""
    height, rng = sheet.height_px, sheet.rng
    if rng.random() < 0.5:
        x = sheet.number(date(style.sign, rng), left, baseline)
        x = sheet.number(time(rng), x + 1.3 * height, baseline)
    else:
        tall = sheet.laid_out(str(rng.integers(1, 32)), height_px=1.45 * height)
        x = sheet.write(tall, left, baseline)
        x = sheet.write(
            sheet.laid_out(time(rng), height_px=0.72 * height), x + 1.3 * height, baseline
        )
    if style.has_words:
        x = sheet.word(word, x + 1.2 * height, baseline)
    if style.has_percents and rng.random() < 0.7 and x + 6 * height < sheet.shape[1]:
        sheet.number(f"{int(rng.integers(5, 100))}%", x + 1.5 * height, baseline)


def date(sign: str, rng: np.random.Generator) -> str:
    """Return a date with slashes or points, some without the year."""
    day, month = int(rng.integers(1, 32)), int(rng.integers(1, 13))
    year = f"{sign}{int(rng.integers(2019, 2032))}" if rng.random() < 0.5 else ""
    return f"{day:02d}{sign}{month:02d}{year}"


def time(rng: np.random.Generator) -> str:
    """Return a time of day."""
    return f"{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 60)):02d}"
