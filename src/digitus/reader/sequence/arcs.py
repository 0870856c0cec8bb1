"""Arcs of a line's lattice: ink between two cuts that may be one digit, one mark or one letter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.reader.sequence.cut_nodes import CutNodes, Floats, Ints
from digitus.reader.sequence.cuts import Cuts
from digitus.reader.sequence.line_components import Boxes, LineComponents
from digitus.reader.sequence.sequence_recognizer import SequenceOutput, span_probabilities

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ArcParameters:
    """Parameters of the arcs. Lengths are in digit heights of the line.

    Amounts of ink are shares of the ink of a straight stroke as long as a digit is high. Set by
    hand: the right arc must be among those that are kept, and their number bounds the time. The
    weights of the scorer were trained with these values.

    Attributes:
        max_width: greatest width of a digit.
        max_components: greatest number of components of a broken digit.
        max_gap: greatest gap between two components of a broken digit.
        max_crossed: greatest ink between two cuts in the wrong order, where they cross.
        min_ink: least ink between two cuts of a component.
        max_shared: greatest width of the ink that two overlapping neighbors may both take.
        max_shared_part: greatest share of a range's ink that the arc before it may also take.
        max_skipped: greatest amount of ink left out between two arcs; a 1 has more.
        min_digit_size: least longer side of a range that the single-digit model classifies.
        min_probability: least probability that the sequence network reads one class along an arc
            that is kept. Most arcs have less.
        max_arcs: greatest number of arcs of a line that are kept for that probability, the
            likeliest ones. Ink that is no writing, such as lines of a staff, would have thousands,
            and each takes a copy of its ink; a line of twenty touching digits has some hundreds.
    """

    max_width: float = 1.45
    max_components: int = 5
    max_gap: float = 0.4
    max_crossed: float = 0.06
    min_ink: float = 0.25
    max_shared: float = 0.45
    max_shared_part: float = 0.5
    max_skipped: float = 0.3
    min_digit_size: float = 0.3
    min_probability: float = 1e-3
    max_arcs: int = 4_000


PARAMETERS = ArcParameters()


@dataclass(frozen=True, eq=False)
class InkRanges:
    """Ranges of ink between two nodes of one line.

    Attributes:
        nodes: nodes of the line.
        first: (n,) node before each range.
        last: (n,) node behind it.
        inks: ink of each range, cropped to its box.
        boxes: (n, 4) left, top, right, bottom in working pixels; right and bottom are exclusive.
    """

    nodes: CutNodes
    first: Ints
    last: Ints
    inks: Sequence[Ink]
    boxes: Boxes

    @classmethod
    def of(cls, nodes: CutNodes, first: Ints, last: Ints) -> "InkRanges":
        """Cut out the ink between pairs of nodes (n,)."""
        cropped = [nodes.ink_between(int(a), int(b)) for a, b in zip(first, last, strict=True)]
        boxes = np.array([box for _, box in cropped], np.int64).reshape(-1, 4)
        return cls(nodes, first, last, [ink for ink, _ in cropped], boxes)

    def __len__(self) -> int:
        """Return the number of ranges."""
        return len(self.first)

    def mass(self) -> Floats:
        """Return the ink (n,) of each range."""
        return np.array([ink.sum(dtype=float) for ink in self.inks])

    def is_uncut(self) -> Bools:
        """Return which ranges (n,) consist of whole components."""
        between = self.nodes.is_between_components()
        return between[self.first] & between[self.last]

    def has_digit_size(self) -> Bools:
        """Return which ranges (n,) are large enough, and narrow enough, to be a digit."""
        sizes = (self.boxes[:, 2:] - self.boxes[:, :2]) / self.nodes.components.height_px
        small = sizes.max(axis=1, initial=0) < PARAMETERS.min_digit_size
        fit: Bools = ~small & (sizes[:, 0] <= PARAMETERS.max_width)
        return fit


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs between the nodes of one line, and the ranges of ink that they take.

    An arc usually takes all ink from its start to its end. It may also take ink before its start,
    which the arc before it takes too: both of two overlapping digits have that ink. And it may
    leave out a little ink before its start, where another cut fits the digit before better.

    Attributes:
        ranges: ranges of ink; several arcs may take the same one.
        start: (m,) node where each arc starts.
        end: (m,) node where it ends.
        range: (m,) number of the range that it takes.
        probabilities: (m, N_CLASSES + 1) probability that the sequence network reads one class
            along it and nothing else; the last is that it reads nothing.
    """

    ranges: InkRanges
    start: Ints
    end: Ints
    range: Ints
    probabilities: Floats

    @property
    def nodes(self) -> CutNodes:
        """The nodes of the line."""
        return self.ranges.nodes


