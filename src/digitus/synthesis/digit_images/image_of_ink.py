"""An image of written ink: a clean drawing, or a photo or scan of it on paper."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.papers.camera import PHONE, Camera, photograph
from digitus.synthesis.papers.papers import (
    PENS,
    RgbImage,
    cover,
    draw_ruled_lines,
    plain_paper,
)

Levels: TypeAlias = NDArray[np.uint8]
Range: TypeAlias = tuple[float, float]

LOOKS = ("dark on light", "light on dark", "scan", "photo", "ruled")


@dataclass(frozen=True)
class ImageParameters:
    """Looks of images of ink. Set by hand.

    Attributes:
        margin: range of the paper on each side, as a share of the ink's long side.
        tight_share: share of the images without any margin.
        least_px: least side of an image.
        pitch: range of the distance of ruled lines, as a share of the ink's height: a digit stands
            on a line or between two.
        squared_share: share of the ruled papers that are squared.
        slope: range of the decrease of the light from one side to the other; a close-up shows less
            of it than a page.
        vignette: range of the decrease of the light in the corners.
    """

    margin: Range = (0.05, 0.8)
    tight_share: float = 0.1
    least_px: int = 12
    pitch: Range = (1.2, 1.7)
    squared_share: float = 0.1
    slope: Range = (0.0, 0.2)
    vignette: Range = (0.0, 0.1)


IMAGE = ImageParameters()


def image_of(ink: Ink, look: str, rng: np.random.Generator) -> Levels:
    """Return an image of ink.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink, cropped.
        look: one of ``LOOKS``.
        rng: chooses margins, paper, pen and light.

    Returns:
        (rows, cols) grey or (rows, cols, 3) in color, uint8.
    """
    laid = _with_margins(ink, rng)
    if look == "dark on light":
        return np.rint(255 * (1 - laid)).astype(np.uint8)
    if look == "light on dark":
        return np.rint(255 * laid).astype(np.uint8)
    camera = Camera() if look == "scan" else phone(rng)
    rows, cols = (round(1.5 * camera.margin * side) + 1 for side in laid.shape)
    laid = np.pad(laid, ((rows, rows), (cols, cols)))  # the camera cuts this off
    sheet = written_sheet(laid, rng, pitch_px=_pitch(ink, rng) if look == "ruled" else None)
    return photograph(sheet, camera, rng)[0]


def written_sheet(ink: Ink, rng: np.random.Generator, *, pitch_px: float | None = None) -> RgbImage:
    """Return paper (rows, cols, 3) with ink of a random pen on it, and ruled lines if asked for."""
    rows, cols = ink.shape
    paper = plain_paper(rows, cols, rng)
    if pitch_px is not None:
        squared = bool(rng.random() < IMAGE.squared_share)
        draw_ruled_lines(paper, pitch_px, rng, first_px=rng.uniform(0, pitch_px), squared=squared)
    pens = list(PENS.values())
    cover(paper, ink, pens[rng.integers(len(pens))], rng)
    return paper


def phone(rng: np.random.Generator) -> Camera:
    """Return a phone's camera near a sheet, of which no edge is seen."""
    return Camera(
        skew_deg=float(np.clip(rng.normal(scale=PHONE.skew_deg), -4, 4)),
        table=-0.09,
        slope=rng.uniform(*IMAGE.slope),
        vignette=rng.uniform(*IMAGE.vignette),
        clouds=rng.uniform(*PHONE.clouds),
        warmth=rng.normal(scale=PHONE.warmth),
        exposure=rng.uniform(*PHONE.exposure),
        blur_px=rng.uniform(*PHONE.blur_px),
        noise=rng.uniform(*PHONE.noise),
        jpeg_quality=int(rng.integers(50, 95)),
    )


def _with_margins(ink: Ink, rng: np.random.Generator) -> Ink:
    if rng.random() < IMAGE.tight_share:
        return _at_least(ink, IMAGE.least_px)
    sides = rng.uniform(*IMAGE.margin, 4) * max(ink.shape)
    top, bottom, left, right = np.maximum(1, np.rint(sides)).astype(int).tolist()
    return _at_least(np.pad(ink, ((top, bottom), (left, right))), IMAGE.least_px)


def _at_least(ink: Ink, side_px: int) -> Ink:
    """Add paper on all sides, up to a least height and width."""
    missing = (max(0, side_px - side) for side in ink.shape)
    return np.pad(ink, [(n // 2, n - n // 2) for n in missing])


def _pitch(ink: Ink, rng: np.random.Generator) -> float:
    return float(max(6.0, rng.uniform(*IMAGE.pitch) * ink.shape[0]))
