"""Random images of one digit and of several, by the synthetic pen and of labelled patches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import Samples
from digitus.synthesis.digit_images.image_of_ink import LOOKS, image_of
from digitus.synthesis.digit_images.written_digits import (
    ALTERATIONS,
    SINGLE_KINDS,
    altered,
    pen_digit,
    several_digits,
)
from digitus.synthesis.pen.pen_drawings import log_uniform
from digitus.synthesis.pen.writers import PatchWriter, PenWriter


@dataclass(frozen=True)
class RandomImageParameters:
    """Shares and ranges of random images. Set by hand.

    Attributes:
        height_px: range of a single digit's height, log-uniform.
        height_in_row_px: the same of digits in a row.
        pen_share: share of the digits that the synthetic pen writes; the others are patches.
        altered: shares of the kinds of single digits.
        lengths: numbers of digits in a row.
        length_shares: their shares.
    """

    height_px: tuple[float, float] = (18, 110)
    height_in_row_px: tuple[float, float] = (18, 80)
    pen_share: float = 0.6
    altered: tuple[float, ...] = (0.4, 0.2, 0.2, 0.2)
    lengths: tuple[int, ...] = (2, 3, 4)
    length_shares: tuple[float, ...] = (0.7, 0.15, 0.15)


RANDOM_IMAGES = RandomImageParameters()


@dataclass(frozen=True, eq=False)
class DigitImage:
    """An image and what is written on it.

    Attributes:
        image: (rows, cols) or (rows, cols, 3), uint8.
        n_digits: number of digits.
        kind: one of ``SINGLE_KINDS`` or ``GAPS``.
        look: one of ``LOOKS``.
        by: ``pen`` or ``patches``.
        digit: the single digit; None where there are several.
    """

    image: NDArray[np.uint8]
    n_digits: int
    kind: str
    look: str
    by: str
    digit: int | None = None


def image_of_one(rng: np.random.Generator, samples: Samples) -> DigitImage:
    """Make a random image of one digit.

    Args:
        rng: chooses everything.
        samples: labelled patches of all digits.
    """
    p, digit = RANDOM_IMAGES, int(rng.integers(10))
    height_px = log_uniform(rng, *p.height_px)
    is_pen = bool(rng.random() < p.pen_share)
    if is_pen:
        ink = pen_digit(digit, height_px, rng)
    else:
        ink = PatchWriter(samples, height_px)(digit, rng)
    kind = SINGLE_KINDS[rng.choice(len(SINGLE_KINDS), p=p.altered)]
    look = LOOKS[rng.integers(len(LOOKS))]
    image = image_of(altered(ink, kind, rng), look, rng)
    return DigitImage(image, 1, kind, look, "pen" if is_pen else "patches", digit)


def image_of_several(rng: np.random.Generator, samples: Samples, kind: str) -> DigitImage:
    """Make a random image of two to four digits side by side.

    Args:
        rng: chooses everything else.
        samples: labelled patches of all digits.
        kind: one of ``GAPS``.
    """
    p = RANDOM_IMAGES
    height_px = log_uniform(rng, *p.height_in_row_px)
    is_pen = bool(rng.random() < p.pen_share)
    pen = rng.uniform(*ALTERATIONS.pen)
    writer = PenWriter(rng, height_px, pen=pen) if is_pen else PatchWriter(samples, height_px)
    n = int(rng.choice(p.lengths, p=p.length_shares))
    look = LOOKS[rng.integers(len(LOOKS))]
    image = image_of(several_digits(n, kind, writer, rng), look, rng)
    return DigitImage(image, n, kind, look, "pen" if is_pen else "patches")
