"""Over-segmentation: components that may hold several digits are cut wherever two may meet.

Candidate cuts are minimum-cost seams and straight lines, both at several slants, because
handwriting leans and neighbors lean differently. Cuts may cross each other: the lattice decides
which of them are used (over-segmentation as in Y. LeCun, L. Bottou, Y. Bengio, P. Haffner 1998,
section V).

A seam runs from the top of a component to its bottom. It may go sideways but never up. The cheapest
seam through a pixel is found by dynamic programming. It includes straight and slanted cuts, cuts at
necks and the path of a falling drop (G. Congedo, G. Dimauro, S. Impedovo, G. Pirlo 1995). All
components of many lines are laid side by side, so that one pass serves a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.reader.sequence.line_components import LineComponents

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SeamParameters:
    """Parameters of the seams.

    Set by hand: costs only have to rank seams by the ink that they cross, then by length.

    Attributes:
        paper_cost: cost of a pixel of paper, where full ink costs 1.0. Among seams that cross the
            same ink the shortest wins.
        wall_cost: cost of a pixel between two components; more than any seam within one.
        margin_px: columns of paper beside a component in which a seam may go around it.
    """

    paper_cost: float = 0.1
    wall_cost: float = 1e4
    margin_px: int = 2


@dataclass(frozen=True)
class CutParameters:
    """Parameters of over-segmentation. A digit height is that of the line.

    Set by hand: a missing cut loses a digit, while a superfluous one only costs time, so the limits
    are wide. The weights of the scorer were trained with these values.

    Attributes:
        anchor_rows: rows through which seams are sought, as shares of the component's height.
        seam_slants: slants of the seams, in columns to the right per row upwards.
        line_slants: slants of straight cuts, in the same unit.
        line_step: distance of straight cuts, in digit heights.
        line_penalty: strokes added to the price of a straight cut, so that a seam is preferred.
        max_price: greatest number of strokes that a cut may cross.
        min_difference: least ink between two cuts, over that of a stroke of a digit's height; cuts
            that differ by less lead to the same digits.
        max_per_height: greatest number of cuts of a component as wide as a digit is high; bounds
            the lattice.
        max_wander: greatest number of columns between the leftmost and the rightmost point of a
            cut, in digit heights.
        max_height: greatest height of a component in digit heights; a higher one is not a row of
            digits.
    """

    anchor_rows: tuple[float, ...] = (0.2, 0.35, 0.5, 0.65, 0.8)
    seam_slants: tuple[float, ...] = (0.0, 0.5)
    line_slants: tuple[float, ...] = (0.0, 0.35, 0.7)
    line_step: float = 0.2
    line_penalty: float = 1.0
    max_price: float = 7.0
    min_difference: float = 0.33
    max_per_height: float = 12.0
    max_wander: float = 1.2
    max_height: float = 3.0


SEAM_PARAMETERS = SeamParameters()
PARAMETERS = CutParameters()


@dataclass(frozen=True, eq=False)
class Cuts:
    """Cuts of one component, from left to right; the first lies before all of its ink.

    Attributes:
        ink: (rows, cols) ink of the component alone.
        border: (k, rows) first column on the right of each cut.
        price: (k,) strokes that each cut crosses.
        left: (k,) ink on the left of each cut.
        total: (rows, cols + 1) ink of each row on the left of a column.
    """

    ink: Ink
    border: Ints
    price: Floats
    left: Floats
    total: Floats

    @classmethod
    def ordered(cls, ink: Ink, candidates: "CandidateCuts") -> "Cuts":
        """Order cuts by the ink on their left, behind the one before all ink."""
        total = _ink_before_columns(ink)
        left = total[np.arange(len(ink)), candidates.border].sum(axis=1)
        order = np.argsort(left, kind="stable")
        before_all = np.zeros((1, len(ink)), np.intp)
        return cls(
            ink,
            np.concatenate([before_all, candidates.border[order]]),
            np.concatenate([[0.0], candidates.price[order]]),
            np.concatenate([[0.0], left[order]]),
            total,
        )

    def between(self, first: Ints, second: Ints) -> tuple[Floats, Floats]:
        """Return the ink (m,) right of the first and left of the second cuts, and the reverse.

        Args:
            first: (m,) numbers of cuts.
            second: (m,) numbers of others.
        """
        rows = np.arange(len(self.ink))
        gain = self.total[rows, self.border[second]] - self.total[rows, self.border[first]]
        return gain.clip(min=0).sum(axis=1), (-gain).clip(min=0).sum(axis=1)


@dataclass(frozen=True, eq=False)
class CandidateCuts:
    """Cuts of one component before the best are chosen.

    Attributes:
        border: (k, rows) first column on the right of each cut.
        price: (k,) what each crosses: ink in pixels, or strokes once it is divided by their width.
    """

    border: Ints
    price: Floats

    @classmethod
    def joined(cls, candidates: "Sequence[CandidateCuts]") -> "CandidateCuts":
        """Concatenate the cuts of one component."""
        return cls(
            np.concatenate([one.border for one in candidates]),
            np.concatenate([one.price for one in candidates]),
        )


def cut_components(
    lines: Sequence[LineComponents], cuttable: Sequence[NDArray[np.bool_]]
) -> list[list[Cuts]]:
    """Cut components of many lines.

    Args:
        lines: components of each line image.
        cuttable: for each line (n,) whether a component may hold more than one digit.

    Returns:
        For each line the cuts of each component; those that are not cut, or are too high, have the
        first cut alone.
    """
    places = [
        (number, component)
        for number, (line, chosen) in enumerate(zip(lines, cuttable, strict=True))
        for component in np.flatnonzero(chosen).tolist()
        if np.diff(line.boxes[component][1::2])[0] <= PARAMETERS.max_height * line.height_px
    ]
    inks = [lines[number].component(component) for number, component in places]
    seams = _find_seams(inks) if inks else []
    chosen_cuts = {
        place: _choose_cuts(lines[place[0]], ink, candidates)
        for place, ink, candidates in zip(places, inks, seams, strict=True)
    }
    return [
        [
            chosen_cuts.get((number, component)) or uncut(line.component(component))
            for component in range(len(line))
        ]
        for number, line in enumerate(lines)
    ]


def uncut(ink: Ink) -> Cuts:
    """Return the cuts of a component that is not cut: the one before all ink."""
    return Cuts.ordered(ink, CandidateCuts(np.empty((0, len(ink)), np.intp), np.empty(0)))


class Seams:
    """The cheapest seam through every pixel of several components.

    Args:
        inks: (rows, cols) of each component.
    """

    def __init__(self, inks: Sequence[Ink]) -> None:
        margin = SEAM_PARAMETERS.margin_px
        heights, widths = zip(*(ink.shape for ink in inks), strict=True)
        self._lefts = np.cumsum([0, *(width + 2 * margin + 1 for width in widths)])
        cost = np.full((max(heights), int(self._lefts[-1])), SEAM_PARAMETERS.paper_cost)
        for left, ink in zip(self._lefts, inks, strict=False):
            start = left + margin
            cost[: ink.shape[0], start : start + ink.shape[1]] += ink
        cost[:, self._lefts[1:] - 1] = SEAM_PARAMETERS.wall_cost
        self._down, up = _walk_down(cost), _walk_down(cost[::-1])
        self._up = _HalfSeams(up.cost[::-1], up.entry[::-1])
        self._through = self._down.cost + self._up.cost - cost

    def costs(self, component: int, row: int) -> Floats:
        """Return the cost (cols,) of the cheapest seam through each pixel of a component's row."""
        margin = SEAM_PARAMETERS.margin_px
        start = self._lefts[component] + margin
        return self._through[row, start : self._lefts[component + 1] - margin - 1]

    def borders(self, component: Ints, row: Ints, col: Ints) -> Ints:
        """Return the first column (n, rows) on the right of the cheapest seam through each pixel.

        Args:
            component: (n,) number of the component of each pixel.
            row: (n,) its row.
            col: (n,) its column within the component.
        """
        offset = self._lefts[component] + SEAM_PARAMETERS.margin_px
        rows = len(self._through)
        border = np.empty((rows, len(row)), np.intp)
        start = col + offset
        here = start.copy()
        for above in range(rows - 1, -1, -1):
            border[above] = here
            here = np.where(above <= row, self._down.entry[above, here], here)
        here = start.copy()
        for below in range(rows):
            np.copyto(border[below], here, where=below > row)
            here = np.where(below >= row, self._up.entry[below, here], here)
        borders: Ints = border.T - offset[:, None]
        return borders


