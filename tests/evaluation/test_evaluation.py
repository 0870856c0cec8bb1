import json

import numpy as np
import pytest

from digitus.errors import DataError, WriteError
from digitus.evaluation import evaluate, load_results


@pytest.fixture
def result():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(10, 0.1), 200)
    return evaluate(probabilities, rng.integers(0, 9, 200))  # no 9, so that a score is undefined


def test_results_survive_their_file(result, tmp_path):
    result.save(tmp_path / "scores.json")
    assert load_results(tmp_path / "scores.json").to_json() == result.to_json()


def test_arrays_are_loaded_as_arrays(result, tmp_path):
    result.save(tmp_path / "scores.json")
    loaded = load_results(tmp_path / "scores.json")
    np.testing.assert_array_equal(loaded.reliability.accuracy, result.reliability.accuracy)


def test_json_has_no_nan(result):
    json.dumps(result.to_json(), allow_nan=False)


def test_undefined_accuracy_is_null_in_json(result):
    assert result.to_json()["per_class"][9]["accuracy"] is None


@pytest.mark.parametrize("key", ["accuracy", "n", "per_class", "confusion", "ece"])
def test_json_has_the_keys_that_others_rely_on(result, key):
    assert key in result.to_json()


def test_a_missing_file_is_a_data_error(tmp_path):
    with pytest.raises(DataError, match=r"cannot be read .* check the path"):
        load_results(tmp_path / "none.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"accuracy": 1}', "\udcff"])
def test_a_file_of_something_else_is_a_data_error(tmp_path, text):
    path = tmp_path / "scores.json"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(DataError, match="expected saved scores"):
        load_results(path)


def test_a_value_of_the_wrong_kind_is_a_data_error(result, tmp_path):
    path = tmp_path / "scores.json"
    path.write_text(json.dumps(result.to_json() | {"confusion": [[1, 2], [3]]}))
    with pytest.raises(DataError, match="evaluate the model again"):
        load_results(path)


def test_a_missing_folder_is_a_write_error(result, tmp_path):
    with pytest.raises(WriteError):
        result.save(tmp_path / "missing" / "scores.json")
