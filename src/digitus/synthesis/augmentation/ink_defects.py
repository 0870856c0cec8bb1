"""What happens to ink on its way through paper and camera: gaps, grain, pale and dark pens."""

import numpy as np

from digitus.imaging.patch.patch import PATCH_PX
from digitus.synthesis.augmentation.patch_stack import Floats, Rows

BAR_LENGTH_PX = (3.0, 9.0)
BAR_REACH_PX = 9.0  # its middle lies this far from the patch's at most, each way: on the digit


def erase_bars(patches: Floats, which: Rows, width_px: Floats, rng: np.random.Generator) -> None:
    """Take the ink off a bar at a random place and angle: a fold, a hair, a cleared ruled line.

    Args:
        patches: (n, 28, 28), changed in place.
        which: (m,) patches that get a bar.
        width_px: (m,) of each bar.
        rng: chooses place, angle and length.
    """
    along, across = _turned_positions(len(which), rng)
    length_px = rng.uniform(*BAR_LENGTH_PX, len(which)).astype(np.float32)
    covered = _inside(along, length_px) * _inside(across, width_px)
    patches[which] *= 1 - covered


def speckle(patches: Floats, which: Rows, deviation: Floats, rng: np.random.Generator) -> None:
    """Multiply every pixel by a normal factor around one, as grain does; ink stays at 0 or above.

    Args:
        patches: (n, 28, 28), changed in place.
        which: (m,) patches that get it.
        deviation: (m,) of the factor.
        rng: chooses the factors.
    """
    factor = rng.standard_normal((len(which), PATCH_PX, PATCH_PX), dtype=np.float32)
    factor *= deviation[:, None, None]
    factor += 1
    patches[which] *= np.maximum(factor, 0)


def scale_ink(patches: Floats, which: Rows, factor: Floats) -> None:
    """Multiply the ink of some patches (n, 28, 28) by a factor (m,), and cut all off at full ink.

    Args:
        patches: changed in place.
        which: (m,) patches that are scaled.
        factor: (m,) 0 or more.
    """
    patches[which] *= factor[:, None, None]
    np.clip(patches, 0, 1, out=patches)


def _turned_positions(m: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Pixels' positions (m, 28, 28) along and across a bar of random middle and angle."""
    angle = rng.uniform(0, np.pi, m).astype(np.float32)[:, None, None]
    middle = (PATCH_PX - 1) / 2 + rng.uniform(-BAR_REACH_PX, BAR_REACH_PX, (2, m, 1, 1))
    pixel = np.arange(PATCH_PX, dtype=np.float32)
    row = pixel[:, None] - middle[0].astype(np.float32)
    col = pixel - middle[1].astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    return cos * col + sin * row, cos * row - sin * col


def _inside(position_px: Floats, width_px: Floats) -> Floats:
    """One inside a band of this width around zero, zero outside, in between on the edge."""
    return np.clip(width_px[:, None, None] / 2 + 0.5 - np.abs(position_px), 0, 1)
