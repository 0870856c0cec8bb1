"""Paper in color: plain, ruled, squared, or with the pattern of a cheque; ink laid on it."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

RgbImage: TypeAlias = NDArray[np.float32]
"""(rows, cols, 3), red, green and blue from 0.0 to 1.0."""

Rgb: TypeAlias = tuple[float, float, float]
"""Red, green and blue from 0.0 to 1.0."""

SUBPIXEL_BITS = 4  # OpenCV draws at 1/16 px


@dataclass(frozen=True)
class PaperParameters:
    """Colors and lines of papers. Set by hand; no search is recorded.

    Attributes:
        whites: colors of plain paper: white, cream, recycled.
        white_shares: their shares.
        ruled_lines: colors of ruled lines.
        margin: color of the margin line of ruled paper.
        tints: colors of a cheque's pattern.
        grain: standard deviation of the paper's texture.
        line_width: range of a ruled line's width, as a share of the pitch.
        line_strength: range of the opacity of ruled lines.
        margin_share: share of ruled papers that have a margin line.
        margin_at: range of its column, as a share of the paper's width.
        margin_strength: opacity of the margin line.
        white_spread: standard deviation of each channel of a paper's color.
        tint_strength: range of the even tint of a cheque.
        patterns: number of patterns of waves of a cheque, exclusive at the end.
        pattern_pitch: range of the factor on the distance of its waves.
        pattern_strength: range of their opacity.
        wave_reach: range of the amplitude of a wave, as a share of the rows.
        wave_length: range of its length, the same, divided by two pi.
        slow_wave: range of the length of the slow variation of its amplitude, in wave lengths.
        wave_tilt: largest tilt of the waves, radians.
        squeeze_length: range of the length over which parallel waves come closer and part.
    """

    whites: tuple[Rgb, ...] = ((0.95, 0.95, 0.94), (0.96, 0.93, 0.85), (0.86, 0.85, 0.81))
    white_shares: tuple[float, ...] = (0.6, 0.25, 0.15)
    ruled_lines: tuple[Rgb, ...] = ((0.55, 0.66, 0.82), (0.6, 0.6, 0.62), (0.66, 0.62, 0.74))
    margin: Rgb = (0.85, 0.45, 0.45)
    tints: tuple[Rgb, ...] = ((0.5, 0.62, 0.6), (0.62, 0.52, 0.56), (0.52, 0.56, 0.68))
    grain: float = 0.012
    line_width: tuple[float, float] = (0.02, 0.045)
    line_strength: tuple[float, float] = (0.35, 0.9)
    margin_share: float = 0.5
    margin_at: tuple[float, float] = (0.06, 0.14)
    margin_strength: float = 0.7
    white_spread: float = 0.01
    tint_strength: tuple[float, float] = (0.0, 0.4)
    patterns: tuple[int, int] = (1, 4)
    pattern_pitch: tuple[float, float] = (0.7, 1.6)
    pattern_strength: tuple[float, float] = (0.4, 0.9)
    wave_reach: tuple[float, float] = (0.15, 0.5)
    wave_length: tuple[float, float] = (0.5, 1.5)
    slow_wave: tuple[float, float] = (2.0, 5.0)
    wave_tilt: float = 0.8
    squeeze_length: tuple[float, float] = (0.4, 1.2)


PAPER = PaperParameters()


@dataclass(frozen=True)
class InkColor:
    """Color of ink on paper.

    Attributes:
        color: of full ink.
        strength: opacity of full ink, 0.0 to 1.0.
        grain: unevenness of the opacity, from 0.0 (felt-tip) to 0.6 (pencil).
    """

    color: Rgb
    strength: float = 1.0
    grain: float = 0.0


PRINT = InkColor((0.25, 0.25, 0.28), 0.9)
"""Printed lines and letters."""

PENS = {
    "black": InkColor((0.1, 0.1, 0.12), 0.95, 0.08),
    "blue": InkColor((0.13, 0.2, 0.55), 0.92, 0.15),
    "red": InkColor((0.72, 0.14, 0.16), 0.9, 0.15),
    "pencil": InkColor((0.34, 0.34, 0.36), 0.72, 0.45),
    "faint pencil": InkColor((0.45, 0.45, 0.47), 0.5, 0.5),
    "carbon": InkColor((0.3, 0.33, 0.58), 0.75, 0.35),
}
"""Ink colors by the name of the pen."""


def plain_paper(rows: int, cols: int, rng: np.random.Generator) -> RgbImage:
    """Return paper (rows, cols, 3) of a random color, with texture."""
    whites = np.array(PAPER.whites)
    color = whites[rng.choice(3, p=PAPER.white_shares)]
    color = color + rng.normal(scale=PAPER.white_spread, size=3)
    paper = np.empty((rows, cols, 3), np.float32)
    paper[:] = color
    return paper + paper_texture(rows, cols, rng)[:, :, None]


def paper_texture(rows: int, cols: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the variation of paper (rows, cols) around 0: fine fibres and coarse thickness."""
    fine = cv2.GaussianBlur(rng.standard_normal((rows, cols), np.float32), (0, 0), 0.9)
    small = rng.standard_normal((rows // 24 + 2, cols // 24 + 2), np.float32)
    coarse = cv2.resize(small, (cols, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray(PAPER.grain * (1.5 * fine + 0.5 * coarse), np.float32)


def draw_ruled_lines(
    paper: RgbImage, pitch_px: float, rng: np.random.Generator, *, first_px: float, squared: bool
) -> None:
    """Draw the ruled lines of paper, in some cases with a margin line.

    Args:
        paper: changed in place.
        pitch_px: distance between lines.
        rng: chooses color, strength and margin.
        first_px: row of the first line.
        squared: whether to draw vertical lines too; such paper has no margin line.
    """
    rows, cols = paper.shape[:2]
    ys = np.arange(first_px, rows, pitch_px)
    lines = [((0.0, y), (float(cols), y)) for y in ys.tolist()]
    if squared:
        xs = np.arange(rng.uniform(0, pitch_px), cols, pitch_px)
        lines += [((x, 0.0), (x, float(rows))) for x in xs.tolist()]
    width_px = max(1.0, rng.uniform(*PAPER.line_width) * pitch_px * (2 if squared else 1))
    color = PAPER.ruled_lines[rng.integers(len(PAPER.ruled_lines))]
    ruled = InkColor(color, rng.uniform(*PAPER.line_strength))
    cover(paper, draw_lines(lines, (rows, cols), width_px), ruled)
    if not squared and rng.random() < PAPER.margin_share:
        x = rng.uniform(*PAPER.margin_at) * cols
        margin = draw_lines([((x, 0.0), (x, float(rows)))], (rows, cols), width_px)
        cover(paper, margin, InkColor(PAPER.margin, PAPER.margin_strength))


def draw_guilloche(paper: RgbImage, pitch_px: float, rng: np.random.Generator) -> None:
    """Draw a guilloche on paper: the fine pattern of waves of a cheque.

    Args:
        paper: changed in place.
        pitch_px: distance between two parallel waves.
        rng: chooses the waves and the tint.
    """
    rows, cols = paper.shape[:2]
    tint = PAPER.tints[rng.integers(len(PAPER.tints))]
    even = np.full((rows, cols), rng.uniform(*PAPER.tint_strength), np.float32)
    cover(paper, even, InkColor(tint))
    for _ in range(int(rng.integers(*PAPER.patterns))):
        color = InkColor(tint, rng.uniform(*PAPER.pattern_strength))
        waves = _parallel_waves(rows, cols, pitch_px * rng.uniform(*PAPER.pattern_pitch), rng)
        cover(paper, _polylines(waves, (rows, cols)), color)


def cover(
    paper: RgbImage, ink: Ink, color: InkColor, rng: np.random.Generator | None = None
) -> None:
    """Lay colored ink on paper.

    Args:
        paper: (rows, cols, 3), changed in place.
        ink: (rows, cols), 0.0 to 1.0.
        color: of the ink.
        rng: for the grain; without it the ink is even.
    """
    opacity = color.strength * ink
    if color.grain and rng is not None:
        fine = cv2.GaussianBlur(rng.random(ink.shape, np.float32), (0, 0), 0.8)
        opacity *= 1 - color.grain * np.clip(0.5 + 2 * (fine - 0.5), 0, 1)
    paper += opacity[:, :, None] * (np.array(color.color, np.float32) - paper)


def draw_lines(
    lines: list[tuple[tuple[float, float], tuple[float, float]]],
    shape: tuple[int, int],
    width_px: float,
) -> Ink:
    """Draw straight lines as ink (rows, cols).

    Args:
        lines: start and end (x, y) of each.
        shape: rows and columns.
        width_px: of all lines, rounded to whole pixels.
    """
    mask = np.zeros(shape, np.uint8)
    thickness = max(1, round(width_px))
    for line in lines:
        start, end = (np.rint(np.array(point) * 2**SUBPIXEL_BITS).astype(int) for point in line)
        cv2.line(mask, start.tolist(), end.tolist(), 255, thickness, cv2.LINE_AA, SUBPIXEL_BITS)
    return np.asarray(mask, np.float32) / np.float32(255)


def _parallel_waves(
    rows: int, cols: int, pitch_px: float, rng: np.random.Generator
) -> list[NDArray[np.float32]]:
    """Return the points (n, 2) of each of many parallel, tilted waves across the paper."""
    x = np.linspace(-0.2 * cols, 1.2 * cols, 160)
    reach, length = rng.uniform(*PAPER.wave_reach) * rows, rng.uniform(*PAPER.wave_length) * rows
    slow = rng.uniform(*PAPER.slow_wave) * length
    tilt = np.tan(rng.uniform(-PAPER.wave_tilt, PAPER.wave_tilt))
    phases = rng.uniform(0, 2 * np.pi, 2)
    wave = reach * np.sin(x / length + phases[0]) * (1 + 0.5 * np.sin(x / slow + phases[1]))
    spread = rows + 2 * reach + abs(tilt) * cols
    starts = np.arange(-spread / 2, rows + spread / 2, pitch_px)
    squeeze = 1 + 0.25 * np.sin(starts / rng.uniform(*PAPER.squeeze_length) / rows)[:, None]
    ys = starts[:, None] + wave * squeeze + tilt * (x - cols / 2)
    return [np.column_stack([x, y]).astype(np.float32) for y in ys]


def _polylines(curves: list[NDArray[np.float32]], shape: tuple[int, int]) -> Ink:
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
