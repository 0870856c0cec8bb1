"""Which model the window starts with."""

import sys

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from digitus.desktop.application import application, choose_model
from digitus.errors import ModelFileError


def test_the_model_asked_for_takes_precedence_over_the_last_one(preferences):
    preferences.model = "cnn"
    choice, complaint = choose_model("mlp", preferences)
    assert (choice.model.name, complaint) == ("mlp", "")


def test_the_model_used_last_is_used_again(preferences):
    preferences.model = "mlp"
    assert choose_model(None, preferences)[0].model.name == "mlp"


def test_a_missing_last_model_is_reported_and_replaced_by_the_default(preferences, tmp_path):
    gone = str(tmp_path / "gone.safetensors")
    preferences.model = gone
    choice, complaint = choose_model(None, preferences)
    assert choice.model.name == "cnn"
    assert gone in complaint


def test_a_model_asked_for_that_is_not_there_is_an_error(preferences, tmp_path):
    with pytest.raises(ModelFileError, match="digitus train"):
        choose_model(str(tmp_path / "none.safetensors"), preferences)


def test_a_model_asked_for_is_remembered(make_window, preferences):
    make_window("mlp").close()
    assert preferences.model == "mlp"


def test_the_window_has_an_icon_at_every_size(qapp):
    icon = application().windowIcon()
    for side in (16, 32, 256):
        tile = icon.pixmap(side, side).toImage()
        assert tile.width() >= side
        assert len({tile.pixel(x, x) for x in range(tile.width())}) > 2


def test_qt_leaves_none_alive():
    """Some releases of PySide6 count references to None down, and Python ends at zero."""
    loop, before = QEventLoop(), sys.getrefcount(None)
    for _ in range(200):
        QTimer.singleShot(0, loop.quit)
        loop.exec()
        loop.processEvents()
    assert sys.getrefcount(None) > before - 100
