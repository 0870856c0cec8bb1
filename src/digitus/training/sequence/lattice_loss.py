"""Loss of the arc scorer: raises the probability of the right paths of each lattice."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from digitus.nn.arrays import Floats
from digitus.nn.losses import Loss, LossWork
from digitus.reader.sequence.lattice import Lattice

PLACE_COLUMNS = 3
"""Columns of the targets before those of the classes: lattice, first node, last node."""


def lattice_targets(
    number: int,
    start: NDArray[np.intp],
    end: NDArray[np.intp],
    right: NDArray[np.bool_],
) -> Floats:
    """Return the targets (m, 3 + k) of the arcs of one lattice.

    Args:
        number: number of the lattice; the arcs of a lattice are adjacent in a batch.
        start: (m,) first node of each arc.
        end: (m,) last node.
        right: (m, k) which classes each arc shows.
    """
    return np.column_stack([np.full(len(start), number), start, end, right]).astype(np.float64)


def has_right_path(targets: Floats) -> bool:
    """Return whether right arcs lead from the first node of a lattice to the last."""
    scores = np.where((targets[:, PLACE_COLUMNS:] > 0).any(axis=1), 0.0, -np.inf)
    return bool(np.isfinite(_lattice(targets).posteriors(scores)[1][0]))


class LatticeLoss(Loss):
    """``log(sum over all paths) - log(sum over right paths)``, the mean over lattices.

    A path weighs the exponential of the sum of its arcs' scores (LeCun, Bottou, Bengio and Haffner
    1998, section VI: discriminative forward training). The logits (m, k) score every arc of all
    lattices of a batch as each class; the targets are made by `lattice_targets`.
    """

    kind = "lattice"

    def n_targets(self, k: int) -> int:
        """Return the classes and the columns that say where an arc lies."""
        return PLACE_COLUMNS + k

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """Return the mean loss.

        Its gradient is the expected arc counts over all paths minus those over right paths.

        The total, if given, is a number of lattices; weights of arcs are not supported.
        """
        lattice = _lattice(targets)
        right = targets[:, PLACE_COLUMNS:] > 0
        shares, all_paths = _expected(lattice, logits)
        right_shares, right_paths = _expected(lattice, np.where(right, logits, -np.inf))
        n = len(lattice.first) if total is None else total
        work.grad[...] = (shares - right_shares) / n
        return float((all_paths - right_paths).sum() / n)


def _lattice(targets: Floats) -> Lattice:
    """Join the lattices of a batch; the last node of each is where its last arc ends."""
    number, start, end = targets[:, :PLACE_COLUMNS].T.astype(np.intp)
    borders = np.flatnonzero(np.diff(number)) + 1
    arcs = zip(np.split(start, borders), np.split(end, borders), strict=True)
    return Lattice.of([(starts, ends, int(ends.max()) + 1) for starts, ends in arcs])


def _expected(lattice: Lattice, scores: Floats) -> tuple[Floats, Floats]:
    """Return how often paths take each arc as each class (m, k); log of the sum of paths (n,)."""
    with np.errstate(divide="ignore"):
        arcs = np.asarray(logsumexp(scores, axis=1))
    log_shares, total = lattice.posteriors(arcs)
    within = scores - np.where(np.isfinite(arcs), arcs, 0)[:, None]
    return np.exp(log_shares[:, None] + within), total
