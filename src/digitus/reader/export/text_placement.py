"""Where a text may stand on a page: never on an answer or another text, and seldom on ink."""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.reader.results.reading import Box

Size: TypeAlias = tuple[int, int]
Boxes: TypeAlias = NDArray[np.int64]
"""(n, 4): left, top, width, height."""

SIDES = ("above", "right", "below", "left")

_INK_CONTRAST = 0.12  # from the page around it, of 0 black to 1 white
_AROUND = 1 / 40  # of the long side: what counts as around
_INK_COST = 120.0  # of a text wholly on ink; sides cost 0 to 3
_TOUCH_COST, _TOUCH = 3.0, 0.002  # of a text on any ink at all, and what is none
_LITTLE_INK = 0.04  # share of a text that may lie on ink where a side counts as free
_RINGS, _RAYS = 8, 16  # places tried around a box that has no room beside it
_STEPS = 40  # points of a line that are looked at


class Room:
    """The room that is left on a page.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white, of whatever size.
        size: width and height of the overlay.
        boxes: of the numbers with their frames, and of cells that have a text of their own.
    """

    def __init__(self, page: Grey, size: Size, boxes: Sequence[Box]) -> None:
        self._size, self._scale = size, page.shape[1] / size[0]
        self._ink = _ink_sums(page)
        self._taken = np.array(boxes, np.int64).reshape(-1, 4)

    def take(self, box: Box) -> None:
        """Keep a box free of what comes later."""
        self._taken = np.vstack([self._taken, box])

    def order_of_sides(self, boxes: Sequence[Box], size: Size, gap_px: int) -> list[str]:
        """Return the sides of boxes, the one that is free at most boxes first: all look alike."""
        if not boxes:
            return list(SIDES)
        blocked = {}
        for side in SIDES:
            places = [beside(box, size, [side], gap_px)[0] for box in boxes]
            covered, ink = self._costs(np.array(places, np.int64).reshape(-1, 4), None)
            blocked[side] = int(((covered > 0) | (ink > _LITTLE_INK)).sum())
        return sorted(SIDES, key=blocked.__getitem__)  # of equals the first in SIDES

    def best(self, places: Sequence[Box], own: Box) -> tuple[Box | None, float]:
        """Choose the place that lies on no other box and on least ink; earlier ones are better.

        Args:
            places: to choose from.
            own: the box that the text belongs to, on which it may lie.

        Returns:
            The place, None where all are taken; and what it costs, 0 or more.
        """
        if not places:
            return None, np.inf
        array = np.array(places, np.int64)
        covered, ink = self._costs(array, own)
        cost = _INK_COST * ink + _TOUCH_COST * (ink > _TOUCH) + np.arange(len(array)) / 3
        cost[covered > 0] = np.inf
        at = int(cost.argmin())
        return (None, np.inf) if np.isinf(cost[at]) else (places[at], float(cost[at]))

    def reachable(self, places: Sequence[Box], own: Box) -> list[Box]:
        """Return those places to which a line from a box crosses no other box."""
        taken = self._near(np.array([*places, own], np.int64))
        taken = taken[(taken != own).any(axis=1)]
        first, last = taken[:, :2], taken[:, :2] + taken[:, 2:]
        shares = np.linspace(0, 1, _STEPS)[:, None]
        found = []
        for place in places:
            start, end = np.array(nearest(own, place)), np.array(nearest(place, own))
            points = (start + shares * (end - start))[:, None]
            if not ((points > first) & (points < last)).all(axis=2).any():
                found.append(place)
        return found

    def _costs(
        self, places: Boxes, own: Box | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the area that each place (n, 4) shares with what is taken, and its ink share."""
        taken = self._near(places)
        if own is not None:
            taken = taken[(taken != own).any(axis=1)]
        near = np.maximum(places[:, None, :2], taken[None, :, :2])
        ends, others = places[:, :2] + places[:, 2:], taken[:, :2] + taken[:, 2:]
        sides = np.maximum(0, np.minimum(ends[:, None], others[None]) - near)
        outside = (places[:, :2] < 0).any(axis=1) | (ends > self._size).any(axis=1)
        return sides.prod(axis=2).sum(axis=1) + outside, self._ink_under(places)

    def _near(self, places: Boxes) -> Boxes:
        """Return what is taken where the places (n, 4) are: a few of many."""
        first, last = places[:, :2].min(axis=0), (places[:, :2] + places[:, 2:]).max(axis=0)
        taken = self._taken
        ends = taken[:, :2] + taken[:, 2:]
        near: Boxes = taken[((taken[:, :2] < last) & (ends > first)).all(axis=1)]
        return near

    def _ink_under(self, places: Boxes) -> NDArray[np.float64]:
        """Return the share of each place (n, 4) that is ink."""
        rows, cols = self._ink.shape
        edges = np.concatenate([places[:, :2], places[:, :2] + places[:, 2:]], axis=1)
        limits = np.array([cols - 1, rows - 1] * 2)
        left, top, right, bottom = np.clip(np.rint(edges * self._scale), 0, limits).astype(int).T
        ink = self._ink
        inked = ink[bottom, right] - ink[top, right] - ink[bottom, left] + ink[top, left]
        shares: NDArray[np.float64] = inked / np.maximum(1, (right - left) * (bottom - top))
        return shares


def beside(box: Box, size: Size, sides: Sequence[str], gap_px: int) -> list[Box]:
    """Return three places for a text at each side of a box, touching its frame.

    Args:
        box: left, top, width, height.
        size: of the text.
        sides: in their order.
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


def within(box: Box, size: Size, gap_px: int) -> list[Box]:
    """Return places for a text along the upper and lower edge of a cell."""
    left, top, wide, high = box
    columns = (left + gap_px, left + wide - gap_px - size[0], left + (wide - size[0]) // 2)
    rows = (top + gap_px, top + high - gap_px - size[1])
    places = [(x, y, *size) for y in rows for x in columns]
    fits = size[0] + 2 * gap_px <= wide and size[1] + 2 * gap_px <= high
    return places if fits else []


def around(box: Box, size: Size) -> list[Box]:
    """Return places for a text farther and farther from a box; a line leads there."""
    left, top, wide, high = box
    places = []
    for ring in range(1, _RINGS + 1):
        for angle in np.arange(_RAYS) * 2 * np.pi / _RAYS:
            x = left + wide / 2 + np.cos(angle) * (wide / 2 + size[0] / 2 + ring * size[1])
            y = top + high / 2 + np.sin(angle) * (high / 2 + size[1] / 2 + ring * size[1])
            places.append((round(x - size[0] / 2), round(y - size[1] / 2), *size))
    return places


def nearest(box: Box, other: Box) -> tuple[float, float]:
    """Return the point of a box that is nearest to the middle of another.

    >>> nearest((0, 0, 10, 10), (20, 4, 2, 2))
    (10, 5.0)
    """
    x, y = other[0] + other[2] / 2, other[1] + other[3] / 2
    return min(max(x, box[0]), box[0] + box[2]), min(max(y, box[1]), box[1] + box[3])


def _ink_sums(page: Grey) -> NDArray[np.float64]:
    """Return the integral (rows + 1, cols + 1) of what is darker or lighter than around it."""
    side_px = 2 * int(max(page.shape) * _AROUND / 2) + 1
    light = cv2.blur(np.ascontiguousarray(page, np.float32), (side_px, side_px))
    inked = (np.abs(page - light) > _INK_CONTRAST).astype(np.uint8)
    sums: NDArray[np.float64] = cv2.integral(inked, sdepth=cv2.CV_64F)
    return sums
