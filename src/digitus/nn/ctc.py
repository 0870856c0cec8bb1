"""Connectionist temporal classification (CTC): sequence labelling without segmentation.

A sequence network outputs, at each of ``t`` time steps, the probabilities of the classes and of
the blank (no class). A *path* is one class per time step; its *text* is what remains after equal
neighbors are merged and blanks removed. Training data give the text but not the positions, so
the probability of a text is the sum over all its paths. Source: A. Graves, S. Fernández,
F. Gomez and J. Schmidhuber (2006); section and equation numbers below are theirs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.nn.arrays import Floats, Ints
from digitus.nn.losses import Loss, LossWork

NOTHING = -1
"""Padding of the targets of texts that are shorter than the longest."""

_LEAST = 1e-30
"""Lower bound of a probability: the loss of a text without any path stays finite."""

Doubles = NDArray[np.float64]


class ConnectionistTemporalClassification(Loss):
    """The loss ``-log p(text)`` per row, p summed over all paths of the text (eqs. 3 and 13).

    The logits (n, t * k) are those of t time steps with k classes each, the blank last. The
    targets (n, ``longest``) are the classes of each row's text, padded with ``NOTHING``.

    Args:
        classes: number of classes ``k``, including the blank.
        longest: number of classes in the longest text.

    Raises:
        ValueError: if ``classes`` is below 2 or ``longest`` below 1.
    """

    kind = "connectionist_temporal_classification"

    def __init__(self, classes: int, longest: int) -> None:
        if classes < 2 or longest < 1:
            raise ValueError(
                f"CTC needs 2 classes or more and texts of 1 class or more; "
                f"got {classes} and {longest}"
            )
        self.classes, self.longest = int(classes), int(longest)

    def options(self) -> dict[str, Any]:
        """Return the number of classes and the length of the longest text."""
        return {"classes": self.classes, "longest": self.longest}

    def n_targets(self, k: int) -> int:
        """Return the length of the longest text, for any number of time steps."""
        return self.longest

    def probabilities(self, logits: Floats, out: Floats) -> None:
        """Compute the softmax over the classes of each time step."""
        z, p = (array.reshape(len(logits), -1, self.classes) for array in (logits, out))
        np.subtract(z, z.max(axis=2, keepdims=True), out=p)
        np.exp(p, out=p)
        p /= p.sum(axis=2, keepdims=True)

    def are_correct(self, logits: Floats, targets: Floats, work: LossWork) -> NDArray[np.bool_]:
        """Return whether the most probable path of each row has the right text, (n,).

        That text need not be the most probable one (section 3.2, "best path decoding").
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
        """Return the mean loss; the gradient is y - the share of paths in the class (eq. 16)."""
        n, k = len(logits), self.classes
        flat = logits.astype(np.float64)
        self.probabilities(flat, flat)
        y: Doubles = flat.reshape(n, -1, k)
        states = _States(targets.astype(np.intp), blank=k - 1)
        log_p, shares = states.posteriors(y)
        rows = np.arange(n)[:, None]
        for step in range(y.shape[1]):
            np.subtract.at(y[:, step], (rows, states.classes), shares[:, step])
        work.grad[...] = y.reshape(n, -1)
        work.rows[:, 0] = -log_p
        return work.mean(weights, total)


