"""What papers, printers and cameras leave on a line image: grids, hatching, borders, blur, blocks.

Each function changes a line image (32, cols), 0.0 paper to 1.0 full ink, in place. None of it is
text.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

Range = tuple[float, float]


@dataclass(frozen=True)
class LinePaperParameters:
    """What papers leave on lines.

    Pairs are ranges of uniform draws; shares are probabilities. The values were set by hand so that
    a person still reads the lines; digits are about 22 px high.

    Attributes:
        field_cell_px: distance of the control points of a smooth random field.
        tilt_deg: standard deviation of the tilt of squared and dotted paper.
        square_px: pitch of squared and dotted paper: from half a digit to more than one.
        square_width_px: width of its lines.
        square_strength: darkness of its lines.
        upright_share: of the squared papers whose level lines were removed.
        broken_from: range of the level of a smooth field of unit variance, above which lines have
            gaps.
        dot_px: diameter of the dots.
        dot_strength: darkness of the dots.
        hatching_px: pitch of hatching.
        hatching_deg: its angle to the upright, to either side.
        hatching_width_px: width of its strokes.
        hatching_strength: darkness of its strokes.
        cut_px: pitch of a security pattern.
        cut_width_px: width of its lines.
        cut_depth: share of the ink that its lines take from strokes.
        cut_wave_px: amplitude of its waves.
        cut_wave_length_px: length of its waves.
        cut_rest: darkness of what is left of its lines on the paper.
        border_gap_px: distance of a border from the line's ink, or from the image's end.
        border_slant_px: shift of a border from top to bottom.
        border_width_px: its width.
        border_strength: its darkness.
        table_share: of the borders with a dark table beyond them.
        table_strength: darkness of that table.
        reach_rows: rows into which a neighboring line reaches, exclusive at the end.
        crossing_rows: range of the row of a ruled line that crosses the strokes.
        crossing_climb_px: standard deviation of its rise from end to end.
        crossing_sag_px: standard deviation of its sag.
        crossing_width_px: its width.
        crossing_strength: its darkness.
        fading: smallest share of the ink where a pen fades.
        fading_px: length of a pen's fading.
        blur_px: standard deviation of a blur.
        blur_gain: factor on the ink after a blur.
        copy_blur_px: blur of a carbon copy.
        copy_fatness: factor on the blurred ink, which widens its strokes.
        copy_contrast: its darkness.
        copy_smudge: greatest darkness of its smudges.
        jpeg_quality: quality of a JPEG file, exclusive at the end.
        jpeg_contrast: share of the grey levels between paper and ink that the file uses.
    """

    field_cell_px: int = 9
    tilt_deg: float = 1.2
    square_px: Range = (11.0, 28.0)
    square_width_px: Range = (0.5, 1.6)
    square_strength: Range = (0.15, 0.75)
    upright_share: float = 0.4
    broken_from: Range = (-0.7, 1.2)
    dot_px: Range = (1.0, 2.2)
    dot_strength: Range = (0.25, 0.8)
    hatching_px: Range = (4.0, 11.0)
    hatching_deg: Range = (20.0, 70.0)
    hatching_width_px: Range = (0.4, 1.2)
    hatching_strength: Range = (0.12, 0.5)
    cut_px: Range = (5.0, 14.0)
    cut_width_px: Range = (0.5, 1.6)
    cut_depth: Range = (0.4, 0.85)
    cut_wave_px: Range = (0.0, 6.0)
    cut_wave_length_px: Range = (15.0, 90.0)
    cut_rest: Range = (-0.2, 0.35)
    border_gap_px: Range = (3.0, 16.0)
    border_slant_px: Range = (-5.0, 5.0)
    border_width_px: Range = (1.0, 4.5)
    border_strength: Range = (0.35, 1.0)
    table_share: float = 0.2
    table_strength: Range = (0.2, 0.9)
    reach_rows: tuple[int, int] = (2, 7)
    crossing_rows: Range = (0.2, 0.85)
    crossing_climb_px: float = 2.0
    crossing_sag_px: float = 1.0
    crossing_width_px: Range = (0.7, 2.2)
    crossing_strength: Range = (0.25, 0.9)
    fading: Range = (0.35, 0.75)
    fading_px: Range = (15.0, 80.0)
    blur_px: Range = (0.6, 1.5)
    blur_gain: Range = (0.9, 1.4)
    copy_blur_px: Range = (0.7, 1.3)
    copy_fatness: Range = (1.2, 2.0)
    copy_contrast: Range = (0.5, 0.85)
    copy_smudge: Range = (0.05, 0.2)
    jpeg_quality: tuple[int, int] = (15, 61)
    jpeg_contrast: Range = (0.3, 1.0)


PARAMETERS = LinePaperParameters()


def add_squares(image: Ink, rng: np.random.Generator) -> None:
    """Draw what is left of squared paper: thin lines at a regular pitch, with gaps."""
    p, tilt = PARAMETERS, rng.normal(scale=PARAMETERS.tilt_deg)
    pitch, width = rng.uniform(*p.square_px), rng.uniform(*p.square_width_px)
    lines = _stripes(image, pitch, width, tilt, rng)
    if rng.random() >= p.upright_share:
        np.maximum(lines, _stripes(image, pitch, width, tilt + 90, rng), out=lines)
    _darken(image, _with_gaps(lines, rng), rng.uniform(*p.square_strength))


def add_dots(image: Ink, rng: np.random.Generator) -> None:
    """Draw what is left of dotted paper: dots at a regular pitch, some of them missing."""
    p, tilt = PARAMETERS, rng.normal(scale=PARAMETERS.tilt_deg)
    pitch, width = rng.uniform(*p.square_px), rng.uniform(*p.dot_px)
    dots = _stripes(image, pitch, width, tilt, rng) * _stripes(image, pitch, width, tilt + 90, rng)
    _darken(image, _with_gaps(dots, rng), rng.uniform(*p.dot_strength))


def add_hatching(image: Ink, rng: np.random.Generator) -> None:
    """Draw regular oblique strokes over parts of the line."""
    p = PARAMETERS
    angle = rng.uniform(*p.hatching_deg) * rng.choice([-1, 1])
    strokes = _stripes(
        image, rng.uniform(*p.hatching_px), rng.uniform(*p.hatching_width_px), angle, rng
    )
    _darken(image, _with_gaps(strokes, rng), rng.uniform(*p.hatching_strength))


def cut_strokes(image: Ink, rng: np.random.Generator) -> None:
    """Break strokes along the waves of a security pattern; some of it is left on the paper."""
    p = PARAMETERS
    lines = _stripes(
        image,
        rng.uniform(*p.cut_px),
        rng.uniform(*p.cut_width_px),
        rng.uniform(0, 180),
        rng,
        wave_px=rng.uniform(*p.cut_wave_px),
        wave_length_px=rng.uniform(*p.cut_wave_length_px),
    )
    rest = rng.uniform(*p.cut_rest)
    image *= 1 - np.float32(rng.uniform(*p.cut_depth)) * lines
    if rest > 0:
        _darken(image, lines, rest)


def add_border(image: Ink, rng: np.random.Generator) -> None:
    """Draw the edge of a sheet at one end: a slanted line over the whole height."""
    p, (rows, cols) = PARAMETERS, image.shape
    inked = np.flatnonzero(image.any(axis=0))
    first, last = (int(inked[0]), int(inked[-1])) if len(inked) else (cols // 2, cols // 2)
    is_left, gap, slant = (
        rng.random() < 0.5,
        rng.uniform(*p.border_gap_px),
        rng.uniform(*p.border_slant_px),
    )
    gap += abs(slant) / 2 + p.border_width_px[1] / 2
    at = first - gap if is_left else last + gap
    if rng.random() < 0.5:  # near the end of the image
        at = min(at, gap) if is_left else max(at, cols - gap)
    y, x = np.ogrid[:rows, :cols]
    beyond = np.asarray(x - at - slant * (y / rows - 0.5), np.float32) * (-1 if is_left else 1)
    line = np.clip(np.float32(rng.uniform(*p.border_width_px) / 2 + 0.5) - np.abs(beyond), 0, 1)
    _darken(image, line, rng.uniform(*p.border_strength))
    if rng.random() < p.table_share:
        shade = rng.uniform(*p.table_strength)
        texture = np.clip(1 + 0.3 * smooth_field(image, rng), 0.4, 1.0)
        _darken(image, np.clip(beyond, 0, 1) * texture, shade)


def add_neighbors(image: Ink, rng: np.random.Generator) -> None:
    """Let strokes of the line above or below reach into the image.

    They are the line's own, mirrored, in so few rows that no digit can be told from them.
    """
    inked = np.flatnonzero(image.max(axis=1) > 0.1)
    if not len(inked):
        return
    n = int(rng.integers(*PARAMETERS.reach_rows))
    mirrored = image[:, ::-1] * (smooth_field(image, rng)[:1] > rng.uniform(-0.5, 0.7))
    if rng.random() < 0.5:
        end = max(int(inked[-1]) + 1, n)
        np.maximum(image[:n], mirrored[end - n : end], out=image[:n])
    else:
        start = min(int(inked[0]), len(image) - n)
        np.maximum(image[-n:], mirrored[start : start + n], out=image[-n:])


def cross_strokes(image: Ink, rng: np.random.Generator) -> None:
    """Draw a ruled line from end to end through the strokes."""
    p, (rows, cols) = PARAMETERS, image.shape
    along = np.linspace(-1, 1, cols)
    y = rows * rng.uniform(*p.crossing_rows) + rng.normal(scale=p.crossing_climb_px) / 2 * along
    y += rng.normal(scale=p.crossing_sag_px) * (1 - along**2)
    distance = np.abs(np.arange(rows)[:, None] - y).astype(np.float32)
    line = np.clip(np.float32(rng.uniform(*p.crossing_width_px) / 2 + 0.5) - distance, 0, 1)
    _darken(image, line, rng.uniform(*p.crossing_strength))


def fade(image: Ink, rng: np.random.Generator) -> None:
    """Let the pen fade along the line, and come back."""
    p = PARAMETERS
    phase = np.arange(image.shape[1]) * (np.pi / rng.uniform(*p.fading_px)) + rng.uniform(0, 6.3)
    least = rng.uniform(*p.fading)
    image *= (least + (1 - least) * (0.5 + 0.5 * np.sin(phase))).astype(np.float32)


def blur(image: Ink, rng: np.random.Generator) -> None:
    """Blur the line, as a camera out of focus does."""
    p = PARAMETERS
    blurred = cv2.GaussianBlur(image, (0, 0), rng.uniform(*p.blur_px))
    np.clip(blurred * np.float32(rng.uniform(*p.blur_gain)), 0, 1, out=image)


def copy_through_carbon(image: Ink, rng: np.random.Generator) -> None:
    """Make the line a carbon copy: wide, soft, pale strokes and smudged paper."""
    p = PARAMETERS
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(*p.copy_blur_px))
    wide = np.clip(soft * np.float32(rng.uniform(*p.copy_fatness)), 0, 1)
    wide *= np.clip(1 - 0.15 * np.abs(rng.standard_normal(image.shape, np.float32)), 0, 1)
    smudge = rng.uniform(*p.copy_smudge) * np.clip(smooth_field(image, rng) - 0.3, 0, 1)
    np.maximum(wide * np.float32(rng.uniform(*p.copy_contrast)), smudge, out=image)


def compress(image: Ink, rng: np.random.Generator) -> None:
    """Write the line to a JPEG file of low quality and read it again."""
    p = PARAMETERS
    contrast = np.float32(255 * rng.uniform(*p.jpeg_contrast))
    grey = np.rint(255 - contrast * image).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*p.jpeg_quality))]
    _, file = cv2.imencode(".jpg", grey, quality)
    read = cv2.imdecode(file, cv2.IMREAD_GRAYSCALE)
    np.clip((255 - np.asarray(read, np.float32)) / contrast, 0, 1, out=image)


def smooth_field(image: Ink, rng: np.random.Generator) -> Ink:
    """Return a smooth random field of the image's shape, of unit variance at its control points."""
    rows, cols = (side // PARAMETERS.field_cell_px + 2 for side in image.shape)
    coarse = rng.standard_normal((rows, cols), np.float32)
    return np.asarray(cv2.resize(coarse, image.shape[::-1], interpolation=cv2.INTER_CUBIC))


def _stripes(
    image: Ink,
    pitch_px: float,
    width_px: float,
    angle_deg: float,
    rng: np.random.Generator,
    *,
    wave_px: float = 0.0,
    wave_length_px: float = 1.0,
) -> Ink:
    """Return parallel lines; at 0 degrees they are upright. ``rng`` chooses their place."""
    rows, cols = image.shape
    angle = np.deg2rad(angle_deg)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    x, y = np.arange(cols, dtype=np.float32), np.arange(rows, dtype=np.float32)[:, None]
    across = x * cos + y * sin + np.float32(rng.uniform(0, pitch_px))
    if wave_px:
        along = (y * cos - x * sin) * np.float32(2 * np.pi / wave_length_px)
        across += np.float32(wave_px) * np.sin(along)
    pitch = np.float32(pitch_px)
    distance = np.abs(across - pitch * np.rint(across / pitch))
    reach = np.float32(width_px / 2 + 0.5)
    return np.asarray(np.clip(reach - distance, 0, min(1.0, width_px)), np.float32)


def _with_gaps(lines: Ink, rng: np.random.Generator) -> Ink:
    return lines * (smooth_field(lines, rng) < rng.uniform(*PARAMETERS.broken_from))


def _darken(image: Ink, lines: NDArray[np.float32], strength: float) -> None:
    np.maximum(image, np.float32(strength) * lines, out=image)
