"""Regular patterns of papers: graph paper, dotted paper, and the hatching of security paper."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitus.imaging.arrays import Ink
from digitus.synthesis.papers.papers import PAPER, InkColor, RgbImage, cover, draw_lines

Range = tuple[float, float]


@dataclass(frozen=True)
class PatternParameters:
    """Colors and sizes of patterns; pairs are ranges of uniform draws. Set by hand.

    Attributes:
        strong_every: every so many lines of graph paper are strong.
        fine_strength: opacity of its other lines.
        strong_strength: opacity of its strong lines.
        dot: diameter of a dot, as a share of the pitch.
        dot_strength: opacity of the dots.
        hatchings: number of hatchings of security paper, exclusive at the end.
        hatching_deg: angle of a hatching to the upright, to either side.
        hatching_pitch: factor on the distance of its lines.
        hatching_strength: opacity of its lines.
        lacquer_share: of the security papers on which ink does not hold everywhere.
        lacquer: share of the ink that does not hold on the lines.
        tint_strength: even tint of security paper.
    """

    strong_every: tuple[int, ...] = (4, 5, 10)
    fine_strength: Range = (0.15, 0.45)
    strong_strength: Range = (0.5, 0.9)
    dot: Range = (0.07, 0.14)
    dot_strength: Range = (0.4, 0.9)
    hatchings: tuple[int, int] = (1, 3)
    hatching_deg: Range = (20.0, 70.0)
    hatching_pitch: Range = (0.8, 1.6)
    hatching_strength: Range = (0.3, 0.7)
    lacquer_share: float = 0.6
    lacquer: Range = (0.3, 0.8)
    tint_strength: Range = (0.0, 0.35)


PATTERN = PatternParameters()


def draw_graph(paper: RgbImage, pitch_px: float, rng: np.random.Generator) -> None:
    """Draw the lines of graph paper, of which every fourth, fifth or tenth is strong.

    Args:
        paper: changed in place.
        pitch_px: distance of the fine lines.
        rng: chooses color, strengths and place.
    """
    color = PAPER.ruled_lines[rng.integers(len(PAPER.ruled_lines))]
    every = int(rng.choice(PATTERN.strong_every))
    first = rng.uniform(0, every * pitch_px, 2)
    for pitch, strength in (
        (pitch_px, rng.uniform(*PATTERN.fine_strength)),
        (every * pitch_px, rng.uniform(*PATTERN.strong_strength)),
    ):
        rows, cols = paper.shape[:2]
        xs, ys = (
            np.arange(start % pitch, side, pitch).tolist()
            for start, side in zip(first, (cols, rows), strict=True)
        )
        lines = [((x, 0.0), (x, float(rows))) for x in xs]
        lines += [((0.0, y), (float(cols), y)) for y in ys]
        width_px = max(1.0, PAPER.line_width[0] * pitch)
        cover(paper, draw_lines(lines, (rows, cols), width_px), InkColor(color, strength))


def draw_dots(
    paper: RgbImage, pitch_px: float, rng: np.random.Generator, *, first_px: float
) -> None:
    """Draw the dots of dotted paper.

    Args:
        paper: changed in place.
        pitch_px: distance of the dots.
        rng: chooses color, size and strength.
        first_px: row of the first dots.
    """
    rows, cols = paper.shape[:2]
    dots = np.zeros((rows, cols), np.uint8)
    radius = max(8, round(16 * pitch_px * rng.uniform(*PATTERN.dot) / 2))
    for y in np.arange(first_px, rows, pitch_px):
        for x in np.arange(rng.uniform(0, 0.05) * pitch_px, cols, pitch_px):
            cv2.circle(dots, (round(16 * x), round(16 * y)), radius, 255, -1, cv2.LINE_AA, 4)
    color = PAPER.ruled_lines[rng.integers(len(PAPER.ruled_lines))]
    ink = np.asarray(dots, np.float32) / np.float32(255)
    cover(paper, ink, InkColor(color, rng.uniform(*PATTERN.dot_strength)))


def draw_security(paper: RgbImage, ink: Ink, pitch_px: float, rng: np.random.Generator) -> None:
    """Draw the hatching of security paper; on some papers it breaks thin strokes.

    Args:
        paper: changed in place.
        ink: (rows, cols) handwriting, changed in place where it does not hold on the pattern.
        pitch_px: distance of the lines.
        rng: chooses color, angles and strengths.
    """
    rows, cols = paper.shape[:2]
    tint = PAPER.tints[rng.integers(len(PAPER.tints))]
    even = np.full((rows, cols), rng.uniform(*PATTERN.tint_strength), np.float32)
    cover(paper, even, InkColor(tint))
    for _ in range(int(rng.integers(*PATTERN.hatchings))):
        lean = np.tan(np.deg2rad(rng.uniform(*PATTERN.hatching_deg))) * rows * rng.choice([-1, 1])
        pitch = pitch_px * rng.uniform(*PATTERN.hatching_pitch)
        pitch *= float(np.hypot(1, lean / rows))  # along a row
        starts = np.arange(-abs(lean), cols + abs(lean), pitch).tolist()
        lines = [((x, 0.0), (x + lean, float(rows))) for x in starts]
        hatching = draw_lines(lines, (rows, cols), 1.0)
        cover(paper, hatching, InkColor(tint, rng.uniform(*PATTERN.hatching_strength)))
        if rng.random() < PATTERN.lacquer_share:
            ink *= 1 - np.float32(rng.uniform(*PATTERN.lacquer)) * hatching
