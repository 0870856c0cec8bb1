"""Candidates: the ink between any two cuts that might be one digit, one mark or one letter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.reader.sequence.cut_nodes import Boxes, Floats, Ints, Nodes, ink_between
from digitus.reader.sequence.cuts import Cuts
from digitus.reader.sequence.line_components import Parts
from digitus.reader.sequence.sequence_recognizer import Seen
from digitus.reader.sequence.spans import read_spans

WIDEST = 1.45  # digit heights; a wider range is no digit
MOST_PARTS = 5
WIDEST_GAP = 0.4  # digit heights between two parts of a broken digit
CROSSED = 0.06  # of the ink that a stroke of a digit's height has: by how much two cuts may cross
LEAST = 0.25  # of the same: the ink between two cuts of one part
WIDEST_SHARED = 0.45  # digit heights of ink that two neighbours may both claim
SLIVER = 0.3  # of the same: ink between two cuts that may be left to nobody; a 1 has more
SMALLEST = 0.3  # digit heights; smaller ink is never judged as a digit
WORTH_A_LOOK = 1e-3  # probability that the strip reads one thing


@dataclass(frozen=True, eq=False)
class Candidates:
    """Ranges of ink between two nodes of one run, and the arcs that take them.

    An arc usually takes all ink from its start to its end. It may also take some ink before its
    start, that the arc before has taken too: where two digits overlap, both own it. And it may
    leave a sliver at its start to nobody.

    Attributes:
        nodes: of the run.
        first: (n,) node before each range.
        last: (n,) node behind it.
        inks: of each range, cropped to ``boxes``.
        boxes: (n, 4) left, top, right, bottom; the last two lie outside.
        start: (m,) node where each arc starts.
        end: (m,) node where it ends.
        range: (m,) number of the range whose ink it takes.
        read: (m, KINDS + 1) probability that the strip reads one thing from its start to its end;
            the last is that of nothing.
    """

    nodes: Nodes
    first: Ints
    last: Ints
    inks: Sequence[Ink]
    boxes: Boxes
    start: Ints
    end: Ints
    range: Ints
    read: Floats

    def __len__(self) -> int:
        """Number of ranges."""
        return len(self.first)

    def mass(self) -> Floats:
        """Ink of each range (n,)."""
        return np.array([ink.sum(dtype=float) for ink in self.inks])

    def is_uncut(self) -> NDArray[np.bool_]:
        """Return which ranges (n,) are made of whole parts."""
        nodes = self.nodes
        uncut: NDArray[np.bool_] = (nodes.cut[self.first] == 0) & (nodes.cut[self.last] == 0)
        return uncut

    def is_large(self) -> NDArray[np.bool_]:
        """Return which ranges (n,) are large enough, and narrow enough, to be a digit."""
        sizes = (self.boxes[:, 2:] - self.boxes[:, :2]) / self.nodes.parts.height_px
        small = sizes.max(axis=1, initial=0) < SMALLEST
        large: NDArray[np.bool_] = ~small & (sizes[:, 0] <= WIDEST)
        return large


def candidates_of(
    parts: Parts, cuts: Sequence[Cuts], settled: NDArray[np.bool_], seen: Seen
) -> Candidates:
    """List the ranges and arcs of a run that may be one thing.

    Arcs on which the strip hardly reads one thing are dropped; those of whole parts stay, so that
    there is a way through.

    Args:
        parts: of the run.
        cuts: of each part.
        settled: (parts,) whether a part is surely one digit; two such are never taken together.
        seen: along the run.
    """
    nodes = Nodes.of(parts, cuts)
    pairs = [*_within(nodes), *_across(nodes, settled)]
    first, last = np.array(pairs, np.intp).reshape(-1, 2).T
    start, end, taken = _arcs(nodes, first, last)
    read = read_between(nodes, seen, start, end)
    sole = nodes.part[last] == nodes.part[first] + 1
    whole = (nodes.cut[first] == 0) & (nodes.cut[last] == 0) & sole
    worth = (read.max(axis=1) >= WORTH_A_LOOK) | (whole[taken] & (start == first[taken]))
    kept, number = np.unique(taken[worth], return_inverse=True)
    cropped = [ink_between(nodes, int(first[one]), int(last[one])) for one in kept]
    return Candidates(
        nodes,
        first[kept],
        last[kept],
        [ink for ink, _ in cropped],
        np.array([box for _, box in cropped], np.int64).reshape(-1, 4),
        start[worth],
        end[worth],
        number,
        read[worth],
    )


def read_between(nodes: Nodes, seen: Seen, start: Ints, end: Ints) -> Floats:
    """Return the probability (m, KINDS + 1) that the strip reads one thing, or none, between nodes.

    Args:
        nodes: of a run.
        seen: along it.
        start: (m,) nodes.
        end: (m,) others on the right of them.
    """
    places = seen.places(nodes.columns() / nodes.parts.scale)
    return read_spans(seen.likely, places[start], places[end])


def _within(nodes: Nodes) -> Iterator[tuple[int, int]]:
    """Pairs of nodes around ink of one part: any two cuts that do not cross, and the whole."""
    stroke = nodes.parts.height_px * nodes.parts.stroke_px
    for part, cuts in enumerate(nodes.cuts):
        offset, k = int(np.searchsorted(nodes.part, part)), len(cuts.price)
        yield offset, offset + k
        if k == 1:
            continue
        one, other = np.triu_indices(k, 1)
        ink, crossed = cuts.between(one, other)
        middle = nodes.middle[offset : offset + k]
        near = middle[other] - middle[one] <= WIDEST * nodes.parts.height_px
        fit = (ink >= LEAST * stroke) & (crossed <= CROSSED * stroke) & near
        yield from zip((offset + one[fit]).tolist(), (offset + other[fit]).tolist(), strict=True)
        left = float(cuts.ink.sum()) - cuts.left
        near = cuts.ink.shape[1] - middle <= WIDEST * nodes.parts.height_px
        ends = np.flatnonzero((left >= LEAST * stroke) & near)[1 if near[0] else 0 :]
        yield from ((offset + int(cut), offset + k) for cut in ends)


def _across(nodes: Nodes, settled: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Pairs of nodes around ink of several neighbouring parts: broken digits."""
    boxes, height = nodes.parts.boxes, nodes.parts.height_px
    for one in range(len(boxes)):
        right = boxes[one, 2]
        for other in range(one + 1, min(one + MOST_PARTS, len(boxes))):
            taken = settled[one : other + 1]
            gap, right = float(boxes[other, 0] - right), max(right, boxes[other, 2])
            if gap > WIDEST_GAP * height or taken.sum() * 2 > len(taken):
                break
            yield from _pairs(nodes, one, other)


