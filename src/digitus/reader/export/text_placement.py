"""Find places for the texts of an overlay: clear of boxes and other texts, and mostly of ink."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.reader.results.reading import Box

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""

_Boxes: TypeAlias = NDArray[np.int64]
"""(n, 4) left, top, width, height; elsewhere boxes in arrays end with right and bottom."""

SIDES = ("above", "right", "below", "left")


@dataclass(frozen=True)
class PlacementParameters:
    """Parameters of the search for places, found by looking at overlays of scanned pages.

    Attributes:
        ink_contrast: difference from the surrounding page, 0 to 1, from which a pixel is ink.
        surrounding: side of the surrounding, by the long side of the page.
        ink_cost: cost of a text wholly on ink.
        touch_cost: cost of a text that lies on more than ``min_touch`` of ink.
        min_touch: share of its area that a text may have on ink without being taken to touch it.
        order_cost: cost of each place that is preferred to a place.
        max_ink_free: greatest share of ink on a side that counts as free.
        n_rings: number of rings of places around a box that has no room beside it.
        n_rays: number of places in each ring.
        n_leader_points: number of points of a leader line that are tested for crossing a box.
    """

    ink_contrast: float = 0.12
    surrounding: float = 1 / 40
    ink_cost: float = 120.0
    touch_cost: float = 3.0
    min_touch: float = 0.002
    order_cost: float = 1 / 3
    max_ink_free: float = 0.04
    n_rings: int = 8
    n_rays: int = 16
    n_leader_points: int = 40


PLACEMENT = PlacementParameters()


class FreeSpace:
    """The space of a page that no box and no text occupies.

    Args:
        grey: (rows, cols) of the page, 0.0 black to 1.0 white, of any size.
        size: width and height of the overlay.
        boxes: boxes of the numbers with their frames, and of cells that have a text of their own.
    """

    def __init__(self, grey: Grey, size: Size, boxes: Sequence[Box]) -> None:
        self._size, self._scale = size, grey.shape[1] / size[0]
        self._ink = _ink_integral(grey)
        self._occupied = np.array(boxes, np.int64).reshape(-1, 4)

    def occupy(self, box: Box) -> None:
        """Keep later texts off a box."""
        self._occupied = np.vstack([self._occupied, box])

    def order_of_sides(self, boxes: Sequence[Box], size: Size, gap_px: int) -> list[str]:
        """Sort the four sides by the number of boxes at which they are free, most first.

        Texts on the same side of most numbers are easier to follow.
        """
        if not boxes:
            return list(SIDES)
        blocked = {}
        for side in SIDES:
            places = [places_beside(box, size, [side], gap_px)[0] for box in boxes]
            covered, ink = self._costs(np.array(places, np.int64).reshape(-1, 4), None)
            blocked[side] = int(((covered > 0) | (ink > PLACEMENT.max_ink_free)).sum())
        return sorted(SIDES, key=blocked.__getitem__)

    def best(self, places: Sequence[Box], own: Box) -> tuple[Box | None, float]:
        """Return the place on no other box and on least ink; earlier places are preferred.

        Args:
            places: places to choose from.
            own: box to which the text belongs; the text may lie on it.

        Returns:
            The place, or None if all are occupied; and its cost, 0 or more.
        """
        if not places:
            return None, np.inf
        array = np.array(places, np.int64)
        covered, ink = self._costs(array, own)
        cost = PLACEMENT.ink_cost * ink + PLACEMENT.touch_cost * (ink > PLACEMENT.min_touch)
        cost += PLACEMENT.order_cost * np.arange(len(array))
        cost[covered > 0] = np.inf
        at = int(cost.argmin())
        return (None, np.inf) if np.isinf(cost[at]) else (places[at], float(cost[at]))

    def reachable(self, places: Sequence[Box], own: Box) -> list[Box]:
        """Return the places to which a line from a box crosses no other box."""
        occupied = self._near(np.array([*places, own], np.int64))
        occupied = occupied[(occupied != own).any(axis=1)]
        first, last = occupied[:, :2], occupied[:, :2] + occupied[:, 2:]
        shares = np.linspace(0, 1, PLACEMENT.n_leader_points)[:, None]
        found = []
        for place in places:
            start, end = np.array(nearest_point(own, place)), np.array(nearest_point(place, own))
            points = (start + shares * (end - start))[:, None]
            if not ((points > first) & (points < last)).all(axis=2).any():
                found.append(place)
        return found

    def _costs(
        self, places: _Boxes, own: Box | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the occupied area of each place (n, 4), more than 0 off the page, and its ink."""
        occupied = self._near(places)
        if own is not None:
            occupied = occupied[(occupied != own).any(axis=1)]
        near = np.maximum(places[:, None, :2], occupied[None, :, :2])
        ends, others = places[:, :2] + places[:, 2:], occupied[:, :2] + occupied[:, 2:]
        sides = np.maximum(0, np.minimum(ends[:, None], others[None]) - near)
        outside = (places[:, :2] < 0).any(axis=1) | (ends > self._size).any(axis=1)
        return sides.prod(axis=2).sum(axis=1) + outside, self._ink_shares(places)

    def _near(self, places: _Boxes) -> _Boxes:
        """Return the few occupied boxes in the region of the places (n, 4)."""
        first, last = places[:, :2].min(axis=0), (places[:, :2] + places[:, 2:]).max(axis=0)
        occupied = self._occupied
        ends = occupied[:, :2] + occupied[:, 2:]
        near: _Boxes = occupied[((occupied[:, :2] < last) & (ends > first)).all(axis=1)]
        return near

    def _ink_shares(self, places: _Boxes) -> NDArray[np.float64]:
        """Return the share of each place (n, 4) that is ink."""
        rows, cols = self._ink.shape
        edges = np.concatenate([places[:, :2], places[:, :2] + places[:, 2:]], axis=1)
        limits = np.array([cols - 1, rows - 1] * 2)
        left, top, right, bottom = np.clip(np.rint(edges * self._scale), 0, limits).astype(int).T
        ink = self._ink
        inked = ink[bottom, right] - ink[top, right] - ink[bottom, left] + ink[top, left]
        shares: NDArray[np.float64] = inked / np.maximum(1, (right - left) * (bottom - top))
        return shares


