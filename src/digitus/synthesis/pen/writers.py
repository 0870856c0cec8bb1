"""Writers of single digits for strings and pages: MNIST's people, or our own pen with one hand."""

from collections.abc import Sequence
from copy import copy
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, SIDE_PX, Samples
from digitus.imaging.arrays import Ink
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.digit_strokes import as_strokes, write
from digitus.synthesis.pen.smooth_curves import Points

PATCH_DIGIT_PX = 20  # the long side of a digit in a patch of MNIST
PATCH_PEN_PX = 2.4  # how wide a stroke is there, in the median of the training part
FULL = 255  # ink in a patch
CANDIDATES = 5000  # patches among which those of one pen are sought
SPECK = 0.08  # of a patch's inked area; the bar of a 5 is larger
FAINTEST = 0.1  # ink below it is no part of a digit's box
SOFT_BRIM_PX = 1.5  # how wide the grey brim of a stroke is after enlarging
MIDDLE = (
    0.45  # ink that marks the brim's middle; a little under one half, as thin strokes are faint
)
HAND_FREEDOM = (0.35, 0.7)  # how far two digits of one hand differ; see ``strokes.draw_digit``
HAND_PEN = (0.06, 0.13)  # of a digit's height: from a ballpoint to a felt-tip


class Writer(Protocol):
    """Writes one digit after the other, each a little different.

    Attributes:
        height_px: of a digit, in the mean.
        pen_px: width of the pen.
    """

    height_px: float
    pen_px: float

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Write a digit as ink, cropped to the digit's box (rows, cols)."""

    def resized(self, height_px: float) -> "Writer":
        """Return the same writer, writing larger or smaller."""


class PatchWriter:
    """Gives digits out of patches by many hands, enlarged smoothly.

    Args:
        samples: labelled patches, such as MNIST's training part. Its test part is for the final
            number of a benchmark alone.
        height_px: what MNIST's 20 px become.

    Raises:
        ValueError: if the samples have no labels, or lack a digit.
    """

    def __init__(self, samples: Samples, height_px: float) -> None:
        if samples.labels is None or (samples.counts() == 0).any():
            raise ValueError(f"{samples.source}: a writer needs patches of all ten digits")
        self._samples, self._is_clean, self.height_px = samples, False, height_px
        self.pen_px = PATCH_PEN_PX / PATCH_DIGIT_PX * height_px
        self._rows = [np.flatnonzero(samples.labels == digit) for digit in range(CLASSES)]

    @classmethod
    def of_one_pen(
        cls, samples: Samples, height_px: float, rng: np.random.Generator
    ) -> "PatchWriter":
        """Return a writer of a thousand patches whose strokes are about equally wide.

        It leaves out what of other digits got into a patch, as it would look like a mark.
        """
        some = samples.rows(np.sort(rng.permutation(len(samples))[:CANDIDATES]))
        widths = _stroke_widths(some.pixels)
        chosen = np.argsort(np.abs(widths - rng.choice(widths)))[: len(some) // 5]
        writer = cls(some.rows(chosen), height_px)
        writer._is_clean = True
        writer.pen_px *= float(np.median(widths[chosen]) / np.median(widths))
        return writer

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Pick a patch of a digit and enlarge it."""
        row = rng.choice(self._rows[digit])
        patch = self._samples.pixels[row].reshape(SIDE_PX, SIDE_PX)
        return enlarge(without_specks(patch) if self._is_clean else patch, self.height_px)

    def resized(self, height_px: float) -> "PatchWriter":
        """Return a writer of the same patches; their strokes grow with them."""
        other = copy(self)
        other.height_px, other.pen_px = height_px, self.pen_px * height_px / self.height_px
        return other


class PenWriter:
    """Writes with our own pen by one hand: one way for each digit, one pen, one freedom.

    Args:
        rng: chooses the hand.
        height_px: of a digit, in the mean.
        pen: width of the pen, as a share of the height; None draws lots.
        ways: names of allographs by digit; those not named are drawn by lot.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        height_px: float,
        *,
        pen: float | None = None,
        ways: dict[int, str] | None = None,
    ) -> None:
        chosen = {digit: list(DIGITS[digit])[rng.integers(len(DIGITS[digit]))] for digit in DIGITS}
        self._ways = chosen | (ways or {})
        self._freedom = rng.uniform(*HAND_FREEDOM)
        drawn = rng.uniform(*HAND_PEN)
        self.height_px, self.pen_px = height_px, max(1.0, (pen or drawn) * height_px)

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Write a digit in this hand's way."""
        curves = write(DIGITS[digit][self._ways[digit]], rng, freedom=self._freedom)
        return draw(curves, self.height_px, self.pen_px)

    def resized(self, height_px: float) -> "PenWriter":
        """Return the same hand and pen, writing larger or smaller."""
        other = copy(self)
        other.height_px = height_px
        return other


def draw(curves: Sequence[Points], height_px: float, pen_px: float) -> Ink:
    """Draw curves, in boxes of that height, with a round pen; cropped to their ink."""
    margin = pen_px + 2
    points = np.vstack(curves) * height_px
    corner = points.min(axis=0) - margin
    width, height = np.ceil(np.ptp(points, axis=0) + 2 * margin).astype(int).tolist()
    strokes = as_strokes([curve * height_px - corner for curve in curves])
    return crop(render_strokes(strokes, width=width, height=height, pen_px=pen_px))


def enlarge(patch: NDArray[np.uint8], height_px: float) -> Ink:
    """Enlarge a digit of a patch (28, 28), 0 to 255, smoothly; cropped to its box.

    The grey brims, which would grow with the digit, are kept narrow by a soft threshold.
    """
    scale = height_px / PATCH_DIGIT_PX
    side = max(4, round(SIDE_PX * scale))
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    ink = cv2.resize(patch.astype(np.float32) / FULL, (side, side), interpolation=how)
    contrast = max(1.0, scale / SOFT_BRIM_PX)
    if contrast > 1:
        ink = (ink - MIDDLE) * contrast + 0.5
    return crop(np.asarray(ink, np.float32).clip(0, 1))


def without_specks(patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Remove small parts of a patch (28, 28) that touch nothing: they are of other digits."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((patch > 0).astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0  # the paper
    kept = areas >= SPECK * areas.sum()
    return np.where(kept[labels], patch, 0).astype(np.uint8)


def _stroke_widths(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Estimate how wide the strokes of each row (n, 784) are: twice their area over their rim."""
    dark = pixels.reshape(-1, SIDE_PX, SIDE_PX) > FULL // 2
    rim = sum((dark ^ np.roll(dark, 1, axis)).sum(axis=(1, 2)) for axis in (1, 2))
    return np.asarray(2 * dark.sum(axis=(1, 2)) / np.maximum(rim, 1), np.float64)


def crop(ink: Ink) -> Ink:
    """Cut ink to the box of what is darker than a faint brim.

    Raises:
        ValueError: if nothing is.
    """
    rows, cols = (np.flatnonzero((ink >= FAINTEST).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError("there is no ink to crop")
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
