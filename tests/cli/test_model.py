"""``digitus model``: description, import and export of models."""

import numpy as np
import pytest

from digitus.data import load
from digitus.data.normalization import Normalizer
from digitus.models import save_model
from digitus.models.config import TrainingConfig, build_network
from digitus.models.file import read_model
from digitus.models.model import Model
from digitus.models.shipped import DEFAULT, SHIPPED
from digitus.web import page_export


def test_info_shows_name_shape_training_and_scores(digitus, model_file):
    out = digitus("model", "info", model_file).out
    for words in ("small  784-32-10", "25,450 parameters", "trained ", "validation", "test"):
        assert words in out


def test_info_as_json_has_architecture_normalizer_and_record(digitus, model_file):
    facts = digitus("model", "info", model_file, "--json").json
    assert {"name", "parameters", "architecture", "normalizer", "temperature", "record"} <= set(
        facts
    )
    assert facts["record"]["scores"].keys() == {"train", "validation", "test"}


@pytest.mark.parametrize("record", [{}, {"date": "today"}, {"scores": {}}])
def test_a_model_with_an_incomplete_record_is_described(digitus, tmp_path, record):
    network = build_network(TrainingConfig(hidden=()))
    save_model(
        Model("[/b]", network, Normalizer("unit"), record=record), tmp_path / "m.safetensors"
    )
    result = digitus("model", "info", tmp_path / "m.safetensors")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("[/b]  784-10")


def test_a_record_with_numbers_that_json_lacks_is_printed_as_json(digitus, tmp_path):
    record = {"note": [float("nan"), float("inf"), 1.5]}
    model = Model("m", build_network(TrainingConfig(hidden=())), Normalizer("unit"), record=record)
    save_model(model, tmp_path / "m.safetensors")
    facts = digitus("model", "info", tmp_path / "m.safetensors", "--json").json
    assert facts["record"] == {"note": [None, None, 1.5]}


def test_markup_in_a_record_is_printed_verbatim(digitus, tmp_path):
    scores = {"n": 9, "accuracy": 0.9, "ece": 0.1, "nll": 0.3}
    record = {
        "date": "[/a]",
        "epochs": "[/b]",
        "seconds": "[/c]",
        "versions": {"[/d]": "[/e]"},
        "data": {"name": "[/f]", "sha256": ""},
        "config": {"seed": 0, "validation": 0},
        "scores": {"[/g]": scores},
    }
    model = Model("m", build_network(TrainingConfig(hidden=())), Normalizer("unit"), record=record)
    save_model(model, tmp_path / "m.safetensors")
    out = digitus("model", "info", tmp_path / "m.safetensors").out
    assert all(f"[/{letter}]" in out for letter in "abcdefg")


S1 = TrainingConfig(hidden=(12,), activation="sigmoid", output="sigmoid", weights="uniform:0.15")
S3 = TrainingConfig()
S4 = TrainingConfig(hidden=(10,))


@pytest.mark.parametrize(
    ("form", "config"), [("theta", S1), ("npy", S4), ("npz", S3)], ids=["theta", "npy", "npz"]
)
def test_an_exported_model_is_imported_with_the_same_predictions(
    digitus, tmp_path, drawn, form, config
):
    ours, target = tmp_path / "ours.safetensors", tmp_path / f"there.{form}"
    back = tmp_path / "back.safetensors"
    model = Model("ours", build_network(config), Normalizer("unit"))
    save_model(model, ours)
    assert digitus("model", "export", "--model", ours, form, target).code == 0
    assert digitus("model", "import", target, "--out", back).code == 0
    pixels = load(drawn).test.pixels
    np.testing.assert_array_equal(read_model(back).predict(pixels), model.predict(pixels))


def test_a_format_that_does_not_fit_the_model_is_an_error(digitus, model_file, tmp_path):
    result = digitus("model", "export", "--model", model_file, "theta", tmp_path / "theta")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("form", ["theta", "npy", "npz", "onnx"])
