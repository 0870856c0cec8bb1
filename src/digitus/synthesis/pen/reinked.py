"""A writer that inks the skeletons of labelled patches again, with another pen."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import SIDE_PX, Samples
from digitus.imaging.arrays import Ink
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.skeletons import Skeleton, count_holes, skeletons
from digitus.synthesis.pen.smooth_curves import Points
from digitus.synthesis.pen.writers import PATCH_DIGIT_PX, crop, enlarge, without_specks

Range = tuple[float, float]


@dataclass(frozen=True)
class ReinkedParameters:
    """How skeletons are inked. Pairs are ranges of uniform draws. Set by hand, by looking.

    Attributes:
        patches: number of patches of each digit that one writer knows.
        candidates: number of patches of each digit among which those are chosen.
        swelling: greatest swelling of a stroke without a loop; see ``Skeleton``.
        pen: width of the pen, as a share of the height: from a fine ballpoint to a felt-tip.
        nib_share: of the writers whose nib is not round.
        nib: thickness of such a nib, as a share of its width.
        pressure: greatest change of the width along a stroke, as a share of it.
        pressure_waves: number of waves of the pressure along a stroke.
        wobble: amplitude of the waves that displace all strokes together, in heights.
        wave: standard deviation of such a wave's number, in radians for each height.
        thinnest_px: least thickness of a nib; a thinner one leaves gaps.
        thinner: factors on the pen's width that are tried until all loops stay open.
        fine: pixels for each pixel of the ink, where a nib is not round.
        edge: ink at the edge of a stroke, where holes are counted.
    """

    patches: int = 30
    candidates: int = 50
    swelling: float = 1.4
    pen: Range = (0.05, 0.16)
    nib_share: float = 0.35
    nib: Range = (0.3, 0.75)
    pressure: Range = (0.0, 0.3)
    pressure_waves: Range = (0.3, 1.3)
    wobble: Range = (0.0, 0.02)
    wave: float = 4.0
    thinnest_px: float = 1.0
    thinner: tuple[float, ...] = (1.0, 0.7)
    fine: int = 3
    edge: float = 0.4


PARAMETERS = ReinkedParameters()
Shape: TypeAlias = tuple[NDArray[np.uint8], Skeleton]
"""A patch (28, 28), 0 to 255, and its skeleton."""
LOOPS = {0: 1, 6: 1, 8: 2, 9: 1}
"""Loops of a digit, as most people write it; those of a 2 and a 4 are as often missing."""


@dataclass(frozen=True)
class _Nib:
    """An elliptical nib: its thickness as a share of its width, and the direction of its width."""

    thickness: float
    angle: float

    def to_round(self, width_px: float) -> NDArray[np.float64]:
        """Return the matrix (2, 2), for columns of (x, y), which makes the nib round."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        thickness = min(1.0, max(self.thickness, PARAMETERS.thinnest_px / width_px))
        stretch = np.diag([1.0, 1 / thickness])
        matrix: NDArray[np.float64] = stretch @ np.array([[cos, sin], [-sin, cos]])
        return matrix


class ReinkedWriter:
    """Writes the shapes of labelled patches with one pen of its own.

    The loops of a digit stay open: where no pen leaves as many holes as the patch has, the digit is
    the patch itself.

    Args:
        samples: labelled patches, such as MNIST's training part.
        height_px: height to which MNIST's 20 px are scaled.
        rng: chooses the patches and the pen.

    Raises:
        ValueError: if the samples have no labels, or a digit is missing.
    """

    def __init__(self, samples: Samples, height_px: float, rng: np.random.Generator) -> None:
        if samples.labels is None or (samples.counts() == 0).any():
            raise ValueError(f"{samples.source}: a writer needs patches of all ten digits")
        p = PARAMETERS
        self.height_px, self.pen_px = height_px, height_px * rng.uniform(*p.pen)
        self._pressure = rng.uniform(*p.pressure)
        is_round = rng.random() >= p.nib_share
        self._nib = None if is_round else _Nib(rng.uniform(*p.nib), rng.uniform(0, np.pi))
        self._samples, self._seed = samples, int(rng.integers(2**32))
        self._shapes: dict[int, list[Shape]] = {}  # filled in at the first use of a digit

    def __call__(self, digit: int, rng: np.random.Generator) -> Ink:
        """Choose a shape of the digit at random and ink it."""
        shapes = self._shapes_of(digit)
        patch, skeleton = shapes[int(rng.integers(len(shapes)))]
        curves = _wobbled([curve / PATCH_DIGIT_PX for curve in skeleton.curves], rng)
        shares = [_pressure(len(curve), self._pressure, rng) for curve in curves]
        scaled = [curve * self.height_px for curve in curves]
        for factor in PARAMETERS.thinner:
            ink = _inked(scaled, shares, max(1.0, factor * self.pen_px), self._nib)
            if count_holes(ink >= PARAMETERS.edge) == skeleton.n_holes:
                return ink
        return enlarge(patch, self.height_px)

    def _shapes_of(self, digit: int) -> list[Shape]:
        if digit not in self._shapes:
            pixels = self._samples.pixels[self._samples.labels == digit]
            rng = np.random.default_rng([self._seed, digit])
            self._shapes[digit] = _choose_shapes(pixels, LOOPS.get(digit, 0), rng)
        return self._shapes[digit]

    def resized(self, height_px: float) -> "ReinkedWriter":
        """Return the same writer and pen width with another height of the digits."""
        other = copy(self)
        other.height_px = height_px
        return other


