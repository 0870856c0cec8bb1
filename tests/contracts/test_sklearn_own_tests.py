"""scikit-learn's own tests of its MLPClassifier, run from the wheel against ours."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sklearn

ROOT = Path(__file__).parents[2]
THEIR_FILE = Path(sklearn.__file__).parent / "neural_network" / "tests" / "test_mlp.py"


@pytest.fixture(scope="module")
def results():
    """Return the outcome of each of their tests by name."""
    script = ROOT / "benchmarks" / "sklearn_tests.py"
    run = subprocess.run(
        [sys.executable, script, "--json"], capture_output=True, text=True, timeout=300, check=True
    )
    return {result["test"]: result["outcome"] for result in json.loads(run.stdout)}


def documented():
    """Return the names of the tests that the documentation lists as not passing."""
    page = (ROOT / "docs" / "reference" / "mlp-classifier.md").read_text(encoding="utf-8")
    section = page.split("## Tests of scikit-learn that do not pass")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(test_\w+(?:\[.*\])?)` \|", section, flags=re.MULTILINE))


def test_the_tests_that_do_not_pass_are_the_documented_ones(results):
    assert {test for test, outcome in results.items() if outcome == "failed"} == documented()


def test_most_of_their_tests_apply_and_pass(results):
    assert list(results.values()).count("passed") >= 30


def names_by_test():
    """Return the names used anywhere in the body of each of their tests, by function."""
    functions = ast.parse(THEIR_FILE.read_text(encoding="utf-8")).body
    return {
        function.name: {
            node.id
            for line in function.body
            for node in ast.walk(line)
            if isinstance(node, ast.Name)
        }
        for function in functions
        if isinstance(function, ast.FunctionDef)
    }


def test_only_tests_of_the_regressor_do_not_apply(results):
    left_out = [test for test, outcome in results.items() if outcome == "not applicable"]
    names = {test: names_by_test()[test.split("[")[0]] for test in left_out}
    of_the_regressor = [
        test
        for test in left_out
        if "MLPClassifier" not in names[test]
        and ("MLPRegressor" in names[test] or "MLPRegressor" in test)
    ]
    assert left_out == of_the_regressor
