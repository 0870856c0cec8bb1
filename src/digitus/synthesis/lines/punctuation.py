"""Marks that stand beside digits: dots, commas and dashes."""

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.strokes import render_strokes
from digitus.models.line_image_format import MarkKind
from digitus.synthesis.pen.writers import crop

PEN = (0.07, 0.15)  # of a digit's height
PRESSED = (1.0, 1.7)  # width of a dot, in pens
RISES: dict[MarkKind, tuple[float, ...]] = {
    "dot": (0.0, 0.0, 0.4),
    "comma": (-0.15,),
    "dash": (0.3, 0.45, 0.6),
}
"""How high a mark ends above the baseline, in heights of a digit."""
RISE_SPREAD = 0.06


def write_mark(kind: MarkKind, height_px: float, rng: np.random.Generator) -> tuple[Ink, float]:
    """Write a mark.

    Args:
        kind: which.
        height_px: of the digits beside it.
        rng: chooses its shape, pen and place.

    Returns:
        Its ink (rows, cols), cropped, and by how many rows it ends below the baseline.
    """
    pen = max(1.5, height_px * rng.uniform(*PEN))
    way = {
        "dot": rng.normal(scale=0.02, size=(2, 2)),
        "comma": np.array([[0, 0], [-rng.uniform(0, 0.15), rng.uniform(0.12, 0.4)]]),
        "dash": np.array([[0, 0], [rng.uniform(0.25, 0.9), rng.normal(scale=0.06)]]),
    }[kind]
    pen *= rng.uniform(*PRESSED) if kind == "dot" else 1
    points = (way - way.min(axis=0)) * height_px + pen
    side = np.ceil(points.max(axis=0) + pen + 1).astype(int)
    stroke = [(float(x), float(y)) for x, y in points]
    ink = crop(render_strokes([stroke], width=int(side[0]), height=int(side[1]), pen_px=pen))
    rise = float(rng.choice(RISES[kind])) + rng.normal(scale=RISE_SPREAD)
    return ink, -rise * height_px
