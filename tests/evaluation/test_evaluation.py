import json

import numpy as np
import pytest

from digitus.errors import WriteError
from digitus.evaluation import evaluate


@pytest.fixture
def result():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(10, 0.1), 200)
    return evaluate(probabilities, rng.integers(0, 9, 200))  # no 9, so that a score is undefined


def test_the_results_file_is_json_of_all_scores(result, tmp_path):
    result.save(tmp_path / "scores.json")
    assert json.loads((tmp_path / "scores.json").read_text()) == result.to_json()


def test_json_has_no_nan(result):
    json.dumps(result.to_json(), allow_nan=False)


def test_undefined_accuracy_is_null_in_json(result):
    assert result.to_json()["per_class"][9]["accuracy"] is None


@pytest.mark.parametrize("key", ["accuracy", "n", "per_class", "confusion", "ece"])
def test_json_has_the_keys_that_others_rely_on(result, key):
    assert key in result.to_json()


def test_a_folder_that_cannot_be_made_is_a_write_error(result, tmp_path):
    (tmp_path / "missing").touch()
    with pytest.raises(WriteError):
        result.save(tmp_path / "missing" / "scores.json")
