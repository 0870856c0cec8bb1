"""Connected components of a line image, at the size that cuts and arcs are found at."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.centering import LONG_SIDE_PX
from digitus.imaging.patch.stroke_width import (
    STROKE_WIDTH,
    stroke_width_px,
    with_wider_strokes,
)
from digitus.models.sequence.line_input import scaled_ink
from digitus.reader.results.symbols import LineImage

Boxes = NDArray[np.int64]


@dataclass(frozen=True)
class LineComponentParameters:
    """Parameters of the components of a line image.

    Set by hand, from the size of MNIST's digits, 20 px, and the width of blurred edges. The
    weights of the scorer were trained with these values.

    Attributes:
        max_height_px: height of a digit above which the line image is reduced: the cost of seams
            grows with the area.
        min_height_px: height of a digit below which the line image is enlarged.
        min_core_ink: least ink of the pixels that connect. Fainter ink is the edge of a stroke; it
            would join strokes that do not touch.
        edge_px: distance from its core up to which fainter ink belongs to a component.
        min_stroke_change: least change on either side of a stroke, in pixels of the 20 px box of a
            patch; smaller changes are not made.
        min_area: least number of inked pixels of a component over the squared height of a digit;
            less is noise.
    """

    max_height_px: float = 40.0
    min_height_px: float = 18.0
    min_core_ink: float = 0.25
    edge_px: float = 2.0
    min_stroke_change: float = 0.1
    min_area: float = 0.003


PARAMETERS = LineComponentParameters()


@dataclass(frozen=True, eq=False)
class LineComponents:
    """The components of a line image from left to right.

    Attributes:
        ink: (rows, cols) the line image at working size, 0.0 paper to 1.0 full ink, without noise.
        labels: (rows, cols) 0 for paper, i + 1 in component i.
        boxes: (n, 4) left, top, right, bottom in working pixels; right and bottom are exclusive.
        height_px: typical height of a digit at working size.
        scale: working pixels per pixel of the page.
        stroke_px: mean width of the strokes at working size.
    """

    ink: Ink
    labels: NDArray[np.int32]
    boxes: Boxes
    height_px: float
    scale: float
    stroke_px: float

    def __len__(self) -> int:
        """Return the number of components."""
        return len(self.boxes)

    @property
    def stroke_area_px(self) -> float:
        """Ink of a straight stroke as long as a digit is high: the unit of areas of ink."""
        return self.height_px * self.stroke_px

    def component(self, number: int) -> Ink:
        """Return the ink of one component, cropped to its box, without its neighbors."""
        left, top, right, bottom = self.boxes[number]
        own = self.labels[top:bottom, left:right] == number + 1
        component: Ink = self.ink[top:bottom, left:right] * own
        return component


def find_line_components(image: LineImage) -> LineComponents:
    """Scale a line image to working size and find its components; an empty line has none."""
    scale = _working_scale(image.height_px)
    ink, height = scaled_ink(image.ink, scale), image.height_px * scale
    cores, boxes = _find_cores(ink, PARAMETERS.min_area * height**2)
    ink = _with_usual_strokes(ink, height)
    labels = _with_edges(cores, ink)
    ink = np.where(labels > 0, ink, np.float32(0))
    return LineComponents(ink, labels, boxes, height, scale, max(stroke_width_px(ink), 1.0))


def _working_scale(height_px: float) -> float:
    """Return the scale that brings the height of a digit into the working range."""
    low, high = PARAMETERS.min_height_px, PARAMETERS.max_height_px
    return float(np.clip(height_px, low, high) / max(height_px, 1.0))


def _with_usual_strokes(ink: Ink, height_px: float) -> Ink:
    """Thicken or thin all strokes where their mean width is outside of MNIST's usual range."""
    width = stroke_width_px(ink)
    unit = height_px / LONG_SIDE_PX
    wanted = min(max(width, STROKE_WIDTH.thinnest_px * unit), STROKE_WIDTH.thickest_px * unit)
    grow = max((wanted - width) / 2, -STROKE_WIDTH.most_shaved * width)
    unchanged = abs(grow) < PARAMETERS.min_stroke_change * unit
    return ink if unchanged else with_wider_strokes(ink, grow)


def _find_cores(ink: Ink, min_area_px: float) -> tuple[NDArray[np.int32], Boxes]:
    """Label the cores (rows, cols) from left to right, and return the boxes with their edges."""
    core = (ink >= PARAMETERS.min_core_ink).astype(np.uint8)
    _, cores, stats, _ = cv2.connectedComponentsWithStats(core)
    kept = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= max(min_area_px, 1)) + 1
    middle = stats[kept, cv2.CC_STAT_LEFT] + stats[kept, cv2.CC_STAT_WIDTH] / 2
    kept = kept[np.argsort(middle, kind="stable")]
    number = np.zeros(len(stats), np.int32)
    number[kept] = np.arange(1, len(kept) + 1)
    boxes = stats[kept, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    edge_px = int(PARAMETERS.edge_px)
    boxes[:, :2] = np.maximum(boxes[:, :2] - edge_px, 0)
    boxes[:, 2:] = np.minimum(boxes[:, 2:] + edge_px, ink.shape[::-1])
    return number[cores], boxes


def _with_edges(cores: NDArray[np.int32], ink: Ink) -> NDArray[np.int32]:
    """Label faint ink (rows, cols) as the nearest core, if that is near enough."""
    bare = (cores == 0).astype(np.uint8)
    if bare.all():
        return cores
    distance, nearest = cv2.distanceTransformWithLabels(bare, cv2.DIST_L2, 3)
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    inked = cores > 0
    owner[nearest[inked]] = cores[inked]
    near = (ink > 0) & (distance <= PARAMETERS.edge_px)
    return np.where(near, owner[nearest], 0).astype(np.int32)
