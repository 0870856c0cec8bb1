"""Over-segmentation: parts that may hold several digits are cut wherever two might meet.

Hands lean, and neighbours lean differently; so seams and straight cuts are sought at several
slants. Cuts may cross each other: which two of them go together is decided later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.reader.sequence.line_components import Parts
from digitus.reader.sequence.seams import Seams

ANCHORS = (0.2, 0.35, 0.5, 0.65, 0.8)  # of a part's height: rows in which seams are sought
SEAM_LEANS = (0.0, 0.5)  # columns to the right for each row upwards
STRAIGHT_LEANS = (0.0, 0.35, 0.7)
STRAIGHT = 0.2  # digit heights from one straight cut to the next
STRAIGHT_FINE = 1.0  # strokes added to the price of a straight cut: a seam is better
DEAREST = 7.0  # strokes that a cut may cross
APART = 0.33  # of the ink that a stroke of a digit's height has, by which two cuts differ
MOST_A_HEIGHT = 12.0  # cuts of a part as wide as a digit is high
WIDEST_WAY = 1.2  # digit heights that a cut may wander sideways
TALLEST = 3.0  # digit heights; what is larger is no digits side by side

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cuts:
    """Cuts of one part, from left to right; the first lies before all of its ink.

    Attributes:
        ink: (rows, cols) of the part alone.
        border: (k, rows) first column on the right of each cut.
        price: (k,) strokes that it crosses.
        left: (k,) ink on its left.
        total: (rows, cols + 1) ink of each row on the left of a column.
    """

    ink: Ink
    border: Ints
    price: Floats
    left: Floats
    total: Floats

    def between(self, one: Ints, other: Ints) -> tuple[Floats, Floats]:
        """Ink right of cuts (m,) and left of others (m,), and the other way round."""
        rows = np.arange(len(self.ink))
        gain = self.total[rows, self.border[other]] - self.total[rows, self.border[one]]
        return gain.clip(min=0).sum(axis=1), (-gain).clip(min=0).sum(axis=1)


def cut_runs(runs: Sequence[Parts], doubtful: Sequence[NDArray[np.bool_]]) -> list[list[Cuts]]:
    """Cut the doubtful parts of some runs.

    Args:
        runs: the parts of each run.
        doubtful: for each run (n,) whether a part may hold more than one digit.

    Returns:
        For each run the cuts of each part; only the first one where it was not to be cut.
    """
    where = [
        (number, part)
        for number, (run, marked) in enumerate(zip(runs, doubtful, strict=True))
        for part in np.flatnonzero(marked).tolist()
        if np.diff(run.boxes[part][1::2])[0] <= TALLEST * run.height_px
    ]
    found = _all_ways([runs[number].part(part) for number, part in where]) if where else []
    chosen = {
        place: _chosen(runs[place[0]], runs[place[0]].part(place[1]), ways)
        for place, ways in zip(where, found, strict=True)
    }
    return [
        [chosen.get((number, part)) or _uncut(run.part(part)) for part in range(len(run))]
        for number, run in enumerate(runs)
    ]


def _uncut(ink: Ink) -> Cuts:
    return _cuts(ink, np.empty((0, len(ink)), np.intp), np.empty(0))


def _cuts(ink: Ink, border: Ints, price: Floats) -> Cuts:
    """Sort cuts by the ink on their left, behind the one before all ink."""
    total = np.concatenate([np.zeros((len(ink), 1)), np.cumsum(ink, axis=1, dtype=float)], axis=1)
    left = total[np.arange(len(ink)), border].sum(axis=1)
    order = np.argsort(left, kind="stable")
    first = np.zeros((1, len(ink)), np.intp)
    return Cuts(
        ink,
        np.concatenate([first, border[order]]),
        np.concatenate([[0.0], price[order]]),
        np.concatenate([[0.0], left[order]]),
        total,
    )


def _all_ways(inks: Sequence[Ink]) -> list[tuple[Ints, Floats]]:
    """Seams and straight cuts of each part: borders (k, rows) and the ink that they cross (k,)."""
    found: list[list[tuple[Ints, Floats]]] = [[] for _ in inks]
    for lean in SEAM_LEANS:
        leaning = [_leaning(ink, lean) for ink in inks]
        seams = Seams([ink for ink, _ in leaning])
        places = [_pixels(seams, place, len(ink)) for place, (ink, _) in enumerate(leaning)]
        part, row, col, cost = (np.concatenate(each) for each in zip(*places, strict=True))
        border = seams.borders(part, row, col)
        for place, ways in enumerate(found):
            mine, (ink, shift) = part == place, leaning[place]
            ways.append((border[mine, : len(ink)] - shift, cost[mine]))
    return [
        (np.concatenate([border for border, _ in ways]), np.concatenate([cost for _, cost in ways]))
        for ways in found
    ]


def _leaning(ink: Ink, lean: float) -> tuple[Ink, Ints]:
    """Shift the rows of ink so that what leans stands upright, and give each row's shift."""
    rows, cols = ink.shape
    shift = np.rint(lean * np.arange(rows)).astype(np.intp)
    shift -= shift.min()
    if not lean:
        return ink, shift
    upright = np.zeros((rows, cols + int(shift.max())), np.float32)
    upright[np.arange(rows)[:, None], np.arange(cols) + shift[:, None]] = ink
    return upright, shift


