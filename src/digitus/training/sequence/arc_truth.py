"""Which arcs of a lattice are right: those that take the ink of one symbol, as its class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.models.sequence.line_image_format import N_CLASSES, OTHER
from digitus.models.sequence.line_input import scaled_ink
from digitus.reader.sequence.arcs import InkRanges
from digitus.training.sequence.training_lines import TrainingLine


@dataclass(frozen=True)
class ArcTruthParameters:
    """When an arc is right; shares of ink. The values were set by hand.

    Attributes:
        common: least intersection over union of the ink of an arc and of a symbol.
        below_best: most by which that share may be lower than the best arc's.
        foreign: largest share of another symbol's ink that an arc may have.
        foreign_slack: most by which that share may exceed the best arc's.
        other: least share of an arc's ink that belongs to what is neither digit nor mark.
    """

    common: float = 0.6
    below_best: float = 0.15
    foreign: float = 0.5
    foreign_slack: float = 0.1
    other: float = 0.85


PARAMETERS = ArcTruthParameters()


def right_ranges(line: TrainingLine, ranges: InkRanges) -> NDArray[np.bool_]:
    """Return which ranges are right as which class: (n, N_CLASSES).

    A right range has most of one symbol's ink, and of every other symbol little more than the best
    such range has: a 4 with all of the 1 beside it is not right as a 4.
    """
    p = PARAMETERS
    common, total = _common_ink(line, ranges)
    own = ranges.mass()[:, None]
    share = common / np.maximum(own + total - common, 1e-6)
    taken = common / total  # of each symbol's ink
    right = np.zeros((len(ranges), N_CLASSES), bool)
    for symbol, kind in enumerate(line.classes):
        best = int(share[:, symbol].argmax())
        is_alike = share[:, symbol] >= max(p.common, share[best, symbol] - p.below_best)
        others = np.delete(taken, symbol, axis=1)
        most = np.maximum(p.foreign, others[best] + p.foreign_slack)
        right[:, kind] |= is_alike & (others <= most).all(axis=1)
    is_other = line.classes == OTHER
    right[:, OTHER] |= common[:, is_other].sum(axis=1) >= p.other * own[:, 0]
    return right


def _common_ink(
    line: TrainingLine, ranges: InkRanges
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ink that each range shares with each symbol (n, k), and each symbol's ink (k,)."""
    scale = ranges.nodes.components.scale
    layers = np.stack([scaled_ink(layer, scale) for layer in line.layers])
    common = np.zeros((len(ranges), len(layers)))
    for number, (ink, box) in enumerate(zip(ranges.inks, ranges.boxes, strict=True)):
        left, top, right, bottom = box
        here = layers[:, top:bottom, left:right]
        common[number] = (np.minimum(here, ink) * (here >= 0.5 * ink)).sum(axis=(1, 2))
    return common, np.maximum(layers.sum(axis=(1, 2), dtype=float), 1e-6)