def test_no_model_is_exported_that_was_not_named(digitus, tmp_path, form):
    result = digitus("model", "export", form, tmp_path / "mlp.onnx")
    assert (result.code, result.out) == (2, "")
    assert "name the model to export: --model cnn, --model mlp or --model FILE" in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.npz", b"garbage"),
        ("x.pkl", b"\x80\x04\x95" + bytes(19)),
        ("x.txt", b""),
        ("gone.npz", None),
    ],
)
def test_a_file_that_cannot_be_imported_is_an_error_of_one_line(digitus, tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "out.safetensors"
    result = digitus("model", "import", tmp_path / name, "--out", out)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["export", "pdf", "x"],
        ["export", "npz", "--model", "mlp"],
        ["export", "npz", "x.npz", "--model", "mlp", "--images", "5"],
        ["export", "npz", "x.npz", "--model", "mlp", "--folder", "x"],
        ["export", "npz", "x.npz", "--model", "mlp", "--offline"],
        ["export", "html"],
        ["export", "html", "x.html", "--folder", "x"],
        ["export", "html", "x.txt"],
        ["export", "html", "x.html", "--images", "60001"],
        ["import", "x.npz"],
        ["import", "x.npz", "--out", "x.safetensors", "--activation", "nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(digitus, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    np.savez("x.npz", weight_layer_1=np.zeros((10, 784)), bias_layer_1=np.zeros((10, 1)))
    assert digitus("model", *words).code == 2


@pytest.fixture
def contents(monkeypatch, mnist):
    """The contents of the pages that were exported; the pages themselves are empty."""
    written = []
    monkeypatch.setattr(page_export, "html_page", lambda content: written.append(content) or "")
    return written


@pytest.mark.mnist
@pytest.mark.parametrize(
    ("words", "names", "counts"),
    [
        ([], ["cnn", "mlp"], {"train": 500, "test": 50}),
        (["--model", "mlp"], ["mlp"], {"train": 500, "test": 50}),
        (["--images", "25"], ["cnn", "mlp"], {"train": 25, "test": 2}),
        (["--images", "0"], ["cnn", "mlp"], {}),
    ],
    ids=str,
)
def test_the_page_is_exported_with_models_and_images(
    digitus, contents, tmp_path, words, names, counts
):
    result = digitus("model", "export", "html", tmp_path / "page.html", *words)
    assert (result.code, result.err) == (0, "")
    assert [one.name for one in contents[0].models] == names
    assert contents[0].counts() == counts
    assert f"MB with {' and '.join(names)}, " in result.out
    assert (tmp_path / "page.html").exists()


@pytest.mark.mnist
def test_the_page_is_exported_with_a_model_file(digitus, contents, tmp_path, model_file):
    result = digitus("model", "export", "html", tmp_path / "page.html", "--model", model_file)
    assert "MB with small, 500 training and 50 test images of MNIST" in result.out
    assert [one.content for one in contents[0].models] == [model_file.read_bytes()]


def test_without_mnist_the_page_has_no_images_and_the_output_says_why(
    digitus, monkeypatch, tmp_path
):
    monkeypatch.setenv("DIGITUS_DATA", str(tmp_path))
    result = digitus("model", "export", "html", "--folder", tmp_path / "site")
    assert result.code == 0
    assert "without images of MNIST (MNIST is not on this machine; --images" in result.out
    assert not (tmp_path / "site" / "mnist").exists()


def test_images_that_were_asked_for_and_are_missing_are_an_error(digitus, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITUS_DATA", str(tmp_path))
    result = digitus("model", "export", "html", tmp_path / "page.html", "--images", "5")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_page_with_a_broken_model_is_an_error_of_one_line(digitus, tmp_path):
    (tmp_path / "m.safetensors").write_text("no model")
    words = (tmp_path / "page.html", "--model", tmp_path / "m.safetensors")
    result = digitus("model", "export", "html", *words)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)


def test_info_without_a_name_describes_the_default_model_and_its_threshold(digitus):
    out = digitus("model", "info").out
    assert out.startswith(DEFAULT)
    assert "not_a_digit if the probability of a digit is below" in out


def test_the_help_names_every_shipped_model_and_the_default(digitus):
    words = digitus("predict", "--help").out.split()
    text = " ".join(words)
    assert f"A shipped model ({', '.join(SHIPPED)}) or a model file. [default: {DEFAULT}]" in text
