"""Which arcs of a lattice are right: those that take the ink of one thing, and call it so."""

import numpy as np
from numpy.typing import NDArray

from digitus.models.line_image_format import N_CLASSES
from digitus.reader.sequence.arcs import InkRanges
from digitus.reader.sequence.line_components import scaled_ink
from digitus.training.sequence.training_lines import Lesson

LIKE = 0.6  # share of ink in common, from which a range is a thing
NEARLY_BEST = 0.15  # below the best share of any range
FOREIGN = 0.5  # of another thing's ink, that a range of one thing may have
PURE = 0.85  # of a range's ink, from which it is scrap
OTHER = N_CLASSES - 1


def right_ranges(lesson: Lesson, candidates: InkRanges) -> NDArray[np.bool_]:
    """Return which ranges are right as which class: (n, 14).

    A right range has most of one thing's ink, and of no other thing more than the cleanest such
    range has: a 4 with all of the 1 beside it is no 4.
    """
    common, mass = _common(lesson, candidates)
    own = candidates.mass()[:, None]
    share = common / np.maximum(own + mass - common, 1e-6)
    reach = common / mass  # of each thing's ink
    right = np.zeros((len(candidates), N_CLASSES), bool)
    for thing, kind in enumerate(lesson.classes):
        best = int(share[:, thing].argmax())
        like = share[:, thing] >= max(LIKE, share[best, thing] - NEARLY_BEST)
        others = np.delete(reach, thing, axis=1)
        right[:, kind] |= like & (others <= np.maximum(FOREIGN, others[best] + 0.1)).all(axis=1)
    scrap = lesson.classes == OTHER
    right[:, OTHER] |= common[:, scrap].sum(axis=1) >= PURE * own[:, 0]
    return right


def _common(
    lesson: Lesson, candidates: InkRanges
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ink that each range has in common with each thing (n, k), and all ink of each thing (k,)."""
    components = candidates.nodes.components
    layers = np.stack([scaled_ink(layer, components.scale) for layer in lesson.layers])
    common = np.zeros((len(candidates), len(layers)))
    for number, (ink, box) in enumerate(zip(candidates.inks, candidates.boxes, strict=True)):
        left, top, right, bottom = box
        here = layers[:, top:bottom, left:right]
        common[number] = (np.minimum(here, ink) * (here >= 0.5 * ink)).sum(axis=(1, 2))
    return common, np.maximum(layers.sum(axis=(1, 2), dtype=float), 1e-6)
