"""Lattices: how likely each scored arc is among all ways.

A way from the first node to the last takes arcs end to end; its probability is proportional to the
exponential of the sum of their scores (a semi-Markov random field; S. Sarawagi, W. Cohen, 2004).
Many lattices are worked on at once, node by node.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Lattice:
    """Arcs of many lattices in one; the nodes of each lattice are numbered one after the other.

    Attributes:
        start: (m,) node where each arc starts.
        end: (m,) node where it ends; greater than its start.
        level: (nodes,) number of each node within its own lattice.
        first: (k,) first node of each lattice.
        last: (k,) last node of each.
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
        """Return the logarithm of each arc's probability (m,), and of each lattice's total (k,).

        Args:
            scores: (m,) of each arc; minus infinity forbids it. Where no way is left, the total
                is minus infinity, and so is all else.
        """
        ahead = self._sums(scores, self.start, self.end)
        behind = self._sums(scores, self.end, self.start)
        total = ahead[self.last]
        whole = np.repeat(total, np.diff(np.append(self.first, len(self.level))))[self.start]
        possible = np.isfinite(whole)
        joint = ahead[self.start] + scores + behind[self.end]
        return np.where(possible, joint - np.where(possible, whole, 0), -np.inf), total

    def _sums(self, scores: Floats, tail: Ints, head: Ints) -> Floats:
        """Logarithm of the sum over all ways from one end of a lattice to each node."""
        forward = head is self.end
        sums = np.full(len(self.level), -np.inf)
        sums[self.first if forward else self.last] = 0
        for arcs in self._by_level(head, falling=not forward):
            np.logaddexp.at(sums, head[arcs], sums[tail[arcs]] + scores[arcs])
        return sums

    def _by_level(self, node: Ints, *, falling: bool = False) -> Iterator[Ints]:
        """Return the arcs by the level of their node, rising or falling."""
        level = self.level[node]
        order = np.argsort(level, kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(level[order])) + 1)
        yield from (reversed(parts) if falling else parts)
