"""``digitus train``: what it writes, what it says, and that nothing is lost when it fails."""

import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from digitus.data import load
from digitus.models.file import read_model
from digitus.models.presets import PRESETS

QUICK = ("--hidden", "16", "--epochs", "3", "--batch-size", "20", "--validation", "40")
PARAMETERS = {"s0": 79_510, "s1": 79_510, "s1-tuned": 79_510, "s2": 7_960, "s3": 109_386}
PARAMETERS |= {"s4": 7_960, "mlp": 109_386, "cnn": 158_363}


@pytest.fixture
def out(tmp_path):
    return tmp_path / "m.safetensors"


@pytest.fixture
def train(digitus, drawn, out):
    return lambda *words: digitus("train", "--data", drawn, "--out", out, *words)


def test_model_history_and_curves_are_written_and_the_checkpoint_is_gone(train, out):
    result = train(*QUICK)
    names = {path.name for path in out.parent.iterdir()}
    assert result.code == 0
    assert names == {"m.safetensors", "m.history.json", "m.curves.png"}
    assert all(f"wrote {out.parent / name}" in result.err for name in names)


@pytest.fixture
def drawings(drawn, tmp_path):
    """The drawn training digits as a ZIP of a class folder."""
    samples, path = load(drawn).train, tmp_path / "drawings.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (pixels, label) in enumerate(zip(samples.pixels, samples.labels, strict=True)):
            with archive.open(f"drawings/{label}/{number:03}.png", "w") as image:
                Image.fromarray(pixels.reshape(28, 28)).save(image, format="PNG")
    return path


def test_a_zip_of_drawings_is_trained_on(digitus, drawings, tmp_path):
    out = tmp_path / "trained" / "m.safetensors"
    out.parent.mkdir()
    assert digitus("train", "--data", drawings, "--out", out, *QUICK).code == 0
    assert read_model(out).record["data"]["name"] == "drawings"
    counts = digitus("evaluate", "--model", out, "--data", drawings, "--json").json
    assert counts["n"] == 200


@pytest.mark.parametrize(("n", "held_out"), [(10, 0), (20, 3), (200, 33)])
def test_a_small_data_set_holds_out_a_sixth_unless_told_otherwise(
    digitus, drawings, tmp_path, n, held_out
):
    few, out = tmp_path / "few.zip", tmp_path / "m.safetensors"
    with zipfile.ZipFile(drawings) as archive, zipfile.ZipFile(few, "w") as picked:
        names = sorted(archive.namelist())
        for name in names[:: len(names) // n][:n]:
            picked.writestr(name, archive.read(name))
    result = digitus("train", "--data", few, "--out", out, "--hidden", "8", "--epochs", "2")
    assert result.code == 0
    said = f"a sixth of them, {held_out} at random" if held_out else "too few to hold some out"
    assert f"few: {n} training images; {said}" in result.err
    config = read_model(out).record["config"]
    assert (config["validation"], config["split_seed"]) == (held_out, 0 if held_out else None)
    counts = digitus("evaluate", "--model", out, "--data", few, "--part", "train", "--json").json
    assert counts["n"] == n


def test_a_given_number_of_validation_images_stays(digitus, drawings, tmp_path):
    out = tmp_path / "m.safetensors"
    options = ("--hidden", "8", "--epochs", "1", "--validation")
    result = digitus("train", "--data", drawings, "--out", out, *options, "150")
    assert result.code == 0
    assert "training images; " not in result.err
    config = read_model(out).record["config"]
    assert (config["validation"], config["split_seed"]) == (150, None)
    result = digitus("train", "--data", drawings, "--out", out, *options, "200", "--force")
    assert result.code != 0
    assert "200 training rows, but 200 are to be held out" in result.err


def test_the_history_tells_each_epoch_and_the_first_gradients(train, out):
    train(*QUICK)
    history = json.loads(out.with_name("m.history.json").read_text())
    assert [epoch["epoch"] for epoch in history["epochs"]] == [1, 2, 3]
    assert len(history["first_gradient_norms"]) == 2
    known = {"loss", "accuracy", "validation_loss", "validation_accuracy", "rate", "seconds"}
    assert known <= set(history["epochs"][0])


def test_the_curves_are_an_image(train, out):
    train(*QUICK)
    with Image.open(out.with_name("m.curves.png")) as image:
        assert image.width > 400


def test_scores_are_told_under_the_name_of_their_part(train):
    rows = [line.split()[:2] for line in train(*QUICK).out.splitlines()]
    for row in (["train", "160"], ["validation", "40"], ["test", "60"]):
        assert row in rows


def test_progress_goes_to_stderr_and_is_plain(train):
    result = train(*QUICK)
    assert "epoch 1/3  loss " in result.err
    assert "epoch" not in result.out
    assert "\x1b" not in result.out + result.err


def test_json_holds_files_plan_data_and_scores(train, drawn, out):
    summary = train(*QUICK, "--json").json
    assert summary["files"][0] == str(out)
    assert summary["config"]["hidden"] == [16]
    assert summary["data"]["sha256"] == load(drawn).sha256
    assert summary["scores"].keys() == {"train", "validation", "test"}


def test_the_scores_are_those_of_the_model_that_was_written(train, drawn, out):
    scores = train(*QUICK, "--json").json["scores"]
    test = load(drawn).test
    right = read_model(out).predict(test.pixels) == test.labels
    assert scores["test"]["accuracy"] == right.mean()


def test_the_same_seed_gives_the_same_bits_and_another_one_others(train, out, same_arrays):
    first = out.with_name("first.safetensors")
    train(*QUICK, "--dropout", "0.2", "--out", first)
    train(*QUICK, "--dropout", "0.2")
    assert same_arrays(out, first)
    train(*QUICK, "--dropout", "0.2", "--seed", "1", "--force")
    assert not same_arrays(out, first)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_trains_on_a_small_set(train, name):
    result = train("--preset", name, "--epochs", "2", "--validation", "20", "--json")
    assert result.code == 0
    assert result.json["epochs"] == 2


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_the_parameters_of_its_system(train, out, name):
    train("--preset", name, "--epochs", "1", "--validation", "20")
    assert read_model(out).network.parameters.size == PARAMETERS[name]


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.claim])
def test_the_claim_of_the_original_stands_beside_our_scores(train, name):
    result = train("--preset", name, "--epochs", "1", "--validation", "20")
    assert f"The original claims {PRESETS[name].claim:.2%}".replace("%", " %") in result.out


