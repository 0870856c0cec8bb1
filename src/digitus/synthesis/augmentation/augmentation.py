"""Augmentation: many patches, each changed at random as hands, pens and cameras differ."""

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np

from digitus.imaging.patch.patch import PATCH_PX
from digitus.synthesis.augmentation.ink_defects import erase_bars, scale_ink, speckle
from digitus.synthesis.augmentation.patch_stack import (
    Floats,
    Rows,
    blur,
    put_into_cells,
    thicken,
    thin,
)
from digitus.synthesis.augmentation.warps import LEAST_SIGMA_PX, Warps, inverse_maps, warp

Range: TypeAlias = tuple[float, float]
"""Least and greatest value; drawn evenly between them."""

CHUNK = 256  # images at a time, so that their work arrays stay in the cache


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What may happen to a patch. A range holds for every image, or for the share named after it.

    Attributes:
        rotation_deg: positive turns counterclockwise.
        shear: columns to the right for each row upwards.
        scale: factor on both sides.
        aspect: width to height, by what it changes; the area stays.
        shift_px: down, and to the right.
        elastic_px: root mean square of the elastic displacement of the digit along each axis.
        elastic_sigma_px: its smoothness, 3 or more.
        thickness_px: change at every side of a stroke, -1 to 1.
        blur_px: deviation of the blur, 0 to 1.
        contrast: factor on the ink, cut off at full ink.
        speckle: deviation of the factor on every pixel.
        bar_px: width of an erased bar, 3 to 9 px long: the occlusion.

    Raises:
        ValueError: if a range is upside down or goes beyond what is said here.
    """

    rotation_deg: Range = (-15.0, 15.0)
    shear: Range = (-0.25, 0.25)
    scale: Range = (0.85, 1.12)
    aspect: Range = (0.8, 1.2)
    shift_px: Range = (-1.5, 1.5)
    elastic_px: Range = (0.0, 1.0)
    elastic_sigma_px: Range = (3.0, 6.0)
    thickness_px: Range = (-0.9, 0.9)
    thickness_share: float = 0.5
    blur_px: Range = (0.0, 0.9)
    blur_share: float = 0.25
    contrast: Range = (0.6, 1.8)
    contrast_share: float = 0.5
    speckle: Range = (0.0, 0.3)
    speckle_share: float = 0.25
    bar_px: Range = (1.0, 2.5)
    bar_share: float = 0.15

    def __post_init__(self) -> None:
        for field in fields(self):
            low, high = _BOUNDS.get(field.name, (0.0, 1.0))
            value = getattr(self, field.name)
            least, greatest = (value, value) if field.name.endswith("share") else value
            if not low <= least <= greatest <= high:
                raise ValueError(f"{field.name} goes from {low:g} to {high:g}; got {value}")


_BOUNDS: dict[str, Range] = {
    "rotation_deg": (-180, 180),
    "shear": (-2, 2),
    "scale": (0.1, 10),
    "aspect": (0.1, 10),
    "shift_px": (-PATCH_PX, PATCH_PX),
    "elastic_px": (0, 5),
    "elastic_sigma_px": (LEAST_SIGMA_PX, PATCH_PX),
    "thickness_px": (-1, 1),
    "contrast": (0, 100),
    "bar_px": (0, PATCH_PX),
}

STANDARD = Augmentation()
MILD = Augmentation(
    rotation_deg=(-10, 10),
    shear=(-0.15, 0.15),
    scale=(0.9, 1.08),
    aspect=(0.88, 1.14),
    shift_px=(-1, 1),
    elastic_px=(0, 0.7),
    elastic_sigma_px=(4, 6),
    thickness_px=(-0.5, 0.5),
    blur_px=(0, 0.6),
    contrast=(0.8, 1.4),
    speckle=(0, 0.15),
    bar_share=0.05,
)
STRONG = Augmentation(
    rotation_deg=(-20, 20),
    shear=(-0.35, 0.35),
    scale=(0.75, 1.15),
    aspect=(0.7, 1.3),
    shift_px=(-2.5, 2.5),
    elastic_px=(0, 1.3),
    thickness_px=(-1, 1),
    thickness_share=0.6,
    blur_px=(0, 1),
    contrast=(0.4, 2.5),
    speckle=(0, 0.45),
    bar_share=0.25,
)


def augment(
    patches: Floats,
    rng: np.random.Generator,
    how: Augmentation = STANDARD,
    *,
    out: Floats | None = None,
) -> Floats:
    """Return every patch changed at random.

    Args:
        patches: (n, 28, 28) float32, 0.0 paper to 1.0 full ink; left as they are.
        rng: all chance comes from it, so the same state gives the same result.
        how: what may happen, and how much.
        out: as patches, takes the result; may be ``patches`` itself.

    Raises:
        ValueError: if an array has another shape or type.

    >>> patches = np.zeros((3, 28, 28), np.float32)
    >>> augment(patches, np.random.default_rng(0)).shape
    (3, 28, 28)
    """
    _refuse_others(patches, "patches")
    result = np.empty_like(patches) if out is None else out
    _refuse_others(result, "out")
    if len(result) != len(patches):
        raise ValueError(f"out needs {len(patches)} patches; it has {len(result)}")
    for start in range(0, len(patches), CHUNK):
        part = slice(start, start + CHUNK)
        result[part] = _augment_some(patches[part], rng, how)
    return result


def _augment_some(patches: Floats, rng: np.random.Generator, how: Augmentation) -> Floats:
    """Pen first, then hand, then paper and camera."""
    n = len(patches)
    cells = put_into_cells(patches)
    changed, thickness_px = _draw_some(rng, n, how.thickness_px, how.thickness_share)
    wider = thickness_px > 0
    thicken(cells, changed[wider], thickness_px[wider])
    thin(cells, changed[~wider], -thickness_px[~wider])
    blur(cells, *_draw_some(rng, n, how.blur_px, how.blur_share))
    warped = warp(cells, _draw_warps(rng, n, how), rng)
    erase_bars(warped, *_draw_some(rng, n, how.bar_px, how.bar_share), rng)
    speckle(warped, *_draw_some(rng, n, how.speckle, how.speckle_share), rng)
    scale_ink(warped, *_draw_some(rng, n, how.contrast, how.contrast_share))
    return warped


def _draw_warps(rng: np.random.Generator, n: int, how: Augmentation) -> Warps:
    scale = _draw(rng, n, how.scale)
    root: Floats = np.sqrt(_draw(rng, n, how.aspect))
    inverse = inverse_maps(
        _draw(rng, n, how.rotation_deg),
        shear=_draw(rng, n, how.shear),
        row_scale=scale / root,
        col_scale=scale * root,
    )
    shift = _draw(rng, 2 * n, how.shift_px).reshape(n, 2)
    sigma = _draw(rng, n, how.elastic_sigma_px)
    return Warps(inverse, shift, _draw(rng, n, how.elastic_px), sigma)


def _draw(rng: np.random.Generator, n: int, ends: Range) -> Floats:
    low, high = ends
    drawn = rng.random(n, dtype=np.float32)
    drawn *= np.float32(high - low)
    drawn += np.float32(low)
    return drawn


def _draw_some(rng: np.random.Generator, n: int, ends: Range, share: float) -> tuple[Rows, Floats]:
    """Numbers of the patches that are chosen, about a share of n, and a value for each."""
    which = np.flatnonzero(rng.random(n) < share)
    return which, _draw(rng, len(which), ends)


def _refuse_others(patches: Floats, name: str) -> None:
    shape, kind = np.shape(patches), getattr(patches, "dtype", None)
    if shape[1:] != (PATCH_PX, PATCH_PX) or kind != np.float32:
        raise ValueError(f"{name} must be (n, 28, 28) of float32; got {shape} of {kind}")
