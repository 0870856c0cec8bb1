"""The lattices of lines: cuts, arcs, and all that their scores are computed from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.patch.many_patches import lay_out_all
from digitus.imaging.patch.patch import PATCH_PX
from digitus.models.model import Classification
from digitus.reader.sequence.arc_features import features_of
from digitus.reader.sequence.arc_scores import DIGITS, ArcProbabilities
from digitus.reader.sequence.arcs import Arcs, InkRanges, find_arcs, probabilities_between
from digitus.reader.sequence.cut_nodes import CutNodes
from digitus.reader.sequence.cuts import cut_components, uncut
from digitus.reader.sequence.lattice import Lattice
from digitus.reader.sequence.line_components import LineComponents
from digitus.reader.sequence.sequence_recognizer import SequenceOutput
from digitus.recognizer import FULL_INK_IN_MNIST, DigitModel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ScoringParameters:
    """Which components are cut. Lengths are in digit heights of the line.

    Set by hand: cuts are left out only where one digit is nearly certain, which saves time.

    Attributes:
        min_single: least probability that the sequence network reads one digit along a component
            that is not cut.
        max_single_width: greatest width of such a component; wider ones are cut all the same.
        min_cut_width: least width of any component that is cut; two digits are wider.
    """

    min_single: float = 0.98
    max_single_width: float = 1.05
    min_cut_width: float = 0.3


PARAMETERS = ScoringParameters()


@dataclass(frozen=True, eq=False)
class ScoredArcs:
    """The arcs of one line with all that their scores are computed from.

    Attributes:
        arcs: m arcs of the line.
        features: (m, f) of the arcs.
        probabilities: probabilities of the arcs by both networks.
        output: output of the sequence network along the line.
    """

    arcs: Arcs
    features: Floats
    probabilities: ArcProbabilities
    output: SequenceOutput


def score_arcs(
    model: DigitModel, lines: Sequence[LineComponents], outputs: Sequence[SequenceOutput]
) -> list[ScoredArcs]:
    """Cut components that may be several digits, and compute features of all arcs.

    The sequence network's probabilities are known along every arc. The single-digit model
    classifies whole components alone: ink that was cut out lacks an edge or has some of its
    neighbor, which that model was not trained on.

    Args:
        model: classifies single digits.
        lines: components of each line image; none of them is empty.
        outputs: output of the sequence network along each.
    """
    single = [_is_single_digit(line, output) for line, output in zip(lines, outputs, strict=True)]
    cuttable = [_is_cuttable(line, one) for line, one in zip(lines, single, strict=True)]
    cuts = cut_components(lines, cuttable)
    arcs = [
        find_arcs(line, line_cuts, is_single, output)
        for line, line_cuts, is_single, output in zip(lines, cuts, single, outputs, strict=True)
    ]
    classified = classify_ranges(model, [line.ranges for line in arcs])
    return [
        _with_features(line, classification, output)
        for line, classification, output in zip(arcs, classified, outputs, strict=True)
    ]


def lattice_of(lines: Sequence[ScoredArcs]) -> Lattice:
    """Join the arcs of all lines in one lattice."""
    return Lattice.of([(line.arcs.start, line.arcs.end, len(line.arcs.nodes)) for line in lines])


def classify_ranges(model: DigitModel, lines: Sequence[InkRanges]) -> Iterator[Classification]:
    """Classify the ranges of ink that are whole components, of all lines in one call.

    Yields:
        For each line the classification of all its ranges. One that was not classified has uniform
        probabilities and a ``p_digit`` of 0, one that was has a ``p_digit`` above 0.
    """
    chosen = [ranges.is_uncut() & ranges.has_digit_size() for ranges in lines]
    inks = [
        ranges.inks[number]
        for ranges, some in zip(lines, chosen, strict=True)
        for number in np.flatnonzero(some).tolist()
    ]
    pixels = lay_out_all(inks).reshape(len(inks), PATCH_PX**2) * np.float32(FULL_INK_IN_MNIST)
    known = model.classify(pixels) if inks else Classification(np.empty((0, DIGITS)), np.empty(0))
    start = 0
    for some in chosen:
        stop = start + int(some.sum())
        probabilities, p_digit = np.full((len(some), DIGITS), 1 / DIGITS), np.zeros(len(some))
        probabilities[some] = known.probabilities[start:stop]
        p_digit[some] = np.maximum(known.p_digit[start:stop], np.finfo(float).tiny)
        yield Classification(probabilities, p_digit)
        start = stop


def _is_single_digit(line: LineComponents, output: SequenceOutput) -> Bools:
    """Return which components (n,) the sequence network reads as one digit with near certainty."""
    nodes = CutNodes.of(line, [uncut(line.component(number)) for number in range(len(line))])
    number = np.arange(len(line))
    probabilities = probabilities_between(nodes, output, number, number + 1)
    width = line.boxes[:, 2] - line.boxes[:, 0]
    certain: Bools = probabilities[:, :DIGITS].max(axis=1) >= PARAMETERS.min_single
    return certain & (width <= PARAMETERS.max_single_width * line.height_px)


def _is_cuttable(line: LineComponents, single: Bools) -> Bools:
    """Return which components (n,) may hold several digits."""
    width = line.boxes[:, 2] - line.boxes[:, 0]
    return ~single & (width >= PARAMETERS.min_cut_width * line.height_px)


def _with_features(
    arcs: Arcs, classification: Classification, output: SequenceOutput
) -> ScoredArcs:
    probabilities = ArcProbabilities.of(classification, arcs.range, arcs.probabilities)
    return ScoredArcs(arcs, features_of(arcs, probabilities), probabilities, output)
