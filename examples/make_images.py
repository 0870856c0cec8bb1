"""Draw the example images of this folder with the synthetic pen.

Run ``python examples/make_images.py [FOLDER]``; the images are the same every time. The name of an
image starts with its digit.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.files import replacing
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

SEED = 1998
Color = tuple[int, int, int]

WHITE, CREAM, GREY_PAPER = (255, 255, 255), (250, 244, 228), (232, 233, 230)
BLACK, SLATE, BOARD = (0, 0, 0), (38, 42, 48), (36, 72, 58)
GRAPHITE, BLUE, RED, CHALK = (52, 52, 56), (28, 52, 140), (176, 38, 44), (236, 236, 226)


@dataclass(frozen=True)
class Sheet:
    """One image to draw; lengths in pixels."""

    name: str
    allograph: str  # the shape of the digit
    canvas: tuple[int, int]  # width, height
    paper: Color
    ink: Color
    digit_size: float
    corner: tuple[float, float]  # left, top of the digit's box
    pen: float
    grain: float = 0.0  # unevenness of the ink: 0 felt-tip, 0.5 chalk
    noise: float = 0.0  # standard deviation, in grey levels


SHEETS = (
    Sheet("0-doubtful.png", "broad", (200, 200), WHITE, BLACK, 130, (40, 30), 11),
    Sheet("1-light-on-dark.png", "narrow flag", (64, 64), BLACK, WHITE, 44, (14, 9), 4),
    Sheet("2-blue-on-cream.png", "curled", (320, 240), CREAM, BLUE, 120, (175, 20), 8, grain=0.1),
    Sheet("2-light-on-dark.png", "straight", (160, 120), SLATE, WHITE, 70, (12, 38), 7),
    Sheet("3-light-on-dark.png", "middle loop", (120, 180), BLACK, CHALK, 84, (20, 80), 9),
    Sheet(
        "4-pencil.jpg", "angular cup", (480, 360), GREY_PAPER, GRAPHITE, 190, (60, 110), 9, 0.35, 3
    ),
    Sheet("5-chalk.png", "detached bar", (600, 260), BOARD, CHALK, 170, (380, 40), 13, grain=0.5),
    Sheet("6-dark-on-light.png", "spiral", (64, 80), GREY_PAPER, BLACK, 40, (4, 36), 4, noise=2),
    Sheet("7-light-on-dark.png", "barred", (280, 280), BLACK, WHITE, 200, (40, 36), 18),
    Sheet("7-red.jpg", "serif and bar", (300, 400), WHITE, RED, 150, (110, 210), 10, noise=2),
    Sheet("8-transparent.png", "two circles", (256, 256), WHITE, GRAPHITE, 140, (20, 20), 12),
    Sheet("9-dark-on-light.png", "smooth", (360, 200), CREAM, BLACK, 110, (220, 60), 8),
    Sheet("9-light-on-dark.png", "round tail", (90, 90), SLATE, CHALK, 60, (22, 14), 6, noise=2),
    Sheet("0-dark-on-light.png", "slashed", (200, 200), WHITE, BLACK, 130, (40, 30), 11),
)


def draw(sheet: Sheet, rng: np.random.Generator) -> Image.Image:
    """Draw the digit that the name of the sheet starts with."""
    width, height = sheet.canvas
    left, top = sheet.corner
    digit = draw_digit(int(sheet.name[0]), rng, allograph=sheet.allograph)
    strokes = place(digit, size=sheet.digit_size, left=left, top=top)
    ink = render_strokes(strokes, width=width, height=height, pen_px=sheet.pen)
    ink *= 1 - sheet.grain * rng.random(ink.shape, np.float32)
    if "transparent" in sheet.name:
        return _on_transparency(ink, sheet)
    return _on_paper(ink, sheet, rng)


def _on_paper(ink: NDArray[np.float32], sheet: Sheet, rng: np.random.Generator) -> Image.Image:
    paper, color = np.array(sheet.paper), np.array(sheet.ink)
    values = paper + ink[:, :, None] * (color - paper)
    values += sheet.noise * rng.standard_normal((*ink.shape, 1))
    return Image.fromarray(values.clip(0, 255).round().astype(np.uint8))


def _on_transparency(ink: NDArray[np.float32], sheet: Sheet) -> Image.Image:
    image = Image.new("RGBA", sheet.canvas, (*sheet.ink, 0))
    image.putalpha(Image.fromarray((255 * ink).round().astype(np.uint8)))
    return image


def main(folder: Path) -> None:
    """Draw all images into a folder."""
    for number, sheet in enumerate(SHEETS):
        image = draw(sheet, np.random.default_rng([SEED, number]))
        with replacing(folder / sheet.name) as draft:
            image.save(draft, quality=88, optimize=True)
        print(folder / sheet.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