def find_arcs(
    components: LineComponents, cuts: Sequence[Cuts], single: Bools, output: SequenceOutput
) -> Arcs:
    """List the arcs of a line that may be one symbol.

    Arcs along which the sequence network hardly reads one class are dropped, except those of one
    whole component: they make a path through every line.

    Args:
        components: components of the line.
        cuts: cuts of each component.
        single: (components,) whether a component is one digit with near certainty. Neighbors of
            which more than half are such digits are not a broken digit.
        output: output of the sequence network along the line.
    """
    nodes = CutNodes.of(components, cuts)
    pairs = [*_pairs_within_components(nodes), *_pairs_across_components(nodes, single)]
    first, last = np.array(pairs, np.intp).reshape(-1, 2).T
    start, end, taken = _with_shared_and_skipped_ink(nodes, first, last)
    probabilities = probabilities_between(nodes, output, start, end)
    between = nodes.is_between_components()
    is_component = between[first] & between[last]
    is_component &= nodes.component[last] == nodes.component[first] + 1
    kept = _are_likeliest(probabilities.max(axis=1))
    kept |= is_component[taken] & (start == first[taken])
    ranges, number = np.unique(taken[kept], return_inverse=True)
    return Arcs(
        InkRanges.of(nodes, first[ranges], last[ranges]),
        start[kept],
        end[kept],
        number,
        probabilities[kept],
    )


def _are_likeliest(probability: Floats) -> Bools:
    """Return which arcs (m,) are likely enough to be kept, by their best class."""
    least, most = PARAMETERS.min_probability, PARAMETERS.max_arcs
    if (probability >= least).sum() > most:
        least = np.partition(probability, -most)[-most]
    return np.asarray(probability >= least)


def probabilities_between(
    nodes: CutNodes, output: SequenceOutput, start: Ints, end: Ints
) -> Floats:
    """Return the probability that the sequence network reads one class, or nothing, between nodes.

    Args:
        nodes: nodes of a line.
        output: output of the network along it.
        start: (m,) nodes.
        end: (m,) nodes on the right of them.

    Returns:
        (m, N_CLASSES + 1); the last is the probability of nothing.
    """
    places = output.places(nodes.columns() / nodes.components.scale)
    return span_probabilities(output.probabilities, places[start], places[end])


def _pairs_within_components(nodes: CutNodes) -> Iterator[tuple[int, int]]:
    """Pair nodes around ink of one component: cuts that do not cross, and the whole."""
    height, unit = nodes.components.height_px, nodes.components.stroke_area_px
    for number, cuts in enumerate(nodes.cuts):
        offset, k = int(np.searchsorted(nodes.component, number)), len(cuts.price)
        yield offset, offset + k
        if k == 1:
            continue
        first, second = np.triu_indices(k, 1)
        ink, crossed = cuts.between(first, second)
        middle = nodes.middle[offset : offset + k]
        near = middle[second] - middle[first] <= PARAMETERS.max_width * height
        fit = (ink >= PARAMETERS.min_ink * unit) & (crossed <= PARAMETERS.max_crossed * unit) & near
        yield from zip((offset + first[fit]).tolist(), (offset + second[fit]).tolist(), strict=True)
        rest = float(cuts.ink.sum()) - cuts.left
        near = cuts.ink.shape[1] - middle <= PARAMETERS.max_width * height
        # The pair of the first and the last node, the whole component, was given above.
        ends = np.flatnonzero((rest >= PARAMETERS.min_ink * unit) & near)[1 if near[0] else 0 :]
        yield from ((offset + int(cut), offset + k) for cut in ends)


