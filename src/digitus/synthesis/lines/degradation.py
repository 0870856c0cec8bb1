"""What happens to a line of handwriting between hand and reader: bends, pens, rests and scars."""

import cv2
import numpy as np

from digitus.imaging.arrays import Ink
from digitus.models.line_image_format import ROWS

LEAN, CLIMB = 0.4, 0.04  # columns to the right for a row upwards; rows upwards for a column
LEAN_SHARE = 0.6
STRETCH = 0.1  # deviation of the logarithm of the width
ELASTIC_PX, CELL_PX = (0.0, 1.0), 7
OFF_CENTRE_PX = 1.5
MARGIN_PX = 3
FAINTEST = 0.1
PEN_SHARE, PEN = 0.35, (0.35, 0.75)  # level of a blurred stroke that becomes its edge
RULE_SHARE, BAR_SHARE, WAVES_SHARE = 0.15, 0.06, 0.1
SPECKS_SHARE, SCAR_SHARE, GRAIN_SHARE = 0.15, 0.12, 0.15


def wear(written: Ink, rng: np.random.Generator) -> Ink:
    """Return a strip (32, cols) of what was written on a higher one.

    Args:
        written: (rows, cols), cropped from top to bottom.
        rng: chooses everything.
    """
    strip = _bent(written, rng)
    if rng.random() < PEN_SHARE:
        _change_pen(strip, rng)
    for share, change in (
        (RULE_SHARE, _add_rule),
        (BAR_SHARE, _add_bars),
        (WAVES_SHARE, _add_waves),
        (SPECKS_SHARE, _add_specks),
        (SCAR_SHARE, _scar),
        (GRAIN_SHARE, _roughen),
    ):
        if rng.random() < share:
            change(strip, rng)
    strip[strip < FAINTEST] = 0
    return strip


def _bent(written: Ink, rng: np.random.Generator) -> Ink:
    """Lean, climb, stretch and bend; the ink comes to the middle, and no higher than the strip."""
    cols = written.shape[1]
    (top, bottom), (left, right) = (_ends(written.max(axis=axis)) for axis in (1, 0))
    factor = max(1.0, (bottom - top) / (ROWS - 2))
    lean = rng.uniform(-LEAN, LEAN) if rng.random() < LEAN_SHARE else 0.0
    stretch = factor * float(np.exp(rng.normal(scale=STRETCH)))
    room = cols - 2 * MARGIN_PX - abs(lean) * (bottom - top) / factor
    stretch = max(stretch, (right - left) / room)
    y, x = np.mgrid[:ROWS, :cols].astype(np.float32)
    x -= cols / 2
    down = (y - np.float32(ROWS / 2 + rng.normal(scale=OFF_CENTRE_PX))) * np.float32(factor)
    from_y = down + np.float32((top + bottom) / 2) + np.float32(rng.normal(scale=CLIMB)) * x
    from_x = x * np.float32(stretch) + np.float32((left + right) / 2) + np.float32(lean) * down
    reach = np.float32(rng.uniform(*ELASTIC_PX))
    maps = from_x + reach * _smooth(cols, rng), from_y + reach * _smooth(cols, rng)
    return np.asarray(cv2.remap(written, *maps, cv2.INTER_LINEAR), np.float32)


def _ends(profile: Ink) -> tuple[int, int]:
    """First place with ink, and the one after the last; all without any."""
    inked = np.flatnonzero(profile > FAINTEST)
    return (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, len(profile))


