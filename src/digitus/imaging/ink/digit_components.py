"""The parts of the digit among everything inked: the largest and what belongs to it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

WEAKEST_PEAK = 0.5  # a part that is nowhere darker is a smudge
LEAST_MASS = 0.015  # of the largest part's
FARTHEST = 0.2  # of the digit's long side: gaps in a digit are smaller
FARTHEST_AT_EDGE = 0.03  # what comes from outside the image is rather a neighbour
LEAST_SIZE = 0.15  # of the image's long side, to be preferred to what touches an edge
BRIDGED = 0.008  # of the long side: gaps that a dry pen leaves
FRAME_BAND = 0.12  # a drawn box has its ink in this share of its sides
FRAME_SHARE = 0.9


@dataclass(frozen=True, eq=False)
class Parts:
    """Connected parts of the ink, without the background.

    Attributes:
        labels: (rows, cols), 0 paper, i + 1 in part i.
        boxes: (n, 4) left, top, right, bottom; the last two lie outside.
        mass: (n,) sum of the ink.
        peak: (n,) darkest ink.
        at_edge: (n,) whether it touches the image's border.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int64]
    mass: NDArray[np.float64]
    peak: NDArray[np.float32]
    at_edge: NDArray[np.bool_]


def digit_parts(ink: Ink) -> Ink:
    """Keep the digit's parts; specks, smudges, frames and neighbours become paper.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink, not blank.
    """
    parts = find_parts(ink)
    fit = (parts.peak >= WEAKEST_PEAK) & ~_is_frame(parts, ink)
    if not fit.any():
        return np.zeros_like(ink)
    kept = _belonging(parts, fit, _main_part(parts, fit, max(ink.shape)))
    wanted = np.concatenate([[False], kept])[parts.labels]
    return np.where(wanted, ink, np.float32(0))


def find_parts(ink: Ink) -> Parts:
    """Label the connected parts of ink (rows, cols); tiny gaps are bridged."""
    marks = (ink > 0).astype(np.uint8)
    reach = int(BRIDGED * max(ink.shape))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    joined = cv2.dilate(marks, disk) if reach else marks
    count, labelled, stats, _ = cv2.connectedComponentsWithStats(joined)
    labels: NDArray[np.int32] = np.asarray(labelled, np.int32)
    boxes = np.array(stats[1:, :4], np.int64)
    boxes[:, 2:] += boxes[:, :2]
    inked = ink > 0
    owner, values = labels[inked] - 1, ink[inked]
    peak = np.zeros(count - 1, np.float32)
    np.maximum.at(peak, owner, values)
    size = np.array(ink.shape[::-1])
    outside = (boxes[:, :2] <= reach) | (boxes[:, 2:] >= size - reach)
    at_edge: NDArray[np.bool_] = np.asarray(outside.any(axis=1))
    mass = np.bincount(owner, values, minlength=count - 1).astype(np.float64)
    return Parts(labels, boxes, mass, peak, at_edge)


def _is_frame(parts: Parts, ink: Ink) -> NDArray[np.bool_]:
    """Mark parts that lie along the edge of the image, and boxes drawn around others."""
    sizes = (parts.boxes[:, 2:] - parts.boxes[:, :2]).max(axis=1)
    frames = np.zeros(len(sizes), bool)
    for part in np.flatnonzero(sizes >= LEAST_SIZE * max(ink.shape)):
        left, top, right, bottom = parts.boxes[part]
        if parts.at_edge[part]:
            left, top, right, bottom = 0, 0, ink.shape[1], ink.shape[0]
        mine = (parts.labels[top:bottom, left:right] == part + 1) & (
            ink[top:bottom, left:right] > 0
        )
        rows, cols = (max(1, int(FRAME_BAND * side)) for side in mine.shape)
        within = mine[rows:-rows, cols:-cols].sum() < (1 - FRAME_SHARE) * mine.sum()
        frames[part] = within and _has_a_digit_beside(parts, int(part), sizes)
    return frames


def _has_a_digit_beside(parts: Parts, part: int, sizes: NDArray[np.int64]) -> bool:
    """Return whether another part, clear of the edge, is large enough to be the digit."""
    others = (sizes >= 0.25 * sizes[part]) & ~parts.at_edge
    others[part] = False
    return bool(others.any())


def _main_part(parts: Parts, fit: NDArray[np.bool_], side: int) -> int:
    sizes = (parts.boxes[:, 2:] - parts.boxes[:, :2]).max(axis=1)
    inner = fit & ~parts.at_edge & (sizes >= LEAST_SIZE * side)
    return int(np.where(inner if inner.any() else fit, parts.mass, -1).argmax())


def _belonging(parts: Parts, fit: NDArray[np.bool_], main: int) -> NDArray[np.bool_]:
    """Grow from the main part to all that are large and near enough, until none joins."""
    kept = np.zeros(len(fit), bool)
    kept[main] = True
    large = fit & (parts.mass >= LEAST_MASS * parts.mass[main])
    share = np.where(parts.at_edge & ~parts.at_edge[main], FARTHEST_AT_EDGE, FARTHEST)
    while True:
        boxes = parts.boxes[kept]
        near, far = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        gaps = np.maximum(near - parts.boxes[:, 2:], parts.boxes[:, :2] - far).max(axis=1)
        joined = kept | (large & (gaps <= share * (far - near).max()))
        if (joined == kept).all():
            return kept
        kept = joined
