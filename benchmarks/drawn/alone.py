"""One character in an image, or something else that is no digit: what `digitus.predict` sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.synthesis.negatives import doodles
from digitus.synthesis.negatives.letters_and_signs import DIGIT_LIKE, LETTERS, SIGNS
from digitus.synthesis.negatives.textures import texture
from digitus.synthesis.papers.camera import Camera, photograph, random_camera
from digitus.synthesis.papers.papers import PENS, cover, draw_ruled_lines, plain_paper
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.pen_drawings import ink_of, log_uniform
from drawn.script import FONTS, Glyph, Script, display, printed
from drawn.shapes import ARABIC, CHINESE, CURRENCY, DEGREE, DEVANAGARI

Rng: TypeAlias = np.random.Generator
HEIGHT_PX = (28.0, 140.0)  # of a digit; log-uniform
MARGIN = (0.15, 0.9)  # of paper on each side, in heights of a digit
UNITS = ("kg", "cm", "m", "km", "h", "min", "mm", "t", "kW")


@dataclass(frozen=True, eq=False)
class DrawnImage:
    """An image and its digit.

    Attributes:
        image: (rows, cols) or (rows, cols, 3) uint8.
        digit: 0 to 9; None if it shows no single digit.
    """

    image: NDArray[np.uint8]
    digit: int | None = None


Maker: TypeAlias = Callable[[Rng, int], DrawnImage]
"""Draws an image; even numbers are drawn by the synthetic pen, odd ones may be MNIST's."""


def shape_of(digit: int, names: Sequence[str], rng: Rng, number: int) -> DrawnImage:
    """Draw a digit in one of some allographs."""
    allographs = {digit: names[int(rng.integers(len(names)))]}
    script = Script(rng, log_uniform(rng, *HEIGHT_PX), mnist=False, allographs=allographs)
    return DrawnImage(_seen(script.number(str(digit)), script, rng, number), digit)


def _digit_of(rng: Rng, number: int, *, mnist: bool = False) -> DrawnImage:
    script = _script(rng, int(mnist))
    digit = int(rng.integers(10))
    return DrawnImage(_seen(script.number(str(digit)), script, rng, number), digit)


def _on_lines(rng: Rng, number: int, *, squared: bool) -> DrawnImage:
    """Draw a digit on ruled or squared paper."""
    script, digit = _script(rng, number), int(rng.integers(10))
    height = script.height_px
    canvas = _canvas(script.number(str(digit)), height, rng, (0.6, 1.2))
    paper = plain_paper(*canvas.shape, rng)
    pitch = height * (rng.uniform(0.5, 1.1) if squared else rng.uniform(1.4, 1.9))
    draw_ruled_lines(paper, pitch, rng, first_px=rng.uniform(0.1, 0.9) * pitch, squared=squared)
    cover(paper, canvas, PENS["black" if number % 4 < 2 else "blue"], rng)
    return DrawnImage(photograph(paper, Camera(), rng)[0], digit)


def _light_on_dark(rng: Rng, number: int) -> DrawnImage:
    drawn = _digit_of(rng, 0, mnist=bool(number % 2))
    return DrawnImage(255 - drawn.image, drawn.digit)


def _on_a_table(rng: Rng, number: int) -> DrawnImage:
    """Photograph a digit on a sheet that lies on a table."""
    script, digit = _script(rng, number, height_px=rng.uniform(60, 140)), int(rng.integers(10))
    canvas = _canvas(script.number(str(digit)), script.height_px, rng, (0.8, 2.0))
    paper = plain_paper(*canvas.shape, rng)
    cover(paper, canvas, PENS["black"], rng)
    camera = replace(random_camera(rng), table=rng.uniform(0.08, 0.2))
    return DrawnImage(photograph(paper, camera, rng)[0], digit)


def _mark_of(character: str, rng: Rng, number: int) -> DrawnImage:
    script = _script(rng, 0)
    return DrawnImage(_seen(script.mark(character), script, rng, number))


def _brackets(rng: Rng, number: int) -> DrawnImage:
    return _mark_of("()"[int(rng.integers(2))], rng, number)


def _shape_among(shapes: Sequence[str], rng: Rng, number: int) -> DrawnImage:
    script = _script(rng, 0)
    glyph = script.shape(shapes[int(rng.integers(len(shapes)))])
    return DrawnImage(_seen(glyph, script, rng, number))


