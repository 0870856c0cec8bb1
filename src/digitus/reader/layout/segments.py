"""Components -> units: digits (touching ones as one), each with the small parts beside it."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.components import Components, is_solid, pen_width_px
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

# Heights are in units of the page's typical digit, unless another is named.
LEAST_BODY = 0.3  # lower is a mark or a part
LARGEST_PART = 0.55  # of the digit beside it; higher stands for itself
HIGHEST, WIDEST = 4.0, 15.0  # more is no digit and no string of digits
LONGEST_AT_EDGE, HIGHEST_AT_EDGE = 2.5, 1.8  # more is the dark edge of a sheet, unless most of it
INSIDE, MARGIN = 0.6, 0.15  # of its ink lies so far within the page: digits of a cropped image
THINNEST_AT_EDGE, SLIVER = 0.15, 1.5  # width and length of what lies along the border
FLATTEST, LONGEST_FLAT = 0.3, 1.2  # height, and length from which a dash is the rest of a rule
FRAME, FRAME_FILL = 1.6, 0.15  # least sides, and the most ink in its box
BLOB = 0.6
SPECK_LENGTH, SPECK_AREA = 0.6, 0.3  # of the pen's width, and of its square
LEAST_SPECK = 0.04
PART_ASIDE, PART_ABOVE = 0.6, 0.25  # of the digit: as far as its marks and parts lie
LOOSE_ASIDE, LOOSE_ABOVE = 0.35, 0.2  # the same for parts of a digit's size
PEER_ASIDE, PEER_LEVEL, PEER_RATIO = 1.2, 0.5, 0.6
PEER_SHARED = 0.5  # of the height; more is not beside but below each other
STACK_LEVEL, STACK_GAP, STACK_HEIGHT = 0.5, 0.15, 1.3
LARGEST_HALF = 0.75


@dataclass(frozen=True, eq=False)
class Units:
    """What stands side by side in lines.

    Attributes:
        components: all that were looked at.
        owner: (n,) the unit that a component belongs to; -1 where it was left out.
        boxes: (m, 4) of each unit without its marks.
        extents: (m, 4) of each unit with them.
    """

    components: Components
    owner: Places
    boxes: Boxes
    extents: Boxes


def find_units(components: Components, height_px: float) -> Units:
    """Gather what may be digits; specks, frames, blobs and the page's dark edges are left out.

    Args:
        components: of a page.
        height_px: of its typical digit, above 0.
    """
    kept = split_tall(components.only(is_writing(components, height_px)), height_px)
    return gather(kept, kept.boxes, height_px)


def gather(components: Components, boxes: Boxes, height_px: float) -> Units:
    """Gather components into units.

    Args:
        components: all of them writing.
        boxes: (n, 4), where they count as lying; cells are moved apart, so that none sees
            its neighbours.
        height_px: of the page's typical digit, above 0.
    """
    pairs = near_pairs(boxes, 1.5 * height_px)
    peer = _has_peer(boxes, pairs)
    body = _bodies(boxes, pairs, peer, height_px)
    owner = np.full(len(boxes), -1, np.intp)
    owner[body] = _stacked(boxes[body], peer[body], height_px)
    around = hull(boxes[body], owner[body])
    host = _hosts(boxes, pairs, body, (PART_ASIDE, PART_ABOVE))
    part = ~body & (host >= 0)
    owner[part] = owner[host[part]]
    owned = owner >= 0
    return Units(components, owner, around, hull(boxes[owned], owner[owned]))


def is_writing(components: Components, height_px: float) -> Bools:
    """Return which components may be digits, parts of digits or marks, (n,)."""
    width, height = components.widths_px / height_px, components.heights_px / height_px
    spans, least = np.maximum(width, height), np.minimum(width, height)
    fine = (height <= HIGHEST) & (width <= WIDEST)
    fine &= ~((height < FLATTEST) & (width > LONGEST_FLAT))
    along = (least < THINNEST_AT_EDGE) & (spans > SLIVER)
    at_edge = components.at_edge()
    fine &= ~(at_edge & along)
    for place in np.flatnonzero(fine & at_edge & (spans > LONGEST_AT_EDGE)):
        high = height[place] > HIGHEST_AT_EDGE
        fine[place] = not high and _reaches_inside(components, int(place), height_px)
    pen = pen_width_px(components.only(fine & (height >= LEAST_BODY)))
    fine &= ~_is_speck(components, height_px, pen)
    fine &= ~is_solid(components, where=fine & (spans >= BLOB), pen_px=pen)
    return np.asarray(fine & ~_is_frame(components, height_px))


def _reaches_inside(components: Components, place: int, height_px: float) -> bool:
    """Return whether most of a component's ink lies away from the border of the page."""
    margin = round(MARGIN * height_px)
    rows, cols = components.labels.shape
    left, top, right, bottom = components.boxes[place]
    mask = components.mask(place)
    inner = mask[
        max(margin - top, 0) : len(mask) - max(bottom - (rows - margin), 0),
        max(margin - left, 0) : mask.shape[1] - max(right - (cols - margin), 0),
    ]
    return bool(inner.sum() >= INSIDE * mask.sum())


