"""Connected components of the ink, and how high the digits among them are."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging import Ink

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

FAINTEST_INK = 0.1  # less is the brim of a stroke at most
LEAST_HEIGHT_PX = 7  # lower digits cannot be told apart
LEAST_HEIGHT = 0.004  # of the page's long side: 1.2 mm of a sheet
SOLID = 0.5  # widest inner circle over the long side; of thick digits it is 0.35 at most
SOLID_PENS = 2.5  # widths of the pen; where strokes of small digits meet it is 2 at most
MOST_MEASURED = 40  # components that tell the width of the pen
LONG_SIDE = 0.5  # of the page's side: higher or longer is a frame, if there is anything else
HOLLOW = 0.08  # of its box that a frame inks at most
BAR = 0.5  # widest inner circle over the short side; more is a dark edge of the page
MOST_INK = 0.6  # of all strokes' ink; what is long and has that much is what was written
SPECK = 0.25  # of the first guess of the height
GIANT = 4.0


@dataclass(frozen=True, eq=False)
class Components:
    """Connected parts of the ink of a page.

    Attributes:
        labels: (rows, cols), 0 paper, or the number of the component; shared by all selections.
        numbers: (n,) the label of each component.
        boxes: (n, 4) left, top, right, bottom in pixels; the last two lie outside.
        areas_px: (n,) number of inked pixels.
    """

    labels: NDArray[np.int32]
    numbers: NDArray[np.int64]
    boxes: NDArray[np.int64]
    areas_px: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the components."""
        return len(self.numbers)

    @property
    def widths_px(self) -> NDArray[np.int64]:
        """Width of each, (n,)."""
        return self.boxes[:, 2] - self.boxes[:, 0]

    @property
    def heights_px(self) -> NDArray[np.int64]:
        """Height of each, (n,)."""
        return self.boxes[:, 3] - self.boxes[:, 1]

    @property
    def spans_px(self) -> NDArray[np.int64]:
        """The longer of both, (n,)."""
        return np.maximum(self.widths_px, self.heights_px)

    def only(self, chosen: Bools | NDArray[np.intp]) -> "Components":
        """Select components by a mask (n,) or by their places."""
        return Components(
            self.labels, self.numbers[chosen], self.boxes[chosen], self.areas_px[chosen]
        )

    def mask(self, place: int) -> Bools:
        """Return which pixels of its box the component in this place inks, (height, width)."""
        left, top, right, bottom = self.boxes[place]
        return np.asarray(self.labels[top:bottom, left:right] == self.numbers[place])

    def at_edge(self) -> Bools:
        """Return which touch the border of the page, (n,)."""
        size = np.array(self.labels.shape[::-1])
        touched = (self.boxes[:, :2] <= 0) | (self.boxes[:, 2:] >= size)
        return np.asarray(touched.any(axis=1))


def marks_of(ink: Ink) -> NDArray[np.uint8]:
    """Mark what is inked: 255, or 0 on paper, (rows, cols)."""
    return np.asarray((ink >= FAINTEST_INK).view(np.uint8) * np.uint8(255))


def find_components(ink: Ink) -> Components:
    """Label the connected parts of ink (rows, cols); corners connect too."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marks_of(ink))
    table = np.asarray(stats)[1:].astype(np.int64)
    boxes = table[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    return Components(np.asarray(labels, np.int32), np.arange(1, count), boxes, table[:, 4])


def digit_height_px(components: Components) -> float:
    """Typical height of the digits, 0.0 if nothing can be one.

    Half of the squared heights give a first guess that many specks cannot pull down; the
    median of what is near it, each as heavy as it is high, is not pulled up by a headline.
    """
    heights = components.heights_px.astype(np.float64)
    likely = could_be_digits(components)
    if not likely.any():
        return 0.0
    tall = heights[likely]
    guess = _weighted_median(tall, tall**2)
    tall = tall[(tall >= SPECK * guess) & (tall <= GIANT * guess)]
    height = _weighted_median(tall, tall)
    return height if height >= least_height_px(components) else 0.0


def could_be_digits(components: Components) -> Bools:
    """Return which components are strokes and of a size that digits have, (n,).

    What touches the border, or is half as long as the page, counts if there is nothing else; or if
    it has most of the ink and is no frame, as in an image that was cropped to one number.
    """
    strokes = components.heights_px >= least_height_px(components)
    strokes &= ~is_solid(components, where=strokes)
    size = np.array(components.labels.shape[::-1])
    spans = components.boxes[:, 2:] - components.boxes[:, :2]
    small: Bools = np.asarray((spans <= LONG_SIDE * size).all(axis=1))
    written = components.areas_px * strokes
    if (written * ~small).sum() >= MOST_INK * written.sum():
        long = np.asarray(strokes & ~small & ~_is_frame_or_bar(components, strokes & ~small))
        if (written * long).sum() >= MOST_INK * written.sum():
            return long
    for choice in (small & ~components.at_edge(), small):
        if (strokes & choice).any():
            return np.asarray(strokes & choice)
    return strokes


def _is_frame_or_bar(components: Components, where: Bools) -> Bools:
    """Return which of some components ink next to nothing of their boxes, or fill them, (n,)."""
    sides = components.boxes[:, 2:] - components.boxes[:, :2]
    found: Bools = components.areas_px < HOLLOW * sides.prod(axis=1)
    for place in np.flatnonzero(where & ~found):
        found[place] = thickness_px(components.mask(int(place))) > BAR * sides[place].min()
    return found


def is_solid(components: Components, *, where: Bools, pen_px: float = 0.0) -> Bools:
    """Return which of some components are blobs instead of strokes, (n,).

    Args:
        components: all of them.
        where: (n,) which to look at.
        pen_px: width of the strokes, if it is known.
    """
    solid = np.zeros(len(components), bool)
    spans = components.spans_px
    # A blob holds at least its inner circle.
    least = np.pi / 4 * (SOLID * spans) ** 2
    for place in np.flatnonzero(where & (components.areas_px >= least)):
        least_px = max(SOLID * spans[place], SOLID_PENS * pen_px)
        solid[place] = thickness_px(components.mask(int(place))) > least_px
    return solid


def thickness_px(mask: Bools) -> float:
    """Diameter of the widest circle within a mask (rows, cols)."""
    return 2 * float(_depth_px(mask).max()) - 1


def pen_width_px(components: Components) -> float:
    """Typical width of the strokes: the median over some components; 0.0 without any."""
    places = range(0, len(components), 1 + len(components) // MOST_MEASURED)
    widths = [_stroke_px(components.mask(place)) for place in places]
    return float(np.median(widths)) if widths else 0.0


def least_height_px(components: Components) -> float:
    """Height below which nothing on this page is taken for a digit."""
    return max(float(LEAST_HEIGHT_PX), LEAST_HEIGHT * float(max(components.labels.shape)))


def _stroke_px(mask: Bools) -> float:
    depth = _depth_px(mask)
    # Over a stroke of width w the depth runs from 0 to w / 2, so its mean is a quarter of w.
    # OpenCV measures it from the middle of the first pixel of paper, half a pixel more.
    return 4 * (float(depth.sum()) / max(1, int(mask.sum())) - 0.5)


def _depth_px(mask: Bools) -> NDArray[np.float32]:
    """Distance of every pixel of a mask to the paper, which lies all around."""
    framed = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 3), np.float32)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])
