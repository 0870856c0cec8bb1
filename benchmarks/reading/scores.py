"""Scores of whole pages: share of right pages, digit error rate, seconds."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from digitus.evaluation.scores import wilson_interval
from reading.engines import Engine


@dataclass(frozen=True)
class Case:
    """One labelled image.

    Attributes:
        path: path of the image.
        truth: its digits in reading order.
        group: that it is counted in.
        in_order: whether the reading order is certain; if not, any order is right.
    """

    path: Path
    truth: str
    group: str
    in_order: bool = True


@dataclass(frozen=True)
class Answer:
    """The digits that one reader found in one image."""

    case: Case
    found: str
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether all digits are right, and in order if that is certain."""
        return self._ordered(self.found) == self._ordered(self.case.truth)

    @property
    def wrong_digits(self) -> int:
        """Number of digits to insert, remove or change until all are right."""
        return edit_distance(self._ordered(self.found), self._ordered(self.case.truth))

    def _ordered(self, digits: str) -> str:
        return digits if self.case.in_order else "".join(sorted(digits))


@dataclass
class Contest:
    """The answers of several readers to the same cases."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def run(self, engines: dict[str, Engine], cases: Sequence[Case]) -> None:
        """Read every case with each reader, after a first image to warm up."""
        for engine in engines.values():
            engine(cases[0].path)
        self.answers = {name: [] for name in engines}
        for case in cases:
            for name, engine in engines.items():
                self.answers[name].append(_timed(engine, case))

    def scores(self) -> dict[str, Any]:
        """Return the scores of each reader, by group and in total."""
        return {name: _scores_by_group(answers) for name, answers in self.answers.items()}

    def mistakes(self, name: str) -> list[Answer]:
        """Return the wrong answers of one reader."""
        return [answer for answer in self.answers[name] if not answer.right]


def score(answers: Iterable[Answer]) -> dict[str, Any]:
    """Return share of right pages, digit error rate and seconds."""
    answers = list(answers)
    digits = sum(len(answer.case.truth) for answer in answers)
    return {
        **share(sum(answer.right for answer in answers), len(answers)),
        "digit_error_rate": sum(answer.wrong_digits for answer in answers) / max(digits, 1),
        "median_s": median(answer.seconds for answer in answers),
        "mean_s": sum(answer.seconds for answer in answers) / len(answers),
    }


def share(hits: int, n: int) -> dict[str, Any]:
    """Return a share with its 95 % interval (Wilson 1927); None for both if n is 0."""
    if not n:
        return {"n": 0, "hits": 0, "share": None, "interval": None}
    return {"n": n, "hits": hits, "share": hits / n, "interval": wilson_interval(hits, n)}


def edit_distance(one: str, two: str) -> int:
    """Return the edit distance of two texts (Levenshtein 1966).

    >>> edit_distance("12845", "1345")
    2
    """
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def show(scores: dict[str, Any]) -> None:
    """Print the scores of all readers, group by group."""
    print(f"{'':12}{'':18}{'wholly right':>14}{'':24}{'digit errors':>14}{'seconds':>10}")
    for name, groups in scores.items():
        for group, found in groups.items():
            low, high = found["interval"]
            print(
                f"{name:<12}{group:<18}{found['hits']:5d} of {found['n']:4d}"
                f"  {found['share']:6.1%}  ({low:5.1%} to {high:6.1%})"
                f"{found['digit_error_rate']:14.1%}{found['median_s']:10.2f}"
            )


def _timed(engine: Engine, case: Case) -> Answer:
    started = time.perf_counter()
    found = engine(case.path)
    return Answer(case, found, time.perf_counter() - started)


def _scores_by_group(answers: list[Answer]) -> dict[str, Any]:
    groups = dict.fromkeys(answer.case.group for answer in answers)
    scores = {
        group: score(answer for answer in answers if answer.case.group == group) for group in groups
    }
    return scores | ({"all": score(answers)} if len(scores) > 1 else {})
