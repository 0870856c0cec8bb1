"""How far a page is turned off its lines: by its ruled lines, or by rows of marks."""

import math

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.ruled_lines.detection import RuledLine
from digitus.imaging.sheet.overview import Marks

MOST_DEG = 15.0
STEP_DEG = 0.5
FINE_STEP_DEG = 0.1
MOST_MARKS = 160  # the largest; more only cost time
REACH = 0.3  # of a mark's height: edges this far apart are not on one line
LEAST_PARTNERS = 1.2  # marks on one line with a mark, on average; less is chance
ABOVE_CHANCE = 1.6  # times the partners at a middling angle
RULED_LENGTH = 1.5  # long sides of the page that lines cover together
MOST_SPREAD_DEG = 1.0  # of ruled lines about their middle angle; perspective spreads them
NUMBER_STEP = 1.5  # heights from digit to digit within a number
UNEVEN = 0.1  # of a digit's height: deviation from a line that a hand has at least
SURE_ERRORS = 3.0  # standard errors by which an angle differs from none
STRAIGHTER = 0.002  # of the partners, per degree: of equal angles the smaller counts

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def measure_skew(marks: Marks) -> float:
    """Measure by how many degrees the lines of a page fall to the right, -15.0 to 15.0.

    Returns:
        0.0 where nothing tells: few marks, scattered ones, no ruled lines.
    """
    ruled = _skew_of_rules(marks)
    return ruled if ruled is not None else _skew_of_rows(marks.boxes)


def _skew_of_rules(marks: Marks) -> float | None:
    """Return the middle angle of all ruled lines, each as heavy as it is long."""
    angles = [_fall_deg(rule) for rule in marks.across] + [-_fall_deg(rule) for rule in marks.down]
    lengths = np.array([rule.last - rule.first for rule in [*marks.across, *marks.down]])
    if lengths.sum() < RULED_LENGTH * max(marks.shape):
        return None
    middle = _weighted_median(np.array(angles), lengths)
    spread = _weighted_median(np.abs(np.array(angles) - middle), lengths)
    return middle if spread <= MOST_SPREAD_DEG and abs(middle) <= MOST_DEG else None


def _fall_deg(rule: RuledLine) -> float:
    rise = rule.course(rule.last) - rule.course(rule.first)
    return math.degrees(math.atan2(rise, rule.last - rule.first))


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    index = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(values[order][index])


def _skew_of_rows(boxes: Floats) -> float:
    """Find the angle at which most marks stand on one line with others.

    At every angle each mark's partners are counted whose feet and heads lie at its own level;
    a row of n digits gives each of them n - 1. The same is done along the columns, for pages
    that lie on their side.
    """
    if len(boxes) > MOST_MARKS:
        boxes = boxes[np.argsort(-boxes[:, 2] * boxes[:, 3])[:MOST_MARKS]]
    if len(boxes) < 3:
        return 0.0
    ways = [_edges_of_rows(boxes), _edges_of_columns(boxes)]
    found = [_best_angle(*edges) for edges in ways]
    way = int(np.argmax([partners for _, partners, _ in found]))
    angle, partners, chance = found[way]
    if partners < max(LEAST_PARTNERS, ABOVE_CHANCE * chance):
        return 0.0
    fitted, error = _fitted(angle, *ways[way])
    return fitted if abs(fitted) >= SURE_ERRORS * error else 0.0


def _fitted(angle_deg: float, along: Floats, levels: Floats, height: float) -> tuple[float, float]:
    """Fit one slope to all rows near an angle; give it and its standard error, in degrees.

    The digits of a number rise and fall together, so numbers, not digits, are independent:
    K.-Y. Liang, S. L. Zeger, "Longitudinal data analysis using generalized linear models", 1986,
    the variance of their theorem 2. Where there are few numbers, that of the digits counts.
    """
    tilt = math.radians(angle_deg)
    level = levels.mean(axis=0) * math.cos(tilt) - along * math.sin(tilt)
    row = _split(level, REACH * height)
    number = _split(along, NUMBER_STEP * height, within=row)
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
    error = math.sqrt(max(of_digits, of_numbers, (UNEVEN * height) ** 2 * spread)) / spread
    return angle_deg + math.degrees(math.atan(slope)), math.degrees(error)


def _split(places: Floats, gap: float, *, within: Places | None = None) -> Places:
    """Number the groups (n,) of places that no wider gap parts, each within its own group."""
    group = np.zeros(len(places), np.intp) if within is None else within
    order = np.lexsort((places, group))
    parted = (np.diff(places[order]) > gap) | (np.diff(group[order]) != 0)
    numbers = np.empty(len(places), np.intp)
    numbers[order] = np.concatenate([[0], np.cumsum(parted)])
    return numbers


def _edges_of_rows(boxes: Floats) -> tuple[Floats, Floats, float]:
    """Return (n,) positions along the lines, (2, n) levels of heads and feet, and the height."""
    left, top, width, height = boxes.T
    return left + width / 2, np.stack([top, top + height]), float(np.median(height))


def _edges_of_columns(boxes: Floats) -> tuple[Floats, Floats, float]:
    """Return the same for a page on its side: there the level is the column, falling left."""
    left, top, width, height = boxes.T
    return -(top + height / 2), np.stack([left, left + width]), float(np.median(width))


def _best_angle(along: Floats, levels: Floats, height: float) -> tuple[float, float, float]:
    """Return the angle with the most partners, their mean number, and that of a middling angle."""
    coarse = np.arange(-MOST_DEG, MOST_DEG + STEP_DEG / 2, STEP_DEG)
    partners = _partners(coarse, along, levels, height)
    best = float(coarse[np.argmax(partners * (1 - STRAIGHTER * np.abs(coarse)))])
    fine = best + np.arange(-STEP_DEG, STEP_DEG + FINE_STEP_DEG / 2, FINE_STEP_DEG)
    near = _partners(fine, along, levels, height)
    weights = np.maximum(near - np.quantile(near, 0.5), 0) + 1e-9  # the middle of the summit
    angle = float((weights * fine).sum() / weights.sum())
    return angle, float(near.max()), float(np.median(partners))


def _partners(angles_deg: Floats, along: Floats, levels: Floats, height: float) -> Floats:
    """Count the mean number of marks level with a mark (m,), for each of m angles."""
    radians = np.deg2rad(angles_deg)[:, None, None]
    level = levels[None] * np.cos(radians) - along * np.sin(radians)  # (m, 2, n)
    apart = np.abs(level[..., :, None] - level[..., None, :]) / (REACH * max(height, 1.0))
    near = np.maximum(0, 1 - apart).sum(axis=(-1, -2)) / along.size - 1  # without itself
    return np.asarray(near.mean(axis=1))
