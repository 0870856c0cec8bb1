"""What happens to a sheet: it is folded, or written on through carbon paper."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.papers.papers import InkColor, RgbImage, cover

Range = tuple[float, float]


@dataclass(frozen=True)
class HandlingParameters:
    """Folds and carbon copies; pairs are ranges of uniform draws. Set by hand.

    Attributes:
        fold_at: place of a fold, as a share of the sheet.
        fold_tilt: standard deviation of its tilt, in pixels for each pixel along it.
        fold_px: width of a fold's shading, as a share of the sheet's rows.
        fold_light: change of the light beside a fold; the other side changes the other way.
        crease: share of the light that the fold itself takes.
        copy_blur: blur of a carbon copy, in widths of the pen.
        copy_gain: factor on the blurred ink, which widens strokes.
        copy_unevenness: standard deviation of the pressure on a carbon copy.
        smudge: opacity of the smudges of a carbon copy.
        smudge_color: of the carbon paper.
    """

    fold_at: Range = (0.2, 0.8)
    fold_tilt: float = 0.01
    fold_px: Range = (0.02, 0.12)
    fold_light: Range = (0.04, 0.16)
    crease: Range = (0.08, 0.3)
    copy_blur: Range = (0.2, 0.45)
    copy_gain: Range = (1.2, 2.0)
    copy_unevenness: float = 0.15
    smudge: Range = (0.03, 0.14)
    smudge_color: tuple[float, float, float] = (0.35, 0.38, 0.62)


HANDLING = HandlingParameters()


def draw_folds(paper: RgbImage, n: int, rng: np.random.Generator) -> None:
    """Fold a sheet and open it again: a crease, with light on one side and shade on the other.

    Args:
        paper: changed in place.
        n: number of folds, the first across the sheet, then alternately along and across.
        rng: chooses their places and light.
    """
    rows, cols = paper.shape[:2]
    for number in range(n):
        y, x = np.ogrid[:rows, :cols]
        across, along, side = (y, x, rows) if number % 2 == 0 else (x, y, cols)
        at = side * rng.uniform(*HANDLING.fold_at)
        distance = across - at - rng.normal(scale=HANDLING.fold_tilt) * along
        reach = rows * rng.uniform(*HANDLING.fold_px)
        light = rng.uniform(*HANDLING.fold_light) * rng.choice([-1, 1])
        shade = 1 + light * np.sign(distance) * np.exp(-np.abs(distance) / reach)
        shade -= rng.uniform(*HANDLING.crease) * np.exp(-((distance / 1.2) ** 2))
        paper *= shade.astype(np.float32)[:, :, None]


def copy_through_carbon(paper: RgbImage, ink: Ink, pen_px: float, rng: np.random.Generator) -> Ink:
    """Return ink as a carbon copy shows it: wide, soft and uneven; smudge the paper.

    Args:
        paper: changed in place.
        ink: (rows, cols) of the original.
        pen_px: width of its pen.
        rng: chooses blur, pressure and smudges.
    """
    blur_px = max(0.6, pen_px * rng.uniform(*HANDLING.copy_blur))
    soft = cv2.GaussianBlur(ink, (0, 0), blur_px) * np.float32(rng.uniform(*HANDLING.copy_gain))
    pressure = 1 + HANDLING.copy_unevenness * _clouds(ink.shape, 60, rng)
    smudges = np.clip(_clouds(ink.shape, 40, rng) - 0.4, 0, 1)
    cover(paper, smudges, InkColor(HANDLING.smudge_color, rng.uniform(*HANDLING.smudge)))
    return np.asarray(np.clip(soft, 0, 1) * np.clip(pressure, 0, 1), np.float32)


def _clouds(shape: tuple[int, ...], cell_px: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a smooth random field of unit variance at points ``cell_px`` apart."""
    small = rng.standard_normal([side // cell_px + 2 for side in shape[:2]], np.float32)
    return np.asarray(cv2.resize(small, shape[1::-1], interpolation=cv2.INTER_CUBIC))