def _smooth(cols: int, rng: np.random.Generator) -> Ink:
    """Return a smooth random field (32, cols)."""
    coarse = rng.standard_normal((ROWS // CELL_PX + 2, cols // CELL_PX + 2), np.float32)
    field = cv2.resize(coarse, (cols, ROWS), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field, np.float32)


def _change_pen(strip: Ink, rng: np.random.Generator) -> None:
    """Make strokes wider or thinner, and their edges harder, in place."""
    blurred = cv2.GaussianBlur(strip, (0, 0), rng.uniform(0.6, 0.9))
    edge, hardness = rng.uniform(*PEN), rng.uniform(1.5, 4)
    np.clip(0.5 + (blurred - edge * blurred.max()) * hardness, 0, 1, out=strip)


def _add_rule(strip: Ink, rng: np.random.Generator) -> None:
    """Leave a rule, or pieces of one."""
    cols = strip.shape[1]
    row = rng.uniform(0.5, 1) * ROWS if rng.random() < 0.7 else rng.uniform(0, ROWS)
    ends = np.array([row, row + rng.normal(scale=1.5)])
    line = np.zeros(strip.shape, np.uint8)
    wide = int(rng.integers(1, 4))
    start, stop = np.sort(rng.uniform(-0.3, 1.3, 2)) * cols
    points = np.rint(16 * np.array([[start, ends[0]], [stop, ends[1]]])).astype(np.int32)
    cv2.polylines(line, [points], False, 255, wide, cv2.LINE_AA, 4)
    if rng.random() < 0.4:
        line[:, _smooth(cols, rng)[0] > rng.uniform(-0.5, 1)] = 0
    _darken(strip, line, rng.uniform(0.3, 1))


def _add_bars(strip: Ink, rng: np.random.Generator) -> None:
    """Leave upright lines of a table, higher than a 1."""
    line = np.zeros(strip.shape, np.uint8)
    for _ in range(int(rng.integers(1, 3))):
        x, lean = rng.uniform(0, strip.shape[1]), rng.normal(scale=1.0)
        points = np.rint(16 * np.array([[x, -1], [x + lean, ROWS + 1]])).astype(np.int32)
        cv2.polylines(line, [points], False, 255, int(rng.integers(1, 4)), cv2.LINE_AA, 4)
    _darken(strip, line, rng.uniform(0.3, 1))


def _add_waves(strip: Ink, rng: np.random.Generator) -> None:
    """Leave lines of a printed pattern."""
    x = np.arange(-8, strip.shape[1] + 8)
    lines = np.zeros(strip.shape, np.uint8)
    length, reach = rng.uniform(15, 120), rng.uniform(2, 25)
    for _ in range(int(rng.integers(1, 5))):
        y = rng.uniform(0, ROWS) + reach * np.sin(x / length + rng.uniform(0, 6.3))
        points = np.rint(16 * np.column_stack([x, y])).astype(np.int32)
        cv2.polylines(lines, [points], False, 255, 1, cv2.LINE_AA, 4)
    if rng.random() < 0.6:
        lines[_smooth(strip.shape[1], rng) > rng.uniform(-0.8, 0.6)] = 0
    _darken(strip, lines, rng.uniform(0.15, 0.8))


def _add_specks(strip: Ink, rng: np.random.Generator) -> None:
    """Leave small dots, much smaller than a decimal point."""
    dots = np.zeros(strip.shape, np.uint8)
    for _ in range(int(rng.integers(1, 8))):
        x, y = rng.uniform(0, strip.shape[1]), rng.uniform(0, ROWS)
        at = (round(16 * x), round(16 * y))
        cv2.circle(dots, at, round(16 * rng.uniform(0.3, 0.9)), 255, -1, cv2.LINE_AA, 4)
    _darken(strip, dots, rng.uniform(0.3, 1))


def _scar(strip: Ink, rng: np.random.Generator) -> None:
    """Take a level band away, as the removal of a rule does where it cuts strokes."""
    row, rows = int(rng.integers(0, ROWS - 2)), int(rng.integers(1, 4))
    strip[row : row + rows] *= np.float32(rng.uniform(0, 0.5))


def _roughen(strip: Ink, rng: np.random.Generator) -> None:
    """Let the ink be uneven, as a pencil's."""
    grain = rng.standard_normal(strip.shape, np.float32) * rng.uniform(0.05, 0.35)
    strip *= np.clip(1 - np.abs(grain), 0, 1)
    strip *= np.float32(rng.uniform(0.6, 1))


def _darken(
    strip: Ink, lines: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", strength: float
) -> None:
    np.maximum(strip, np.float32(strength / 255) * lines, out=strip)
