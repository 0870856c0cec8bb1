"""Printed words, as forms have them beside handwriting."""

from collections.abc import Sequence
from os import PathLike, fspath

import numpy as np
from PIL import Image, ImageDraw

from digitus.imaging.arrays import Ink
from digitus.synthesis.negatives.glyphs import open_font
from digitus.synthesis.pen.writers import FAINTEST, crop

LENGTHS = (2, 9)  # letters, exclusive at the end
VOWELS, CONSONANTS = "aeiouy", "bcdfghjklmnpqrstvwxz"
SIZES = (0.55, 1.25)  # of a capital letter, in heights of a digit
CAPITAL = 0.73  # height of a capital letter in most fonts, as a share of their size


def random_word(rng: np.random.Generator) -> str:
    """Draw a pronounceable word of two or more letters: lower case, capitalized or upper case.

    >>> random_word(np.random.default_rng(0)).isalpha()
    True
    """
    first = int(rng.integers(2))
    letters = [
        (VOWELS, CONSONANTS)[(first + i + int(rng.random() < 0.15)) % 2]
        for i in range(int(rng.integers(*LENGTHS)))
    ]
    word = "".join(some[rng.integers(len(some))] for some in letters)
    return (word, word.title(), word.upper())[rng.integers(3)]


def print_word(
    word: str, height_px: float, rng: np.random.Generator, fonts: Sequence[str | PathLike[str]]
) -> Ink:
    """Print a word as ink (rows, cols), cropped.

    Args:
        word: to print.
        height_px: of the digits beside it.
        rng: chooses the font and its size.
        fonts: TrueType or OpenType files that have all letters.

    Raises:
        OSError: if a font cannot be opened.
    """
    size_px = max(8, round(height_px * rng.uniform(*SIZES) / CAPITAL))
    font = open_font(fspath(fonts[int(rng.integers(len(fonts)))]), size_px)
    left, top, right, bottom = (round(side) for side in font.getbbox(word))
    image = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), word, fill=255, font=font)
    ink = np.asarray(image, np.float32) / np.float32(255)
    return crop(ink) if ink.max() >= FAINTEST else ink