def _pixels(seams: Seams, place: int, rows: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Pixels of a part through which the seams are the cheapest thereabouts, and their costs."""
    found: list[tuple[Ints, Ints, Ints, Floats]] = []
    for row in sorted({int(anchor * (rows - 1)) for anchor in ANCHORS}):
        through = seams.costs(place, row)
        col = _valleys(through)
        found.append((np.full(len(col), place), np.full(len(col), row), col, through[col]))
    part, at, col, cost = (np.concatenate(each) for each in zip(*found, strict=True))
    return part, at, col, cost


def _valleys(costs: Floats) -> Ints:
    """Where costs (cols,) are lowest thereabouts: the middle of each level floor."""
    level = np.round(costs, 2)
    change = np.flatnonzero(np.diff(level, prepend=np.inf, append=np.inf))
    starts, ends = change[:-1], change[1:]
    values = np.concatenate([[np.inf], level[starts], [np.inf]])
    low = (values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])
    return (starts[low] + ends[low] - 1) // 2


def _straight(ink: Ink, lean: float, run: Parts) -> tuple[Ints, Floats]:
    """Lay straight cuts at even distances: their borders (k, rows) and the ink crossed (k,)."""
    rows, cols = ink.shape
    reach = int(abs(lean) * rows / 2)
    middle = np.arange(2 - reach, cols + reach - 1, max(1, int(STRAIGHT * run.height_px)))
    offset = lean * (rows / 2 - np.arange(rows))
    border = np.clip(np.rint(middle[:, None] + offset), 0, cols).astype(np.intp)
    padded = np.pad(ink, ((0, 0), (0, 1)))
    crossed = padded[np.arange(rows), border].sum(axis=1)
    return border, crossed + STRAIGHT_FINE * run.stroke_px


def _chosen(run: Parts, ink: Ink, ways: tuple[Ints, Floats]) -> Cuts:
    """Keep the cheapest cuts that differ from each other."""
    all_ways = [ways, *(_straight(ink, lean, run) for lean in STRAIGHT_LEANS)]
    border = np.clip(np.concatenate([border for border, _ in all_ways]), 0, ink.shape[1])
    price = np.concatenate([cost for _, cost in all_ways]) / run.stroke_px
    total = np.concatenate([np.zeros((len(ink), 1)), np.cumsum(ink, axis=1, dtype=float)], axis=1)
    on_left = total[np.arange(len(ink)), border]
    left, whole = on_left.sum(axis=1), float(ink.sum())
    apart = APART * run.height_px * run.stroke_px
    most = int(MOST_A_HEIGHT * ink.shape[1] / run.height_px) + 1
    fit = (left >= apart) & (left <= whole - apart) & (price <= DEAREST)
    fit &= np.ptp(border, axis=1) <= WIDEST_WAY * run.height_px
    kept: list[int] = []
    for way in np.argsort(np.where(fit, price, np.inf), kind="stable")[: fit.sum()].tolist():
        near = np.flatnonzero(np.abs(left[kept] - left[way]) < apart)
        differ = np.abs(on_left[np.array(kept, np.intp)[near]] - on_left[way]).sum(axis=1)
        if (differ >= apart).all():
            kept.append(way)
        if len(kept) == most:
            break
    return _cuts(ink, border[kept], price[kept])
