"""A form's carbon copy: small blurred digits on hatched security paper with smudges.

Printed words name the fields, or a frame holds a table with printed headers. Hard here: digits of
10 to 28 px, strokes as blue as the smudges, hatching at their distance, brackets, cells with a word
or nothing, and on some pages nothing but one small pair of digits that touch.
"""

import numpy as np

from held_out.cameras import Light, scan
from held_out.hands import Hand
from held_out.papers import hatched, smudge
from held_out.pens import CARBON
from held_out.sheet import Sheet
from held_out.truth import HeldOutPage

FIELDS = ("Order", "Phone", "Balance", "Items", "Weight", "Account", "Rate", "Meter", "Claim")
PLAYERS = ("Anna", "Bruno", "Carla", "Dario", "Emma", "Felix")
KINDS = ("code", "loss", "percent", "date")  # besides digits and amounts; one for each form
SHARES = (0.4, 0.85)  # of forms, and of forms and tables; the rest are pages of one pair


def make(rng: np.random.Generator, *, mnist: bool) -> HeldOutPage:
    """Return a form, a table, or a page of one pair."""
    height_px = float(rng.uniform(10, 14) if rng.random() < 0.15 else rng.uniform(19, 28))
    shape = (int(rng.integers(480, 620)), int(rng.integers(900, 1100)))
    sheet = Sheet(shape, Hand(rng, mnist=mnist), CARBON, height_px, rng)
    drawn = rng.random()
    if drawn < SHARES[0]:
        _form(sheet, rng)
    elif drawn < SHARES[1]:
        _table(sheet, rng)
    else:
        _one_pair(sheet, rng)
    paper = hatched(shape, rng)
    smudge(paper, (0.45, 0.5, 0.72), rng)
    light = Light(fall=rng.uniform(0, 0.12), blur_px=rng.uniform(0.4, 0.6), noise=0.006)
    return scan(sheet, paper, light, rng)


def _form(sheet: Sheet, rng: np.random.Generator) -> None:
    """Fields with a printed name and a line to write on."""
    rows, cols = sheet.shape
    names, size = rng.permutation(FIELDS), 0.9 * sheet.height_px + 4
    count, kinds = int(rng.integers(4, 7)), ("whole", "amount", str(rng.choice(KINDS)))
    pitch = (rows - 100) / count
    sheet.print_text("Delivery note", 60, 50, 1.5 * size)
    for i in range(count):
        baseline = 100 + pitch * (i + 0.5)
        sheet.print_text(str(names[i]), 60, baseline, size)
        sheet.print_line(
            (200, baseline + 0.45 * sheet.height_px),
            (0.85 * cols, baseline + 0.45 * sheet.height_px),
            1,
        )
        x = sheet.number(
            entry(str(rng.choice(kinds)), rng), 220 + float(rng.uniform(0, 60)), baseline
        )
        if rng.random() < 0.5:
            sheet.number(entry(str(rng.choice(kinds)), rng), x + 120, baseline)


def _table(sheet: Sheet, rng: np.random.Generator) -> None:
    """Scores in a frame, with headers and names in print."""
    height, size = sheet.height_px, 0.9 * sheet.height_px + 4
    players, rounds = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    cell = (round(2.9 * height), round(float(rng.uniform(7, 9)) * height))
    left, top = 80, 70
    right, bottom = left + (rounds + 1) * cell[1], top + (players + 1) * cell[0]
    for i in range(players + 2):
        sheet.print_line((left, top + i * cell[0]), (right, top + i * cell[0]))
    for i in range(rounds + 2):
        sheet.print_line((left + i * cell[1], top), (left + i * cell[1], bottom))
    for k in range(rounds):
        title = ("First", "Second", "Third")[k]
        sheet.print_text(title, left + (k + 1.15) * cell[1], top + 0.68 * cell[0], size)
    for i in range(players):
        baseline = top + (i + 1.68) * cell[0]
        sheet.print_text(PLAYERS[i], left + 0.12 * cell[1], baseline, size)
        for k in range(rounds):
            x = left + (k + 1) * cell[1] + 1.1 * height
            if sheet.numbers and rng.random() < 0.15:
                sheet.word(str(rng.choice(["absent", "none"])), x, baseline)
            elif not sheet.numbers or rng.random() < 0.9:
                sheet.number(score(rng), x, baseline)


def _one_pair(sheet: Sheet, rng: np.random.Generator) -> None:
    """Nothing but two digits that touch."""
    rows, cols = sheet.shape
    pair = sheet.laid_out(str(rng.integers(10, 100)), touching=True)
    sheet.write(pair, float(rng.uniform(0.2, 0.7)) * cols, float(rng.uniform(0.3, 0.7)) * rows)


def entry(kind: str, rng: np.random.Generator) -> str:
    """Return what a field holds: digits, an amount, or one of ``KINDS``."""
    return {
        "whole": str(rng.integers(100, 100_000)),
        "amount": f"{int(rng.integers(1, 900))}.{int(rng.integers(0, 100)):02d}",
        "code": f"({int(rng.integers(200, 990))})",
        "loss": f"({int(rng.integers(2, 90))}.{int(rng.integers(0, 100)):02d})",
        "percent": f"{int(rng.integers(2, 100))}%",
        "date": "{}.{}.{}".format(*rng.integers((1, 1, 20), (32, 13, 40))),
    }[kind]


def score(rng: np.random.Generator) -> str:
    """Return the score of a round, some with a sign or a half."""
    points = int(rng.integers(0, 100))
    kind = rng.choice(["whole", "plus", "minus", "half"], p=[0.6, 0.12, 0.14, 0.14])
    return {
        "whole": str(points),
        "plus": f"+{points}",
        "minus": f"-{points}",
        "half": f"{points}.5",
    }[str(kind)]
