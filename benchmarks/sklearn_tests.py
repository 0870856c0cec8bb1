"""Run scikit-learn's own tests of its MLPClassifier on ours, from the installed wheel.

    python benchmarks/sklearn_tests.py          a table: passed, and failed with the reason
    python benchmarks/sklearn_tests.py --json   the same for programs

Nothing of theirs is copied: their test file is run from its installed location, with our class in
place of theirs. Tests of the regressor do not apply; a test counts as one of the classifier if its
code or its parameters name the class.
"""

import argparse
import io
import json
import os
import sys
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
import sklearn
import sklearn.neural_network

from digitus.classifier import MLPClassifier

TEST_FILE = Path(sklearn.__file__).parent / "neural_network" / "tests" / "test_mlp.py"


@dataclass(frozen=True)
class Result:
    """Result of one of their tests.

    Attributes:
        test: its name, with parameters.
        outcome: ``passed``, ``failed`` or ``not applicable``.
        reason: the error, if it failed.
    """

    test: str
    outcome: str
    reason: str = ""


class Recorder:
    """A pytest plugin that skips the regressor's tests and records the results of the others."""

    def __init__(self) -> None:
        self.results: list[Result] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        """Remove the tests that do not use the classifier."""
        for item in items:
            if not _concerns_classifier(item):
                self.results.append(Result(item.name, "not applicable"))
        items[:] = [item for item in items if _concerns_classifier(item)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Record the outcome of the test, and of a set-up that failed."""
        report = yield
        if report.failed:
            reason = str(call.excinfo.value) if call.excinfo is not None else ""
            self.results.append(Result(item.name, "failed", reason.strip().splitlines()[0]))
        elif report.passed and report.when == "call":
            self.results.append(Result(item.name, "passed"))
        return report


def _concerns_classifier(item: pytest.Function) -> bool:
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    classes = [value for value in parameters if isinstance(value, type)]
    if any(issubclass(value, sklearn.base.BaseEstimator) for value in classes):
        return MLPClassifier in classes
    return "MLPClassifier" in item.function.__code__.co_names


def run_their_tests() -> list[Result]:
    """Run their tests in this process, which must not be used for anything else afterwards.

    Raises:
        FileNotFoundError: if the installed scikit-learn came without its tests.
    """
    if not TEST_FILE.exists():
        raise FileNotFoundError(f"{TEST_FILE}: scikit-learn was installed without its tests")
    sklearn.neural_network.MLPClassifier = MLPClassifier
    recorder = Recorder()
    # Without this project's configuration, and without writing beside their files.
    sys.dont_write_bytecode = True
    os.environ.pop("PYTEST_ADDOPTS", None)
    arguments = [str(TEST_FILE), "-q", "-c", os.devnull, "-p", "no:cacheprovider"]
    with redirect_stdout(io.StringIO()):
        pytest.main(arguments, plugins=[recorder])
    return recorder.results


def print_table(results: list[Result]) -> None:
    """Print one line per test, failed ones last."""
    for result in sorted(results, key=lambda result: ("pnf".index(result.outcome[0]), result.test)):
        print(f"{result.outcome:15} {result.test:60} {result.reason}".rstrip())
    counts = Counter(result.outcome for result in results)
    print(", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "not applicable")))


def main() -> int:
    """Run the tests and print their results; failures do not change the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    options = parser.parse_args()
    results = run_their_tests()
    if options.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    else:
        print_table(results)
    return 0 if results else 1


if __name__ == "__main__":
    sys.exit(main())
