"""Connected components of the ink, the height of the digits among them and the pen's width."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ComponentParameters:
    """Parameters of the ink, the sizes and the shapes of components on a page.

    Set by hand, by the measures of digits, blobs and frames that the attributes name.

    Attributes:
        faintest_ink: ink below which a pixel is at most the edge of a stroke.
        least_height_px: height below which digits cannot be recognized.
        least_height: the same as a share of the page's long side; 1.2 mm of an A4 sheet.
        solid: diameter of the widest inner circle, as a share of a component's longer side,
            from which it is a blob; that of digits in a thick pen is 0.35 at most.
        solid_pens: the same in widths of the pen; where strokes of small digits meet it is
            2 at most.
        most_measured: number of components on which the pen's width is measured.
        long_side: share of the page's side; a longer component is a frame, if there are others.
        hollow: greatest share of its box that a frame inks.
        bar: diameter of the inner circle, as a share of the shorter side, from which a long
            component is a dark edge of the page.
        most_ink: share of the strokes' ink from which long components are the writing.
        fewest_alike: number of small components of about one height from which these are the
            writing, whatever a frame around them inks, or its parts.
        alike: greatest ratio of their heights to the median.
        least_alike: least median height of theirs, as a share of the page's long side; a noisy
            photo of one number holds many specks.
        slender: greatest shorter side of a part of a frame, over its longer side; such a component
            does not count if it is ``most_of_guess`` times as high as those that are alike.
        least_of_guess: least height that contributes to the final one, as a multiple of the
            first guess.
        most_of_guess: greatest such height.
    """

    faintest_ink: float = 0.1
    least_height_px: float = 7.0
    least_height: float = 0.004
    solid: float = 0.5
    solid_pens: float = 2.5
    most_measured: int = 40
    long_side: float = 0.5
    hollow: float = 0.08
    bar: float = 0.5
    most_ink: float = 0.6
    fewest_alike: int = 6
    alike: float = 1.5
    least_alike: float = 0.02
    slender: float = 0.2
    least_of_guess: float = 0.25
    most_of_guess: float = 4.0


COMPONENTS = ComponentParameters()


@dataclass(frozen=True, eq=False)
class Components:
    """Connected components of the ink of a page.

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
        """Return the number of components."""
        return len(self.numbers)

    @property
    def widths_px(self) -> NDArray[np.int64]:
        """Width of each component, (n,)."""
        return self.boxes[:, 2] - self.boxes[:, 0]

    @property
    def heights_px(self) -> NDArray[np.int64]:
        """Height of each component, (n,)."""
        return self.boxes[:, 3] - self.boxes[:, 1]

    @property
    def spans_px(self) -> NDArray[np.int64]:
        """The larger of width and height, (n,)."""
        return np.maximum(self.widths_px, self.heights_px)

    def only(self, chosen: Bools | NDArray[np.intp]) -> "Components":
        """Select components by a mask (n,) or by their indices."""
        return Components(
            self.labels, self.numbers[chosen], self.boxes[chosen], self.areas_px[chosen]
        )

    def mask(self, place: int) -> Bools:
        """Return the pixels of its box that the component at an index inks, (height, width)."""
        left, top, right, bottom = self.boxes[place]
        return np.asarray(self.labels[top:bottom, left:right] == self.numbers[place])

    def at_edge(self, *, margin_px: int = 0) -> Bools:
        """Return which components reach the border of the image within a margin, (n,)."""
        size = np.array(self.labels.shape[::-1])
        touched = (self.boxes[:, :2] <= margin_px) | (self.boxes[:, 2:] >= size - margin_px)
        return np.asarray(touched.any(axis=1))


def find_components(ink: Ink) -> Components:
    """Label the connected components of ink (rows, cols), diagonal neighbors included."""
    return label_components((ink >= COMPONENTS.faintest_ink).view(np.uint8))


