"""Skeletons of digits: the path of the pen found again in the ink of a patch."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import SIDE_PX
from digitus.synthesis.pen.smooth_curves import Points, resample, smooth
from digitus.synthesis.pen.writers import FULL, PATCH_DIGIT_PX

Mask: TypeAlias = NDArray[np.bool_]
Pixel: TypeAlias = tuple[int, int]

AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""Row and column of the eight neighbors, clockwise from the upper one, which Zhang and Suen call
P2 to P9."""


@dataclass(frozen=True)
class SkeletonParameters:
    """Parameters of the skeletons. Set by hand, by looking at skeletons of MNIST's training part.

    Attributes:
        scale: pixels of a skeleton for each pixel of a patch.
        edge: ink at the edge of a stroke.
        least_hole: area of the smallest hole that is kept, in pixels of the skeleton.
        shortest_stroke: strokes of fewer pixels that meet no other are removed; the bar of a 5 is
            longer.
        shortest_branch: branches of fewer pixels are removed; a stroke's rough edge makes them.
        smoothing: standard deviation of the Gaussian along a stroke, in digit heights.
        least_turns: the Gaussian is so much shorter than the stroke, as small loops shrink
            otherwise.
    """

    scale: int = 3
    edge: float = 0.4
    least_hole: int = 5
    shortest_stroke: int = 10
    shortest_branch: int = 5
    smoothing: float = 0.035
    least_turns: float = 12.0


PARAMETERS = SkeletonParameters()


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The strokes of a patch.

    Attributes:
        mask: the pixels of the skeleton, ``scale`` for each pixel of the patch.
        n_holes: number of holes in the patch's ink.
        swelling: greatest width of the ink on the skeleton, as a factor on the median width; a loop
            that ran full of ink swells the stroke.
    """

    mask: Mask
    n_holes: int
    swelling: float

    @cached_property
    def curves(self) -> list[Points]:
        """Curves (m, 2) of x and y in pixels of the patch; strokes that meet share a point."""
        paths = (np.array(path, float)[:, ::-1] for path in _paths(self.mask))
        return [_smoothed(path / PARAMETERS.scale) for path in paths]


def skeletons(pixels: NDArray[np.uint8]) -> list[Skeleton]:
    """Return the skeleton of each patch (n, 784), 0 paper to 255 full ink."""
    masks = np.stack([_enlarged_mask(row.reshape(SIDE_PX, SIDE_PX)) for row in pixels])
    in_one = masks.reshape(-1, masks.shape[2])  # one patch below the other
    thinned = _without_specks(thin(in_one)).reshape(masks.shape)
    depths = cv2.distanceTransform(in_one.astype(np.uint8), cv2.DIST_L2, 5).reshape(masks.shape)
    return [
        Skeleton(
            skeleton,
            count_holes(mask),
            float(depth[skeleton].max() / np.median(depth[skeleton])),
        )
        for mask, skeleton, depth in zip(masks, thinned, depths, strict=True)
    ]


def _enlarged_mask(patch: NDArray[np.uint8]) -> Mask:
    """Enlarge a patch (28, 28) and return where its ink is; tiny holes are filled."""
    side = PARAMETERS.scale * SIDE_PX
    ink = cv2.resize(patch.astype(np.float32) / FULL, (side, side), interpolation=cv2.INTER_CUBIC)
    mask = np.asarray(ink) >= PARAMETERS.edge
    mask[[0, -1]] = mask[:, [0, -1]] = False
    return mask | _small_holes(mask)


def _small_holes(mask: Mask) -> Mask:
    """Return the holes of a mask that are smaller than ``least_hole``."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8), connectivity=4)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = PARAMETERS.least_hole  # the ink
    small: Mask = (areas < PARAMETERS.least_hole)[labels]
    return small


def count_holes(mask: Mask) -> int:
    """Count the holes of a mask.

    >>> count_holes(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], bool))
    1
    """
    paper = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    return (
        int(cv2.connectedComponents(paper, connectivity=4)[0]) - 2
    )  # the ink and the paper around it