def test_a_trained_model_is_replaced_with_force_alone(train, out):
    assert train(*QUICK[:4]).code == 0
    trained = out.read_bytes()
    refused = train(*QUICK[:4], "--seed", "1")
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert f"{out}: exists already" in refused.err
    assert out.read_bytes() == trained
    assert train(*QUICK[:4], "--seed", "1", "--force").code == 0
    assert out.read_bytes() != trained


def test_the_default_name_is_guarded_too(digitus, drawn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("train", "--preset", "s2", "--epochs", "1", "--data", drawn)
    assert digitus(*words).code == 0
    assert "s2.safetensors: exists already" in digitus(*words).err


def test_without_out_the_model_is_named_after_its_preset(digitus, drawn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    digitus("train", "--preset", "s2", "--epochs", "1", "--data", drawn)
    assert (tmp_path / "s2.safetensors").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--optimizer", "momentum", "--momentum", "0.5", "--rate", "0.1"],
        ["--optimizer", "nesterov", "--rate", "0.1", "--schedule", "cosine", "--warm-up", "1"],
        ["--optimizer", "adamw", "--weight-decay", "0.01", "--schedule", "one_cycle"],
        ["--optimizer", "lbfgs", "--output", "sigmoid", "--activation", "sigmoid", "--l2", "0.1"],
        ["--input-bias", "--activation", "tanh", "--weights", "glorot_uniform"],
        ["--activation", "leaky_relu", "--biases", "uniform:0.1", "--normalizer", "zscore"],
        ["--label-smoothing", "0.1", "--dropout", "0.3", "--normalizer", "std"],
        ["--hidden", "8,8,8", "--split-seed", "7"],
        ["--hidden", ""],
    ],
    ids=" ".join,
)
def test_networks_of_ones_own_train(train, words):
    result = train(*QUICK[:4], "--validation", "40", *words)
    assert result.code == 0, result.err


def test_the_help_tells_what_patience_counts_and_every_normalizer(digitus):
    text = " ".join(digitus("train", "--help").out.split())
    assert "Stop after so many validations without improvement" in text
    assert "none (0 to 255), unit (/255), std or zscore" in text


@pytest.mark.parametrize("words", [["--normalizer", "none"], ["--weights", "uniform:1e-3"]])
def test_what_the_help_names_can_be_trained_with(train, words):
    assert train(*QUICK, *words).code == 0


def test_patience_stops_early(train):
    words = ("--hidden", "16", "--epochs", "500", "--batch-size", "20", "--rate", "0.1")
    result = train(*words, "--validation", "40", "--patience", "2", "--json")
    assert result.json["epochs"] < 500


def test_staged_rates_hold_from_their_epoch(train, out):
    train(*QUICK, "--optimizer", "sgd", "--stages", "0:0.1,2:0.05")
    history = json.loads(out.with_name("m.history.json").read_text())
    assert [epoch["rate"] for epoch in history["epochs"]] == [0.1, 0.1, 0.05]


def test_hard_rounds_tell_how_many_images_were_misread(train):
    assert "hard examples, round 1: trained on " in train(*QUICK, "--hard-rounds", "1").err


def test_find_rate_prints_eleven_rates_and_draws_them(train, out):
    result = train("--validation", "0", "--hidden", "16", "--find-rate", "--json")
    rates = [rate for rate, _ in result.json["rates"]]
    np.testing.assert_allclose(np.log10(rates), np.linspace(-2.5, -0.5, 11))
    assert result.json["best"] in rates
    assert out.with_name("m.rates.png").exists()
    assert not out.exists()


def test_find_rate_marks_the_lowest_loss_in_a_table(train):
    out = train("--validation", "0", "--hidden", "16", "--find-rate").out
    assert out.count("lowest") == 1


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist")
def test_two_epochs_on_real_digits_are_enough_for_nine_out_of_ten(digitus, out):
    words = ("--epochs", "2", "--validation", "10000", "--out", out, "--json")
    scores = digitus("train", "--hidden", "32", *words).json["scores"]
    assert [scores[part]["n"] for part in ("train", "validation", "test")] == [
        50_000,
        10_000,
        10_000,
    ]
    assert scores["test"]["accuracy"] > 0.9


def test_start_from_goes_on_from_a_model_file(train, out, tmp_path):
    train(*QUICK)
    first = tmp_path / "first.safetensors"
    out.rename(first)
    train(*QUICK, "--rate", "1e-12", "--start-from", first)
    one, two = (read_model(path).network.parameters for path in (first, out))
    assert np.allclose(one, two, atol=1e-6)


def test_starting_from_another_network_is_one_sentence(train, tmp_path):
    result = train(*QUICK, "--start-from", "mlp")
    assert result.code == 1
    assert "cannot start from 784-128-64-10" in result.err


def test_find_rate_does_not_start_from_a_model(train):
    result = train("--find-rate", "--start-from", "mlp")
    assert (result.code, "--start-from" in result.err) == (2, True)
