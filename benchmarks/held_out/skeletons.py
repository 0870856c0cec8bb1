"""Strokes of MNIST's training rows 55,000 to 59,999: their skeletons, followed by a pen.

They are the validation part of the sequence network's training, which does not see them. Only clear
digits are taken: the nearest neighbor of the same digit is much nearer than that of any other, and
a 1 stands upright enough to be no slash.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data import load
from held_out.shapes import Points

ROWS = slice(55_000, 60_000)
SIDE_PX, SCALE = 28, 5
CHUNKS = 10  # the distances between all rows at once would take much memory
CLEAR = 0.75  # largest ratio of the distances to the nearest of the same and of another digit
UPRIGHT = 0.2  # largest slope of a 1: pixels to the side for each pixel down
STRAIGHT = 0.05  # bend of a 1, in heights
COVERED = 0.97  # share of a skeleton that the strokes cover
WIDEST = 0.95  # digit, in heights
LEVEL = 115  # ink of more than this value is thinned
FAINT = 50  # ink of more than this value lies near the skeleton
LOOPS = {
    0: 1,
    6: 1,
    8: 2,
    9: 1,
}  # that a skeleton must still have; the others have none but a 2 or 4
SHORTEST = 0.12  # of a stroke, in heights: shorter ones are spurs of the skeleton

_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


@cache
def clear_rows() -> dict[int, NDArray[np.intp]]:
    """Return the rows of clear patches by digit, as indices into MNIST's training part."""
    pixels, labels = _held_out()
    x = pixels.astype(np.float64)  # products of whole numbers are exact on every machine
    squares = (x * x).sum(axis=1)
    clear = np.zeros(len(x), bool)
    for part in np.array_split(np.arange(len(x)), CHUNKS):
        distances = squares[part, None] + squares - 2 * x[part] @ x.T
        distances[np.arange(len(part)), part] = np.inf
        same = labels[part, None] == labels
        nearest = np.where(same, distances, np.inf).min(axis=1)
        other = np.where(same, np.inf, distances).min(axis=1)
        clear[part] = nearest < CLEAR**2 * other
    clear &= (labels != 1) | (np.abs([_slope(patch) for patch in pixels]) < UPRIGHT)
    return {digit: np.flatnonzero(clear & (labels == digit)) for digit in range(10)}


@cache
def keeps_its_form(row: int, digit: int) -> bool:
    """Return whether a row's strokes are a digit as people know it.

    Its skeleton is in one piece and lies near all ink, with the loops of the digit; the strokes
    cover the skeleton, are not too wide, and a 1 is straight.
    """
    thin = _skeleton(row)
    pieces = cv2.connectedComponents(thin.astype(np.uint8), connectivity=8)[0] - 1
    loops = cv2.connectedComponents((~thin).astype(np.uint8), connectivity=4)[0] - 2
    if pieces != 1 or not (loops == LOOPS.get(digit, 0) or (digit in (2, 4) and loops == 1)):
        return False
    near = cv2.dilate(thin.astype(np.uint8), np.ones((5 * SCALE, 5 * SCALE), np.uint8)) > 0
    if near[_enlarged(row) > FAINT].mean() < COVERED:
        return False
    found = skeleton_strokes(row)
    points = np.vstack(found)
    is_straight = digit != 1 or (len(found) == 1 and _bend(found[0]) <= STRAIGHT)
    return bool(points[:, 0].max() <= WIDEST and is_straight and _covers(found, thin))


@cache
def skeleton_strokes(row: int) -> tuple[Points, ...]:
    """Return the strokes of a held-out row's digit, in heights of the digit, from the top left."""
    paths = [_smooth(np.array(path, float)[:, ::-1]) for path in _paths(_skeleton(row))]
    top, bottom = (f(np.vstack(paths)[:, 1]) for f in (np.min, np.max))
    left = np.vstack(paths)[:, 0].min()
    scaled = [(path - (left, top)) / max(bottom - top, 1) for path in paths]
    kept = [path for path in scaled if _length(path) > SHORTEST]
    return tuple(kept or scaled)


@cache
def _skeleton(row: int) -> NDArray[np.bool_]:
    """Return the skeleton of a held-out row's digit, enlarged."""
    return _thinned(_enlarged(row) > LEVEL)


