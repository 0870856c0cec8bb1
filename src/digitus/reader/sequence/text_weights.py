"""Weighing the texts of a run: the lattice's opinion, and that of the strip as a whole.

The lattice sees a text through its cuts; where none lies well, its opinion is worth little. The
strip knows no cuts: it weighs a text by all paths that read it.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from digitus.nn.ctc import best_paths, log_probabilities
from digitus.reader.sequence.arc_scores import CLASSES, DIGITS
from digitus.reader.sequence.beam_search import Ints, Text, TextReading, aligned
from digitus.reader.sequence.sequence_recognizer import Seen

Floats = NDArray[np.float64]

OTHER = CLASSES - 1
"""What is neither digit nor mark; the strip may see it or overlook it."""


def with_the_strips_own(
    readings: list[TextReading], seen: Seen, start: Ints, end: Ints, scores: Floats
) -> list[TextReading]:
    """Add the texts that the strip itself reads, if the lattice has not thought of them but can.

    Args:
        readings: of the lattice.
        seen: along the run.
        start: (m,) node of each arc.
        end: (m,) node where it ends.
        scores: (m, k) of each arc as each class.
    """
    found = list(readings)
    for likely in (seen.likely, *seen.views):
        (path,) = best_paths(likely[None])
        text = tuple(kind for kind in path if kind != OTHER)
        if all(digits_in(reading.text) != digits_in(text) for reading in found):
            own = aligned(start, end, scores, text)
            found += [] if own is None else [own]
    return found


def shares_of(readings: Sequence[TextReading], seen: Seen, sequence_weight: float) -> Floats:
    """Return the probability (n,) of each of some texts among them.

    Args:
        readings: of a run.
        seen: along the run.
        sequence_weight: weight of the strip's opinion beside the lattice's.
    """
    weights = np.array([reading.weight for reading in readings])
    if len(readings) > 1 and sequence_weight:
        texts = [reading.text for reading in readings]
        views = [on_strip(texts, likely) for likely in (seen.likely, *seen.views)]
        weights = weights + sequence_weight * np.mean(views, axis=0)
    shares: Floats = softmax(weights)
    return shares


def on_strip(texts: Sequence[Text], likely: Floats) -> Floats:
    """Return log p (n,) of texts on a strip, with or without what is no digit or mark."""
    bare = [tuple(kind for kind in text if kind != OTHER) for text in texts]
    both = log_probabilities(likely, [*texts, *bare]).reshape(2, -1)
    same = np.array([len(one) == len(other) for one, other in zip(texts, bare, strict=True)])
    joint: Floats = np.where(same, both[0], np.logaddexp(both[0], both[1]))
    return joint


def certainty(chosen: int, readings: Sequence[TextReading], shares: Floats) -> Floats:
    """Return the probability (k,) that each digit of a text stands there, and none beside it.

    Another text doubts the digits that it has not, and those beside which it has one more.

    Args:
        chosen: which of the readings.
        readings: of a run.
        shares: (n,) probability of each.
    """
    text = digits_in(readings[chosen].text)
    sure = np.ones(len(text))
    for number, (reading, share) in enumerate(zip(readings, shares, strict=True)):
        if number != chosen:
            sure[_doubted(text, digits_in(reading.text))] -= share
    return sure.clip(min=0)


def digits_in(text: Text) -> Text:
    """Leave marks and all else out of a text.

    >>> digits_in((4, 13, 2, 10))
    (4, 2)
    """
    return tuple(kind for kind in text if kind < DIGITS)


def _doubted(text: Text, other: Text) -> list[int]:
    """List the places of a text at which another one differs."""
    places: set[int] = set()
    for kind, start, stop, _, _ in SequenceMatcher(None, text, other, False).get_opcodes():
        if kind in ("replace", "delete"):
            places.update(range(start, stop))
        elif kind == "insert":
            places.add(max(start - 1, 0))
    return sorted(place for place in places if place < len(text))