def _choose_shapes(pixels: NDArray[np.uint8], loops: int, rng: np.random.Generator) -> list[Shape]:
    """Choose patches (28, 28) and their skeletons, those with a filled loop last.

    Args:
        pixels: (n, 784) patches of one digit.
        loops: number of loops in the digit as most people write it.
        rng: chooses the candidates.
    """
    p = PARAMETERS
    some = pixels[rng.permutation(len(pixels))[: p.candidates]].reshape(-1, SIDE_PX, SIDE_PX)
    patches = np.stack([without_specks(patch) for patch in some])
    shapes = zip(patches, skeletons(patches.reshape(len(patches), -1)), strict=True)
    return sorted(shapes, key=lambda shape: _has_filled_loop(shape[1], loops))[: p.patches]


def _has_filled_loop(skeleton: Skeleton, loops: int) -> bool:
    return skeleton.n_holes < loops and skeleton.swelling > PARAMETERS.swelling


def _wobbled(curves: Sequence[Points], rng: np.random.Generator) -> list[Points]:
    """Displace curves, in heights, by two slow waves; strokes that meet stay together."""
    p = PARAMETERS
    amplitude = rng.uniform(*p.wobble)
    waves, phases = rng.normal(scale=p.wave, size=(2, 2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    return [
        curve
        + amplitude
        * sum(np.sin(curve @ wave + phase) for wave, phase in zip(waves, phases, strict=True))
        for curve in curves
    ]


def _pressure(n: int, change: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the share (n,) of the pen's width at each point of a stroke: a slow sine wave."""
    along = np.linspace(0, rng.uniform(*PARAMETERS.pressure_waves), n)
    shares: NDArray[np.float64] = 1 + change * np.sin(2 * np.pi * (along + rng.random()))
    return shares


def _inked(
    curves: Sequence[Points],
    shares: Sequence[NDArray[np.float64]],
    pen_px: float,
    nib: _Nib | None,
) -> Ink:
    """Ink curves, in pixels; crop to the ink."""
    if nib is None:
        return crop(_round_inked(curves, shares, pen_px)[0])
    fine, matrix = PARAMETERS.fine, nib.to_round(pen_px)
    stretched, corner = _round_inked(
        [fine * curve @ matrix.T for curve in curves], shares, fine * pen_px
    )
    places = np.vstack(curves)
    first = places.min(axis=0) - pen_px - 1
    cols, rows = np.ceil(np.ptp(places, axis=0) + 2 * pen_px + 2).astype(int).tolist()
    # Pixel (x, y) of the fine canvas is read at matrix @ (first * fine + (x, y)) - corner.
    shift = matrix @ (first * fine) - corner
    unstretched = cv2.warpAffine(
        stretched,
        np.column_stack([matrix, shift]),
        (cols * fine, rows * fine),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    small = cv2.resize(unstretched, (cols, rows), interpolation=cv2.INTER_AREA)
    return crop(np.asarray(small, np.float32))


def _round_inked(
    curves: Sequence[Points], shares: Sequence[NDArray[np.float64]], pen_px: float
) -> tuple[Ink, Points]:
    """Ink curves with a round pen on a canvas around them; return it and its corner."""
    points = np.vstack(curves)
    margin = pen_px + 2
    corner = points.min(axis=0) - margin
    width, height = np.ceil(np.ptp(points, axis=0) + 2 * margin).astype(int).tolist()
    strokes = [
        [(x, y, share) for (x, y), share in zip((curve - corner).tolist(), widths, strict=True)]
        for curve, widths in zip(curves, shares, strict=True)
    ]
    return render_strokes(strokes, width=width, height=height, pen_px=pen_px), corner
