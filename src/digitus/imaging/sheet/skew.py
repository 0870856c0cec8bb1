"""The skew of a page: the angle of its ruled lines, or of its rows of components."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.components import weighted_median
from digitus.imaging.sheet.overview import Overview

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class SkewParameters:
    """Parameters of ``measure_skew``, set on pages turned by known angles.

    Attributes:
        most_deg: largest skew that is searched.
        step_deg: step between the angles that are tried first.
        fine_step_deg: step between those that are tried near the best.
        most_components: number of the largest components that are used; more only cost time.
        reach: difference of level, in heights of a component, from which two components are not
            on one line.
        least_partners: least mean number of components on one line with another; fewer are
            chance.
        above_chance: least ratio of the partners at the best and at the median angle.
        straighter: share of the partners that is subtracted per degree, so that the smallest
            angle counts on a tie.
        ruled_length: least length of all ruled lines together, in long sides of the page.
        most_spread_deg: greatest spread of ruled lines about their median angle; perspective
            spreads them.
        number_step: greatest step from digit to digit within a number, in heights of a digit.
        uneven: least deviation of handwriting from its line, in heights of a digit.
        certain_errors: number of standard errors from which an angle differs from zero.
    """

    most_deg: float = 15.0
    step_deg: float = 0.5
    fine_step_deg: float = 0.1
    most_components: int = 160
    reach: float = 0.3
    least_partners: float = 1.2
    above_chance: float = 1.6
    straighter: float = 0.002
    ruled_length: float = 1.5
    most_spread_deg: float = 1.0
    number_step: float = 1.5
    uneven: float = 0.1
    certain_errors: float = 3.0


SKEW = SkewParameters()


@dataclass(frozen=True, eq=False)
class _Edges:
    """Components as seen along one direction of the page.

    Attributes:
        along: (n,) position along the lines of writing.
        levels: (2, n) position of heads and feet across them.
        height_px: median height of the components.
    """

    along: Floats
    levels: Floats
    height_px: float


def measure_skew(overview: Overview) -> float:
    """Return by how many degrees the lines of a page fall to the right, -15.0 to 15.0.

    Ruled lines decide where there are enough, else rows of components.

    Returns:
        0.0 where there are few components, scattered ones, and no ruled lines.
    """
    ruled = _skew_of_ruled_lines(overview)
    return ruled if ruled is not None else _skew_of_rows(overview.boxes)


def _skew_of_ruled_lines(overview: Overview) -> float | None:
    """Return the median angle of all ruled lines, weighted by their lengths."""
    across, down = overview.across, overview.down
    angles = np.concatenate([across.angles_deg, -down.angles_deg])
    lengths = np.concatenate([across.lengths_px, down.lengths_px])
    if lengths.sum() < SKEW.ruled_length * max(overview.shape):
        return None
    middle = weighted_median(angles, lengths)
    spread = weighted_median(np.abs(angles - middle), lengths)
    known = spread <= SKEW.most_spread_deg and abs(middle) <= SKEW.most_deg
    return middle if known else None


def _skew_of_rows(boxes: Floats) -> float:
    """Return the angle at which most components stand on one line with others.

    At every angle the partners of each component are counted: components with feet and heads at
    its own level. A row of n digits gives each of them n - 1. The same is done along the columns,
    for pages that lie on their side.
    """
    if len(boxes) > SKEW.most_components:
        boxes = boxes[np.argsort(-boxes[:, 2] * boxes[:, 3])[: SKEW.most_components]]
    if len(boxes) < 3:
        return 0.0
    directions = [_edges_of_rows(boxes), _edges_of_columns(boxes)]
    found = [_best_angle(edges) for edges in directions]
    best = int(np.argmax([partners for _, partners, _ in found]))
    angle, partners, chance = found[best]
    if partners < max(SKEW.least_partners, SKEW.above_chance * chance):
        return 0.0
    fitted, error = _fit_angle(angle, directions[best])
    return fitted if abs(fitted) >= SKEW.certain_errors * error else 0.0


def _fit_angle(angle_deg: float, edges: _Edges) -> tuple[float, float]:
    """Fit one slope to all rows near an angle; return it and its standard error, in degrees.

    The digits of a number rise and fall together, so numbers, not digits, are independent:
    K.-Y. Liang, S. L. Zeger, "Longitudinal data analysis using generalized linear models", 1986,
    the variance of their theorem 2. Where there are few numbers, that of the digits counts.
    """
    tilt = math.radians(angle_deg)
    along, height = edges.along, edges.height_px
    level = edges.levels.mean(axis=0) * math.cos(tilt) - along * math.sin(tilt)
    row = _split(level, SKEW.reach * height)
    number = _split(along, SKEW.number_step * height, within=row)
    counts = np.bincount(row).astype(np.float64)
    aside = along - (np.bincount(row, along) / counts)[row]
    above = level - (np.bincount(row, level) / counts)[row]
    spread = max(float(aside @ aside), 1e-9)
    slope = float(aside @ above) / spread
    rest = aside * (above - slope * aside)
    sums = np.bincount(number, rest)
    free = max(1, len(along) - len(counts) - 1)
    of_digits = float(rest @ rest) * len(along) / free
    numbers = int(np.count_nonzero(sums))
    of_numbers = float(sums @ sums) * numbers / max(1, numbers - 1)
    of_writing = (SKEW.uneven * height) ** 2 * spread
    error = math.sqrt(max(of_digits, of_numbers, of_writing)) / spread
    return angle_deg + math.degrees(math.atan(slope)), math.degrees(error)


def _split(places: Floats, gap: float, *, within: Places | None = None) -> Places:
    """Number the groups (n,) of places that are separated by wider gaps, within other groups."""
    group = np.zeros(len(places), np.intp) if within is None else within
    order = np.lexsort((places, group))
    separated = (np.diff(places[order]) > gap) | (np.diff(group[order]) != 0)
    numbers = np.empty(len(places), np.intp)
    numbers[order] = np.concatenate([[0], np.cumsum(separated)])
    return numbers


def _edges_of_rows(boxes: Floats) -> _Edges:
    left, top, width, height = boxes.T
    return _Edges(left + width / 2, np.stack([top, top + height]), float(np.median(height)))


def _edges_of_columns(boxes: Floats) -> _Edges:
    """Return the edges for a page on its side: there the level is the column, falling left."""
    left, top, width, height = boxes.T
    return _Edges(-(top + height / 2), np.stack([left, left + width]), float(np.median(width)))


def _best_angle(edges: _Edges) -> tuple[float, float, float]:
    """Return the angle with most partners, their mean number, and that of the median angle."""
    most, step, fine_step = SKEW.most_deg, SKEW.step_deg, SKEW.fine_step_deg
    coarse = np.arange(-most, most + step / 2, step)
    partners = _partners(coarse, edges, SKEW.reach)
    best = float(coarse[np.argmax(partners * (1 - SKEW.straighter * np.abs(coarse)))])
    fine = best + np.arange(-step, step + fine_step / 2, fine_step)
    near = _partners(fine, edges, SKEW.reach)
    weights = np.maximum(near - np.quantile(near, 0.5), 0) + 1e-9  # the middle of the summit
    angle = float((weights * fine).sum() / weights.sum())
    return angle, float(near.max()), float(np.median(partners))


def _partners(angles_deg: Floats, edges: _Edges, reach: float) -> Floats:
    """Return the mean number of components level with a component (m,), for each of m angles."""
    radians = np.deg2rad(angles_deg)[:, None, None]
    level = edges.levels[None] * np.cos(radians) - edges.along * np.sin(radians)  # (m, 2, n)
    apart = np.abs(level[..., :, None] - level[..., None, :])
    apart /= reach * max(edges.height_px, 1.0)
    near = np.maximum(0, 1 - apart).sum(axis=(-1, -2)) / edges.along.size - 1  # without itself
    return np.asarray(near.mean(axis=1))
