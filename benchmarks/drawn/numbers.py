"""Numbers with each character on a page, and what is no number: what `digitus.read` sees.

A page has items in rows and columns on white paper. Some are whole numbers, as on most pages; the
others are items of one kind, which are counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.lines.digit_strings import Box, Gap
from digitus.synthesis.lines.printed_words import random_word
from digitus.synthesis.negatives.letters_and_signs import DIGIT_LIKE, LETTERS, SIGNS
from digitus.synthesis.papers.camera import Camera, photograph
from digitus.synthesis.papers.papers import PENS, PRINT, cover, plain_paper
from drawn.alone import FORMS
from drawn.script import FONTS, Glyph, Script, display, printed
from drawn.shapes import ARABIC, CHINESE, CURRENCY, DEGREE, DEVANAGARI, ROOT

Rng: TypeAlias = np.random.Generator
HEIGHT_PX = (34.0, 46.0)  # of a digit
ROWS, COLUMNS = 6, 3
PITCH, WIDTH, MARGIN = 2.4, 8.6, 1.3  # of a row, of a column, around all; in heights of a digit
LEAST_GAP = 1.2  # between two columns, in heights of a digit
SHIFT = 1.0  # greatest distance of an item from its column's start, in heights of a digit
CURRENCY_GAP = (0.1, 0.5)  # in heights of a digit
PLAIN_SHARE = 0.4  # of the items that are whole numbers
ATTEMPTS = 20  # to write an item that fits its column
WORD_UNITS = ("kg", "cm", "m", "km", "h", "min", "mm", "t", "kW")


@dataclass(frozen=True, eq=False)
class Item:
    """What is written in one place of a page.

    Attributes:
        glyph: its ink.
        texts: the numbers to be read there, from left to right; none if it is no number.
        is_print: whether it is printed; if not, it is written with the pen.
    """

    glyph: Glyph
    texts: tuple[str, ...] = ()
    is_print: bool = False


Maker: TypeAlias = Callable[[Script], Item]


@dataclass(frozen=True)
class Place:
    """An item's numbers, its box, and whether it is counted."""

    texts: tuple[str, ...]
    box: Box
    is_counted: bool


@dataclass(frozen=True, eq=False)
class ItemPage:
    """An image (rows, cols, 3) uint8 and the items on it."""

    image: NDArray[np.uint8]
    places: tuple[Place, ...]


def page_of(kind: str, rng: Rng, number: int) -> ItemPage:
    """Draw a page of a kind of items; its digits are MNIST's on odd pages, if they can be."""
    maker = MAKERS[kind]
    name = kind.removesuffix(IN_A_NUMBER)
    form = FORMS.get(name)
    allographs = form and {form[0]: form[1][number % len(form[1])]}
    mnist = bool(number % 2) and form is None
    script = Script(rng, rng.uniform(*HEIGHT_PX), mnist=mnist, allographs=allographs)
    return _laid_out(maker, script)