def _pairs(nodes: Nodes, one: int, other: int) -> Iterator[tuple[int, int]]:
    """Pairs from a cut of one part to a cut of another, not too wide."""
    boxes, height = nodes.parts.boxes, nodes.parts.height_px
    for a in np.flatnonzero(nodes.part == one).tolist():
        start = nodes.middle[a] + boxes[one, 0]
        ends = np.flatnonzero((nodes.part == other) & (nodes.cut > 0)).tolist()
        for b in ends:
            stop = nodes.middle[b] + boxes[other, 0]
            if stop - start <= WIDEST * height:
                yield a, b
        if boxes[one : other + 1, 2].max() - start <= WIDEST * height:
            yield a, int(np.searchsorted(nodes.part, other + 1))


def _arcs(nodes: Nodes, first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """Return start, end and range (m,) of each arc: all of a range, some shared, some left out."""
    number = np.arange(len(first))
    start, end, taken = [first], [last], [number]
    for back in (-1, 1, 2):
        may = _may_share(nodes, first, last, back) if back > 0 else _may_skip(nodes, first)
        start.append(first[may] + back)
        end.append(last[may])
        taken.append(number[may])
    return np.concatenate(start), np.concatenate(end), np.concatenate(taken)


def _may_share(nodes: Nodes, first: Ints, last: Ints, back: int) -> NDArray[np.bool_]:
    """Return which ranges (n,) may share the ink before node ``first + back`` with the previous."""
    start = np.minimum(first + back, len(nodes) - 1)
    inside = (start < last) & (nodes.cut[first] > 0) & (nodes.part[start] == nodes.part[first])
    middle = np.append(nodes.middle, 0.0)
    narrow = middle[start] - middle[first] <= WIDEST_SHARED * nodes.parts.height_px
    shared = nodes.ink_before[start] - nodes.ink_before[first]
    little = shared <= 0.5 * (nodes.ink_before[last] - nodes.ink_before[first])
    may: NDArray[np.bool_] = inside & narrow & little
    return may


def _may_skip(nodes: Nodes, first: Ints) -> NDArray[np.bool_]:
    """Return which ranges (n,) may leave a sliver before them to nobody: another cut was better."""
    before = np.maximum(first - 1, 0)
    little = nodes.ink_before[first] - nodes.ink_before[before]
    stroke = nodes.parts.height_px * nodes.parts.stroke_px
    may: NDArray[np.bool_] = (nodes.cut[first] > 0) & (little <= SLIVER * stroke)
    return may & (nodes.cut[before] > 0)
