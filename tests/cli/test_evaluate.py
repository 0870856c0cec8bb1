"""``digitus evaluate``: scores as a table and as JSON, plots, and parts of the data."""

import json

import numpy as np
import pytest

from digitus.data import load, split
from digitus.models.file import read_model, save_model


@pytest.fixture
def evaluate(digitus, model_file, drawn):
    return lambda *words: digitus("evaluate", "--model", model_file, "--data", drawn, *words)


def test_json_has_the_documented_keys(evaluate):
    scores = evaluate("--json").json
    assert {"model", "data", "part", "accuracy", "n", "per_class", "confusion", "ece"} <= set(
        scores
    )
    assert {"digit", "n", "accuracy", "precision", "recall", "f1"} == set(scores["per_class"][0])


def test_the_accuracy_equals_the_share_of_right_predictions(evaluate, model_file, drawn):
    test = load(drawn).test
    right = read_model(model_file).predict(test.pixels) == test.labels
    assert evaluate("--json").json["accuracy"] == right.mean()


def test_rows_of_the_confusion_matrix_are_the_true_digits(evaluate, drawn):
    confusion = np.array(evaluate("--json").json["confusion"])
    np.testing.assert_array_equal(confusion.sum(axis=1), load(drawn).test.counts())


@pytest.mark.parametrize(("part", "n"), [("train", 200), ("test", 60), ("validation", 40)])
def test_each_part_is_scored_under_its_own_name(evaluate, part, n):
    scores = evaluate("--json", "--part", part).json
    assert (scores["part"], scores["n"]) == (part, n)
    assert f"{part} part" in evaluate("--part", part).out


def test_a_file_without_parts_is_scored_as_all_rows(digitus, model_file, many):
    words = ("evaluate", "--model", model_file, "--data", many)
    assert digitus(*words).out.startswith("small on many, all rows\n")
    assert digitus(*words, "--json").json["part"] == "all"


def test_a_file_without_parts_is_the_train_part_on_request(digitus, model_file, many):
    words = ("--model", model_file, "--data", many, "--part", "train")
    assert digitus("evaluate", *words, "--json").json["part"] == "train"


def test_a_model_record_with_too_many_held_out_rows_is_an_error(
    digitus, model_file, drawn, copy_of
):
    model, path = read_model(model_file), copy_of(model_file)
    model.record["config"]["validation"] = 200
    save_model(model, path)
    result = digitus("evaluate", "--model", path, "--data", drawn, "--part", "validation")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert "200 training rows, but 200 are to be held out" in result.err


def test_the_validation_part_is_what_training_held_out(evaluate, model_file, drawn):
    rows = split(200, validation=40).validation
    held_out = load(drawn).train.rows(rows)
    right = read_model(model_file).predict(held_out.pixels) == held_out.labels
    assert evaluate("--json", "--part", "validation").json["accuracy"] == right.mean()


def test_validation_rows_of_other_data_are_rejected(digitus, model_file, many):
    words = ("--model", model_file, "--data", many, "--part", "validation")
    result = digitus("evaluate", *words)
    assert (result.code, result.out) == (1, "")
    assert "not the training data of small" in result.err


def test_a_missing_test_part_is_an_error(digitus, model_file, many):
    result = digitus("evaluate", "--model", model_file, "--data", many, "--part", "test")
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "has no test part" in result.err


def test_the_tables_show_accuracy_interval_digits_and_calibration(evaluate):
    out = evaluate().out
    for words in ("95 % interval", "precision", "macro", "expected calibration error", "accepted"):
        assert words in out


def test_plots_are_written_into_a_new_folder(evaluate, tmp_path):
    folder = tmp_path / "new" / "plots"
    result = evaluate("--plots", folder)
    names = {path.name for path in folder.iterdir()}
    assert names == {
        f"{name}.png"
        for name in ("confusion", "reliability", "risk-coverage", "surest-mistakes", "weights")
    }
    assert all(f"wrote {folder / name}" in result.err for name in names)


def test_results_are_written_to_a_file(evaluate, tmp_path):
    done = evaluate("--json", "--results", tmp_path / "scores.json")
    scores = done.json
    assert f"wrote {tmp_path / 'scores.json'}" in done.err
    assert json.loads((tmp_path / "scores.json").read_text())["accuracy"] == scores["accuracy"]


def test_plots_in_an_impossible_folder_are_an_error(evaluate, model_file):
    result = evaluate("--plots", model_file / "plots")
    assert (result.code, result.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("labels", [[7] * 5, [1]])
def test_one_class_and_one_row_are_scored_without_a_warning(
    digitus, model_file, tmp_path, drawn, labels
):
    path = tmp_path / "one.npz"
    np.savez(path, pixels=load(drawn).train.pixels[: len(labels)], labels=labels)
    result = digitus("evaluate", "--model", model_file, "--data", path)
    assert (result.code, result.err) == (0, "")


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist")
def test_the_shipped_model_is_scored_on_the_real_test_part(digitus):
    scores = digitus("evaluate", "--json").json
    rows = np.sum(scores["confusion"], axis=1).tolist()
    assert (scores["data"], scores["part"], scores["n"]) == ("mnist", "test", 10_000)
    assert rows == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
