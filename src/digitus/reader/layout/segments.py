"""Components to segments: digits (touching ones as one), each with the marks beside it."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.components import Components, is_solid, pen_width_px
from digitus.reader.layout.border_marks import are_border_marks
from digitus.reader.layout.boxes import (
    Bools,
    Boxes,
    Places,
    cheapest,
    grouped,
    hull,
    near_pairs,
    overlap,
)
from digitus.reader.layout.touching_lines import split_tall


@dataclass(frozen=True)
class ComponentFilterParameters:
    """Which components may be digits, components of digits, or marks.

    Lengths are in heights of the page's typical digit, unless another unit is named. Set by hand,
    from the shapes of what pages hold besides digits: a component is kept in doubt, because the
    networks can still reject it.

    Attributes:
        max_height: greatest height of a component.
        max_width: greatest width of a component; a string of touching digits may be long.
        max_dash: height below which, and width above which, a component is the rest of a ruled
            line and not a dash.
        border: width below which, and length above which, a component that touches the page's
            border is the rest of its edge.
        max_at_border: greatest longer side of a component that touches the border; a longer one is
            the dark edge of a sheet, unless ``min_inside`` of it lies away from the border and its
            height is at most ``max_height_at_border``, as with the digits of a cropped image.
        max_height_at_border: see ``max_at_border``.
        border_margin: distance from the border up to which ink lies at it.
        min_inside: least share of the ink away from the border.
        min_frame: least shorter side of a frame around something that may be a digit.
        max_frame_fill: greatest share of its box that a frame inks.
        min_blob: least longer side of a solid component that is a blob and not a dot.
        min_span_px: least longer side of a dot in pixels; a smaller one is a speck.
        min_span_pens: the same in widths of the pen.
        min_span: the same in heights of a digit.
        min_area_pens: least area of a dot in squared widths of the pen; a smaller one is a speck.
    """

    max_height: float = 4.0
    max_width: float = 15.0
    max_dash: tuple[float, float] = (0.3, 1.2)
    border: tuple[float, float] = (0.15, 1.5)
    max_at_border: float = 2.5
    max_height_at_border: float = 1.8
    border_margin: float = 0.15
    min_inside: float = 0.6
    min_frame: float = 1.6
    max_frame_fill: float = 0.15
    min_blob: float = 0.6
    min_span_px: float = 2.0
    min_span_pens: float = 0.6
    min_span: float = 0.04
    min_area_pens: float = 0.3


@dataclass(frozen=True)
class Reach:
    """How far a component may lie from its digit, in heights of the digit, aside and above."""

    aside: float
    above: float


@dataclass(frozen=True)
class GroupingParameters:
    """Which components belong to one segment.

    Lengths are in heights of the page's typical digit, unless another unit is named. Set by hand,
    from the proportions of broken digits, of fives with a loose bar and of numbers with marks.

    Attributes:
        min_body: least height of a digit; lower components are marks or components of a digit.
        max_part: greatest height of a component over that of the digit it belongs to.
        mark_reach: reach of marks and low components.
        part_reach: reach of components as high as a digit, which may also stand alone.
        pair_reach: columns within which components are compared; more than any other distance.
        peer_gap: greatest gap between digits side by side, in heights of the higher one.
        peer_level: least number of rows that they share, in heights of the lower one.
        peer_ratio: least height of the lower one over that of the higher one.
        peer_overlap: columns that they share, in heights of the lower one, from which one stands
            below the other.
        half_level: least number of columns that the halves of a broken digit share, in widths of
            the narrower one.
        half_gap: greatest number of rows between the halves, or shared by them.
        max_halves: greatest height of both halves together.
        above_cost: cost of a row between a component and its digit, where a column costs 1.
    """

    min_body: float = 0.3
    max_part: float = 0.55
    mark_reach: Reach = Reach(0.6, 0.25)
    part_reach: Reach = Reach(0.35, 0.2)
    pair_reach: float = 1.5
    peer_gap: float = 1.2
    peer_level: float = 0.5
    peer_ratio: float = 0.6
    peer_overlap: float = 0.5
    half_level: float = 0.5
    half_gap: float = 0.15
    max_halves: float = 1.3
    above_cost: float = 2.0


FILTER = ComponentFilterParameters()
GROUPING = GroupingParameters()


@dataclass(frozen=True, eq=False)
class Segments:
    """What stands side by side in lines: digits, or several that touch.

    Attributes:
        components: n components of the page.
        number: (n,) segment that each component belongs to; -1 where it belongs to none.
        boxes: (m, 4) box of each segment without its marks.
        extents: (m, 4) box of each segment with its marks.
    """

    components: Components
    number: Places
    boxes: Boxes
    extents: Boxes


def find_segments(components: Components, height_px: float) -> Segments:
    """Find what may be digits; specks, frames, blobs and the page's dark edges are left out.

    Args:
        components: components of a page.
        height_px: height of its typical digit, above 0.
    """
    writing = components.only(is_writing(components, height_px))
    kept = split_tall(writing.only(~are_border_marks(writing, height_px)), height_px)
    return group_components(kept, kept.boxes, height_px)


def group_components(components: Components, boxes: Boxes, height_px: float) -> Segments:
    """Group components into segments.

    Args:
        components: n components that are writing.
        boxes: (n, 4) where they are taken to lie. Those of table cells are moved apart, so that
            components of two cells are never grouped.
        height_px: height of the page's typical digit, above 0.
    """
    pairs = near_pairs(boxes, GROUPING.pair_reach * height_px)
    has_peer = _has_peer(boxes, pairs)
    is_body = _is_body(boxes, pairs, has_peer, height_px)
    number = np.full(len(boxes), -1, np.intp)
    number[is_body] = _joined_halves(boxes[is_body], has_peer[is_body], height_px)
    body_boxes = hull(boxes[is_body], number[is_body])
    host = _hosts(boxes, pairs, is_body, GROUPING.mark_reach)
    has_host = ~is_body & (host >= 0)
    number[has_host] = number[host[has_host]]
    grouped_ones = number >= 0
    extents = hull(boxes[grouped_ones], number[grouped_ones])
    return Segments(components, number, body_boxes, extents)


def is_writing(components: Components, height_px: float) -> Bools:
    """Return which components (n,) may be digits, components of digits, or marks.

    Args:
        components: components of a page.
        height_px: height of its typical digit, above 0.
    """
    width, height = components.widths_px / height_px, components.heights_px / height_px
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    fit = (height <= FILTER.max_height) & (width <= FILTER.max_width)
    fit &= ~((height < FILTER.max_dash[0]) & (width > FILTER.max_dash[1]))
    at_edge = components.at_edge()
    fit &= ~(at_edge & (shorter < FILTER.border[0]) & (longer > FILTER.border[1]))
    for place in np.flatnonzero(fit & at_edge & (longer > FILTER.max_at_border)):
        high = height[place] > FILTER.max_height_at_border
        fit[place] = not high and _reaches_inside(components, int(place), height_px)
    pen = pen_width_px(components.only(fit & (height >= GROUPING.min_body)))
    fit &= ~_is_speck(components, height_px, pen)
    fit &= ~is_solid(components, where=fit & (longer >= FILTER.min_blob), pen_px=pen)
    return np.asarray(fit & ~_is_frame(components, height_px))


def _reaches_inside(components: Components, place: int, height_px: float) -> bool:
    """Return whether most of a component's ink lies away from the border of the page."""
    margin = round(FILTER.border_margin * height_px)
    rows, cols = components.labels.shape
    left, top, right, bottom = components.boxes[place]
    mask = components.mask(place)
    inner = mask[
        max(margin - top, 0) : len(mask) - max(bottom - (rows - margin), 0),
        max(margin - left, 0) : mask.shape[1] - max(right - (cols - margin), 0),
    ]
    return bool(inner.sum() >= FILTER.min_inside * mask.sum())


