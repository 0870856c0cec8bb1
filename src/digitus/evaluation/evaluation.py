"""The result of an evaluation, and its JSON file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from digitus.evaluation.calibration_error import Integers, Reliability
from digitus.evaluation.risk_coverage import RiskCoverage
from digitus.files import replacing
from digitus.json_values import dump_json


class ClassScores(NamedTuple):
    """Scores of one digit; precision, recall and F1 are 0 where their denominator is 0.

    Attributes:
        digit: the class.
        n: number of its samples.
        accuracy: share of them read right; None without samples.
        precision: share of the answers of this digit that are right.
        recall: the same ratio as ``accuracy``.
        f1: harmonic mean of precision and recall.
    """

    digit: int
    n: int
    accuracy: float | None
    precision: float
    recall: float
    f1: float


class MacroScores(NamedTuple):
    """Unweighted means over the digits that occur among labels or answers."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All scores on ``n`` samples of ``k`` classes.

    Attributes:
        accuracy: share of the samples read right, 0..1.
        accuracy_interval: its 95 % confidence interval (Wilson 1927).
        n: number of samples.
        errors: number of samples misread.
        macro: means over the digits.
        per_class: scores of each digit.
        confusion: (k, k) counts; rows are the true digits, columns the answers.
        ece: expected calibration error over 15 bins.
        nll: mean negative log-likelihood of the labels.
        reliability: confidence and accuracy by bin.
        risk_coverage: the risk-coverage curve.
        risk_coverage_area: the area under it.
        surest_mistakes: (errors,) rows of misread samples in order of descending confidence.
    """

    accuracy: float
    accuracy_interval: tuple[float, float]
    n: int
    errors: int
    macro: MacroScores
    per_class: tuple[ClassScores, ...]
    confusion: Integers
    ece: float
    nll: float
    reliability: Reliability
    risk_coverage: RiskCoverage
    risk_coverage_area: float
    surest_mistakes: Integers

    def to_json(self) -> dict[str, Any]:
        """Return all scores as JSON types; undefined ones are None."""
        return {
            "accuracy": self.accuracy,
            "accuracy_interval": list(self.accuracy_interval),
            "n": self.n,
            "errors": self.errors,
            "macro": self.macro._asdict(),
            "per_class": [scores._asdict() for scores in self.per_class],
            "confusion": self.confusion.tolist(),
            "ece": self.ece,
            "nll": self.nll,
            "reliability": _columns(self.reliability),
            "risk_coverage": _columns(self.risk_coverage),
            "risk_coverage_area": self.risk_coverage_area,
            "surest_mistakes": self.surest_mistakes.tolist(),
        }

    def save(self, path: str | Path) -> None:
        """Write the scores, as `to_json` returns them, to a JSON file.

        Raises:
            WriteError: if the file cannot be written.
        """
        text = dump_json(self.to_json(), indent=2) + "\n"
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8")


def _columns(table: Reliability | RiskCoverage) -> dict[str, list[float | None]]:
    """Return the arrays as lists, with None for NaN, which JSON lacks."""
    return {
        name: [None if value != value else value for value in column.tolist()]
        for name, column in table._asdict().items()
    }
