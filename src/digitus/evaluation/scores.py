"""Scores of a classifier from its probabilities and the true labels.

scikit-learn and SciPy are imported where they are used: together they take about a second.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from digitus.evaluation.calibration_error import (
    Floats,
    Integers,
    expected_calibration_error,
    negative_log_likelihood,
    reliability_bins,
)
from digitus.evaluation.evaluation import ClassScores, Evaluation, MacroScores
from digitus.evaluation.risk_coverage import risk_coverage_curve

_ROW_SUM_TOLERANCE = 1e-3
"""Largest difference of a sum of probabilities from 1: far above float32 rounding."""
_CONFIDENCE_LEVEL = 0.95


def evaluate(probabilities: ArrayLike, labels: ArrayLike) -> Evaluation:
    """Compare the most probable class of every row with its label; ties go to the lower class.

    Args:
        probabilities: (n, k), 0..1; every row sums to 1.
        labels: (n,), integers 0..k-1.

    Raises:
        ValueError: if the shapes do not match, there are no rows, or a value is out of range.

    >>> evaluate([[0.9, 0.1], [0.6, 0.4]], [0, 1]).confusion.tolist()
    [[1, 0], [1, 0]]
    """
    probs, truth = _checked_probabilities(probabilities), np.asarray(labels)
    _check_labels(truth, probs.shape)
    answers, confidence = probs.argmax(axis=1), probs.max(axis=1)
    right = answers == truth
    bins = reliability_bins(confidence, right)
    curve, area = risk_coverage_curve(confidence, right)
    hits, n, k = int(right.sum()), *probs.shape
    surest = np.argsort(-confidence, kind="stable")
    return Evaluation(
        n=n,
        errors=n - hits,
        accuracy=hits / n,
        accuracy_interval=wilson_interval(hits, n),
        per_class=_class_scores(truth, answers, k),
        macro=_macro_scores(truth, answers),
        confusion=_confusion(truth, answers, k),
        ece=expected_calibration_error(bins),
        nll=negative_log_likelihood(probs, truth),
        reliability=bins,
        risk_coverage=curve,
        risk_coverage_area=area,
        surest_mistakes=surest[~right[surest]],
    )


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % confidence interval (Wilson 1927) of the share ``hits / n``, n above 0.

    >>> [round(bound, 3) for bound in wilson_interval(9, 10)]
    [0.596, 0.982]
    """
    from scipy.stats import binomtest

    interval = binomtest(hits, n).proportion_ci(_CONFIDENCE_LEVEL, method="wilson")
    return float(interval.low), float(interval.high)


def _precision_recall_f1(truth: Integers, answers: Integers, **options: Any) -> Any:
    from sklearn.metrics import precision_recall_fscore_support

    return precision_recall_fscore_support(truth, answers, zero_division=0, **options)


def _confusion(truth: Integers, answers: Integers, k: int) -> Integers:
    """Return counts (k, k); scikit-learn's ``confusion_matrix`` warns where k is 1."""
    cells = truth.astype(np.int64) * k + answers
    return np.bincount(cells, minlength=k * k).reshape(k, k)


def _class_scores(truth: Integers, answers: Integers, k: int) -> tuple[ClassScores, ...]:
    columns = _precision_recall_f1(truth, answers, labels=range(k))
    return tuple(
        ClassScores(
            digit=digit,
            n=int(n),
            accuracy=float(recall) if n else None,  # the same ratio
            precision=float(precision),
            recall=float(recall),
            f1=float(f1),
        )
        for digit, (precision, recall, f1, n) in enumerate(zip(*columns, strict=True))
    )


def _macro_scores(truth: Integers, answers: Integers) -> MacroScores:
    means = _precision_recall_f1(truth, answers, average="macro")
    return MacroScores(*(float(mean) for mean in means[:3]))


def _checked_probabilities(probabilities: ArrayLike) -> Floats:
    probs = np.asarray(probabilities, dtype=np.float64)
    if probs.ndim != 2 or 0 in probs.shape:
        raise ValueError(
            f"probabilities must have one row per sample and one column per class, "
            f"got shape {probs.shape}; evaluate needs at least one of each"
        )
    if not ((probs >= 0) & (probs <= 1)).all():  # false for NaN too
        row = int(np.flatnonzero(~((probs >= 0) & (probs <= 1)).all(axis=1))[0])
        raise ValueError(
            f"probabilities must lie between 0 and 1, row {row} does not or is NaN; "
            f"pass the output of predict_proba"
        )
    off = np.abs(probs.sum(axis=1) - 1) > _ROW_SUM_TOLERANCE
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise ValueError(
            f"probabilities of a sample must sum to 1, row {row} sums to "
            f"{probs[row].sum():.4g}; divide every row by its sum"
        )
    return probs


def _check_labels(labels: Integers, shape: tuple[int, ...]) -> None:
    n, k = shape
    if labels.shape != (n,):
        raise ValueError(
            f"labels must be one per row of the probabilities, expected shape ({n},), "
            f"got {labels.shape}; pass both for the same samples"
        )
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers, got {labels.dtype}; convert them first")
    if labels.min() < 0 or labels.max() >= k:
        row = int(np.flatnonzero((labels < 0) | (labels >= k))[0])
        raise ValueError(
            f"labels must be 0 to {k - 1}, one per column of the probabilities, "
            f"row {row} has {labels[row]}; correct the label or drop the row"
        )