def _is_speck(components: Components, height_px: float, pen_px: float) -> Bools:
    """Return which components (n,) are smaller than a dot of this pen."""
    least = max(FILTER.min_span_px, FILTER.min_span_pens * pen_px, FILTER.min_span * height_px)
    small = components.spans_px < least
    return np.asarray(small | (components.areas_px < FILTER.min_area_pens * pen_px**2))


def _is_frame(components: Components, height_px: float) -> Bools:
    """Return which components (n,) are frames around something that may be a digit."""
    width, height = components.widths_px, components.heights_px
    hollow = components.areas_px < FILTER.max_frame_fill * width * height
    large = np.minimum(width, height) >= FILTER.min_frame * height_px
    frames = np.zeros(len(components), bool)
    within = components.boxes[height >= GROUPING.min_body * height_px]
    for place in np.flatnonzero(hollow & large):
        box = components.boxes[place]
        inside = (within[:, :2] > box[:2]).all(axis=1) & (within[:, 2:] < box[2:]).all(axis=1)
        frames[place] = inside.any()
    return frames


def _is_body(
    boxes: Boxes, pairs: tuple[Places, Places], has_peer: Bools, height_px: float
) -> Bools:
    """Return which components (n,) stand alone; others are marks or components of a digit."""
    high = boxes[:, 3] - boxes[:, 1] >= GROUPING.min_body * height_px
    has_host = _hosts(boxes, pairs, high, GROUPING.part_reach) >= 0
    return np.asarray(high & (has_peer | ~has_host))


