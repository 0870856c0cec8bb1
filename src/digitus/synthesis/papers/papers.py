"""Paper in colour: plain, ruled, squared, with form lines, or patterned as a cheque is."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

Colours: TypeAlias = NDArray[np.float32]
"""(rows, cols, 3), red, green and blue from 0.0 to 1.0."""

Colour: TypeAlias = tuple[float, float, float]

WHITE, CREAM, RECYCLED = (0.95, 0.95, 0.94), (0.96, 0.93, 0.85), (0.86, 0.85, 0.81)
RULES: tuple[Colour, ...] = ((0.55, 0.66, 0.82), (0.6, 0.6, 0.62), (0.66, 0.62, 0.74))
MARGIN_RED: Colour = (0.85, 0.45, 0.45)
PRINT: Colour = (0.25, 0.25, 0.28)
TINTS: tuple[Colour, ...] = ((0.5, 0.62, 0.6), (0.62, 0.52, 0.56), (0.52, 0.56, 0.68))
GRAIN = 0.012  # standard deviation of the paper's own texture
SUBPIXEL_BITS = 4


@dataclass(frozen=True)
class Stain:
    """Colour that covers paper where there is ink.

    Attributes:
        colour: red, green, blue, 0.0 to 1.0.
        strength: how much of the paper full ink covers, 0.0 to 1.0.
        grain: how unevenly it covers, 0.0 a felt-tip to 0.6 a pencil.
    """

    colour: Colour
    strength: float = 1.0
    grain: float = 0.0


PENS = {
    "black": Stain((0.1, 0.1, 0.12), 0.95, 0.08),
    "blue": Stain((0.13, 0.2, 0.55), 0.92, 0.15),
    "red": Stain((0.72, 0.14, 0.16), 0.9, 0.15),
    "pencil": Stain((0.34, 0.34, 0.36), 0.72, 0.45),
    "faint pencil": Stain((0.45, 0.45, 0.47), 0.5, 0.5),
}
"""What people write with."""


def plain(rows: int, cols: int, rng: np.random.Generator) -> Colours:
    """Return paper (rows, cols, 3) of a colour of its own, with its texture."""
    whites = np.array([WHITE, CREAM, RECYCLED])
    colour = whites[rng.choice(3, p=[0.6, 0.25, 0.15])] + rng.normal(scale=0.01, size=3)
    paper = np.empty((rows, cols, 3), np.float32)
    paper[:] = colour
    return paper + texture(rows, cols, rng)[:, :, None]


def texture(rows: int, cols: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the unevenness of paper (rows, cols) about 0: fibres and, larger, its thickness."""
    fine = cv2.GaussianBlur(rng.standard_normal((rows, cols), np.float32), (0, 0), 0.9)
    small = rng.standard_normal((rows // 24 + 2, cols // 24 + 2), np.float32)
    coarse = cv2.resize(small, (cols, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray(GRAIN * (1.5 * fine + 0.5 * coarse), np.float32)


def rule(
    paper: Colours, pitch_px: float, rng: np.random.Generator, *, first_px: float, squared: bool
) -> None:
    """Rule paper in place: horizontal lines, vertical ones if squared, else sometimes a margin.

    Args:
        paper: changed in place.
        pitch_px: from line to line.
        rng: chooses colour, strength and margin.
        first_px: row of the first line.
        squared: whether upright lines cross the level ones.
    """
    rows, cols = paper.shape[:2]
    ys = np.arange(first_px, rows, pitch_px)
    lines = [((0.0, y), (float(cols), y)) for y in ys.tolist()]
    if squared:
        xs = np.arange(rng.uniform(0, pitch_px), cols, pitch_px)
        lines += [((x, 0.0), (x, float(rows))) for x in xs.tolist()]
    width_px = max(1.0, rng.uniform(0.02, 0.045) * pitch_px * (2 if squared else 1))
    stain = Stain(RULES[rng.integers(len(RULES))], rng.uniform(0.35, 0.9))
    cover(paper, draw_lines(lines, (rows, cols), width_px), stain)
    if not squared and rng.random() < 0.5:
        x = rng.uniform(0.06, 0.14) * cols
        red = draw_lines([((x, 0.0), (x, float(rows)))], (rows, cols), width_px)
        cover(paper, red, Stain(MARGIN_RED, 0.7))


def guilloche(paper: Colours, pitch_px: float, rng: np.random.Generator) -> None:
    """Print a fine pattern of waves on paper in place, as a cheque has it against forgers.

    Args:
        paper: changed in place.
        pitch_px: between two lines of a bundle of waves.
        rng: chooses the waves and the tint.
    """
    rows, cols = paper.shape[:2]
    tint = TINTS[rng.integers(len(TINTS))]
    cover(paper, np.full((rows, cols), rng.uniform(0, 0.4), np.float32), Stain(tint))
    for _ in range(int(rng.integers(1, 4))):
        stain = Stain(tint, rng.uniform(0.4, 0.9))
        waves = _bundle(rows, cols, pitch_px * rng.uniform(0.7, 1.6), rng)
        cover(paper, _polylines(waves, (rows, cols)), stain)


def cover(paper: Colours, ink: Ink, stain: Stain, rng: np.random.Generator | None = None) -> None:
    """Lay colour on paper, in place, where there is ink (rows, cols).

    Args:
        paper: changed in place.
        ink: 0.0 to 1.0.
        stain: what the ink is like.
        rng: needed for grain alone.
    """
    share = stain.strength * ink
    if stain.grain and rng is not None:
        fine = cv2.GaussianBlur(rng.random(ink.shape, np.float32), (0, 0), 0.8)
        share *= 1 - stain.grain * np.clip(0.5 + 2 * (fine - 0.5), 0, 1)
    paper += share[:, :, None] * (np.array(stain.colour, np.float32) - paper)


def draw_lines(
    lines: list[tuple[tuple[float, float], tuple[float, float]]],
    shape: tuple[int, int],
    width_px: float,
) -> Ink:
    """Draw straight lines, each from point to point (x, y), as ink; thin ones are fainter."""
    mask = np.zeros(shape, np.uint8)
    thickness = max(1, round(width_px))
    for line in lines:
        start, end = (np.rint(np.array(point) * 2**SUBPIXEL_BITS).astype(int) for point in line)
        cv2.line(mask, start.tolist(), end.tolist(), 255, thickness, cv2.LINE_AA, SUBPIXEL_BITS)
    return np.asarray(mask, np.float32) / np.float32(255)


def _bundle(rows: int, cols: int, pitch_px: float, rng: np.random.Generator) -> list[Colours]:
    """Parallel waves across the paper, tilted: points (n, 2) of each."""
    x = np.linspace(-0.2 * cols, 1.2 * cols, 160)
    reach, length = rng.uniform(0.15, 0.5) * rows, rng.uniform(0.5, 1.5) * rows
    slow, tilt = rng.uniform(2, 5) * length, np.tan(rng.uniform(-0.8, 0.8))
    phases = rng.uniform(0, 2 * np.pi, 2)
    wave = reach * np.sin(x / length + phases[0]) * (1 + 0.5 * np.sin(x / slow + phases[1]))
    spread = rows + 2 * reach + abs(tilt) * cols
    starts = np.arange(-spread / 2, rows + spread / 2, pitch_px)
    squeeze = 1 + 0.25 * np.sin(starts / rng.uniform(0.4, 1.2) / rows)[:, None]
    ys = starts[:, None] + wave * squeeze + tilt * (x - cols / 2)
    return [np.column_stack([x, y]).astype(np.float32) for y in ys]


def _polylines(curves: list[Colours], shape: tuple[int, int]) -> Ink:
    mask = np.zeros(shape, np.uint8)
    fixed = [np.rint(curve * 2**SUBPIXEL_BITS).astype(np.int32) for curve in curves]
    cv2.polylines(
        mask,
        fixed,
        isClosed=False,
        color=255,
        thickness=1,
        lineType=cv2.LINE_AA,
        shift=SUBPIXEL_BITS,
    )
    return np.asarray(mask, np.float32) / np.float32(255)