def thin(mask: Mask) -> Mask:
    """Return the skeleton of a mask whose outermost pixels are False.

    T. Y. Zhang, C. Y. Suen, "A fast parallel algorithm for thinning digital patterns",
    Communications of the ACM, 1984. Each pixel's eight neighbors are gathered into a byte, and a
    table says which of the 256 neighborhoods lose their pixel.

    >>> thin(np.pad(np.ones((3, 9), bool), 1)).sum(axis=1).tolist()
    [0, 0, 6, 0, 0]
    """
    kernel = np.zeros((3, 3), np.float32)
    for bit, (row, col) in enumerate(AROUND):
        kernel[1 + row, 1 + col] = 1 << bit
    ink, tables = mask.astype(np.uint8), _removal_tables()
    while True:
        before = int(np.count_nonzero(ink))
        for table in tables:
            neighborhoods = cv2.filter2D(ink, cv2.CV_8U, kernel)
            ink &= np.asarray(cv2.LUT(neighborhoods, table), np.uint8)
        if np.count_nonzero(ink) == before:
            return ink.astype(bool)


def _without_specks(skeletons: Mask) -> Mask:
    """Remove short strokes that stand alone; they would look like marks."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(skeletons.astype(np.uint8))
    kept: Mask = (stats[:, cv2.CC_STAT_AREA] >= PARAMETERS.shortest_stroke)[labels]
    return kept & skeletons


def _removal_tables() -> list[NDArray[np.uint8]]:
    """Return for both passes 0 where a neighborhood's pixel is removed, else 1: two of (256,)."""
    bits = np.arange(256)[:, None] >> np.arange(8) & 1
    crossings = ((bits == 0) & (np.roll(bits, -1, axis=1) == 1)).sum(axis=1)
    n_inked = bits.sum(axis=1)
    is_removable = (n_inked >= 2) & (n_inked <= 6) & (crossings == 1)
    up, right, down, left = bits[:, 0::2].T == 1
    passes = (
        ~(up & right & down) & ~(right & down & left),
        ~(up & right & left) & ~(up & down & left),
    )
    return [(~(is_removable & condition)).astype(np.uint8) for condition in passes]


def _paths(skeleton: Mask) -> list[list[Pixel]]:
    """Trace the paths of a skeleton between its ends and junctions, without short branches."""
    pixels = {(row, col) for row, col in np.argwhere(skeleton).tolist()}
    neighbors = _neighbors(pixels)
    spurs = {
        pixel
        for path in _traced(neighbors)
        if len(path) < PARAMETERS.shortest_branch
        for end, other in ((path[0], path[-1]), (path[-1], path[0]))
        if len(neighbors[end]) == 1 and len(neighbors[other]) > 2
        for pixel in path
        if pixel != other
    }
    return list(_traced(_neighbors(pixels - spurs)) if spurs else _traced(neighbors))


def _neighbors(pixels: set[Pixel]) -> dict[Pixel, list[Pixel]]:
    """Return the neighbors of each pixel; a diagonal counts where no side connects the two."""
    found: dict[Pixel, list[Pixel]] = {}
    for row, col in pixels:
        found[row, col] = [
            (row + down, col + right)
            for down, right in AROUND
            if (row + down, col + right) in pixels
            and not (
                down and right and ((row + down, col) in pixels or (row, col + right) in pixels)
            )
        ]
    return found


def _traced(neighbors: dict[Pixel, list[Pixel]]) -> Iterator[list[Pixel]]:
    """Yield the paths between pixels that have not two neighbors, then closed paths."""
    nodes = [pixel for pixel, near in neighbors.items() if len(near) != 2]
    walked = set[tuple[Pixel, Pixel]]()
    inner = set(neighbors) - set(nodes)
    for start, first in ((node, near) for node in nodes for near in neighbors[node]):
        if (start, first) in walked:
            continue
        path = _walk(neighbors, start, first)
        walked |= {(path[0], path[1]), (path[-1], path[-2])}
        inner -= set(path)
        yield path
    yield from ([node] for node in nodes if not neighbors[node])
    while inner:
        start = min(inner)
        path = _walk(neighbors, start, neighbors[start][0])
        inner -= set(path)
        yield path


def _walk(neighbors: dict[Pixel, list[Pixel]], start: Pixel, first: Pixel) -> list[Pixel]:
    """Walk on from ``start`` to the next pixel that has not two neighbors, or to the start."""
    path = [start, first]
    while path[-1] != start and len(neighbors[path[-1]]) == 2:
        one, other = neighbors[path[-1]]
        path.append(other if one == path[-2] else one)
    return path


def _smoothed(curve: Points) -> Points:
    """Smooth a path, in pixels of a patch, at even steps; its ends stay in place."""
    if len(curve) < 2:
        return curve
    heights = curve / PATCH_DIGIT_PX
    curve = resample(heights)
    length = float(np.hypot(*np.diff(curve, axis=0).T).sum())
    sigma = min(PARAMETERS.smoothing, length / PARAMETERS.least_turns)
    return smooth(curve, sigma) * PATCH_DIGIT_PX