@dataclass(frozen=True, eq=False)
class _HalfSeams:
    """The cheapest path from the first row to each pixel.

    Attributes:
        cost: (rows, cols) cost of the path, its last pixel included.
        entry: (rows, cols) column in which the path entered the row.
    """

    cost: Floats
    entry: Ints


def _walk_down(cost: Floats) -> _HalfSeams:
    """Find the cheapest paths from the first row, which may go any way sideways in each row."""
    total, entry = np.empty_like(cost), np.empty(cost.shape, np.intp)
    index = np.arange(cost.shape[1])
    before = np.zeros(cost.shape[1])
    for row, price in enumerate(cost):
        start, travel = before + price, np.cumsum(price)
        right, right_from = _prefix_minimum(start - travel, index)
        left, left_from = _prefix_minimum((start + travel - price)[::-1], index)
        right += travel
        left = left[::-1] - travel + price
        nearer = right <= left
        total[row] = before = np.where(nearer, right, left)
        entry[row] = np.where(nearer, right_from, len(index) - 1 - left_from[::-1])
    return _HalfSeams(total, entry)


def _prefix_minimum(values: Floats, index: Ints) -> tuple[Floats, Ints]:
    """Return the least value up to each place, and its last place."""
    least = np.minimum.accumulate(values)
    return least, np.maximum.accumulate(np.where(values <= least, index, 0))


