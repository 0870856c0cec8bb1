"""``digitus predict TABLE --submission``: ids and digits of a CSV without labels."""

import numpy as np
import pytest

from digitus.data import load
from digitus.models.file import read_model


@pytest.fixture
def predict(digitus, model_file):
    return lambda *words: digitus("predict", "--model", model_file, *words)


@pytest.fixture
def write_table(drawn, tmp_path):
    def write(name, *, labels, header=True):
        test = load(drawn).test
        rows = np.column_stack([test.labels, test.pixels]) if labels else test.pixels
        names = ["label"] * labels + [f"pixel{k}" for k in range(784)]
        path = tmp_path / name
        np.savetxt(path, rows, "%d", ",", header=",".join(names) if header else "", comments="")
        return path

    return write


@pytest.mark.parametrize("labels", [False, True])
def test_a_submission_has_a_header_and_ids_from_one(predict, write_table, tmp_path, labels):
    out = tmp_path / "out.csv"
    result = predict(write_table("test.csv", labels=labels), "--submission", out)
    header, *rows = out.read_text().splitlines()
    assert (result.code, header) == (0, "ImageId,Label")
    assert [int(row.split(",")[0]) for row in rows] == list(range(1, 61))


def test_a_submission_has_the_predictions_of_the_model(
    predict, write_table, tmp_path, model_file, drawn
):
    out = tmp_path / "out.csv"
    predict(write_table("test.csv", labels=False), "--submission", out)
    digits = np.loadtxt(out, np.int64, delimiter=",", skiprows=1)[:, 1]
    np.testing.assert_array_equal(digits, read_model(model_file).predict(load(drawn).test.pixels))


def test_the_json_of_a_submission_has_rows_and_file(predict, write_table, tmp_path):
    out = tmp_path / "out.csv"
    result = predict(write_table("test.csv", labels=False), "--submission", out, "--json")
    assert (result.json, result.err) == ({"rows": 60, "file": str(out)}, "")


def test_a_submission_is_reported_on_stderr(predict, write_table, tmp_path):
    out = tmp_path / "out.csv"
    result = predict(write_table("test.csv", labels=False), "--submission", out)
    assert (result.out, result.err) == ("", f"wrote {out}: 60 digits\n")


def test_a_submission_of_two_inputs_is_wrong_usage(predict, tmp_path):
    result = predict("a.csv", "b.csv", "--submission", tmp_path / "out.csv")
    assert result.code == 2
    assert "one CSV file, got 2" in result.err


def test_a_submission_that_would_overwrite_its_input_is_rejected(predict, write_table):
    table = write_table("test.csv", labels=False)
    before = table.read_bytes()
    assert predict(table, "--submission", table).code == 2
    assert table.read_bytes() == before


def test_a_submission_of_a_missing_table_is_an_error(predict, tmp_path):
    result = predict(tmp_path / "nowhere.csv", "--submission", tmp_path / "out.csv")
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "nowhere.csv" in result.err


def test_a_full_disk_keeps_the_previous_submission(predict, write_table, tmp_path, full_disk):
    table, out = write_table("test.csv", labels=False), tmp_path / "out.csv"
    out.write_text("old")
    rows = table.read_text().splitlines()
    table.write_text("\n".join([rows[0], *rows[1:] * 4]))
    with full_disk():
        result = predict(table, "--submission", out)
    assert (result.code, out.read_text()) == (1, "old")