def _word_of(
    rng: Rng, number: int, *, lengths: tuple[int, int] = (3, 8), texts: Sequence[str] = ()
) -> DrawnImage:
    """Write one of some texts, or random letters."""
    script = _script(rng, 0)
    letters = [one for one in LETTERS if len(one) == 1]
    text = (
        texts[int(rng.integers(len(texts)))]
        if texts
        else "".join(rng.choice(letters, int(rng.integers(*lengths))))
    )
    return DrawnImage(_seen(script.letters(text), script, rng, number))


def _digits_in_a_row(rng: Rng, number: int, *, least: int, gap: tuple[float, float]) -> DrawnImage:
    """Write ``least`` digits, or one more in one case of three."""
    script = _script(rng, number)
    count = least + int(least > 2 and rng.random() < 1 / 3)
    text = "".join(map(str, rng.integers(0, 10, count)))
    glyph = script.number(text, gap=rng.uniform(*gap))
    return DrawnImage(_seen(glyph, script, rng, number // 2))


def _struck_out(rng: Rng, number: int) -> DrawnImage:
    script = _script(rng, number)
    glyph = script.struck(script.number(str(rng.integers(10))))
    return DrawnImage(_seen(glyph, script, rng, number // 2))


def _printed(font: str, rng: Rng, number: int) -> DrawnImage:
    script, digit = _script(rng, 0), int(rng.integers(10))
    glyph = printed(str(digit), font, script.height_px)
    return DrawnImage(_seen(glyph, script, rng, number), digit)


def _displayed(rng: Rng, number: int) -> DrawnImage:
    """Draw a digit of a display, dark on light or light on dark."""
    script, digit = _script(rng, 0), int(rng.integers(10))
    image = _seen(display(str(digit), script.height_px, rng), script, rng, number)
    return DrawnImage(255 - image if number % 4 >= 2 else image, digit)


def _doodle(rng: Rng, number: int) -> DrawnImage:
    kinds = (doodles.scribble, doodles.polygon, doodles.lines)
    ink = ink_of(kinds[int(rng.integers(len(kinds)))](rng), rng)
    return DrawnImage(np.rint(255 * (1 - ink)).astype(np.uint8))


def _blank(rng: Rng, number: int) -> DrawnImage:
    """Photograph or scan blank paper."""
    rows, cols = rng.integers(60, 300, 2).tolist()
    camera = Camera() if number % 2 else replace(random_camera(rng), table=-0.02, skew_deg=0.0)
    return DrawnImage(photograph(plain_paper(rows, cols, rng), camera, rng)[0])


def _noise(rng: Rng, number: int) -> DrawnImage:
    rows, cols = rng.integers(28, 200, 2).tolist()
    if number % 2:
        return DrawnImage(rng.integers(0, 256, (rows, cols), np.uint8))
    soft = rng.normal(rng.uniform(60, 200), rng.uniform(5, 60), (rows, cols))
    return DrawnImage(np.rint(soft.clip(0, 255)).astype(np.uint8))


def _texture(rng: Rng, number: int) -> DrawnImage:
    side = int(rng.integers(56, 240))
    ink = cv2.resize(texture(rng), (side, side), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    return DrawnImage(np.rint(255 * (1 - ink)).astype(np.uint8))


def _script(rng: Rng, number: int, *, height_px: float | None = None) -> Script:
    return Script(rng, height_px or log_uniform(rng, *HEIGHT_PX), mnist=bool(number % 2))


def _canvas(
    glyph: Glyph, height_px: float, rng: Rng, margin: tuple[float, float] = MARGIN
) -> NDArray[np.float32]:
    """Return the ink of a glyph with paper on all sides."""
    top, bottom, left, right = (round(rng.uniform(*margin) * height_px) for _ in range(4))
    return np.pad(glyph.ink, ((top, bottom), (left, right)))


def _seen(glyph: Glyph, script: Script, rng: Rng, number: int) -> NDArray[np.uint8]:
    """Draw black on white for even numbers; photograph ink on paper for odd ones."""
    canvas = _canvas(glyph, script.height_px, rng)
    if number % 2 == 0:
        return np.rint(255 * (1 - canvas)).astype(np.uint8)
    paper = plain_paper(*canvas.shape, rng)
    cover(paper, canvas, PENS[str(rng.choice(["black", "blue"]))], rng)
    camera = replace(random_camera(rng), table=-0.02, tilt=0.0, skew_deg=0.0)
    return photograph(paper, camera, rng)[0]


def _names(digit: int, *words: str, without: Sequence[str] = ()) -> list[str]:
    """Return the allographs whose names have one of some words, and none of the others."""
    return [
        name
        for name in DIGITS[digit]
        if (not words or any(word in name for word in words))
        and not any(word in name for word in without)
    ]


LONG_FLAGS = ("low flag", "flag as long as the stem")
FORMS: dict[str, tuple[int, list[str]]] = {
    "0 without a slash": (0, _names(0, without=("slashed",))),
    "0 with a slash": (0, _names(0, "slashed")),
    "1 without a flag": (1, ["bare", "bent", "bare with foot"]),
    "1 with a flag": (1, _names(1, "flag", without=("foot", *LONG_FLAGS))),
    "1 with a flag as long as its stem": (1, list(LONG_FLAGS)),
    "1 with a flag and a foot": (1, ["flag and foot", "steep flag and foot"]),
    "2 without a loop": (2, _names(2, without=("loop",))),
    "2 with a loop": (2, _names(2, "loop")),
    "3 with a round top": (3, ["round", "round top, corner", "smooth", "middle loop", "curled"]),
    "3 with a flat top": (3, _names(3, "flat top")),
    "4 with an open top": (
        4,
        ["open", "short stem", "cup", "angular cup", "leaning arms", "lightning"],
    ),
    "4 with a closed top": (4, ["closed", "one stroke", "sail", "nearly closed"]),
    "5 with its bar joined": (
        5,
        ["two strokes", "slanted bar", "one stroke", "rounded", "angular", "curled tail"],
    ),
    "5 with its bar apart": (5, ["detached bar", "bar above", "bar to the right"]),
    "6": (6, _names(6)),
    "7 without a bar": (7, ["plain", "serif", "curved stem", "wavy top", "rounded"]),
    "7 with a bar": (7, _names(7, "bar")),
    "8 closed": (8, _names(8, without=("open", "not closed"))),
    "8 open or not closed": (8, _names(8, "open", "not closed")),
    "9 with a closed top": (9, _names(9, without=("open", "nearly"))),
    "9 with an open top": (9, _names(9, "open", "nearly")),
}
"""Digit and allographs by the name of the form."""

ROWS: dict[str, Maker] = {
    **{name: partial(shape_of, digit, names) for name, (digit, names) in FORMS.items()},
    "any digit, MNIST's held-out rows": partial(_digit_of, mnist=True),
    "digit on ruled paper": partial(_on_lines, squared=False),
    "digit on squared paper": partial(_on_lines, squared=True),
    "digit, light on dark": _light_on_dark,
    "digit on a sheet on a table": _on_a_table,
    **{f"printed digit, {font}": partial(_printed, font) for font in FONTS},
    "seven-segment digit": _displayed,
    "struck-out digit": _struck_out,
    "two digits, apart": partial(_digits_in_a_row, least=2, gap=(0.1, 0.5)),
    "two digits, overlapping": partial(_digits_in_a_row, least=2, gap=(-0.25, 0.0)),
    "three or four digits": partial(_digits_in_a_row, least=3, gap=(0.0, 0.5)),
    "decimal point": partial(_mark_of, "."),
    "decimal comma": partial(_mark_of, ","),
    "minus": partial(_mark_of, "-"),
    "plus": partial(_mark_of, "+"),
    "slash": partial(_mark_of, "/"),
    "colon": partial(_mark_of, ":"),
    "percent sign": partial(_mark_of, "%"),
    "bracket": _brackets,
    **{f"{name} sign": partial(_shape_among, (shape,)) for name, shape in CURRENCY.items()},
    "unit of one to three letters": partial(_word_of, texts=UNITS),
    "degree sign": partial(_shape_among, (DEGREE,)),
    "equals sign": partial(_shape_among, (SIGNS["equals"],)),
    "times sign": partial(_shape_among, (SIGNS["cross"],)),
    "root sign": partial(_shape_among, (SIGNS["root"],)),
    "question or exclamation mark": partial(
        _shape_among, (SIGNS["question"], SIGNS["exclamation"])
    ),
    "letter unlike a digit": partial(_shape_among, tuple(LETTERS.values())),
    **{
        f"letter like a digit, {letters}": partial(
            _shape_among, tuple(DIGIT_LIKE[name] for name in names)
        )
        for letters, names in {
            "O": ("O",),
            "I, l": ("I", "l"),
            "S, s": ("S", "s"),
            "Z, z": ("Z", "z"),
            "B, G, D, b, g, q": ("B", "G", "D", "b", "g", "q"),
        }.items()
    },
    "two letters": partial(_word_of, lengths=(2, 3)),
    "word": _word_of,
    "Arabic digit": partial(_shape_among, ARABIC),
    "Devanagari digit": partial(_shape_among, DEVANAGARI),
    "Chinese numeral": partial(_shape_among, CHINESE),
    "doodle": _doodle,
    "blank paper": _blank,
    "noise": _noise,
    "texture or part of a photo": _texture,
}
"""Makers by the name of the row in limits.md."""