def _enlarged(row: int) -> NDArray[np.uint8]:
    """Return the smoothed ink of a held-out row's digit, enlarged, with a margin."""
    patch = _held_out()[0][row].reshape(SIDE_PX, SIDE_PX)
    large = cv2.resize(patch, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    return np.pad(cv2.GaussianBlur(large, (0, 0), 0.3 * SCALE), 2)


@cache
def _held_out() -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    train = load("mnist").train
    if train.labels is None or len(train) < ROWS.stop:
        raise ValueError(f"{train.source}: expected {ROWS.stop} labelled rows, found {len(train)}")
    return train.pixels[ROWS], np.asarray(train.labels[ROWS], np.intp)


def _covers(found: tuple[Points, ...], thin: NDArray[np.bool_]) -> bool:
    """Return whether strokes leave nothing out of a skeleton but a few pixels."""
    rows, cols = np.nonzero(thin)
    height = max(np.ptp(rows), 1)
    drawn = np.zeros(thin.shape, np.uint8)
    for stroke in found:
        line = np.rint(stroke * height + (cols.min(), rows.min())).astype(np.int32)
        cv2.polylines(drawn, [line], isClosed=False, color=1, thickness=7)
    return bool(drawn[thin].mean() >= COVERED)


def _bend(stroke: Points) -> float:
    """Return the largest distance of a stroke's points from the line between its ends."""
    along = stroke[-1] - stroke[0]
    across = (stroke - stroke[0]) @ np.array([-along[1], along[0]])
    return float(np.abs(across).max() / max(float(np.hypot(*along)), 1e-9))


def _slope(pixels: NDArray[np.uint8]) -> float:
    """Return the slope of a patch's ink: columns for each row, by its second moments."""
    m = cv2.moments(pixels.reshape(SIDE_PX, SIDE_PX))
    return m["mu11"] / max(m["mu02"], 1e-9)


def _thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin ink to lines of one pixel (Zhang and Suen 1984)."""
    ink, changed = ink.copy(), True
    while changed:
        changed = False
        for first in (True, False):
            ring = np.stack([np.roll(ink, (-dy, -dx), (0, 1)) for dy, dx in _AROUND])
            count = ring.sum(axis=0)
            turns = (~ring & np.roll(ring, -1, axis=0)).sum(axis=0)
            n, e, s, w = ring[0], ring[2], ring[4], ring[6]
            free = ~(n & e & s) & ~(e & s & w) if first else ~(n & e & w) & ~(n & s & w)
            removed = ink & (count >= 2) & (count <= 6) & (turns == 1) & free
            ink &= ~removed
            changed |= bool(removed.any())
    return ink


def _paths(thin: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Follow a skeleton: paths start at ends where there are any, and go straight on at forks."""
    left = {(int(y), int(x)) for y, x in np.argwhere(thin)}
    all_points = set(left)
    paths = []
    while left:
        start = min(left, key=lambda p: (len(_neighbors(p, all_points)) != 1, p))
        path = _follow(start, left)
        before = [p for p in _neighbors(path[0], all_points) if p not in path[:3]]
        after = [p for p in _neighbors(path[-1], all_points) if p not in path[-3:]]
        paths.append(before[:1] + path + after[:1])
    return paths


def _follow(start: tuple[int, int], left: set[tuple[int, int]]) -> list[tuple[int, int]]:
    path = [start]
    left.discard(start)
    while found := _neighbors(path[-1], left):
        back = path[max(0, len(path) - 6)]
        ahead = (path[-1][0] - back[0], path[-1][1] - back[1])
        path.append(max(found, key=lambda p: _cosine(ahead, p, path[-1])))
        left.discard(path[-1])
    return path


def _cosine(ahead: tuple[int, int], to: tuple[int, int], at: tuple[int, int]) -> float:
    step = (to[0] - at[0], to[1] - at[1])
    return (ahead[0] * step[0] + ahead[1] * step[1]) / float(np.hypot(*step))


def _neighbors(point: tuple[int, int], among: set[tuple[int, int]]) -> list[tuple[int, int]]:
    y, x = point
    return [(y + dy, x + dx) for dy, dx in _AROUND if (y + dy, x + dx) in among]


def _smooth(path: Points) -> Points:
    """Smooth the steps of a path of pixels; its ends stay."""
    if len(path) < 5:
        return path
    padded = np.pad(path, ((4, 4), (0, 0)), mode="edge")
    kernel = np.hanning(11)[1:-1]
    kernel /= kernel.sum()
    inner = np.column_stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)])
    inner[0], inner[-1] = path[0], path[-1]
    return inner[:: max(1, min(3, len(inner) // 6))] if len(inner) > 12 else inner


def _length(path: Points) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())
