"""Printed letters and signs from font files, slightly distorted."""

from dataclasses import dataclass
from functools import lru_cache
from os import PathLike, fspath

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitus.imaging.arrays import Ink

GLYPH_PX = 64  # of the image of a character
FONT_PX = 44  # size of the font: with a margin for the distortion
CHARACTERS = (
    "ACEFHKLMNPRTUVWXadefhijkmnrtuvwx"  # Latin
    "\u0393\u0394\u039e\u03a0\u03a3\u03a8\u03a9"  # Greek
    "\u03b1\u03b7\u03ba\u03bb\u03bc\u03c0\u03c8\u03c9"  # Greek
    "\u0416\u0418\u042e\u042f\u0429\u0414\u041b\u0428\u042b"  # Cyrillic
    "+=*#%@?<^~{}[]\u00d7\u00f7\u20ac\u221e\u221a\u2200\u2203\u2208\u2207"  # signs
    "\u2190\u2191\u2192\u2193\u2194\u2605\u2665\u2660\u2663\u263a\u2602\u260e\u265e\u2708"  # things
)
"""Characters that cannot be taken for a digit; see ``letters_and_signs``."""


@dataclass(frozen=True)
class GlyphDistortion:
    """Distortion of a printed character. Set by hand. "SD" is a standard deviation.

    Attributes:
        tilt_deg: SD of the rotation.
        slant_deg: SD of the slant.
        width: range of the factor on the width.
        bend_px: SD of the smooth displacement, drawn on a grid of 4 x 4 points.
    """

    tilt_deg: float = 7
    slant_deg: float = 8
    width: tuple[float, float] = (0.85, 1.25)
    bend_px: float = 1.2


DISTORTION = GlyphDistortion()


def glyph(rng: np.random.Generator, fonts: tuple[str | PathLike[str], ...]) -> Ink:
    """Draw a random character of a random font as ink (64, 64), slightly distorted.

    Args:
        rng: chooses the character, the font and the distortion.
        fonts: TrueType or OpenType files.

    Raises:
        OSError: if a font cannot be opened.
    """
    while True:
        font = fspath(fonts[rng.integers(len(fonts))])
        ink = _drawn(font, CHARACTERS[rng.integers(len(CHARACTERS))])
        if ink is not None:
            return _warped(ink, rng)


@lru_cache(maxsize=300)
def open_font(font: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a font at a size; the last 300 are kept.

    Raises:
        OSError: if the font cannot be opened.
    """
    return ImageFont.truetype(font, size_px)


@lru_cache(maxsize=5000)
def _drawn(font: str, character: str) -> Ink | None:
    """Ink (64, 64) of a character; None if the font lacks it or draws nothing for it."""
    opened = open_font(font, FONT_PX)
    mask = _mask(opened, character)
    if not mask.any() or np.array_equal(
        mask, _mask(opened, "\uffff")
    ):  # the glyph of missing characters
        return None
    return np.asarray(mask, np.float32) / np.float32(255)


def _mask(
    font: ImageFont.FreeTypeFont, character: str
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = Image.new("L", (GLYPH_PX, GLYPH_PX))
    middle = (GLYPH_PX / 2, GLYPH_PX / 2)
    ImageDraw.Draw(image).text(middle, character, fill=255, font=font, anchor="mm")
    return np.asarray(image)


def _warped(ink: Ink, rng: np.random.Generator) -> Ink:
    """Rotate, slant, stretch and bend the ink."""
    tilt, slant = np.deg2rad(rng.normal(scale=(DISTORTION.tilt_deg, DISTORTION.slant_deg)))
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    stretch = np.diag([rng.uniform(*DISTORTION.width), 1])
    matrix = turn @ np.array([[1, np.tan(slant)], [0, 1]]) @ stretch
    offsets = (_ROWS_COLS[::-1] - GLYPH_PX / 2).reshape(2, -1)
    bend = cv2.resize(rng.normal(scale=DISTORTION.bend_px, size=(4, 4, 2)), (GLYPH_PX, GLYPH_PX))
    x, y = (matrix @ offsets + GLYPH_PX / 2).reshape(2, GLYPH_PX, GLYPH_PX)
    x, y = ((axis + bend[:, :, k]).astype(np.float32) for k, axis in enumerate((x, y)))
    warped = cv2.remap(ink, x, y, cv2.INTER_LINEAR)
    return np.asarray(warped if warped.any() else ink, np.float32)


_ROWS_COLS = np.indices((GLYPH_PX, GLYPH_PX), np.float64)
