"""Repeated marks of the paper: dots, dashes and hatching, alike and at equal distances.

Writing repeats neither its shapes nor its distances: a row of handwritten 1s differs in length,
and its gaps differ by more than a tenth. Print repeats both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import Bools, Components, Floats, find_components

Places = NDArray[np.intp]


@dataclass(frozen=True)
class RepeatedMarkParameters:
    """Parameters of ``are_repeated``, set by hand on dashed, dotted and hatched paper.

    Attributes:
        least_px: least longer side of a mark; specks of noise are smaller.
        fewest: least number of marks of one pattern; a row of handwritten 1s is shorter.
        fewest_of_more: the same where there is a pattern with that step, or a fraction of it.
        size_px: difference in width and height between marks that are alike.
        size: the same as a share of their longer side; the larger counts.
        area: greatest ratio of their areas.
        samples: number of marks from which the step of a pattern is measured.
        nearest: number of marks alike, around each of these, to which steps are measured.
        step_px: difference between two steps that are alike.
        step: the same as a share of the step; the larger counts.
        exact_px: greatest median difference of the steps from the fitted ones: 0.4 px on synthetic
            paper, and 1.4 px where 1s are written in rows, each 1 px off its place.
        exact: the same as a share of the step; the larger counts.
        least_share: least share of the marks alike that are in the pattern.
        most_patterns: number of patterns that are searched.
        rounds: number of fits of a pattern's step.
        crossing: least sine of the angle between a row of marks and the step to the next row.
        most_steps: greatest multiple of the step of another pattern.
        farthest: number of steps beside a mark at which others of the pattern may be.
        edge_px: distance that other marks stand out of those places.
        least_on: least share of a component's ink on such places.
    """

    least_px: int = 3
    fewest: int = 14
    fewest_of_more: int = 5
    size_px: float = 1.5
    size: float = 0.08
    area: float = 1.4
    samples: int = 150
    nearest: int = 8
    step_px: float = 1.5
    step: float = 0.05
    exact_px: float = 0.6
    exact: float = 0.01
    least_share: float = 0.5
    most_patterns: int = 40
    rounds: int = 3
    crossing: float = 0.5
    most_steps: int = 10
    farthest: int = 2
    edge_px: int = 1
    least_on: float = 0.8


REPEATED = RepeatedMarkParameters()


@dataclass(frozen=True, eq=False)
class _Pattern:
    """Marks at equal steps.

    Attributes:
        boxes: (m, 4) left, top, right, bottom of each mark.
        steps: (m, 2) columns and rows from each mark to the next one.
        rows: (m, 2) the same to the next row of marks; the steps again where there is none.
        found: (n,) which of the components alike are these marks.
    """

    boxes: Floats
    steps: Floats
    rows: Floats
    found: Bools


def without_repeated_marks(ink: Ink) -> Ink:
    """Remove the repeated marks from the ink of a page; without any, return the argument.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    components = find_components(ink)
    repeated = are_repeated(components)
    if not repeated.any():
        return ink
    erased = np.zeros(int(components.numbers.max()) + 1, bool)
    erased[components.numbers[repeated]] = True
    return np.where(erased[components.labels], np.float32(0), ink)


def are_repeated(components: Components) -> Bools:
    """Return which components (n,) are marks of a pattern: many alike, at equal steps.

    Where there is a pattern, fewer marks suffice for others with a multiple of its step, such as
    the longer ticks of a ruler; marks that touch each other or are cut off lie on its places.

    Args:
        components: all of a page.
    """
    repeated = np.zeros(len(components), bool)
    patterns: list[_Pattern] = []
    for fewest in (REPEATED.fewest, REPEATED.fewest_of_more):
        known = tuple(patterns)
        for alike in _classes(components, np.flatnonzero(~repeated), fewest):
            boxes = components.boxes[alike].astype(np.float64)
            pattern = _find_pattern(boxes, fewest)
            if pattern is not None and (not known or _shares_step(pattern, known)):
                repeated[alike[pattern.found]] = True
                patterns.append(pattern)
        if not patterns:
            return repeated
        repeated |= _lie_on(components, patterns)
    return repeated


def _classes(components: Components, left: Places, fewest: int) -> Iterator[Places]:
    """Yield the places of components that are alike, the largest class of some first."""
    sides = (components.boxes[:, 2:] - components.boxes[:, :2]).astype(np.float64)
    left = left[components.spans_px[left] >= REPEATED.least_px]
    for _ in range(REPEATED.most_patterns):
        if len(left) < fewest:
            return
        seed = left[_most_common(sides[left])]
        reach = max(REPEATED.size_px, REPEATED.size * sides[seed].max())
        alike = (np.abs(sides[left] - sides[seed]) <= reach).all(axis=1)
        ratio = components.areas_px[left] / components.areas_px[seed]
        alike &= np.maximum(ratio, 1 / ratio) <= REPEATED.area
        if np.count_nonzero(alike) < fewest:
            return
        yield left[alike]
        left = left[~alike]


def _most_common(sides: Floats) -> int:
    """Return the place of a component whose width and height are the most common (n, 2)."""
    bins = np.rint(np.log2(sides) / REPEATED.size / 2).astype(np.intp)
    _, first, counts = np.unique(bins, axis=0, return_index=True, return_counts=True)
    return int(first[counts.argmax()])


