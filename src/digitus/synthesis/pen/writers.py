"""Writers of single digits for lines and pages: from labelled patches, or with a synthetic pen."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
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

PATCH_DIGIT_PX = 20  # long side of a digit in a patch of MNIST
FULL = 255  # full ink in a patch
FAINTEST = 0.1  # ink below it does not count for a digit's box


@dataclass(frozen=True)
class WriterParameters:
    """Parameters of the writers. Set by hand, where nothing else is said.

    Attributes:
        patch_pen_px: median width of a stroke in MNIST's training part, measured.
        candidates: number of patches among which those of one pen are chosen.
        one_pen_share: share of the candidates that are kept, those of the most similar width.
        speck: components below this share of a patch's inked area are removed as specks. The bar
            of a 5 is larger.
        edge_px: width of the grey edge of a stroke after enlarging.
        edge_level: ink at the middle of that edge; below one half, as thin strokes are faint.
        freedom: range of a pen writer's variation; see ``draw_digit``.
        pen: range of its pen's width, as a share of a digit's height: from a ballpoint to a
            felt-tip.
    """

    patch_pen_px: float = 2.4
    candidates: int = 5000
    one_pen_share: float = 0.2
    speck: float = 0.08
    edge_px: float = 1.5
    edge_level: float = 0.45
    freedom: tuple[float, float] = (0.35, 0.7)
    pen: tuple[float, float] = (0.06, 0.13)


PARAMETERS = WriterParameters()


class Writer(Protocol):
    """Writes digits, each time with some variation.

    Attributes:
        height_px: mean height of a digit.
        pen_px: width of the pen.
    """

    height_px: float
    pen_px: float

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Return a digit as ink (rows, cols), cropped to the digit."""

    def resized(self, height_px: float) -> "Writer":
        """Return the same writer with another height of the digits."""


class PatchWriter:
    """Takes digits from labelled patches by many writers and enlarges them smoothly.

    Args:
        samples: labelled patches, such as MNIST's training part. Its test part is reserved for the
            final number of a benchmark.
        height_px: height to which MNIST's 20 px are scaled.
        stroke_width: width of the strokes, as a factor on the median of MNIST's training part.
        removes_specks: whether specks of neighboring digits are removed from the patches.

    Raises:
        ValueError: if the samples have no labels, or a digit is missing.
    """

    def __init__(
        self,
        samples: Samples,
        height_px: float,
        *,
        stroke_width: float = 1.0,
        removes_specks: bool = False,
    ) -> None:
        if samples.labels is None or (samples.counts() == 0).any():
            raise ValueError(f"{samples.source}: a writer needs patches of all ten digits")
        self._samples, self._removes_specks = samples, removes_specks
        self.height_px = height_px
        self.pen_px = PARAMETERS.patch_pen_px / PATCH_DIGIT_PX * height_px * stroke_width
        self._rows = [np.flatnonzero(samples.labels == digit) for digit in range(CLASSES)]

    @classmethod
    def of_one_pen(
        cls, samples: Samples, height_px: float, rng: np.random.Generator
    ) -> "PatchWriter":
        """Return a writer of a thousand patches whose strokes have about the same width.

        It removes specks of neighboring digits from the patches, as they would look like marks.

        Args:
            samples: labelled patches to choose from.
            height_px: as above.
            rng: chooses the candidates and the width.
        """
        some = samples.rows(np.sort(rng.permutation(len(samples))[: PARAMETERS.candidates]))
        widths = _stroke_widths(some.pixels)
        by_similarity = np.argsort(np.abs(widths - rng.choice(widths)))
        chosen = by_similarity[: int(len(some) * PARAMETERS.one_pen_share)]
        stroke_width = float(np.median(widths[chosen]) / np.median(widths))
        return cls(some.rows(chosen), height_px, stroke_width=stroke_width, removes_specks=True)

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Choose a patch of the digit at random and enlarge it."""
        row = rng.choice(self._rows[digit])
        patch = self._samples.pixels[row].reshape(SIDE_PX, SIDE_PX)
        return enlarge(without_specks(patch) if self._removes_specks else patch, self.height_px)

    def resized(self, height_px: float) -> "PatchWriter":
        """Return a writer of the same patches; the strokes scale with the digits."""
        other = copy(self)
        other.height_px, other.pen_px = height_px, self.pen_px * height_px / self.height_px
        return other


class PenWriter:
    """Writes with a synthetic pen like one person: one allograph for each digit, one pen width.

    Args:
        rng: chooses the allographs, the pen and the amount of variation.
        height_px: mean height of a digit.
        pen: width of the pen, as a share of the height; None chooses at random.
        allographs: names of allographs by digit; the others are chosen at random.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        height_px: float,
        *,
        pen: float | None = None,
        allographs: dict[int, str] | None = None,
    ) -> None:
        chosen = {digit: list(DIGITS[digit])[rng.integers(len(DIGITS[digit]))] for digit in DIGITS}
        self._allographs = chosen | (allographs or {})
        self._freedom = rng.uniform(*PARAMETERS.freedom)
        drawn = rng.uniform(*PARAMETERS.pen)
        self.height_px, self.pen_px = height_px, max(1.0, (pen or drawn) * height_px)

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Write the digit's allograph with some variation."""
        curves = write(DIGITS[digit][self._allographs[digit]], rng, freedom=self._freedom)
        return draw(curves, self.height_px, self.pen_px)

    def resized(self, height_px: float) -> "PenWriter":
        """Return the same writer and pen width with another height of the digits."""
        other = copy(self)
        other.height_px = height_px
        return other