def places_beside(box: Box, size: Size, sides: Sequence[str], gap_px: int) -> list[Box]:
    """Return three places for a text on each side of a box, touching its frame.

    Args:
        box: left, top, width, height.
        size: size of the text.
        sides: in order of preference.
        gap_px: between the box and the outer edge of its frame.
    """
    left, top, wide, high = box
    x = (left - gap_px, left + wide + gap_px - size[0], left + (wide - size[0]) // 2)
    y = (top + (high - size[1]) // 2, top - gap_px, top + high + gap_px - size[1])
    above, below = top - gap_px - size[1], top + high + gap_px
    before, behind = left - gap_px - size[0], left + wide + gap_px
    corners = {
        "above": [(one, above) for one in x],
        "below": [(one, below) for one in x],
        "right": [(behind, one) for one in y],
        "left": [(before, one) for one in y],
    }
    return [(*corner, *size) for side in sides for corner in corners[side]]


def places_within(box: Box, size: Size, gap_px: int) -> list[Box]:
    """Return places for a text along the upper and lower edge of a cell; none if it is too big."""
    left, top, wide, high = box
    columns = (left + gap_px, left + wide - gap_px - size[0], left + (wide - size[0]) // 2)
    rows = (top + gap_px, top + high - gap_px - size[1])
    places = [(x, y, *size) for y in rows for x in columns]
    fits = size[0] + 2 * gap_px <= wide and size[1] + 2 * gap_px <= high
    return places if fits else []


def places_around(box: Box, size: Size) -> list[Box]:
    """Return places for a text in rings of growing distance around a box."""
    left, top, wide, high = box
    places = []
    for ring in range(1, PLACEMENT.n_rings + 1):
        for angle in np.arange(PLACEMENT.n_rays) * 2 * np.pi / PLACEMENT.n_rays:
            x = left + wide / 2 + np.cos(angle) * (wide / 2 + size[0] / 2 + ring * size[1])
            y = top + high / 2 + np.sin(angle) * (high / 2 + size[1] / 2 + ring * size[1])
            places.append((round(x - size[0] / 2), round(y - size[1] / 2), *size))
    return places


def nearest_point(box: Box, other: Box) -> tuple[float, float]:
    """Return the point of a box, x and y, that is nearest to the middle of another box.

    >>> nearest_point((0, 0, 10, 10), (20, 4, 2, 2))
    (10, 5.0)
    """
    x, y = other[0] + other[2] / 2, other[1] + other[3] / 2
    return min(max(x, box[0]), box[0] + box[2]), min(max(y, box[1]), box[1] + box[3])


def _ink_integral(grey: Grey) -> NDArray[np.float64]:
    """Return the integral image (rows + 1, cols + 1) of pixels that differ from around them."""
    side_px = 2 * int(max(grey.shape) * PLACEMENT.surrounding / 2) + 1
    light = cv2.blur(np.ascontiguousarray(grey, np.float32), (side_px, side_px))
    inked = (np.abs(grey - light) > PLACEMENT.ink_contrast).astype(np.uint8)
    sums: NDArray[np.float64] = cv2.integral(inked, sdepth=cv2.CV_64F)
    return sums
