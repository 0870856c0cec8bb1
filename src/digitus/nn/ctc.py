"""Connectionist temporal classification: learning to read a strip whose truth is a text alone.

A network that slides over a strip says at each of ``t`` places which class begins to be seen there,
or none: the blank. A *path* is one class for each place; it *reads* the text that is left when
equal neighbours are made one and blanks are dropped. Nobody says where in the strip each class of
the text stands, so all paths that read it count together (A. Graves, S. Fernández, F. Gomez,
J. Schmidhuber 2006; section and equation numbers below are theirs).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.nn.arrays import Floats, Ints
from digitus.nn.losses import Loss, LossWork

NOTHING = -1
"""Fills up the targets of a text that is shorter than others."""

_LEAST = 1e-30  # of a path's probability, so that a text with no path left has a finite loss

Doubles = NDArray[np.float64]


class ConnectionistTemporalClassification(Loss):
    """``-log p(text)`` a row, p summed over all paths that read it (eqs. 3 and 13).

    The logits (n, t * k) are those of t places, k classes each, the last of which is the blank. The
    targets (n, ``longest``) are the classes of each row's text, then ``NOTHING``.

    Args:
        classes: ``k``, with the blank.
        longest: classes in the longest text.
    """

    kind = "connectionist_temporal_classification"

    def __init__(self, classes: int, longest: int) -> None:
        if classes < 2 or longest < 1:
            raise ValueError(
                f"a strip is read in 2 classes or more, with texts of 1 or more; "
                f"got {classes} and {longest}"
            )
        self.classes, self.longest = int(classes), int(longest)

    def options(self) -> dict[str, Any]:
        """Return the classes and the longest text."""
        return {"classes": self.classes, "longest": self.longest}

    def n_targets(self, k: int) -> int:
        """Return the longest text, however many places there are."""
        return self.longest

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """Softmax over the classes of each place."""
        z, p = (array.reshape(len(logits), -1, self.classes) for array in (logits, out))
        np.subtract(z, z.max(axis=2, keepdims=True), out=p)
        np.exp(p, out=p)
        p /= p.sum(axis=2, keepdims=True)

    def are_correct(self, logits: Floats, targets: Floats, work: LossWork) -> NDArray[np.bool_]:
        """Return which rows (n,) are right: the path of likeliest classes reads the text.

        It need not read the likeliest text (section 3.2, "best path decoding").
        """
        texts = best_paths(logits.reshape(len(logits), -1, self.classes))
        for row, (text, wanted) in enumerate(zip(texts, targets.astype(int), strict=True)):
            work.right[row] = text == wanted[wanted >= 0].tolist()
        return work.right

    def value_and_gradient(
        self,
        logits: Floats,
        targets: Floats,
        work: LossWork,
        *,
        weights: Floats | None = None,
        total: float | None = None,
    ) -> float:
        """The loss; its gradient is ``y - share`` of the paths that are in the class (eq. 16)."""
        n, k = len(logits), self.classes
        flat = logits.astype(np.float64)
        self.probabilities(flat, flat)
        y: Doubles = flat.reshape(n, -1, k)
        states = _States(targets.astype(np.intp), blank=k - 1)
        log_p, shares = states.posteriors(y)
        rows = np.arange(n)[:, None]
        for place in range(y.shape[1]):
            np.subtract.at(y[:, place], (rows, states.classes), shares[:, place])
        work.grad[...] = y.reshape(n, -1)
        work.rows[:, 0] = -log_p
        return work.mean(weights, total)


class _States:
    """The text of each row with blanks around and between: what a path goes through (fig. 3).

    Attributes:
        classes: (n, s) of each state; s = 2 * longest + 1.
        skips: (n, s) 1.0 where a path may come from two states before, leaving a blank out: between
            two classes that differ.
        ends: (n, s) 1.0 for the last class and the last blank of each text.
    """

    def __init__(self, targets: Ints, *, blank: int) -> None:
        n, longest = targets.shape
        self.classes = np.full((n, 2 * longest + 1), blank)
        self.classes[:, 1::2] = np.where(targets == NOTHING, blank, targets)
        self.skips = np.zeros(self.classes.shape)
        self.skips[:, 3::2] = (targets[:, 1:] != targets[:, :-1]) & (targets[:, 1:] != NOTHING)
        last = 2 * (targets != NOTHING).sum(axis=1)
        state = np.arange(self.classes.shape[1])
        self.ends = ((state == last[:, None]) | (state == last[:, None] - 1)).astype(float)

    def posteriors(self, y: Doubles) -> tuple[Doubles, Doubles]:
        """Sum over all paths that read the texts, forward and backward (eqs. 5 to 11).

        Both sums are scaled to 1 at each place (section 4.1), or they would vanish.

        Args:
            y: (n, t, k) probabilities of the classes at each place.

        Returns:
            log p of the texts (n,), and the shares (n, t, s) of the paths in each state at each
            place, which sum to 1 over the states.
        """
        seen = np.take_along_axis(y, self.classes[:, None, :], axis=2)
        before, log_p = self._forward(seen)
        shares = before * self._backward(seen)
        shares /= np.maximum(shares.sum(axis=2, keepdims=True), _LEAST)
        return log_p, shares

    def log_probabilities(self, seen: Doubles) -> Doubles:
        """Return log p of the texts (n,), of what is seen in each state at each place (n, t, s)."""
        return self._forward(seen)[1]

    def _forward(self, seen: Doubles) -> tuple[Doubles, Doubles]:
        n, t, s = seen.shape
        alpha, log_p = np.zeros((n, t, s)), np.zeros(n)
        now = np.zeros((n, s))
        now[:, :2] = 1
        for place in range(t):
            if place:
                before = alpha[:, place - 1]
                now = before.copy()
                now[:, 1:] += before[:, :-1]
                now[:, 2:] += self.skips[:, 2:] * before[:, :-2]
            now = now * seen[:, place]
            whole = np.maximum(now.sum(axis=1), _LEAST)
            log_p += np.log(whole)
            alpha[:, place] = now / whole[:, None]
        return alpha, log_p + np.log(np.maximum((alpha[:, -1] * self.ends).sum(axis=1), _LEAST))

    def _backward(self, seen: Doubles) -> Doubles:
        """Sum over the rest of the paths, without the place itself, whose factor is in alpha."""
        n, t, s = seen.shape
        beta = np.zeros((n, t, s))
        beta[:, -1] = self.ends
        for place in range(t - 2, -1, -1):
            after = beta[:, place + 1] * seen[:, place + 1]
            now = after.copy()
            now[:, :-1] += after[:, 1:]
            now[:, :-2] += (self.skips * after)[:, 2:]
            beta[:, place] = now / np.maximum(now.sum(axis=1, keepdims=True), _LEAST)
        return beta


def log_probabilities(y: Doubles, texts: Sequence[Sequence[int]]) -> Doubles:
    """Return log p of some texts (n,) on one strip: the sum over all paths that read each (eq. 3).

    Args:
        y: (t, k) probabilities of the classes at each place, the blank last.
        texts: classes of each.
    """
    longest = max(1, *map(len, texts))
    targets = np.array([[*text, *[NOTHING] * (longest - len(text))] for text in texts], np.intp)
    states = _States(targets, blank=y.shape[1] - 1)
    log_p: Doubles = states.log_probabilities(y.T[states.classes].transpose(0, 2, 1))
    return log_p


def best_paths(logits: Floats) -> list[list[int]]:
    """Return the text (classes) that the likeliest class of each place reads, for each strip.

    Args:
        logits: (n, t, k), the blank last.

    >>> best_paths(np.eye(3)[[[0, 0, 2, 0, 1]]])
    [[0, 0, 1]]
    """
    path = logits.argmax(axis=2)
    starts = np.concatenate([np.full((len(path), 1), True), path[:, 1:] != path[:, :-1]], axis=1)
    kept = starts & (path != logits.shape[2] - 1)
    return [row[some].tolist() for row, some in zip(path, kept, strict=True)]
