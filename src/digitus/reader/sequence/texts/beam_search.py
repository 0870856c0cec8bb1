"""The likeliest texts of a lattice, with the weights of all paths that read the same text summed.

Where two digits meet, many cuts give the same two digits, while one path without a cut gives one
digit. The best single path alone would prefer the uncut one. So the beam search keeps the likeliest
texts at every node, as prefix search does for sequences (A. Graves, N. Jaitly 2014).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Text = tuple[int, ...]
"""Numbers of classes."""
Step = tuple[int, int]
"""An arc, and the class that it is read as."""


@dataclass(frozen=True)
class BeamParameters:
    """Parameters of the beam search.

    Set by hand, to bound its time: a digit of lower posterior cannot become the likeliest.

    Attributes:
        min_posterior: posterior of an arc as a class below which it is not followed.
        width: number of texts that are kept at each node.
    """

    min_posterior: float = 1e-4
    width: int = 10


PARAMETERS = BeamParameters()


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text of a whole lattice.

    Attributes:
        text: classes, "other" never twice in a row.
        weight: logarithm of the sum of the weights of all paths that read it.
        steps: steps of the best of these paths.
    """

    text: Text
    weight: float
    steps: list[Step]


@dataclass(slots=True)
class _Prefix:
    """All paths from the first node to another that read the same text.

    Attributes:
        weight: logarithm of the sum of their weights.
        best: score of the best of them.
        step: last step of the best path; None at the first node.
        previous: prefix that this step continues.
    """

    weight: float
    best: float
    step: Step | None = None
    previous: "_Prefix | None" = None


def likeliest_texts(start: Ints, end: Ints, scores: Floats, posterior: Floats) -> list[TextReading]:
    """Return the likeliest texts, each with the best of the paths that read it.

    Args:
        start: (m,) node of each arc of one lattice; node 0 is the first.
        end: (m,) node where it ends.
        scores: (m, k) of each arc as each class. Of the last class, "other", several arcs in a row
            count as one in the text.
        posterior: (m, k) probability that a path takes the arc as this class.

    Returns:
        At most ``PARAMETERS.width`` texts, the likeliest first; at least one.
    """
    other = scores.shape[1] - 1
    nodes: dict[int, dict[Text, _Prefix]] = {0: {(): _Prefix(0.0, 0.0)}}
    arcs, classes = np.nonzero(posterior >= PARAMETERS.min_posterior)
    order = np.lexsort((start[arcs], end[arcs]))
    for arc, kind in zip(arcs[order].tolist(), classes[order].tolist(), strict=True):
        here = nodes.setdefault(int(end[arc]), {})
        score = float(scores[arc, kind])
        for text, prefix in _pruned(nodes, int(start[arc])):
            longer = text if kind == other and text[-1:] == (other,) else (*text, kind)
            path = _Prefix(prefix.weight + score, prefix.best + score, (arc, kind), prefix)
            _add(here, longer, path)
    complete = sorted(_pruned(nodes, int(end.max())), key=lambda item: -item[1].weight)
    return [TextReading(text, prefix.weight, _steps(prefix)) for text, prefix in complete]


def align_text(start: Ints, end: Ints, scores: Floats, text: Text) -> TextReading | None:
    """Return the best of the paths that read a text; None if there is none.

    Arcs that are read as "other" may lie anywhere between the classes of the text.

    Args:
        start: (m,) node of each arc of one lattice; node 0 is the first.
        end: (m,) node where it ends.
        scores: (m, k) of each arc as each class; the last class is "other".
        text: n classes without "other".
    """
    n, other = len(text), scores.shape[1] - 1
    weight = np.full((int(end.max()) + 1, n + 1), -np.inf)  # of node and number of classes read
    best, last = weight.copy(), np.full(weight.shape, -1)
    weight[0, 0] = best[0, 0] = 0.0
    for arc in np.lexsort((start, end)).tolist():
        tail, head = int(start[arc]), int(end[arc])
        for shift, score in ((1, scores[arc, list(text)]), (0, scores[arc, other])):
            weights = weight[tail, : n + 1 - shift] + score
            weight[head, shift:] = np.logaddexp(weight[head, shift:], weights)
            values = best[tail, : n + 1 - shift] + score
            better = values > best[head, shift:]
            best[head, shift:][better] = values[better]
            last[head, shift:][better] = 2 * arc + shift
    if not np.isfinite(best[-1, n]):
        return None
    return TextReading(text, float(weight[-1, n]), _aligned_steps(last, start, (*text, other)))


def _pruned(nodes: dict[int, dict[Text, _Prefix]], node: int) -> Iterable[tuple[Text, _Prefix]]:
    """Return the likeliest prefixes at a node, and drop the others."""
    prefixes = nodes.get(node, {})
    if len(prefixes) > PARAMETERS.width:
        ranked = sorted(prefixes.items(), key=lambda item: -item[1].weight)[: PARAMETERS.width]
        nodes[node] = prefixes = dict(ranked)
    return list(prefixes.items())


def _add(prefixes: dict[Text, _Prefix], text: Text, path: _Prefix) -> None:
    """Add paths to those that read the same text."""
    known = prefixes.get(text)
    if known is None:
        prefixes[text] = path
        return
    high, low = max(known.weight, path.weight), min(known.weight, path.weight)
    known.weight = high + log1p(exp(low - high))
    if path.best > known.best:
        known.best, known.step, known.previous = path.best, path.step, path.previous


def _steps(prefix: _Prefix | None) -> list[Step]:
    """Return the steps of the best path of a prefix."""
    steps: list[Step] = []
    while prefix is not None and prefix.step is not None:
        steps.append(prefix.step)
        prefix = prefix.previous
    return steps[::-1]


def _aligned_steps(last: Ints, start: Ints, text: Text) -> list[Step]:
    """Follow the last steps (nodes, n + 1) back from the end; ``text`` ends with "other"."""
    node, place, steps = len(last) - 1, last.shape[1] - 1, list[Step]()
    while node > 0:
        arc, shift = divmod(int(last[node, place]), 2)
        place -= shift
        steps.append((arc, text[place] if shift else text[-1]))
        node = int(start[arc])
    return steps[::-1]