class _States:
    """The text of each row with blanks around and between the classes: l' of section 4.1.

    Attributes:
        classes: (n, s) class of each state; s = 2 * longest + 1.
        skips: (n, s) 1.0 where a path may skip the blank before the state: between two classes
            that differ.
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
        """Sum over all paths of the texts with the forward-backward algorithm (eqs. 5 to 11).

        Both sums are normalized at each time step (section 4.1), against underflow.

        Args:
            y: (n, t, k) probabilities of the classes at each time step.

        Returns:
            log p of the texts (n,), and the share (n, t, s) of the paths that are in each state
            at each time step; the shares sum to 1 over the states.
        """
        seen = np.take_along_axis(y, self.classes[:, None, :], axis=2)
        before, log_p = self._forward(seen)
        shares = before * self._backward(seen)
        shares /= np.maximum(shares.sum(axis=2, keepdims=True), _LEAST)
        return log_p, shares

    def log_probabilities(self, seen: Doubles) -> Doubles:
        """Return log p of the texts (n,) from the states' probabilities (n, t, s)."""
        return self._forward(seen)[1]

    def _forward(self, seen: Doubles) -> tuple[Doubles, Doubles]:
        """Return the normalized forward variables alpha (n, t, s) and log p of the texts (n,)."""
        n, t, s = seen.shape
        alpha, log_p = np.zeros((n, t, s)), np.zeros(n)
        now = np.zeros((n, s))
        now[:, :2] = 1
        for step in range(t):
            if step:
                before = alpha[:, step - 1]
                now = before.copy()
                now[:, 1:] += before[:, :-1]
                now[:, 2:] += self.skips[:, 2:] * before[:, :-2]
            now = now * seen[:, step]
            total = np.maximum(now.sum(axis=1), _LEAST)
            log_p += np.log(total)
            alpha[:, step] = now / total[:, None]
        return alpha, log_p + np.log(np.maximum((alpha[:, -1] * self.ends).sum(axis=1), _LEAST))

    def _backward(self, seen: Doubles) -> Doubles:
        """Return the sums over the rest of the paths (n, t, s); the step itself is in alpha."""
        n, t, s = seen.shape
        beta = np.zeros((n, t, s))
        beta[:, -1] = self.ends
        for step in range(t - 2, -1, -1):
            after = beta[:, step + 1] * seen[:, step + 1]
            now = after.copy()
            now[:, :-1] += after[:, 1:]
            now[:, :-2] += (self.skips * after)[:, 2:]
            beta[:, step] = now / np.maximum(now.sum(axis=1, keepdims=True), _LEAST)
        return beta


def log_probabilities(y: Doubles, texts: Sequence[Sequence[int]]) -> Doubles:
    """Return log p (n,) of several texts for one sequence, each summed over its paths (eq. 3).

    Args:
        y: (t, k) probabilities of the classes at each time step, the blank last.
        texts: the classes of each text.
    """
    longest = max(1, *map(len, texts))
    targets = np.array([[*text, *[NOTHING] * (longest - len(text))] for text in texts], np.intp)
    states = _States(targets, blank=y.shape[1] - 1)
    log_p: Doubles = states.log_probabilities(y.T[states.classes].transpose(0, 2, 1))
    return log_p


def best_paths(logits: Floats) -> list[list[int]]:
    """Return the text (classes) of the most probable path of each sequence.

    Args:
        logits: (n, t, k), the blank last.

    >>> best_paths(np.eye(3)[[[0, 0, 2, 0, 1]]])
    [[0, 0, 1]]
    """
    path = logits.argmax(axis=2)
    starts = np.concatenate([np.full((len(path), 1), True), path[:, 1:] != path[:, :-1]], axis=1)
    kept = starts & (path != logits.shape[2] - 1)
    return [row[some].tolist() for row, some in zip(path, kept, strict=True)]


def count_probabilities(probabilities: Floats, counted: int, most: int) -> Doubles:
    """Return the probabilities that the text of a sequence has 0, 1, ... of some classes.

    A path's state is the number of these classes so far and the class of the last time step: the
    same class at the next step is no new one.

    Args:
        probabilities: (t, k) of each time step, the blank last; each row's sum 1.
        counted: the classes from 0 up to this one, exclusive, count.
        most: the last count stands for so many and more.

    Returns:
        (most + 1,), summing to 1.

    >>> count_probabilities(np.array([[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]), 1, 2).tolist()
    [0.0, 0.75, 0.25]
    """
    k = probabilities.shape[1]
    paths = np.zeros((most + 1, k))
    paths[0, -1] = 1.0
    for step in np.asarray(probabilities, np.float64):
        all_paths = paths.sum(axis=1, keepdims=True)
        changed = all_paths - paths  # the last class was another one
        new = changed.copy()
        new[1:, :counted] = changed[:-1, :counted]
        new[0, :counted] = 0.0
        new[most, :counted] += changed[most, :counted]
        new[:, -1] = changed[:, -1]
        paths = (paths + new) * step
    counts: Doubles = paths.sum(axis=1) / paths.sum()
    return counts