def _find_seams(inks: Sequence[Ink]) -> list[CandidateCuts]:
    """Find the seams of each component; their prices are the ink that they cross."""
    found: list[list[CandidateCuts]] = [[] for _ in inks]
    for slant in PARAMETERS.seam_slants:
        sheared = [_sheared(ink, slant) for ink in inks]
        seams = Seams([ink for ink, _ in sheared])
        pixels = [_cheap_pixels(seams, place, len(ink)) for place, (ink, _) in enumerate(sheared)]
        component, row, col, cost = (np.concatenate(each) for each in zip(*pixels, strict=True))
        border = seams.borders(component, row, col)
        for place, candidates in enumerate(found):
            own, (ink, shift) = component == place, sheared[place]
            candidates.append(CandidateCuts(border[own, : len(ink)] - shift, cost[own]))
    return [CandidateCuts.joined(candidates) for candidates in found]


def _sheared(ink: Ink, slant: float) -> tuple[Ink, Ints]:
    """Shift the rows so that slanted strokes stand upright, and return the shift (rows,)."""
    rows, cols = ink.shape
    shift = np.rint(slant * np.arange(rows)).astype(np.intp)
    shift -= shift.min()
    if not slant:
        return ink, shift
    upright = np.zeros((rows, cols + int(shift.max())), np.float32)
    upright[np.arange(rows)[:, None], np.arange(cols) + shift[:, None]] = ink
    return upright, shift


def _cheap_pixels(seams: Seams, component: int, rows: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Return component, row, column and cost (n,) of pixels with locally cheapest seams."""
    found: list[tuple[Ints, Ints, Ints, Floats]] = []
    for row in sorted({int(anchor * (rows - 1)) for anchor in PARAMETERS.anchor_rows}):
        through = seams.costs(component, row)
        col = _local_minima(through)
        found.append((np.full(len(col), component), np.full(len(col), row), col, through[col]))
    number, at, col, cost = (np.concatenate(each) for each in zip(*found, strict=True))
    return number, at, col, cost


def _local_minima(costs: Floats) -> Ints:
    """Return the columns of the local minima of costs (cols,): the middle of a level stretch."""
    level = np.round(costs, 2)
    change = np.flatnonzero(np.diff(level, prepend=np.inf, append=np.inf))
    starts, ends = change[:-1], change[1:]
    values = np.concatenate([[np.inf], level[starts], [np.inf]])
    low = (values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])
    return (starts[low] + ends[low] - 1) // 2


def _straight_cuts(ink: Ink, slant: float, line: LineComponents) -> CandidateCuts:
    """Lay straight cuts at even distances; their prices are the ink crossed and the penalty."""
    rows, cols = ink.shape
    reach = int(abs(slant) * rows / 2)
    step = max(1, int(PARAMETERS.line_step * line.height_px))
    middle = np.arange(2 - reach, cols + reach - 1, step)
    offset = slant * (rows / 2 - np.arange(rows))
    border = np.clip(np.rint(middle[:, None] + offset), 0, cols).astype(np.intp)
    padded = np.pad(ink, ((0, 0), (0, 1)))
    crossed = padded[np.arange(rows), border].sum(axis=1)
    return CandidateCuts(border, crossed + PARAMETERS.line_penalty * line.stroke_px)


def _choose_cuts(line: LineComponents, ink: Ink, seams: CandidateCuts) -> Cuts:
    """Choose the cheapest cuts that differ from each other."""
    straight = (_straight_cuts(ink, slant, line) for slant in PARAMETERS.line_slants)
    candidates = CandidateCuts.joined([seams, *straight])
    border = np.clip(candidates.border, 0, ink.shape[1])
    price = candidates.price / line.stroke_px
    on_left = _ink_before_columns(ink)[np.arange(len(ink)), border]
    left, mass = on_left.sum(axis=1), float(ink.sum())
    apart = PARAMETERS.min_difference * line.height_px * line.stroke_px
    most = int(PARAMETERS.max_per_height * ink.shape[1] / line.height_px) + 1
    fit = (left >= apart) & (left <= mass - apart) & (price <= PARAMETERS.max_price)
    fit &= np.ptp(border, axis=1) <= PARAMETERS.max_wander * line.height_px
    kept: list[int] = []
    for cut in np.argsort(np.where(fit, price, np.inf), kind="stable")[: fit.sum()].tolist():
        near = np.flatnonzero(np.abs(left[kept] - left[cut]) < apart)
        differ = np.abs(on_left[np.array(kept, np.intp)[near]] - on_left[cut]).sum(axis=1)
        if (differ >= apart).all():
            kept.append(cut)
        if len(kept) == most:
            break
    return Cuts.ordered(ink, CandidateCuts(border[kept], price[kept]))


def _ink_before_columns(ink: Ink) -> Floats:
    """Return the ink (rows, cols + 1) of each row on the left of each column."""
    return np.concatenate([np.zeros((len(ink), 1)), np.cumsum(ink, axis=1, dtype=float)], axis=1)
