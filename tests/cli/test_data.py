"""``digitus data``: count, show and fetch images."""

import numpy as np
import pytest
from PIL import Image

from digitus.data import load


@pytest.fixture
def nothing_at_hand(monkeypatch, tmp_path):
    monkeypatch.delenv("DIGITUS_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_info_counts_each_digit_of_each_part(digitus, drawn):
    parts = digitus("data", "info", "--data", drawn, "--json").json["parts"]
    assert parts == {
        "train": {"n": 200, "digits": [20] * 10},
        "test": {"n": 60, "digits": [6] * 10},
    }


def test_info_has_the_hash_that_models_record(digitus, drawn):
    assert digitus("data", "info", "--data", drawn, "--json").json["sha256"] == load(drawn).sha256


def test_the_title_of_info_is_one_line(digitus, drawn):
    first, *rest = digitus("data", "info", "--data", drawn).out.splitlines()
    assert first == f"drawn  (training part {load(drawn).sha256[:12]})"
    assert any(line.split() == ["all", "200", "60"] for line in rest)


@pytest.mark.parametrize("words", [[], ["--part", "test", "--seed", "3", "-n", "7"]])
def test_show_writes_an_image_and_reports_it_on_stderr(digitus, drawn, tmp_path, words):
    out = tmp_path / "grid.png"
    result = digitus("data", "show", "--data", drawn, "--out", out, *words)
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith(f"wrote {out}: ")
    with Image.open(out) as image:
        assert image.width > 100


def test_show_draws_the_last_training_rows_as_the_validation_part(digitus, drawn, tmp_path):
    words = ("--data", drawn, "--validation", "33", "--part", "validation", "--index", "0")
    result = digitus("data", "show", *words, "--out", tmp_path / "x.png")
    assert result.err.endswith(": 1 of 33 images of the validation part\n")
    assert result.out.startswith("image 0, label 7\n")  # row 167 of 200


@pytest.mark.parametrize("words", [[], ["--validation", "200"]])
def test_show_of_too_many_validation_rows_is_an_error(digitus, drawn, tmp_path, words):
    line = ("--data", drawn, "--part", "validation", *words, "--out", tmp_path / "x.png")
    result = digitus("data", "show", *line)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert "drawn: 200 training rows, but " in result.err


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist")
def test_show_takes_the_last_ten_thousand_rows_of_mnist_as_its_validation_part(digitus, tmp_path):
    out = tmp_path / "x.png"
    err = digitus("data", "show", "--part", "validation", "--out", out).err
    assert err.endswith(": 40 of 10,000 images of the validation part\n")


def test_show_by_index_prints_the_image_with_its_label(digitus, drawn, tmp_path):
    words = ("--data", drawn, "--index", "7", "--out", tmp_path / "seven.png")
    out = digitus("data", "show", *words).out
    assert out.startswith("image 7, label 7\n")
    assert "█" in out


def test_show_by_index_with_a_model_prints_its_prediction(digitus, drawn, model_file, tmp_path):
    words = ("--data", drawn, "--index", "7", "--model", model_file, "--out", tmp_path / "7.png")
    assert digitus("data", "show", *words).out.startswith("image 7, label 7, read as ")


def test_show_with_a_model_draws_its_predictions(digitus, drawn, model_file, tmp_path):
    plain, read = tmp_path / "plain.png", tmp_path / "read.png"
    digitus("data", "show", "--data", drawn, "-n", "5", "--out", plain)
    digitus("data", "show", "--data", drawn, "-n", "5", "--out", read, "--model", model_file)
    assert read.read_bytes() != plain.read_bytes()


def test_show_draws_the_largest_number_of_images(digitus, many, tmp_path):
    words = ("--data", many, "-n", "200", "--out", tmp_path / "many.png")
    assert digitus("data", "show", *words).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--index", "200"],
        ["--index", "-1"],
        ["--index", "x"],
        ["--count", "0"],
        ["--count", "201"],
        ["--part", "dev"],
        ["--validation", "20"],
        ["--part", "validation", "--validation", "0"],
        ["--out", "grid.xyz"],
        ["--out", "grid"],
        ["--theme", "blue"],
    ],
    ids=" ".join,
)
def test_show_rejects_invalid_options(digitus, drawn, words):
    assert digitus("data", "show", "--data", drawn, *words).code == 2


def test_show_of_a_missing_part_is_rejected(digitus, many, tmp_path):
    result = digitus("data", "show", "--data", many, "--part", "test", "--out", tmp_path / "x.png")
    assert result.code == 2
    assert "has no test part" in result.err


def test_show_makes_a_missing_folder(digitus, drawn, tmp_path):
    out = tmp_path / "new" / "x.png"
    assert digitus("data", "show", "--data", drawn, "--out", out).code == 0
    assert out.exists()


def test_show_into_a_folder_that_cannot_be_made_is_an_error(digitus, drawn, tmp_path):
    (tmp_path / "nowhere").touch()
    result = digitus("data", "show", "--data", drawn, "--out", tmp_path / "nowhere" / "x.png")
    assert (result.code, result.err.count("\n")) == (1, 1)


@pytest.mark.usefixtures("nothing_at_hand")
@pytest.mark.parametrize(
    "words", [["data", "fetch"], ["data", "info"], ["train"], ["data", "show"]]
)
def test_missing_data_without_a_network_is_an_error_with_a_remedy(digitus, words):
    result = digitus(*words, "--offline")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert "go online" in result.err


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist")
def test_fetch_prints_the_folder_on_stdout(digitus):
    folder = digitus("data", "fetch", "--json").json["folder"]
    assert digitus("data", "fetch").out == f"{folder}\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"pixels": np.zeros((3, 784))}, "labels"),
        ({"pixels": np.zeros((3, 784)), "labels": [1, 2]}, "expected 3 labels"),
        ({"pixels": np.zeros((3, 784)), "labels": [1, 2, 10]}, "0 to 9"),
        ({"pixels": np.full((3, 784), np.nan), "labels": [1, 2, 3]}, "row 1, column 1"),
        ({"pixels": np.zeros((3, 20)), "labels": [1, 2, 3]}, "28 x 28"),
        ({"pixels": np.zeros((0, 784)), "labels": np.zeros(0, int)}, "28 x 28"),
        ({"images": np.zeros((3, 784))}, "rename them"),
    ],
    ids=["no labels", "a label too few", "label 10", "NaN", "20 columns", "no row", "other names"],
)
def test_unusable_data_are_an_error_of_one_line(digitus, tmp_path, content, words):
    path = tmp_path / "bad.npz"
    np.savez(path, **content)
    result = digitus("data", "info", "--data", path)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert words in result.err


def test_ctrl_c_during_loading_interrupts_the_command(digitus, drawn, monkeypatch):
    from digitus.cli.signals import Interrupt

    monkeypatch.setattr(Interrupt, "wanted", True)
    assert digitus("data", "info", "--data", drawn).code == 130
