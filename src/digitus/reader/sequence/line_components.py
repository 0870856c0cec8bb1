"""The connected parts of a run's ink at working size, their faint brims with them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.stroke_width import (
    BOX_PX,
    MOST_SHAVED,
    THICKEST_PX,
    THINNEST_PX,
    stroke_width_px,
    with_wider_strokes,
)
from digitus.reader.results.symbols import LineImage

LARGEST_PX, SMALLEST_PX = 40.0, 18.0  # of a digit's height; beyond it the run is scaled
CORE = 0.25  # ink of a part that holds together; fainter ink is its brim
BRIM_PX = 2.0
LEAST_CHANGE = 0.1  # in pixels of a patch's box, on either side of a stroke
SPECK = 0.003  # of the digit's height squared; a smaller part is noise

Boxes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a run from left to right.

    Attributes:
        ink: (rows, cols) the run at working size, without specks.
        labels: (rows, cols) 0 paper, i + 1 in part i.
        boxes: (n, 4) left, top, right, bottom; the last two lie outside.
        height_px: typical height of a digit at working size.
        scale: working pixels to one of the page.
        stroke_px: mean width of the strokes at working size.
    """

    ink: Ink
    labels: NDArray[np.int32]
    boxes: Boxes
    height_px: float
    scale: float
    stroke_px: float

    def __len__(self) -> int:
        """Number of parts."""
        return len(self.boxes)

    def part(self, number: int) -> Ink:
        """Cut one part out, without its neighbours."""
        left, top, right, bottom = self.boxes[number]
        mine = self.labels[top:bottom, left:right] == number + 1
        part: Ink = self.ink[top:bottom, left:right] * mine
        return part


def parts_of(run: LineImage) -> Parts:
    """Bring a run to working size and find its parts; there are none without ink."""
    scale = working_scale(run.height_px)
    ink, height = scaled(run.ink, scale), run.height_px * scale
    cores, boxes = _cores(ink, SPECK * height**2)
    ink = _with_usual_strokes(ink, height)
    labels = _with_brims(cores, ink)
    ink = np.where(labels > 0, ink, np.float32(0))
    return Parts(ink, labels, boxes, height, scale, max(stroke_width_px(ink), 1.0))


def _with_usual_strokes(ink: Ink, height_px: float) -> Ink:
    """Thicken or thin the strokes of a whole run where they are far outside of MNIST's range."""
    width = stroke_width_px(ink)
    unit = height_px / BOX_PX
    wanted = min(max(width, THINNEST_PX * unit), THICKEST_PX * unit)
    grow = max((wanted - width) / 2, -MOST_SHAVED * width)
    return ink if abs(grow) < LEAST_CHANGE * unit else with_wider_strokes(ink, grow)


def working_scale(height_px: float) -> float:
    """Working pixels to one of the page, so that digits are tall enough, and not too tall."""
    return float(np.clip(height_px, SMALLEST_PX, LARGEST_PX) / max(height_px, 1.0))


def scaled(ink: Ink, scale: float) -> Ink:
    """Scale ink (rows, cols); the same array where there is nothing to do."""
    if scale == 1:
        return ink
    cols, rows = (max(1, round(side * scale)) for side in ink.shape[::-1])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.clip(cv2.resize(ink, (cols, rows), interpolation=how), 0, 1).astype(np.float32)


def _cores(ink: Ink, least_px: float) -> tuple[NDArray[np.int32], Boxes]:
    """Number the parts that are no specks, by the middle of their boxes; brims are left out."""
    core = (ink >= CORE).astype(np.uint8)
    _, cores, stats, _ = cv2.connectedComponentsWithStats(core)
    fit = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= max(least_px, 1)) + 1
    middle = stats[fit, cv2.CC_STAT_LEFT] + stats[fit, cv2.CC_STAT_WIDTH] / 2
    fit = fit[np.argsort(middle, kind="stable")]
    number = np.zeros(len(stats), np.int32)
    number[fit] = np.arange(1, len(fit) + 1)
    boxes = stats[fit, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    reach = int(BRIM_PX)
    boxes[:, :2] = np.maximum(boxes[:, :2] - reach, 0)
    boxes[:, 2:] = np.minimum(boxes[:, 2:] + reach, ink.shape[::-1])
    return number[cores], boxes


def _with_brims(cores: NDArray[np.int32], ink: Ink) -> NDArray[np.int32]:
    """Return faint ink beside a part to the nearest one."""
    bare = (cores == 0).astype(np.uint8)
    if bare.all():
        return cores
    away, nearest = cv2.distanceTransformWithLabels(bare, cv2.DIST_L2, 3)
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    inked = cores > 0
    owner[nearest[inked]] = cores[inked]
    near = (ink > 0) & (away <= BRIM_PX)
    return np.where(near, owner[nearest], 0).astype(np.int32)
