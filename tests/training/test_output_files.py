"""The files of a training run."""

import json
from pathlib import Path

import pytest
from PIL import Image

from digitus.errors import WriteError
from digitus.nn.fitting.history import Epoch, History
from digitus.training.output_files import (
    beside,
    refuse_replacement,
    refuse_unwritable,
    versions,
    write_history,
)


def test_files_beside_a_model_are_named_after_it():
    assert beside(Path("runs/s3.safetensors"), "history.json") == Path("runs/s3.history.json")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(WriteError, match="is a folder; name the model file"):
        refuse_unwritable(tmp_path)


def test_a_place_in_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(WriteError, match="cannot be written"):
        refuse_unwritable(tmp_path / "missing" / "m.safetensors")


def test_a_model_is_not_replaced_but_an_empty_file_is(tmp_path):
    out = tmp_path / "m.safetensors"
    refuse_replacement(out)
    out.touch()
    refuse_replacement(out)
    out.write_bytes(b"weights")
    with pytest.raises(WriteError, match="choose another name, or replace it with --force"):
        refuse_replacement(out)


def test_the_check_leaves_no_file(tmp_path):
    refuse_unwritable(tmp_path / "m.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_versions_name_what_the_weights_depend_on():
    assert versions().keys() == {"digitus", "numpy", "scipy", "python"}


def test_history_and_curves_are_written(tmp_path):
    epochs = [Epoch(n, 1 / n, 0.5, None, None, 0.1, [1.0], 0.2) for n in (1, 2)]
    history = History(epochs)
    history.first_gradient_norms = [3.0]
    path, curves = write_history(history, {"seed": 1}, tmp_path / "m.safetensors")
    content = json.loads(path.read_text())
    assert (content["record"], content["first_gradient_norms"]) == ({"seed": 1}, [3.0])
    assert [epoch["loss"] for epoch in content["epochs"]] == [1.0, 0.5]
    with Image.open(curves) as image:
        assert image.width > 400


def test_a_device_is_no_model_file():
    with pytest.raises(WriteError, match="/dev/null: is a pipe or a device; name the model file"):
        refuse_unwritable(Path("/dev/null"))
