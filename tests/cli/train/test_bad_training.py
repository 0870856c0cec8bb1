"""What training meets when data, disk or numbers are bad: one sentence, and nothing lost."""

import re

import numpy as np
import pytest
from PIL import Image

QUICK = ("--hidden", "16", "--epochs", "3", "--batch-size", "20", "--validation", "40")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "m.safetensors"


@pytest.fixture
def train(digitus, drawn, out):
    return lambda *words: digitus("train", "--data", drawn, "--out", out, *words)


def one_sentence(result):
    assert (result.code, result.out) == (1, "")
    (complaint,) = result.complaints
    return complaint


@pytest.fixture
def earlier(out, model_file):
    out.write_bytes(model_file.read_bytes())
    return out.read_bytes()


def test_divergence_names_epoch_and_layer_and_leaves_the_earlier_model(train, out, earlier):
    complaint = one_sentence(train(*QUICK, "--optimizer", "sgd", "--rate", "1e30", "--force"))
    assert re.search(r"epoch 1: .* layer \d \(dense\)", complaint)
    assert out.read_bytes() == earlier


def test_a_full_disk_leaves_the_earlier_model(train, out, earlier, full_disk):
    with full_disk():
        complaint = one_sentence(train(*QUICK, "--force"))
    assert "cannot be written" in complaint
    assert out.read_bytes() == earlier


def test_a_disk_that_fills_up_at_the_end_leaves_model_and_checkpoint(
    train, out, earlier, monkeypatch, full_disk
):
    from digitus.training import preset_run as training

    def save(*arguments):
        with full_disk():
            saved(*arguments)

    saved = training.save_model
    monkeypatch.setattr(training, "save_model", save)
    one_sentence(train(*QUICK, "--force"))
    assert out.read_bytes() == earlier
    assert out.with_name("m.checkpoint.safetensors").exists()


def test_a_missing_folder_of_the_model_is_made_and_left_only_with_a_model(train, tmp_path):
    out = tmp_path / "new" / "m.safetensors"
    assert train(*QUICK, "--optimizer", "sgd", "--rate", "1e30", "--out", out).code == 1
    assert not out.parent.exists()
    assert train(*QUICK, "--out", out).code == 0
    assert out.exists()


@pytest.mark.parametrize("name", ["", "file/m.safetensors"])
def test_a_place_that_cannot_be_written_is_told_before_the_training(train, tmp_path, name):
    (tmp_path / "file").touch()
    result = train(*QUICK, "--out", tmp_path / name)
    assert "epoch" not in result.err
    assert str((tmp_path / name).parent if name else tmp_path) in one_sentence(result)


def test_too_few_rows_to_hold_out_are_one_sentence(train):
    result = train("--validation", "200")
    assert result.err.count("\n") == 1
    assert "200 training rows, but 200 are to be held out" in one_sentence(result)


def test_nan_in_a_table_is_one_sentence_with_row_and_column(digitus, tmp_path):
    rows = [["3", *["0"] * 784], ["4", *["0"] * 783, "nan"]]
    (tmp_path / "t.csv").write_text("\n".join(map(",".join, rows)))
    complaint = one_sentence(digitus("train", "--data", tmp_path / "t.csv", "--validation", "0"))
    assert "row 2, column 785" in complaint


@pytest.mark.parametrize("name", ["nowhere", "nowhere.csv"])
def test_missing_data_is_one_sentence(digitus, tmp_path, name):
    complaint = one_sentence(digitus("train", "--data", tmp_path / name))
    assert "check the path" in complaint


def test_layers_that_no_memory_holds_are_one_sentence(train):
    result = train("--hidden", "99999999999999")
    assert "use smaller layers (--hidden)" in one_sentence(result)
    assert result.err.count("\n") == 1


# Little data


def _images(folder, labels):
    """Class folders of noise, so many images of each digit as named."""
    rng = np.random.default_rng(0)
    for i, label in enumerate(labels):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        noise = rng.integers(0, 256, (28, 28)).astype(np.uint8)
        Image.fromarray(noise).save(folder / str(label) / f"{i}.png")
    return folder


@pytest.mark.parametrize("labels", [[7] * 5, [3], [0, 1]], ids=["one class", "one row", "two rows"])
@pytest.mark.parametrize("held_out", ["0", "1"])
def test_little_data_trains_or_is_refused_in_one_sentence(digitus, tmp_path, labels, held_out):
    folder = _images(tmp_path / "classes", labels)
    words = ("--data", folder, "--validation", held_out, "--out", tmp_path / "m.safetensors")
    result = digitus("train", *QUICK, *words)
    if len(labels) > int(held_out):
        assert result.code == 0, result.err
    else:
        one_sentence(result)


@pytest.mark.parametrize("normalizer", ["unit", "std", "zscore"])
@pytest.mark.parametrize("value", [0, 200])
def test_constant_pixels_train_without_dividing_by_zero(digitus, tmp_path, normalizer, value):
    path = tmp_path / "same.npz"
    np.savez(path, pixels=np.full((20, 784), value, np.uint8), labels=np.arange(20) % 10)
    words = ("--data", path, "--normalizer", normalizer, "--out", tmp_path / "m.safetensors")
    result = digitus("train", *QUICK[:6], "--validation", "4", *words)
    assert result.code == 0, result.err