def _is_speck(components: Components, height_px: float, pen_px: float) -> Bools:
    """Return what is smaller than a dot of this pen, (n,)."""
    spans = components.spans_px
    small = spans < max(2.0, SPECK_LENGTH * pen_px, LEAST_SPECK * height_px)
    return np.asarray(small | (components.areas_px < SPECK_AREA * pen_px**2))


def _is_frame(components: Components, height_px: float) -> Bools:
    """Return which are boxes drawn around something that may be a digit, (n,)."""
    width, height = components.widths_px, components.heights_px
    hollow = components.areas_px < FRAME_FILL * width * height
    large = np.minimum(width, height) >= FRAME * height_px
    frames = np.zeros(len(components), bool)
    within = components.boxes[height >= LEAST_BODY * height_px]
    for place in np.flatnonzero(hollow & large):
        box = components.boxes[place]
        inside = (within[:, :2] > box[:2]).all(axis=1) & (within[:, 2:] < box[2:]).all(axis=1)
        frames[place] = inside.any()
    return frames


def _bodies(boxes: Boxes, pairs: tuple[Places, Places], has_peer: Bools, height_px: float) -> Bools:
    """Return which stand for themselves; others are marks, or loose parts of a larger one, (n,)."""
    high = boxes[:, 3] - boxes[:, 1] >= LEAST_BODY * height_px
    loose = _hosts(boxes, pairs, high, (LOOSE_ASIDE, LOOSE_ABOVE)) >= 0
    return np.asarray(high & (has_peer | ~loose))


def _has_peer(boxes: Boxes, pairs: tuple[Places, Places]) -> Bools:
    """Return which have one of their own height beside them, as the digits of a number, (n,)."""
    first, second = pairs
    heights = boxes[:, 3] - boxes[:, 1]
    low = np.minimum(heights[first], heights[second])
    high = np.maximum(heights[first], heights[second])
    gap = -overlap(boxes[first], boxes[second], 0)
    beside = (gap <= PEER_ASIDE * high) & (gap > -PEER_SHARED * low)
    level = overlap(boxes[first], boxes[second], 1) >= PEER_LEVEL * low
    beside &= level & (low >= PEER_RATIO * high)
    peer = np.zeros(len(boxes), bool)
    peer[first[beside]] = peer[second[beside]] = True
    return peer


def _hosts(
    boxes: Boxes, pairs: tuple[Places, Places], bodies: Bools, reach: tuple[float, float]
) -> Places:
    """Find the nearest larger body for every component, (n,); -1 where none is near.

    Args:
        boxes: (n, 4) of all.
        pairs: of them that are near.
        bodies: (n,), which may have parts.
        reach: the farthest aside and above, in heights of the body.
    """
    first, second = pairs
    part, host = np.concatenate([first, second]), np.concatenate([second, first])
    heights = boxes[:, 3] - boxes[:, 1]
    wanted = bodies[host] & (heights[part] <= LARGEST_PART * heights[host])
    part, host = part[wanted], host[wanted]
    gaps = [np.maximum(0, -overlap(boxes[part], boxes[host], axis)) for axis in (0, 1)]
    aside, above = (gap / heights[host] for gap in gaps)
    near = (aside <= reach[0]) & (above <= reach[1])
    cost = (aside + 2 * above)[near]
    return cheapest(part[near], host[near], cost, count=len(boxes))


def _stacked(boxes: Boxes, has_peer: Bools, height_px: float) -> Places:
    """Number the units of bodies (n, 4): the halves of a broken digit lie above each other."""
    first, second = near_pairs(boxes, 0.0)
    one, other = boxes[first], boxes[second]
    heights = boxes[:, 3] - boxes[:, 1]
    narrow = np.minimum(one[:, 2] - one[:, 0], other[:, 2] - other[:, 0])
    gap = -overlap(one, other, 1) / height_px
    together = np.maximum(one[:, 3], other[:, 3]) - np.minimum(one[:, 1], other[:, 1])
    halves = overlap(one, other, 0) >= STACK_LEVEL * narrow
    halves &= (gap > -STACK_GAP) & (gap <= STACK_GAP) & (together <= STACK_HEIGHT * height_px)
    halves &= ~(has_peer[first] & has_peer[second])
    halves &= np.minimum(heights[first], heights[second]) < LARGEST_HALF * height_px
    return grouped(len(boxes), (first[halves], second[halves]))
