"""Degradation of written lines to line images: bends, line fragments, specks, gaps and grain.

`line_papers` holds what papers and cameras add.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import ROWS
from digitus.synthesis.lines import line_papers

Range = tuple[float, float]


@dataclass(frozen=True)
class DegradationParameters:
    """How lines are degraded.

    Pairs are ranges of uniform draws; shares are probabilities. The values were set by hand.

    Attributes:
        leans: shear, columns to the right for each row upwards; few people lean far to the left.
        lean_share: of the lines that lean.
        climb: standard deviation of the baseline's slope, rows upwards for each column.
        stretch: standard deviation of the logarithm of the width.
        elastic_px: amplitude of the elastic distortion.
        cell_px: distance of the distortion's control points.
        off_center_px: standard deviation of the vertical place.
        margin_px: columns that stay free at either end.
        faintest: fainter ink is removed.
        pen_share: of the lines whose strokes change in width.
        pen_blur_px: blur before the new edge is drawn.
        pen_edge: share of the darkest blurred ink at which the new edge lies.
        pen_hardness: rise of the ink at the new edge, for each unit of blurred ink.
        ruled_line_share: of the lines with the rest of a ruled line.
        table_line_share: of the lines with upright table lines.
        pattern_share: of the lines with rests of a printed pattern.
        specks_share: of the lines with specks.
        gap_share: of the lines with a level gap, as the removal of a ruled line leaves it.
        grain_share: of the lines with uneven ink.
        squares_share: of the lines on squared paper; see `line_papers` for this and what follows.
        dots_share: of the lines on dotted paper.
        hatching_share: of the lines with hatching.
        cut_share: of the lines whose strokes a security pattern breaks.
        border_share: of the lines with the edge of the sheet at one end.
        neighbors_share: of the lines into which strokes of the next line reach.
        crossing_share: of the lines that a ruled line crosses from end to end.
        fading_share: of the lines whose pen fades.
        blur_share: of the lines that are out of focus.
        copy_share: of the lines that are carbon copies.
        jpeg_share: of the lines that were JPEG files of low quality.
        line_width_px: width of ruled and table lines, exclusive at the end.
        line_strength: darkness of ruled lines, table lines and specks.
        low_share: of the ruled lines that lie in the lower half.
        line_climb_px: standard deviation of the rise of a ruled line from end to end.
        line_ends: range of the ends of a ruled line, as shares of the width.
        broken_share: of the ruled lines with gaps.
        broken_from: range of the level of a smooth field of unit variance, above which a ruled line
            has gaps.
        table_lines: number of table lines, exclusive at the end.
        table_lean_px: standard deviation of a table line's shift from top to bottom.
        waves: number of waves of a pattern, exclusive at the end.
        wave_length_px: length of a wave, divided by two pi.
        wave_reach_px: amplitude of a wave.
        broken_pattern_share: of the patterns with gaps.
        pattern_broken_from: the same level as ``broken_from``, for patterns.
        pattern_strength: darkness of a pattern.
        specks: number of specks, exclusive at the end.
        speck_px: radius of a speck.
        gap_rows: rows of a level gap, exclusive at the end.
        gap_ink: factor on the ink within a level gap.
        grain: standard deviation of the grain.
        grain_ink: factor on all ink of a line with grain.
    """

    leans: Range = (-0.25, 0.4)
    lean_share: float = 0.6
    climb: float = 0.04
    stretch: float = 0.1
    elastic_px: Range = (0.0, 1.0)
    cell_px: int = 7
    off_center_px: float = 1.5
    margin_px: int = 3
    faintest: float = 0.1
    pen_share: float = 0.35
    pen_blur_px: Range = (0.6, 0.9)
    pen_edge: Range = (0.35, 0.75)
    pen_hardness: Range = (1.5, 4.0)
    ruled_line_share: float = 0.15
    table_line_share: float = 0.06
    pattern_share: float = 0.1
    specks_share: float = 0.15
    gap_share: float = 0.12
    grain_share: float = 0.15
    squares_share: float = 0.05
    dots_share: float = 0.02
    hatching_share: float = 0.03
    cut_share: float = 0.03
    border_share: float = 0.05
    neighbors_share: float = 0.04
    crossing_share: float = 0.03
    fading_share: float = 0.03
    blur_share: float = 0.05
    copy_share: float = 0.02
    jpeg_share: float = 0.05
    line_width_px: tuple[int, int] = (1, 4)
    line_strength: Range = (0.3, 1.0)
    low_share: float = 0.7
    line_climb_px: float = 1.5
    line_ends: Range = (-0.3, 1.3)
    broken_share: float = 0.4
    broken_from: Range = (-0.5, 1.0)
    table_lines: tuple[int, int] = (1, 3)
    table_lean_px: float = 1.0
    waves: tuple[int, int] = (1, 5)
    wave_length_px: Range = (15.0, 120.0)
    wave_reach_px: Range = (2.0, 25.0)
    broken_pattern_share: float = 0.6
    pattern_broken_from: Range = (-0.8, 0.6)
    pattern_strength: Range = (0.15, 0.8)
    specks: tuple[int, int] = (1, 8)
    speck_px: Range = (0.3, 0.65)
    gap_rows: tuple[int, int] = (1, 4)
    gap_ink: Range = (0.0, 0.5)
    grain: Range = (0.05, 0.35)
    grain_ink: Range = (0.6, 1.0)


PARAMETERS = DegradationParameters()


def degrade(written: Ink, rng: np.random.Generator) -> Ink:
    """Return a line image (32, cols) of a written line, degraded at random.

    Args:
        written: (rows, cols), 0.0 paper to 1.0 full ink, cropped at top and bottom.
        rng: chooses everything.
    """
    image, p = bend(written, rng), PARAMETERS
    if rng.random() < p.pen_share:
        _change_pen(image, rng)
    for share, change in (
        (p.fading_share, line_papers.fade),
        (p.neighbors_share, line_papers.add_neighbors),  # before lines, which it would mirror
        (p.border_share, line_papers.add_border),  # before lines, which have no end to stand at
        (p.ruled_line_share, _add_ruled_line),
        (p.crossing_share, line_papers.cross_strokes),
        (p.table_line_share, _add_table_lines),
        (p.squares_share, line_papers.add_squares),
        (p.dots_share, line_papers.add_dots),
        (p.hatching_share, line_papers.add_hatching),
        (p.pattern_share, _add_pattern),
        (p.specks_share, _add_specks),
        (p.gap_share, _fade_rows),
        (p.cut_share, line_papers.cut_strokes),
        (p.grain_share, _add_grain),
        (p.copy_share, line_papers.copy_through_carbon),
        (p.blur_share, line_papers.blur),
        (p.jpeg_share, line_papers.compress),
    ):
        if rng.random() < share:
            change(image, rng)
    image[image < p.faintest] = 0
    return image


def bend(written: Ink, rng: np.random.Generator) -> Ink:
    """Shear, tilt, stretch and distort; center the ink and shrink what is too high."""
    p, cols = PARAMETERS, written.shape[1]
    (top, bottom), (left, right) = (_ends(written.max(axis=axis)) for axis in (1, 0))
    factor = max(1.0, (bottom - top) / (ROWS - 2))
    lean = rng.uniform(*p.leans) if rng.random() < p.lean_share else 0.0
    stretch = factor * float(np.exp(rng.normal(scale=p.stretch)))
    room = cols - 2 * p.margin_px - abs(lean) * (bottom - top) / factor
    stretch = max(stretch, (right - left) / room)
    y, x = np.mgrid[:ROWS, :cols].astype(np.float32)
    x -= cols / 2
    down = (y - np.float32(ROWS / 2 + rng.normal(scale=p.off_center_px))) * np.float32(factor)
    from_y = down + np.float32((top + bottom) / 2) + np.float32(rng.normal(scale=p.climb)) * x
    from_x = x * np.float32(stretch) + np.float32((left + right) / 2) + np.float32(lean) * down
    amplitude = np.float32(rng.uniform(*p.elastic_px))
    shift_x, shift_y = (amplitude * _smooth_field(cols, rng) for _ in range(2))
    maps = from_x + shift_x, from_y + shift_y
    return np.asarray(cv2.remap(written, *maps, cv2.INTER_LINEAR), np.float32)


def _ends(profile: Ink) -> tuple[int, int]:
    """Return the first index with ink and the one after the last; the whole range without ink."""
    inked = np.flatnonzero(profile > PARAMETERS.faintest)
    return (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, len(profile))


def _smooth_field(cols: int, rng: np.random.Generator) -> Ink:
    """Return a smooth random field (32, cols) of unit variance at its control points."""
    shape = (ROWS // PARAMETERS.cell_px + 2, cols // PARAMETERS.cell_px + 2)
    coarse = rng.standard_normal(shape, np.float32)
    field = cv2.resize(coarse, (cols, ROWS), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field, np.float32)


def _change_pen(image: Ink, rng: np.random.Generator) -> None:
    """Widen or thin the strokes and sharpen their edges, in place."""
    blurred = cv2.GaussianBlur(image, (0, 0), rng.uniform(*PARAMETERS.pen_blur_px))
    edge = rng.uniform(*PARAMETERS.pen_edge)
    hardness = rng.uniform(*PARAMETERS.pen_hardness)
    np.clip(0.5 + (blurred - edge * blurred.max()) * hardness, 0, 1, out=image)


def _add_ruled_line(image: Ink, rng: np.random.Generator) -> None:
    """Draw a ruled line, or fragments of one, mostly in the lower half."""
    p, cols = PARAMETERS, image.shape[1]
    row = rng.uniform(0.5, 1) * ROWS if rng.random() < p.low_share else rng.uniform(0, ROWS)
    ends = np.array([row, row + rng.normal(scale=p.line_climb_px)])
    line = np.zeros(image.shape, np.uint8)
    width = int(rng.integers(*p.line_width_px))
    start, stop = np.sort(rng.uniform(*p.line_ends, 2)) * cols
    _draw_line(line, np.array([[start, ends[0]], [stop, ends[1]]]), width)
    if rng.random() < p.broken_share:
        line[:, _smooth_field(cols, rng)[0] > rng.uniform(*p.broken_from)] = 0
    _darken(image, line, rng.uniform(*p.line_strength))


def _add_table_lines(image: Ink, rng: np.random.Generator) -> None:
    """Draw upright lines over the whole height, which no 1 has."""
    p, line = PARAMETERS, np.zeros(image.shape, np.uint8)
    for _ in range(int(rng.integers(*p.table_lines))):
        x, lean = rng.uniform(0, image.shape[1]), rng.normal(scale=p.table_lean_px)
        ends = np.array([[x, -1], [x + lean, ROWS + 1]])
        _draw_line(line, ends, int(rng.integers(*p.line_width_px)))
    _darken(image, line, rng.uniform(*p.line_strength))


def _add_pattern(image: Ink, rng: np.random.Generator) -> None:
    """Draw the waves of a printed pattern."""
    p, x = PARAMETERS, np.arange(-8, image.shape[1] + 8)
    lines = np.zeros(image.shape, np.uint8)
    length, reach = rng.uniform(*p.wave_length_px), rng.uniform(*p.wave_reach_px)
    for _ in range(int(rng.integers(*p.waves))):
        y = rng.uniform(0, ROWS) + reach * np.sin(x / length + rng.uniform(0, 6.3))
        _draw_line(lines, np.column_stack([x, y]), 1)
    if rng.random() < p.broken_pattern_share:
        lines[_smooth_field(image.shape[1], rng) > rng.uniform(*p.pattern_broken_from)] = 0
    _darken(image, lines, rng.uniform(*p.pattern_strength))


def _add_specks(image: Ink, rng: np.random.Generator) -> None:
    """Draw dots much smaller than a decimal point."""
    p, dots = PARAMETERS, np.zeros(image.shape, np.uint8)
    for _ in range(int(rng.integers(*p.specks))):
        x, y = rng.uniform(0, image.shape[1]), rng.uniform(0, ROWS)
        at = (round(16 * x), round(16 * y))
        cv2.circle(dots, at, round(16 * rng.uniform(*p.speck_px)), 255, -1, cv2.LINE_AA, 4)
    _darken(image, dots, rng.uniform(*p.line_strength))


def _fade_rows(image: Ink, rng: np.random.Generator) -> None:
    """Fade a level band, as the removal of a ruled line does where it cuts strokes."""
    row, rows = int(rng.integers(0, ROWS - 2)), int(rng.integers(*PARAMETERS.gap_rows))
    image[row : row + rows] *= np.float32(rng.uniform(*PARAMETERS.gap_ink))


def _add_grain(image: Ink, rng: np.random.Generator) -> None:
    """Make the ink uneven, like a pencil's."""
    grain = rng.standard_normal(image.shape, np.float32) * rng.uniform(*PARAMETERS.grain)
    image *= np.clip(1 - np.abs(grain), 0, 1)
    image *= np.float32(rng.uniform(*PARAMETERS.grain_ink))


def _draw_line(canvas: NDArray[np.uint8], points: NDArray[np.float64], width: int) -> None:
    """Draw a smooth line through points (n, 2) of x and y, in sixteenths of a pixel."""
    cv2.polylines(
        canvas, [np.rint(16 * points).astype(np.int32)], False, 255, width, cv2.LINE_AA, 4
    )


def _darken(image: Ink, lines: NDArray[np.uint8], strength: float) -> None:
    np.maximum(image, np.float32(strength / 255) * lines, out=image)
