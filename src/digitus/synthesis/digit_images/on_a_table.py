"""Photos of a sheet of paper on a table, with one digit written on it."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.digit_images.image_of_ink import written_sheet
from digitus.synthesis.papers.camera import PHONE, TABLES, Camera, photograph
from digitus.synthesis.papers.papers import Rgb

Range: TypeAlias = tuple[float, float]

DARK_WOOD, LIGHT_WOOD, BLACK, GREY = TABLES


@dataclass(frozen=True)
class TableSceneParameters:
    """Ranges of the photos, set by hand.

    Attributes:
        sheet_px: range of the sheet's long side.
        proportion: range of its short side, as a share of the long one: from A4 to square.
        size: range of the digit's height, as a share of the sheet's height.
        at: range of the place of the digit's middle, as shares of the sheet's sides.
        table: range of the table's width on each side, as a share of the sheet's sides.
        tilted_deg: range of the skew of tilted sheets.
        perspective: range of the share by which the far side of a sheet looks shorter.
        shadow: range of the light that a shadow takes.
        ruled_share: share of the sheets that are ruled or squared.
        pitch: range of the distance of their lines, as a share of the sheet's height.
    """

    sheet_px: tuple[int, int] = (700, 1100)
    proportion: Range = (0.7, 1.0)
    size: Range = (0.08, 0.5)
    at: Range = (0.35, 0.65)
    table: Range = (0.08, 0.3)
    tilted_deg: Range = (4.0, 15.0)
    perspective: Range = (0.06, 0.15)
    shadow: Range = (0.15, 0.45)
    ruled_share: float = 0.3
    pitch: Range = (0.04, 0.09)


SCENES = TableSceneParameters()

TABLE_KINDS = ("black table", "dark wood", "light wood", "tilted", "perspective", "shadow")


def digit_on_table(ink: Ink, kind: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Photograph a sheet with a digit on a table.

    Args:
        ink: (rows, cols) of the digit, cropped; `digit_height_px` chooses its height.
        kind: one of ``TABLE_KINDS``.
        rng: chooses everything else.

    Returns:
        (rows, cols, 3), 0 to 255.
    """
    p = SCENES
    long_px = int(rng.integers(*p.sheet_px))
    sides = [long_px, round(rng.uniform(*p.proportion) * long_px)]
    rows, cols = sides if rng.random() < 0.5 else sides[::-1]
    sheet_ink = np.zeros((max(rows, ink.shape[0] + 8), max(cols, ink.shape[1] + 8)), np.float32)
    room = np.array(sheet_ink.shape) - ink.shape
    top, left = np.clip(
        rng.uniform(*p.at, 2) * sheet_ink.shape - np.array(ink.shape) / 2, 4, room - 4
    ).astype(int)
    sheet_ink[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    is_ruled = rng.random() < p.ruled_share
    pitch_px = rng.uniform(*p.pitch) * rows if is_ruled else None
    sheet = written_sheet(sheet_ink, rng, pitch_px=pitch_px)
    return photograph(sheet, camera_over_table(kind, rng), rng)[0]


def digit_height_px(rng: np.random.Generator) -> float:
    """Return a height for a digit on a sheet, in pixels."""
    return rng.uniform(*SCENES.size) * float(np.mean(SCENES.sheet_px))


def camera_over_table(kind: str, rng: np.random.Generator) -> Camera:
    """Return a phone's camera over a sheet on a table of a kind."""
    colors: dict[str, Rgb] = {
        "black table": BLACK,
        "dark wood": DARK_WOOD,
        "light wood": LIGHT_WOOD,
    }
    camera = Camera(
        skew_deg=rng.uniform(-2, 2),
        tilt=rng.uniform(0, 0.03),
        table=rng.uniform(*SCENES.table),
        table_color=colors.get(kind, TABLES[rng.integers(len(TABLES))]),
        slope=rng.uniform(*PHONE.slope),
        vignette=rng.uniform(*PHONE.vignette),
        warmth=rng.normal(scale=PHONE.warmth),
        exposure=rng.uniform(*PHONE.exposure),
        blur_px=rng.uniform(*PHONE.blur_px),
        noise=rng.uniform(*PHONE.noise),
        jpeg_quality=int(rng.integers(60, 95)),
    )
    match kind:
        case "tilted":
            skew_deg = rng.uniform(*SCENES.tilted_deg) * rng.choice([-1, 1])
            return replace(camera, skew_deg=float(skew_deg))
        case "perspective":
            return replace(camera, tilt=rng.uniform(*SCENES.perspective))
        case "shadow":
            return replace(camera, shadow=rng.uniform(*SCENES.shadow))
        case _:
            return camera
