"""Lattices of arcs, and the posterior probability of each arc among all paths.

A path from the first node to the last follows arcs end to end. Its probability is proportional to
the exponential of the sum of their scores (a semi-Markov conditional random field; S. Sarawagi,
W. Cohen 2004). The forward-backward algorithm runs on many lattices at once, node by node.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Lattice:
    """Several lattices in one; the nodes of each are numbered consecutively.

    Attributes:
        start: (m,) node where each arc starts.
        end: (m,) node where it ends; greater than its start.
        level: (nodes,) number of each node within its own lattice.
        first: (k,) first node of each lattice.
        last: (k,) last node of each lattice.
    """

    start: Ints
    end: Ints
    level: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, arcs: Sequence[tuple[Ints, Ints, int]]) -> "Lattice":
        """Join lattices, each given by its arcs' starts and ends and the number of its nodes."""
        sizes = np.array([nodes for _, _, nodes in arcs], np.intp)
        first = np.cumsum(sizes) - sizes
        return cls(
            np.concatenate([start + at for (start, _, _), at in zip(arcs, first, strict=True)]),
            np.concatenate([end + at for (_, end, _), at in zip(arcs, first, strict=True)]),
            np.concatenate([np.arange(nodes) for nodes in sizes]),
            first,
            first + sizes - 1,
        )

    def posteriors(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the log-probability (m,) of each arc and the log-weight (k,) of each lattice.

        The weight of a lattice is the sum of the weights of all its paths.

        Args:
            scores: (m,) of each arc; minus infinity forbids it. Where no path is left, the weight
                and all probabilities are minus infinity.
        """
        forward = self._sums(scores, self.start, self.end)
        backward = self._sums(scores, self.end, self.start)
        total = forward[self.last]
        sizes = np.diff(np.append(self.first, len(self.level)))
        total_of_arc = np.repeat(total, sizes)[self.start]
        possible = np.isfinite(total_of_arc)
        joint = forward[self.start] + scores + backward[self.end]
        return np.where(possible, joint - np.where(possible, total_of_arc, 0), -np.inf), total

    def _sums(self, scores: Floats, tail: Ints, head: Ints) -> Floats:
        """Return the log of the summed weights (nodes,) of paths from one end to each node."""
        forward = head is self.end
        sums = np.full(len(self.level), -np.inf)
        sums[self.first if forward else self.last] = 0
        for arcs in self._by_level(head, falling=not forward):
            np.logaddexp.at(sums, head[arcs], sums[tail[arcs]] + scores[arcs])
        return sums

    def _by_level(self, node: Ints, *, falling: bool) -> Iterator[Ints]:
        """Yield the arcs whose node has the same level, by rising or falling level."""
        level = self.level[node]
        order = np.argsort(level, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(level[order])) + 1)
        yield from (reversed(groups) if falling else groups)
