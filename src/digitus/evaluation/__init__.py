"""Evaluation of a classifier: scores, calibration error, risk-coverage curve."""

from digitus.evaluation.calibration_error import ErrorReject, Reliability
from digitus.evaluation.evaluation import ClassScores, Evaluation, MacroScores, load_results
from digitus.evaluation.scores import evaluate

__all__ = [
    "ClassScores",
    "ErrorReject",
    "Evaluation",
    "MacroScores",
    "Reliability",
    "evaluate",
    "load_results",
]
