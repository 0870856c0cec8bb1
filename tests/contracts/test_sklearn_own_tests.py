"""scikit-learn's own tests of its MLPClassifier, run from the wheel against ours."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results():
    """Give the outcome of each of their tests by name."""
    script = ROOT / "benchmarks" / "sklearn_tests.py"
    run = subprocess.run(
        [sys.executable, script, "--json"], capture_output=True, text=True, timeout=300, check=True
    )
    return {result["test"]: result["outcome"] for result in json.loads(run.stdout)}


def documented():
    """Give the tests that the page lists as not passing, by name."""
    page = (ROOT / "docs" / "scikit-learn.md").read_text(encoding="utf-8")
    section = page.split("## Their tests that do not pass")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(test_\w+(?:\[.*\])?)` \|", section, flags=re.MULTILINE))


def test_the_tests_that_do_not_pass_are_the_documented_ones(results):
    assert {test for test, outcome in results.items() if outcome == "failed"} == documented()


def test_most_of_their_tests_apply_and_pass(results):
    assert list(results.values()).count("passed") >= 30


def test_only_tests_of_the_regressor_do_not_apply(results):
    left_out = {test for test, outcome in results.items() if outcome == "not applicable"}
    assert not [test for test in left_out if "classif" in test.lower()]
