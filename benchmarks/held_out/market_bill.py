"""A market stall's bill: words, quantities and prices in columns, brushed on paper torn off a roll.

Kraft paper or a till's thermal paper lies on planks or a checked cloth, and its torn edges are in
the image. Hard here: the edges of sheet and table, words that hold round letters, prices that end
at one column, a minus or a percent for what is taken off, a line above the sum.
"""

import numpy as np

from held_out.cameras import lamp, photograph, torn
from held_out.hands import Hand
from held_out.papers import cloth, kraft, planks, thermal
from held_out.pens import BRUSH, FELT_TIP
from held_out.sheet import Sheet
from held_out.truth import HeldOutPage

GOODS = ("apples", "bread", "butter", "carrots", "cheese", "honey", "pears", "rice", "salt", "tea")
WOODS = ((0.5, 0.35, 0.22), (0.66, 0.52, 0.36), (0.33, 0.25, 0.2))
CLOTHS = ((0.62, 0.3, 0.28), (0.34, 0.44, 0.58), (0.55, 0.58, 0.46))


def make(rng: np.random.Generator, *, mnist: bool) -> HeldOutPage:
    """Return a bill of three to five goods and their sum."""
    height_px = float(rng.uniform(38, 54))
    pitch = round(float(rng.uniform(1.75, 2.2)) * height_px)
    rows, is_off = int(rng.integers(3, 6)), bool(rng.random() < 0.35)
    shape = (
        round(pitch * (rows + 3.1 + is_off)),
        round(float(rng.uniform(14.5, 16.5)) * height_px),
    )
    pen = (BRUSH, FELT_TIP)[int(rng.integers(2))]
    sheet = Sheet(shape, Hand(rng, mnist=mnist), pen, height_px, rng)
    sign = ",."[int(rng.integers(2))]
    left, right = 0.08 * shape[1], float(rng.uniform(0.87, 0.92)) * shape[1]
    counts = rng.random() < 0.25
    goods, climb = rng.permutation(GOODS), rng.normal(scale=0.012)
    has_goods = counts or rng.random() < 0.5
    sheet.word("Market", left, pitch, size=1.1)
    for i in range(rows):
        baseline = pitch * (i + 2)
        x = left
        if counts:
            x = sheet.number(str(rng.integers(2, 13)), x, baseline) + 0.9 * height_px
        if has_goods:
            sheet.word(str(goods[i]), x, baseline - climb * x, climb=climb, size=0.9)
        sheet.number_to(price(rng, sign), right, baseline - climb * right)
    baseline = pitch * (rows + 2.1)
    if is_off:
        off = (f"-{price(rng, sign)}", f"{int(rng.integers(1, 7)) * 5}%")[int(rng.integers(2))]
        sheet.word("rebate", left, baseline, size=0.9)
        sheet.number_to(off, right, baseline)
        baseline += pitch
    level = baseline - 1.32 * height_px
    sheet.line((0.62 * shape[1], level), (right, level))
    sheet.word("Together", left, baseline, size=0.9)
    sheet.number_to(
        f"{int(rng.integers(10, 200))}{sign}{int(rng.integers(0, 100)):02d}", right, baseline
    )
    paper = kraft(shape, rng) if rng.random() < 0.5 else thermal(shape, rng)
    size = (shape[0] + round(4 * height_px), shape[1] + round(5 * height_px))
    color = (WOODS, CLOTHS)[int(rng.integers(2))][int(rng.integers(3))]
    table = planks(size, color, rng) if color in WOODS else cloth(size, color, rng)
    return photograph(sheet, paper, torn(shape, rng), table, lamp(rng), rng)


def price(rng: np.random.Generator, sign: str) -> str:
    """Return a price with two decimals."""
    return f"{int(rng.integers(0, 40))}{sign}{int(rng.integers(0, 20)) * 5:02d}"
