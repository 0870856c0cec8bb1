"""Dots that an out-of-focus image has made too faint to be ink: decimal points, colons, 1s' dots.

A blur takes less from a stroke, which is darkened from both of its ends, than from a dot: of a pen
of the blur's width, a stroke keeps two thirds of its darkness and a dot less than half of it.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.ink.darkness import Darkness
from digitus.imaging.ink.extractor import InkParameters, levels_of_pen
from digitus.imaging.levels import FULL, Levels

Places = NDArray[np.intp]


@dataclass(frozen=True)
class FaintDotParameters:
    """What a faint dot is. Set by hand, on synthetic pages out of focus.

    Darkness is a share of the full ink nearby, after a blur of ``blur_px``.

    Attributes:
        blur_px: standard deviation of a blur that leaves a dot and takes the noise.
        least: least darkness of the middle of a dot.
        noise_deviations: the same in standard deviations of the noise before the blur.
        inner_px: distance from the middle within which a dot lies.
        outer_px: distance up to which nothing else does, besides strokes.
        most_around: greatest darkness between both, as a share of that in the middle; a line has
            as much as its middle.
        core: least ink of the middle of a stroke; a faint line has less.
        stroke_px: distance from the middle of strokes within which darkness is theirs.
        beside_px: distance from the middle within which a place without any ink is not on a stroke.
        most_left: greatest number of inked pixels within ``inner_px``: what the extraction of ink
            has left of a dot. More is a stroke.
        edge: least darkness of a pixel of the dot, as a share of that in the middle.
        ink: ink of the middle of the dot; a stroke has 1.0.
        most: greatest number of dots, for each thousand pixels; more is a texture.
    """

    blur_px: float = 1.0
    least: float = 0.2
    noise_deviations: float = 3.0
    inner_px: float = 3.5
    outer_px: float = 5.0
    most_around: float = 0.5
    core: float = 0.6
    stroke_px: int = 3
    beside_px: float = 1.5
    most_left: int = 12
    edge: float = 0.5
    ink: float = 0.6
    most: float = 0.4


FAINT_DOTS = FaintDotParameters()


@dataclass(frozen=True, eq=False)
class FaintDots:
    """The places of a page that are darker than all around them.

    Attributes:
        soft: (rows, cols) darkness as a share of the full ink nearby, blurred, in bytes.
        rows: (n,) row of each place.
        cols: (n,) column of each place.
    """

    soft: Levels
    rows: Places
    cols: Places

    @classmethod
    def of(cls, darkness: Darkness, parameters: InkParameters) -> "FaintDots":
        """Find the places.

        Args:
            darkness: of the page, in bytes.
            parameters: that its ink is extracted with.
        """
        p, pen = FAINT_DOTS, levels_of_pen(darkness, parameters)
        share = np.asarray(cv2.divide(darkness.values, pen, scale=FULL), np.uint8)
        soft = np.asarray(cv2.GaussianBlur(share, (5, 5), p.blur_px), np.uint8)
        highest = np.asarray(cv2.dilate(soft, np.ones((3, 3), np.uint8)))
        is_dark = (soft == highest) & (soft >= p.least * FULL) & (share < FULL)
        rows, cols = np.nonzero(is_dark)
        contrast = soft[rows, cols].astype(np.int64) * pen[rows, cols]
        is_clear = contrast >= p.noise_deviations * darkness.noise * FULL**2
        return cls(soft, rows[is_clear], cols[is_clear])

    def added_to(self, ink: Ink) -> Ink:
        """Return ink (rows, cols) with the places that are dots beside its strokes."""
        p = FAINT_DOTS
        dots = self._dots_beside(ink)
        if not len(dots.rows) or len(dots.rows) > p.most * ink.size / 1000:
            return ink
        dotted, (rows, cols) = ink.copy(), dots.pixels(0.0, p.inner_px)
        share = self.soft[rows, cols] / self.soft[dots.rows, dots.cols].astype(np.float32)
        dot = np.where(share >= p.edge, p.ink * np.minimum(share, 1), np.float32(0))
        np.maximum.at(dotted, (rows, cols), dot)
        return dotted

    def pixels(self, inner_px: float, outer_px: float) -> tuple[Places, Places]:
        """Return rows and columns (m, n) of the pixels around each place at some distances."""
        reach = int(outer_px)
        down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1, 1)
        distance = np.hypot(down, right)[:, 0]
        chosen = (distance >= inner_px) & (distance <= outer_px)
        n_rows, n_cols = self.soft.shape
        rows, cols = self.rows + down[chosen], self.cols + right[chosen]
        return rows.clip(0, n_rows - 1), cols.clip(0, n_cols - 1)

    def _dots_beside(self, ink: Ink) -> "FaintDots":
        """Return the places that are dots; one on or along a stroke is none."""
        p, strokes = FAINT_DOTS, np.asarray(ink > 0).view(np.uint8)
        is_bare = strokes[self.pixels(0.0, p.beside_px)].sum(axis=0) == 0
        is_left = strokes[self.pixels(0.0, p.inner_px)].sum(axis=0) <= p.most_left
        some = self._only(is_bare | is_left)
        reach, cores = 2 * p.stroke_px + 1, np.asarray(ink >= p.core).view(np.uint8)
        near_strokes = np.asarray(cv2.dilate(cores, np.ones((reach, reach), np.uint8)))
        ring = some.pixels(p.inner_px, p.outer_px)
        around = np.where(near_strokes[ring] > 0, 0, self.soft[ring]).max(axis=0, initial=0)
        return some._only(around <= p.most_around * self.soft[some.rows, some.cols])

    def _only(self, chosen: NDArray[np.bool_]) -> "FaintDots":
        return replace(self, rows=self.rows[chosen], cols=self.cols[chosen])