def _has_peer(boxes: Boxes, pairs: tuple[Places, Places]) -> Bools:
    """Return which boxes (n,) have one of about their height beside them, as digits of a number."""
    first, second = pairs
    heights = boxes[:, 3] - boxes[:, 1]
    low = np.minimum(heights[first], heights[second])
    high = np.maximum(heights[first], heights[second])
    gap = -overlap(boxes[first], boxes[second], 0)
    beside = (gap <= GROUPING.peer_gap * high) & (gap > -GROUPING.peer_overlap * low)
    level = overlap(boxes[first], boxes[second], 1) >= GROUPING.peer_level * low
    beside &= level & (low >= GROUPING.peer_ratio * high)
    peer = np.zeros(len(boxes), bool)
    peer[first[beside]] = peer[second[beside]] = True
    return peer


def _hosts(boxes: Boxes, pairs: tuple[Places, Places], is_body: Bools, reach: Reach) -> Places:
    """Return the nearest larger body (n,) of every component; -1 where none is near.

    Args:
        boxes: (n, 4) of all components.
        pairs: places of components that are near each other.
        is_body: (n,) which may be the body of others.
        reach: how far its components lie from a body.
    """
    first, second = pairs
    part, host = np.concatenate([first, second]), np.concatenate([second, first])
    heights = boxes[:, 3] - boxes[:, 1]
    possible = is_body[host] & (heights[part] <= GROUPING.max_part * heights[host])
    part, host = part[possible], host[possible]
    gaps = [np.maximum(0, -overlap(boxes[part], boxes[host], axis)) for axis in (0, 1)]
    aside, above = (gap / heights[host] for gap in gaps)
    near = (aside <= reach.aside) & (above <= reach.above)
    cost = (aside + GROUPING.above_cost * above)[near]
    return cheapest(part[near], host[near], cost, count=len(boxes))


def _joined_halves(boxes: Boxes, has_peer: Bools, height_px: float) -> Places:
    """Number the segments of bodies (n,): two halves of a broken digit, one above the other."""
    first, second = near_pairs(boxes, 0.0)
    one, other = boxes[first], boxes[second]
    narrow = np.minimum(one[:, 2] - one[:, 0], other[:, 2] - other[:, 0])
    gap = -overlap(one, other, 1) / height_px
    together = np.maximum(one[:, 3], other[:, 3]) - np.minimum(one[:, 1], other[:, 1])
    halves = overlap(one, other, 0) >= GROUPING.half_level * narrow
    halves &= (gap > -GROUPING.half_gap) & (gap <= GROUPING.half_gap)
    halves &= together <= GROUPING.max_halves * height_px
    halves &= ~(has_peer[first] & has_peer[second])
    return grouped(len(boxes), (first[halves], second[halves]))
