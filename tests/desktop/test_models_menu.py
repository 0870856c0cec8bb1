"""Choosing a model."""

import pytest

from digitus.desktop.models_menu import ModelChoice
from digitus.errors import ModelFileError
from digitus.models import load_model, save_model


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.safetensors"
    save_model(load_model("mlp"), path)
    return str(path)


def checked(window):
    return [action.text() for action in window.models.actions() if action.isChecked()]


def test_no_name_is_the_default_model():
    assert ModelChoice(None).model.name == "cnn"


def test_a_missing_model_is_an_error(tmp_path):
    with pytest.raises(ModelFileError):
        ModelChoice(str(tmp_path / "none.safetensors"))


def test_another_model_comes_with_its_recognizer(qtbot):
    choice = ModelChoice("cnn")
    with qtbot.waitSignal(choice.changed):
        choice.choose("mlp")
    assert choice.name == "mlp"
    assert choice.recognizer.model is choice.model


def test_a_model_that_cannot_be_loaded_is_one_sentence_and_changes_nothing(qtbot, tmp_path):
    choice = ModelChoice("mlp")
    model = choice.model
    with qtbot.waitSignals([choice.failed, choice.changed]):
        choice.choose(str(tmp_path / "none.safetensors"))
    assert choice.model is model


def test_the_current_model_is_checked_and_none_for_a_file(window, file):
    assert checked(window) == ["cnn"]
    window.choice.choose("mlp")
    assert checked(window) == ["mlp"]
    window.choice.choose(file)
    assert checked(window) == []