def _laid_out(maker: Maker, script: Script) -> ItemPage:
    rng, height = script.rng, script.height_px
    pitch, width, margin = (round(one * height) for one in (PITCH, WIDTH, MARGIN))
    shape = (ROWS * pitch + 2 * margin, COLUMNS * width + 2 * margin)
    layers, places = np.zeros((2, *shape), np.float32), []
    for place in range(ROWS * COLUMNS):
        is_counted = rng.random() >= PLAIN_SHARE
        item = _fitting(maker if is_counted else _whole, script, width)
        rows, cols = item.glyph.ink.shape
        baseline = margin + (place // COLUMNS + 0.75 + rng.normal(scale=0.03)) * pitch
        top = round(baseline) + item.glyph.bottom_px - rows
        left = margin + place % COLUMNS * width
        left += round(rng.uniform(0, min(width - cols - LEAST_GAP * height, SHIFT * height)))
        part = layers[int(item.is_print), top : top + rows, left : left + cols]
        np.maximum(part, item.glyph.ink, out=part)
        places.append(Place(item.texts, (left, top, cols, rows), is_counted))
    paper = plain_paper(*shape, rng)
    cover(paper, layers[1], PRINT)
    cover(paper, layers[0], PENS[str(rng.choice(["black", "blue"]))], rng)
    return ItemPage(photograph(paper, Camera(table=0.0), rng)[0], tuple(places))


def _fitting(maker: Maker, script: Script, width_px: int) -> Item:
    """Make an item that leaves the gap to the next column free.

    Raises:
        ValueError: if none does.
    """
    for _ in range(ATTEMPTS):
        item = maker(script)
        if item.glyph.ink.shape[1] <= width_px - LEAST_GAP * script.height_px:
            return item
    raise ValueError(f"no item of {ATTEMPTS} fits a column of {width_px} px")


def _digits(rng: Rng, least: int, most: int) -> str:
    """Draw a number of so many digits without a leading zero."""
    count = int(rng.integers(least, most, endpoint=True))
    return str(rng.integers(10 ** (count - 1) if count > 1 else 0, 10**count))


def _whole(script: Script, *, least: int = 2, most: int = 4, gap: Gap | str = "usual") -> Item:
    text = _digits(script.rng, least, most)
    return Item(script.number(text, gap=gap), (text,))


def _with_digit(digit: int, script: Script) -> Item:
    """Write a number of two to four digits that has a digit."""
    text = list(_digits(script.rng, 2, 4))
    text[int(script.rng.integers(len(text)))] = str(digit)
    return Item(script.number("".join(text)), ("".join(text),))


def _written(form: Callable[[Rng], str], script: Script) -> Item:
    """Write a number with marks."""
    text = form(script.rng)
    return Item(script.number(text), (text,))


def _spaced(script: Script) -> Item:
    """Write a number with a space between its thousands."""
    rng = script.rng
    head, tail = _digits(rng, 1, 2), f"{rng.integers(1000):03d}"
    glyph = script.row([script.number(head), script.number(tail)], [rng.uniform(0.45, 0.7)])
    return Item(glyph, (f"{head} {tail}",))


def _beside(
    signs: Sequence[str],
    script: Script,
    *,
    before: bool = False,
    gap: tuple[float, float] = (0.3, 0.7),
    size: float = 1.0,
    bottom: float = 0.0,
) -> Item:
    """Write a whole number and, before or behind it, one of some shapes."""
    number, rng = _whole(script, most=3), script.rng
    sign = script.shape(str(rng.choice(signs)), size=size, bottom=bottom)
    pair = [sign, number.glyph] if before else [number.glyph, sign]
    return Item(script.row(pair, [rng.uniform(*gap)]), number.texts)


def _unit(script: Script, *, gap: tuple[float, float] = (0.3, 0.7)) -> Item:
    number = _whole(script, most=3)
    unit = script.letters(str(script.rng.choice(WORD_UNITS)))
    return Item(script.row([number.glyph, unit], [script.rng.uniform(*gap)]), number.texts)


def _between(sign: str, script: Script) -> Item:
    """Write a sign between two numbers."""
    one, other = (_whole(script, least=1, most=2) for _ in range(2))
    middle = script.shape(sign, size=0.5, bottom=-0.2)
    gaps = script.rng.uniform(0.35, 0.6, 2).tolist()
    glyph = script.row([one.glyph, middle, other.glyph], gaps)
    return Item(glyph, (*one.texts, *other.texts))


def _exponent(script: Script) -> Item:
    """Write a small raised digit behind a number."""
    rng = script.rng
    base, power = _digits(rng, 1, 2), _digits(rng, 1, 1)
    small = script.number(power, size=0.55)
    raised = Glyph(small.ink, -round(0.65 * script.height_px))
    return Item(script.row([script.number(base), raised], [0.1]), (f"{base}^{power}",))


def _fraction(script: Script) -> Item:
    """Write a number above another, with a horizontal bar between them."""
    rng = script.rng
    above, below = (_digits(rng, 1, 2) for _ in range(2))
    inks = [script.number(text, size=0.75).ink for text in (above, below)]
    width = round(max(ink.shape[1] for ink in inks) + 0.3 * script.height_px)
    gap, thick = round(0.18 * script.height_px), max(1, round(script.writer.pen_px))
    bar = np.zeros((thick + 2 * gap, width), np.float32)
    bar[gap : gap + thick] = 1
    stack: Ink = np.vstack([_centered(inks[0], width), bar, _centered(inks[1], width)])
    return Item(Glyph(stack, round(0.45 * script.height_px)), (f"{above}/{below}",))


def _centered(ink: Ink, width: int) -> Ink:
    left = (width - ink.shape[1]) // 2
    return np.pad(ink, ((0, 0), (left, width - ink.shape[1] - left)))


def _root(script: Script) -> Item:
    """Write a number below a root."""
    number = _whole(script, least=1, most=2)
    sign = script.shape(ROOT, size=1.25, bottom=0.05)
    row = script.row([sign, number.glyph], [0.05])
    line = np.pad(row.ink, ((round(0.1 * script.height_px), 0), (0, 0)))
    thick = max(1, round(script.writer.pen_px))
    line[:thick, round(0.8 * sign.ink.shape[1]) :] = 1
    return Item(Glyph(line, row.bottom_px), ("root " + number.texts[0],))


def _struck(script: Script) -> Item:
    return Item(script.struck(_whole(script).glyph))


def _lone(shapes: Sequence[str], script: Script) -> Item:
    return Item(script.shape(str(script.rng.choice(shapes))))


def _word(lengths: tuple[int, int], script: Script) -> Item:
    """Write random letters."""
    letters = [one for one in LETTERS if len(one) == 1 and one.islower()]
    count = int(script.rng.integers(*lengths, endpoint=True))
    return Item(script.letters("".join(script.rng.choice(letters, count))))


def _printed_word(script: Script) -> Item:
    font = str(script.rng.choice(list(FONTS)))
    height = script.height_px * script.rng.uniform(0.6, 1.0)
    return Item(printed(random_word(script.rng), font, height), is_print=True)


def _printed(font: str, script: Script) -> Item:
    text = _digits(script.rng, 2, 5)
    return Item(printed(text, font, script.height_px), (text,), is_print=True)


def _displayed(script: Script) -> Item:
    text = _digits(script.rng, 2, 5)
    return Item(display(text, script.height_px, script.rng), (text,), is_print=True)


def _foreign(digits: Sequence[str], script: Script) -> Item:
    """Write two or three digits of another script."""
    chosen = script.rng.choice(digits, int(script.rng.integers(2, 4))).tolist()
    return Item(script.row([script.shape(one) for one in chosen], [0.2] * (len(chosen) - 1)))


def _amount(rng: Rng) -> str:
    """Draw a number with marks between its thousands and before its fraction."""
    text = f"{rng.integers(1000, 100_000):,}.{rng.integers(100):02d}"
    return text if rng.random() < 0.5 else text.translate(str.maketrans(",.", ".,"))


IN_A_NUMBER = ", in a number"
UNLIKE, LIKE = tuple(LETTERS.values()), tuple(DIGIT_LIKE.values())
MAKERS: dict[str, Maker] = {
    "number of one digit": partial(_whole, least=1, most=1),
    "number of 2 to 4 digits": _whole,
    "number of 5 to 7 digits": partial(_whole, least=5, most=7),
    **{f"{digit}{IN_A_NUMBER}": partial(_with_digit, digit) for digit in range(10)},
    **{
        f"{name}{IN_A_NUMBER}": partial(_with_digit, FORMS[name][0])
        for name in (
            *("0 with a slash", "1 without a flag", "1 with a flag"),
            *("1 with a flag as long as its stem", "1 with a flag and a foot"),
            *("4 with an open top", "4 with a closed top", "5 with its bar apart"),
            *("7 without a bar", "7 with a bar", "9 with an open top"),
        )
    },
    "digits that touch": partial(_whole, gap=None),
    "digits that overlap by a fifth": partial(_whole, gap=-0.2),
    "decimal point": partial(_written, lambda rng: f"{_digits(rng, 1, 3)}.{_digits(rng, 1, 2)}"),
    "decimal comma": partial(_written, lambda rng: f"{_digits(rng, 1, 3)},{_digits(rng, 1, 2)}"),
    "minus": partial(_written, lambda rng: f"-{_digits(rng, 1, 3)}"),
    "plus": partial(_written, lambda rng: f"+{_digits(rng, 1, 3)}"),
    "slash": partial(_written, lambda rng: f"{_digits(rng, 1, 2)}/{_digits(rng, 1, 2)}"),
    "colon": partial(_written, lambda rng: f"{rng.integers(24)}:{rng.integers(60):02d}"),
    "percent sign": partial(_written, lambda rng: f"{_digits(rng, 1, 3)}%"),
    "brackets": partial(_written, lambda rng: f"({_digits(rng, 1, 3)})"),
    "date with slashes or points": partial(
        _written,
        lambda rng: str(rng.choice(["/", "."])).join(
            (f"{rng.integers(1, 32)}", f"{rng.integers(1, 13)}", f"{rng.integers(10, 40)}")
        ),
    ),
    "marks between thousands": partial(_written, _amount),
    "space between thousands": _spaced,
    "unit behind a number": _unit,
    "unit close to a number": partial(_unit, gap=(0.0, 0.12)),
    **{
        f"{name} sign before a number": partial(
            _beside, (CURRENCY[name],), before=True, gap=CURRENCY_GAP
        )
        for name in ("dollar", "pound", "yen")
    },
    **{
        f"{name} sign behind a number": partial(_beside, (CURRENCY[name],), gap=CURRENCY_GAP)
        for name in ("euro", "cent")
    },
    "degree sign": partial(_beside, (DEGREE,), gap=(0.05, 0.2), size=0.3, bottom=-0.7),
    "equals sign between numbers": partial(_between, SIGNS["equals"]),
    "times sign between numbers": partial(_between, SIGNS["cross"]),
    "exponent": _exponent,
    "fraction with a horizontal bar": _fraction,
    "root": _root,
    "letter unlike a digit before a number": partial(_beside, UNLIKE, before=True),
    "letter like a digit before a number": partial(_beside, LIKE, before=True),
    "letter close to a number": partial(_beside, UNLIKE, before=True, gap=(0.0, 0.12)),
    "lone letter unlike a digit": partial(_lone, UNLIKE),
    "lone letter like a digit": partial(_lone, LIKE),
    "two letters": partial(_word, (2, 2)),
    "written word": partial(_word, (3, 7)),
    "printed word": _printed_word,
    "struck-out number in a line": _struck,
    "Arabic digits": partial(_foreign, ARABIC),
    "Devanagari digits": partial(_foreign, DEVANAGARI),
    "Chinese numerals": partial(_foreign, CHINESE),
    **{f"printed number, {font}": partial(_printed, font) for font in FONTS},
    "seven-segment number": _displayed,
}
"""Makers of items by the name of the row in limits.md."""
