"""Evaluation of a classifier: scores, calibration error, risk-coverage curve."""

from digitus.evaluation.calibration_error import Reliability
from digitus.evaluation.evaluation import ClassScores, Evaluation, MacroScores
from digitus.evaluation.risk_coverage import RiskCoverage
from digitus.evaluation.scores import evaluate

__all__ = [
    "ClassScores",
    "Evaluation",
    "MacroScores",
    "Reliability",
    "RiskCoverage",
    "evaluate",
]