def draw(curves: Sequence[Points], height_px: float, pen_px: float) -> Ink:
    """Draw curves, given in heights of a digit, with a round pen; crop to the ink."""
    margin = pen_px + 2
    points = np.vstack(curves) * height_px
    corner = points.min(axis=0) - margin
    width, height = np.ceil(np.ptp(points, axis=0) + 2 * margin).astype(int).tolist()
    strokes = as_strokes([curve * height_px - corner for curve in curves])
    return crop(render_strokes(strokes, width=width, height=height, pen_px=pen_px))


def enlarge(patch: NDArray[np.uint8], height_px: float) -> Ink:
    """Scale the digit of a patch (28, 28), 0 to 255, to a height; crop to the ink.

    A soft threshold keeps the grey edges of strokes narrow, which would grow with the digit.
    """
    scale = height_px / PATCH_DIGIT_PX
    side = max(4, round(SIDE_PX * scale))
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    ink = cv2.resize(patch.astype(np.float32) / FULL, (side, side), interpolation=how)
    contrast = max(1.0, scale / PARAMETERS.edge_px)
    if contrast > 1:
        ink = (ink - PARAMETERS.edge_level) * contrast + 0.5
    return crop(np.asarray(ink, np.float32).clip(0, 1))


def without_specks(patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Remove small components of a patch (28, 28); they belong to neighboring digits."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((patch > 0).astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0  # the paper
    kept = areas >= PARAMETERS.speck * areas.sum()
    return np.where(kept[labels], patch, 0).astype(np.uint8)


def _stroke_widths(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Estimate the stroke width of each row (n, 784): twice the area over the perimeter."""
    dark = pixels.reshape(-1, SIDE_PX, SIDE_PX) > FULL // 2
    perimeter = sum((dark ^ np.roll(dark, 1, axis)).sum(axis=(1, 2)) for axis in (1, 2))
    return np.asarray(2 * dark.sum(axis=(1, 2)) / np.maximum(perimeter, 1), np.float64)


def crop(ink: Ink) -> Ink:
    """Crop ink to the bounding box of the pixels of at least ``FAINTEST``.

    Raises:
        ValueError: if there are none.
    """
    rows, cols = (np.flatnonzero((ink >= FAINTEST).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError("there is no ink to crop")
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
