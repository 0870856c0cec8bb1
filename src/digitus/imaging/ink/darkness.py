"""How much darker than its paper each pixel is, whatever the light."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.ink.light import light_of_digit_image, light_of_page
from digitus.imaging.ink.paper import has_dark_paper, is_dark_page, tone_of_clean_paper
from digitus.imaging.levels import FULL, NOISE, noise, to_levels

Values: TypeAlias = NDArray[np.uint8 | np.float32]
"""(rows, cols), bytes from 0 (paper) to 255, or floats from 0.0 (paper) to 1.0."""


@dataclass(frozen=True, eq=False)
class Darkness:
    """The darkness of an image relative to its paper, and its noise.

    Attributes:
        values: (rows, cols), bytes from 0 (paper) to 255, or floats from 0.0 (paper) to 1.0.
        noise: standard deviation, as a share of full darkness; 0.0 for a clean drawing.
        dark_paper: whether the paper is darker than the ink; then lighter counts as darker.
        is_clean: whether the image is a drawing on paper of exactly one tone.
    """

    values: Values
    noise: float
    dark_paper: bool
    is_clean: bool = False

    @property
    def full(self) -> int:
        """The value of full darkness: 255 or 1."""
        return FULL if self.values.dtype == np.uint8 else 1

    def as_float(self) -> NDArray[np.float32]:
        """Return the values as floats from 0.0 to 1.0, (rows, cols)."""
        return np.asarray(self.values / np.float32(self.full), np.float32)


def darkness_of_digit_image(grey: Grey, *, is_light: bool = False) -> Darkness:
    """Return the darkness of the image of one digit, in floats.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
        is_light: whether the paper is known to be lighter than the ink.
    """
    tone = tone_of_clean_paper(grey)
    if tone is not None:
        return Darkness(_beside_tone(grey, tone), 0.0, tone < grey.mean(), is_clean=True)
    dark_paper = not is_light and has_dark_paper(grey)
    light = 1 - grey if dark_paper else grey
    values = np.asarray(1 - light / light_of_digit_image(light), np.float32)
    return Darkness(values, noise(values), dark_paper)


def darkness_of_page(grey: Grey) -> Darkness:
    """Return the darkness of a page, in bytes.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    tone = tone_of_clean_paper(grey)
    if tone is not None:
        return Darkness(to_levels(_beside_tone(grey, tone)), 0.0, tone < grey.mean(), is_clean=True)
    levels = to_levels(grey)
    dark_paper = is_dark_page(levels)
    if dark_paper:
        levels = np.asarray(cv2.bitwise_not(levels), np.uint8)
    light = light_of_page(levels)
    share = np.asarray(cv2.divide(levels, light, scale=FULL), np.uint8)
    # Measured before the division is cut off at 255, which hides the noise of bare paper.
    some = slice(None, None, max(1, len(levels) // NOISE.rows))
    spread = noise(np.asarray(levels[some] / light[some].astype(np.float32), np.float32))
    return Darkness(np.asarray(cv2.bitwise_not(share), np.uint8), spread, dark_paper)


def paper_of_page(grey: Grey) -> Grey:
    """Estimate the bare paper (rows, cols) of a page, light or dark, 0.0 black to 1.0 white.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    tone = tone_of_clean_paper(grey)
    if tone is not None:
        return np.full_like(grey, tone)
    levels = to_levels(grey)
    dark = is_dark_page(levels)
    light = light_of_page(np.asarray(cv2.bitwise_not(levels), np.uint8) if dark else levels)
    return np.asarray((FULL - light if dark else light) / np.float32(FULL), np.float32)


def _beside_tone(grey: Grey, tone: float) -> NDArray[np.float32]:
    return np.asarray(np.abs(grey - tone) / max(tone, 1 - tone), np.float32)