def _pairs_across_components(nodes: CutNodes, single: Bools) -> Iterator[tuple[int, int]]:
    """Pair nodes around ink of several neighboring components: broken digits."""
    boxes, height = nodes.components.boxes, nodes.components.height_px
    for first in range(len(boxes)):
        right = boxes[first, 2]
        for last in range(first + 1, min(first + PARAMETERS.max_components, len(boxes))):
            taken = single[first : last + 1]
            gap, right = float(boxes[last, 0] - right), max(right, boxes[last, 2])
            if gap > PARAMETERS.max_gap * height or taken.sum() * 2 > len(taken):
                break
            yield from _pairs_between(nodes, first, last)


def _pairs_between(nodes: CutNodes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Pair the cuts of one component with those of another, and its end, up to a digit's width."""
    boxes = nodes.components.boxes
    max_width = PARAMETERS.max_width * nodes.components.height_px
    for a in np.flatnonzero(nodes.component == first).tolist():
        start = nodes.middle[a] + boxes[first, 0]
        ends = np.flatnonzero((nodes.component == last) & (nodes.cut > 0)).tolist()
        for b in ends:
            stop = nodes.middle[b] + boxes[last, 0]
            if stop - start <= max_width:
                yield a, b
        if boxes[first : last + 1, 2].max() - start <= max_width:
            yield a, int(np.searchsorted(nodes.component, last + 1))


def _with_shared_and_skipped_ink(
    nodes: CutNodes, first: Ints, last: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return start, end and range (m,) of the arcs that take ranges (n,).

    Each range has an arc that takes just it, one that skips the ink before it, and arcs that share
    its first ink with the arc before.
    """
    number = np.arange(len(first))
    start, end, taken = [first], [last], [number]
    for shift in (-1, 1, 2):  # nodes from the range's first one to the arc's start
        may = _may_share(nodes, first, last, shift) if shift > 0 else _may_skip(nodes, first)
        start.append(first[may] + shift)
        end.append(last[may])
        taken.append(number[may])
    return np.concatenate(start), np.concatenate(end), np.concatenate(taken)


def _may_share(nodes: CutNodes, first: Ints, last: Ints, shift: int) -> Bools:
    """Return which ranges (n,) may share the ink before node ``first + shift``."""
    start = np.minimum(first + shift, len(nodes) - 1)
    inside = (start < last) & (nodes.cut[first] > 0)
    inside &= nodes.component[start] == nodes.component[first]
    middle = np.append(nodes.middle, 0.0)
    max_width = PARAMETERS.max_shared * nodes.components.height_px
    narrow = middle[start] - middle[first] <= max_width
    shared = nodes.ink_before[start] - nodes.ink_before[first]
    taken = nodes.ink_before[last] - nodes.ink_before[first]
    may: Bools = inside & narrow & (shared <= PARAMETERS.max_shared_part * taken)
    return may


def _may_skip(nodes: CutNodes, first: Ints) -> Bools:
    """Return which ranges (n,) may leave out the ink between the node before them and them."""
    before = np.maximum(first - 1, 0)
    skipped = nodes.ink_before[first] - nodes.ink_before[before]
    little = skipped <= PARAMETERS.max_skipped * nodes.components.stroke_area_px
    may: Bools = (nodes.cut[first] > 0) & little & (nodes.cut[before] > 0)
    return may
