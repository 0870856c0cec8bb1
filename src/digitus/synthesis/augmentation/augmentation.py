"""Augmentation: change every patch at random, the way writers, pens and cameras differ."""

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np

from digitus.imaging.patch.patch import PATCH_PX
from digitus.synthesis.augmentation.distortions import (
    Floats,
    Rows,
    blur,
    erase_bars,
    put_into_cells,
    scale_ink,
    speckle,
    thicken,
    thin,
)
from digitus.synthesis.augmentation.warping import LEAST_SIGMA_PX, Warps, inverse_maps, warp

Range: TypeAlias = tuple[float, float]
"""Least and greatest value of a uniform distribution."""

CHUNK = 256  # patches at a time: their work arrays stay in the cache


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Ranges of the random changes of a patch.

    Every change applies to all patches, or to the share of them that ``<name>_share`` gives.

    Attributes:
        rotation_deg: positive is counterclockwise.
        shear: columns to the right for each row upwards.
        scale: factor on width and height.
        aspect: factor on the ratio of width to height; the area is kept.
        shift_px: shift down, and shift to the right.
        elastic_px: root mean square of the elastic displacement of the digit along each axis.
        elastic_sigma_px: standard deviation of the Gaussian that smooths it, 3 or more.
        thickness_px: change of the stroke's width at either side, -1 to 1.
        blur_px: standard deviation of the blur, 0 to 1.
        contrast: factor on the ink, which is clipped at full ink.
        speckle: standard deviation of the random factor on every pixel.
        bar_px: width of an erased bar (occlusion), whose length is 3 to 9 px.

    Raises:
        ValueError: if the ends of a range are swapped or beyond the limits given here.
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
"""What `digitus train` uses. Set by hand; no search is recorded."""


def augment(
    patches: Floats,
    rng: np.random.Generator,
    how: Augmentation = STANDARD,
    *,
    out: Floats | None = None,
) -> Floats:
    """Return the patches, each changed at random.

    Args:
        patches: (n, 28, 28) float32, 0.0 paper to 1.0 full ink; not modified.
        rng: source of all random numbers; the same state gives the same result.
        how: ranges of the changes.
        out: (n, 28, 28) float32 array for the result; may be ``patches`` itself.

    Raises:
        ValueError: if an array has another shape or type.

    >>> patches = np.zeros((3, 28, 28), np.float32)
    >>> augment(patches, np.random.default_rng(0)).shape
    (3, 28, 28)
    """
    _check_patches(patches, "patches")
    result = np.empty_like(patches) if out is None else out
    _check_patches(result, "out")
    if len(result) != len(patches):
        raise ValueError(f"out needs {len(patches)} patches; it has {len(result)}")
    for start in range(0, len(patches), CHUNK):
        chunk = slice(start, start + CHUNK)
        result[chunk] = _augment_chunk(patches[chunk], rng, how)
    return result


def _augment_chunk(patches: Floats, rng: np.random.Generator, how: Augmentation) -> Floats:
    """Apply the changes in the order of their causes: pen, writer, paper and camera."""
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
    """Choose about a share of n patches; return their indices and a value for each."""
    which = np.flatnonzero(rng.random(n) < share)
    return which, _draw(rng, len(which), ends)


def _check_patches(patches: Floats, name: str) -> None:
    shape, kind = np.shape(patches), getattr(patches, "dtype", None)
    if shape[1:] != (PATCH_PX, PATCH_PX) or kind != np.float32:
        raise ValueError(f"{name} must be (n, 28, 28) of float32; got {shape} of {kind}")
