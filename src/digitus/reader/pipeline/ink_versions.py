"""Two readings of one page, as its ink was taken and with lines removed: the surer part of each.

Removal saves some digits and breaks others, so the choice is made line by line.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.reader.layout.boxes import grouped, near_pairs, overlap
from digitus.reader.results.reading import Line

Lines: TypeAlias = Sequence[Line]

_SAME_PLACE = 0.3  # of the smaller box: lines that share more are two readings of one


def surest(versions: Sequence[Lines]) -> list[Line]:
    """Choose, wherever versions lie over each other, the one that promises most right digits.

    The order is that of the version which promises most on the whole; lines that it has not are
    put in by their height on the page.
    """
    if not any(versions):
        return []
    best = max(versions, key=promise)
    every = [(i, line) for i, version in enumerate(versions) for line in version]
    regions = _regions(np.array([line.box for _, line in every]), [i for i, _ in every])
    order = {id(line): place for place, line in enumerate(best)}
    chosen = [_surer([every[i] for i in region]) for region in regions]
    places = [_place([every[i][1] for i in region], order, best) for region in regions]
    return [
        line for _, lines in sorted(zip(places, chosen, strict=True), key=_first) for line in lines
    ]


def promise(lines: Lines) -> float:
    """Return how many more digits are right than wrong, as far as confidence can tell.

    A digit that is as likely wrong as right is worth nothing, one that is rather wrong less.
    """
    digits = (digit for line in lines for number in line.numbers for digit in number.digits)
    return sum(2 * digit.confidence - 1 for digit in digits)


def _first(pair: tuple[float, list[Line]]) -> float:
    return pair[0]


def _surer(region: Sequence[tuple[int, Line]]) -> list[Line]:
    """Choose the version of a region that promises most; of equals the first."""
    versions = sorted({version for version, _ in region})
    candidates = [[line for owner, line in region if owner == version] for version in versions]
    return max(candidates, key=promise)


def _place(region: Lines, order: dict[int, int], best: Lines) -> float:
    """Return a region's place in the best version's order, between its lines where it has none."""
    places = [order[id(line)] for line in region if id(line) in order]
    if places:
        return min(places)
    middle = min(line.box[1] + line.box[3] / 2 for line in region)
    return sum(line.box[1] + line.box[3] / 2 < middle for line in best) - 0.5


def _regions(boxes: NDArray[np.int64], owners: Sequence[int]) -> list[list[int]]:
    """Group boxes (n, 4) of different versions that lie over each other, directly or by others."""
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    first, second = near_pairs(corners, 0.0)
    one, other = corners[first], corners[second]
    shared = np.maximum(overlap(one, other, 0), 0) * np.maximum(overlap(one, other, 1), 0)
    areas, owner = boxes[:, 2:].prod(axis=1), np.asarray(owners)
    linked = shared > _SAME_PLACE * np.minimum(areas[first], areas[second])
    linked &= owner[first] != owner[second]
    group = grouped(len(boxes), (first[linked], second[linked]))
    return [np.flatnonzero(group == number).tolist() for number in range(int(group.max()) + 1)]