def _find_pattern(boxes: Floats, fewest: int) -> _Pattern | None:
    """Find the marks that are one step from another one, if most of some marks (n, 4) are.

    The step of a pattern is the most common one between neighbors.
    """
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    steps = _steps_to_nearest(middles)
    least = max(float(fewest), REPEATED.least_share * len(boxes))
    fitted = _fit_step(middles, steps, least)
    if fitted is None:
        return None
    found, along = fitted[0], fitted[1][fitted[0]]
    turned = np.abs(_cross(steps[found], along[:, None]))
    lengths = np.linalg.norm(steps[found], axis=2) * np.linalg.norm(along, axis=1)[:, None]
    others = np.where((turned >= REPEATED.crossing * lengths)[..., None], steps[found], np.inf)
    rows = _fit_step(middles[found], others, least)
    return _Pattern(boxes[found], along, along if rows is None else rows[1], found)


def _cross(first: Floats, second: Floats) -> Floats:
    """Return the product of the lengths of two steps (..., 2) and of the sine between them."""
    return np.asarray(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])


def _fit_step(middles: Floats, steps: Floats, least: float) -> tuple[Bools, Floats] | None:
    """Fit the most common step; in perspective it is a linear function of the place.

    Args:
        middles: (n, 2) of the marks.
        steps: (n, k, 2) from each of them to others.
        least: number of marks that must have the step.

    Returns:
        Which marks (n,) have it, and the step (n, 2) at each of them; None where too few have it,
        or not exactly.
    """
    step = _most_common_step(steps)
    if step is None:
        return None
    reach = max(REPEATED.step_px, REPEATED.step * float(np.linalg.norm(step)))
    predicted = np.broadcast_to(step, middles.shape)
    terms = np.column_stack([np.ones(len(middles)), middles])
    for _ in range(REPEATED.rounds):
        off, nearest = _off_step(steps, predicted)
        found = off <= reach
        if np.count_nonzero(found) < least:
            return None
        predicted = terms @ np.linalg.lstsq(terms[found], nearest[found])[0]
    exact = max(REPEATED.exact_px, REPEATED.exact * float(np.linalg.norm(step)))
    return (found, predicted) if float(np.median(off[found])) <= exact else None


def _shares_step(pattern: _Pattern, known: Sequence[_Pattern]) -> bool:
    """Return whether the step of a pattern is a multiple of one of the known ones."""
    step = np.median(pattern.steps, axis=0)
    reach = max(REPEATED.step_px, REPEATED.step * float(np.linalg.norm(step)))
    for one in known:
        for steps in (one.steps, one.rows):
            unit = np.median(steps, axis=0)
            multiple = max(1.0, np.rint(np.linalg.norm(step) / np.linalg.norm(unit)))
            if multiple <= REPEATED.most_steps and np.linalg.norm(step - multiple * unit) <= reach:
                return True
    return False


def _lie_on(components: Components, patterns: Sequence[_Pattern]) -> Bools:
    """Return which components (n,) lie on the marks of patterns, or a step or two beside them.

    Marks that touch each other or are cut off are alike to no others.
    """
    places = np.zeros(components.labels.shape, bool)
    farthest, edge = REPEATED.farthest, REPEATED.edge_px
    counts = range(-farthest, farthest + 1)
    for pattern in patterns:
        for steps in [count * pattern.steps for count in counts] + [
            count * pattern.rows for count in counts if count
        ]:
            moved = np.rint(pattern.boxes + np.tile(steps, 2)).astype(np.intp)
            moved = np.maximum(moved + np.array([-edge, -edge, edge, edge]), 0)
            for left, top, right, bottom in moved.tolist():
                places[top:bottom, left:right] = True
    areas = np.bincount(components.labels[places], minlength=int(components.numbers.max()) + 1)
    return np.asarray(areas[components.numbers] >= REPEATED.least_on * components.areas_px)


def _steps_to_nearest(middles: Floats) -> Floats:
    """Return the steps (n, k, 2) from every mark to its nearest ones, right or down."""
    from scipy.spatial import KDTree  # not needed by single digits

    count = min(REPEATED.nearest, len(middles) - 1)
    _, nearest = KDTree(middles).query(middles, k=count + 1)
    steps = middles[nearest[:, 1:]] - middles[:, None]
    return np.asarray(_directed(steps), np.float64)


def _directed(steps: Floats) -> Floats:
    """Reverse the steps (..., 2) that lead up, or level and to the left."""
    flat = np.abs(steps[..., 1]) < np.abs(steps[..., 0]) / 4
    backwards = np.where(flat, steps[..., 0] < 0, steps[..., 1] < 0)
    return np.asarray(np.where(backwards[..., None], -steps, steps))


def _most_common_step(steps: Floats) -> Floats | None:
    """Return the step (2,) that most of the finite steps (n, k, 2) are near; None without any."""
    some = steps[:: -(-len(steps) // REPEATED.samples)]
    tried = some.reshape(-1, 2)
    tried = tried[np.isfinite(tried[:, 0])]
    if not len(tried):
        return None
    reach = np.maximum(REPEATED.step_px, REPEATED.step * np.linalg.norm(tried, axis=1))
    near = np.linalg.norm(tried[:, None] - tried, axis=2) <= reach[:, None]
    return np.asarray(tried[near[near.sum(axis=1).argmax()]].mean(axis=0))


def _off_step(steps: Floats, predicted: Floats) -> tuple[Floats, Floats]:
    """Return how far the best of a mark's steps (n, k, 2) is off the predicted (n, 2), and it."""
    off = np.linalg.norm(steps - predicted[:, None], axis=2)
    best = off.argmin(axis=1)
    rows = np.arange(len(steps))
    return off[rows, best], steps[rows, best]
