"""A blackboard: answers with a letter before them, fractions, times, in chalk, on climbing lines.

Hard here: light on dark, strokes broken into grains, a wooden frame in the image, `a)` before the
number, two numbers on a line that climbs, a slash beside ones.
"""

import numpy as np

from held_out.cameras import lamp, scan
from held_out.hands import Hand
from held_out.papers import framed, slate
from held_out.pens import CHALK
from held_out.sheet import Sheet
from held_out.truth import HeldOutPage

LETTERS = "abcdefh"
KINDS = ("fraction", "time", "minus")  # besides whole numbers and decimals; one for each board


def make(rng: np.random.Generator, *, mnist: bool) -> HeldOutPage:
    """Return a board of answers in one or two columns."""
    height_px = float(rng.uniform(44, 62))
    pitch = round(float(rng.uniform(2.1, 2.6)) * height_px)
    rows, columns = int(rng.integers(3, 6)), int(rng.integers(1, 3))
    shape = (round(pitch * (rows + 1.9)), int(rng.integers(1100, 1400)))
    sheet = Sheet(shape, Hand(rng, mnist=mnist, upright=True), CHALK, height_px, rng)
    has_letters = rng.random() < 0.35
    kinds = ("whole", "whole", "decimal", str(rng.choice(KINDS)))
    climb = float(rng.uniform(0.015, 0.055)) * (1 if rng.random() < 0.75 else -1)
    left = 0.1 * shape[1]
    sheet.word("Answers", left, 1.15 * pitch, size=1.1)
    for i in range(rows):
        for k in range(columns):
            x = left + k * 0.44 * shape[1]
            letter = LETTERS[columns * i + k : columns * i + k + 1]
            line = pitch * (i + 2.2) + (climb * 0.3 * shape[1])
            if letter and has_letters:
                end = sheet.word(letter, x, line - climb * x, climb=climb)
                bracket = sheet.laid_out(")")
                x = sheet.write(
                    bracket, end + 0.12 * height_px, line - climb * end, is_number=False
                )
                x += 1.0 * height_px
            sheet.number(answer(str(rng.choice(kinds)), rng), x, line - climb * x, climb=climb)
            if columns == 1 and rng.random() < 0.6:
                x = 0.62 * shape[1]
                sheet.number(answer(str(rng.choice(kinds)), rng), x, line - climb * x, climb=climb)
    board = slate(shape, rng)
    if rng.random() < 0.4:
        framed(board, int(rng.integers(16, 30)), rng)
    return scan(sheet, board, lamp(rng), rng)


def answer(kind: str, rng: np.random.Generator) -> str:
    """Return a whole number, a decimal, or one of ``KINDS``."""
    small, large = int(rng.integers(1, 10)), int(rng.integers(10, 400))
    return {
        "whole": str(large),
        "fraction": f"{small}/{int(rng.integers(2, 20))}",
        "time": f"{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 12)) * 5:02d}",
        "decimal": f"{small}.{int(rng.integers(0, 10))}",
        "minus": f"-{large}",
    }[kind]
