"""The likeliest texts of a lattice: ways that read alike count together.

Where two digits meet, many cuts give the same two digits, and one uncut way gives one. The best way
alone would prefer the uncut one; so weights of ways with the same text are summed, by a search that
keeps the likeliest beginnings at every node (as A. Graves, N. Jaitly 2014 do for sequences).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Text = tuple[int, ...]
Step = tuple[int, int]
"""An arc and the class that it is read as."""

UNLIKELY = 1e-4  # posterior below which a reading of an arc is left out
BEGINNINGS = 10  # that are kept at a node


@dataclass(slots=True)
class _Beginning:
    """All ways from the start to a node that read alike.

    Attributes:
        weight: logarithm of the sum of their weights.
        best: score of the best of them.
        last: its last step; None at the start.
        before: text of the beginning that this step was added to.
    """

    weight: float
    best: float
    last: Step | None = None
    before: Text = ()


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text of a whole lattice.

    Attributes:
        text: classes; the silent one never beside itself.
        weight: logarithm of the sum of the weights of all ways that read it.
        steps: of the best of these ways.
    """

    text: Text
    weight: float
    steps: list[Step]


def likeliest(start: Ints, end: Ints, scores: Floats, posterior: Floats) -> list[TextReading]:
    """Return the likeliest texts, each with the best of the ways that read it.

    Args:
        start: (m,) node of each arc of one lattice; node 0 is the first.
        end: (m,) node where it ends.
        scores: (m, k) of each arc as each class; the last class leaves no trace in the text
            beside another of its kind.
        posterior: (m, k) how likely each arc is taken as each class.

    Returns:
        At most ``BEGINNINGS`` of them, the likeliest first; at least one.
    """
    silent = scores.shape[1] - 1
    nodes: dict[int, dict[Text, _Beginning]] = {0: {(): _Beginning(0.0, 0.0)}}
    arcs, classes = np.nonzero(posterior >= UNLIKELY)
    order = np.lexsort((start[arcs], end[arcs]))
    for arc, kind in zip(arcs[order].tolist(), classes[order].tolist(), strict=True):
        here = nodes.setdefault(int(end[arc]), {})
        score = float(scores[arc, kind])
        for text, beginning in _kept(nodes, int(start[arc])):
            longer = text if kind == silent and text[-1:] == (silent,) else (*text, kind)
            _add(here, longer, beginning, (arc, kind), (score, text))
    last = int(end.max())
    ended = sorted(_kept(nodes, last), key=lambda item: -item[1].weight)
    return [TextReading(text, one.weight, _back(nodes, last, text, start)) for text, one in ended]


def aligned(start: Ints, end: Ints, scores: Floats, text: Text) -> TextReading | None:
    """Return the best of the ways that read a text, or None if there is none.

    Silent arcs may lie anywhere: they leave no trace.

    Args:
        start: (m,) node of each arc of one lattice; node 0 is the first.
        end: (m,) node where it ends.
        scores: (m, k) of each arc as each class; the last class is the silent one.
        text: classes without the silent one.
    """
    n, silent = len(text), scores.shape[1] - 1
    whole = np.full((int(end.max()) + 1, n + 1), -np.inf)
    best, last = whole.copy(), np.full(whole.shape, -1)
    whole[0, 0] = best[0, 0] = 0.0
    for arc in np.lexsort((start, end)).tolist():
        one, other = int(start[arc]), int(end[arc])
        for shift, more in ((1, scores[arc, list(text)]), (0, scores[arc, silent])):
            weights = whole[one, : n + 1 - shift] + more
            whole[other, shift:] = np.logaddexp(whole[other, shift:], weights)
            values = best[one, : n + 1 - shift] + more
            better = values > best[other, shift:]
            best[other, shift:][better] = values[better]
            last[other, shift:][better] = 2 * arc + shift
    if not np.isfinite(best[-1, n]):
        return None
    return TextReading(text, float(whole[-1, n]), _steps_back(last, start, (*text, silent)))


def _steps_back(last: Ints, start: Ints, text: Text) -> list[Step]:
    """Follow the last steps (nodes, n + 1) from the end; ``text`` ends with the silent class."""
    node, place, steps = len(last) - 1, last.shape[1] - 1, list[Step]()
    while node > 0:
        arc, shift = divmod(int(last[node, place]), 2)
        place -= shift
        steps.append((arc, text[place] if shift else text[-1]))
        node = int(start[arc])
    return steps[::-1]


def _kept(nodes: dict[int, dict[Text, _Beginning]], node: int) -> Iterable[tuple[Text, _Beginning]]:
    """Return the likeliest beginnings at a node, and forget the others."""
    found = nodes.get(node, {})
    if len(found) > BEGINNINGS:
        ranked = sorted(found.items(), key=lambda item: -item[1].weight)[:BEGINNINGS]
        nodes[node] = found = dict(ranked)
    return list(found.items())


def _add(
    here: dict[Text, _Beginning],
    text: Text,
    beginning: _Beginning,
    step: Step,
    more: tuple[float, Text],
) -> None:
    score, before = more
    weight, best = beginning.weight + score, beginning.best + score
    known = here.get(text)
    if known is None:
        here[text] = _Beginning(weight, best, step, before)
        return
    high, low = max(known.weight, weight), min(known.weight, weight)
    known.weight = high + log1p(exp(low - high))
    if best > known.best:
        known.best, known.last, known.before = best, step, before


def _back(
    nodes: dict[int, dict[Text, _Beginning]], node: int, text: Text, start: Ints
) -> list[Step]:
    """Go back to the start along the best way that reads a text."""
    steps: list[Step] = []
    while node > 0:
        beginning = nodes[node][text]
        if beginning.last is None:
            break
        steps.append(beginning.last)
        node, text = int(start[beginning.last[0]]), beginning.before
    return steps[::-1]