def label_components(mask: NDArray[np.uint8]) -> Components:
    """Label the connected components of a mask (rows, cols), diagonal neighbors included."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    table = np.asarray(stats)[1:].astype(np.int64)
    boxes = table[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    return Components(np.asarray(labels, np.int32), np.arange(1, count), boxes, table[:, 4])


def digit_height_px(components: Components) -> float:
    """Return the typical height of the digits, 0.0 if no component can be one.

    The median weighted by the squared heights is a first guess that many specks do not lower.
    The median of the heights near it, weighted by the heights, is not raised by a headline.
    """
    heights = components.heights_px.astype(np.float64)
    likely = could_be_digits(components)
    if not likely.any():
        return 0.0
    tall = heights[likely]
    guess = weighted_median(tall, tall**2)
    near = (tall >= COMPONENTS.least_of_guess * guess) & (tall <= COMPONENTS.most_of_guess * guess)
    height = weighted_median(tall[near], tall[near])
    return height if height >= least_height_px(components) else 0.0


def could_be_digits(components: Components) -> Bools:
    """Return which components are strokes and of a size that digits have, (n,).

    A component that touches the border, or is half as long as the page, counts only if there
    are no others, or if it has most of the ink and is not a frame, as in an image that was cropped
    to one number. Where many small ones are alike, these are the writing.
    """
    strokes = components.heights_px >= least_height_px(components)
    strokes &= ~is_solid(components, where=strokes)
    size = np.array(components.labels.shape[::-1])
    spans = components.boxes[:, 2:] - components.boxes[:, :2]
    small: Bools = np.asarray((spans <= COMPONENTS.long_side * size).all(axis=1))
    written = components.areas_px * strokes
    usual = _height_of_many_alike(components, strokes & small & ~components.at_edge())
    if usual:
        slender = spans.min(axis=1) <= COMPONENTS.slender * components.spans_px
        small &= ~(slender & (components.heights_px > COMPONENTS.most_of_guess * usual))
    elif (written * ~small).sum() >= COMPONENTS.most_ink * written.sum():
        long = strokes & ~small
        long &= ~_is_frame_or_bar(components, long)
        if (written * long).sum() >= COMPONENTS.most_ink * written.sum():
            return np.asarray(long)
    for choice in (small & ~components.at_edge(), small):
        if (strokes & choice).any():
            return np.asarray(strokes & choice)
    return strokes


def _height_of_many_alike(components: Components, where: Bools) -> float:
    """Return the height of some components (n,) if many of them have it, as digits; else 0.0."""
    heights = components.heights_px[where]
    if len(heights) < COMPONENTS.fewest_alike:
        return 0.0
    usual = float(np.median(heights))
    ratios = np.maximum(heights / usual, usual / heights)
    is_tall = usual >= COMPONENTS.least_alike * max(components.labels.shape)
    are_many = int((ratios <= COMPONENTS.alike).sum()) >= COMPONENTS.fewest_alike
    return usual if is_tall and are_many else 0.0


def is_solid(
    components: Components,
    *,
    where: Bools,
    pen_px: float = 0.0,
) -> Bools:
    """Return which of some components are blobs instead of strokes, (n,).

    Args:
        components: all of them.
        where: (n,) those to examine.
        pen_px: width of the strokes, if it is known.
    """
    solid = np.zeros(len(components), bool)
    least_px = np.maximum(COMPONENTS.solid * components.spans_px, COMPONENTS.solid_pens * pen_px)
    # A blob holds at least its inner circle.
    large = components.areas_px >= np.pi / 4 * (COMPONENTS.solid * components.spans_px) ** 2
    for place in np.flatnonzero(where & large):
        solid[place] = thickness_px(components.mask(int(place))) > least_px[place]
    return solid


def thickness_px(mask: Bools) -> float:
    """Return the diameter of the widest circle within a mask (rows, cols)."""
    return 2 * float(_depth_px(mask).max()) - 1


def pen_width_px(components: Components) -> float:
    """Return the median width of the strokes of some components; 0.0 without any."""
    places = range(0, len(components), 1 + len(components) // COMPONENTS.most_measured)
    widths = [_stroke_px(components.mask(place)) for place in places]
    return float(np.median(widths)) if widths else 0.0


def least_height_px(components: Components) -> float:
    """Return the height below which a component of this page cannot be a digit."""
    long_side_px = float(max(components.labels.shape))
    return max(COMPONENTS.least_height_px, COMPONENTS.least_height * long_side_px)


def weighted_median(values: Floats, weights: Floats) -> float:
    """Return the least value (n,) up to which the weights (n,) sum to half of their total.

    >>> weighted_median(np.array([3.0, 1.0, 2.0]), np.array([5.0, 1.0, 1.0]))
    3.0
    """
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])


def _is_frame_or_bar(components: Components, where: Bools) -> Bools:
    """Return which components ink very little of their boxes or, among some, fill them, (n,)."""
    sides = components.boxes[:, 2:] - components.boxes[:, :2]
    found: Bools = components.areas_px < COMPONENTS.hollow * sides.prod(axis=1)
    for place in np.flatnonzero(where & ~found):
        thickness = thickness_px(components.mask(int(place)))
        found[place] = thickness > COMPONENTS.bar * sides[place].min()
    return found


def _stroke_px(mask: Bools) -> float:
    depth = _depth_px(mask)
    # Over a stroke of width w the depth runs from 0 to w / 2, so its mean is a quarter of w.
    # OpenCV measures it from the middle of the first pixel of paper, half a pixel more.
    return 4 * (float(depth.sum()) / max(1, int(mask.sum())) - 0.5)


def _depth_px(mask: Bools) -> NDArray[np.float32]:
    """Return the distance of every pixel of a mask to the paper, which lies all around."""
    framed = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 3), np.float32)
