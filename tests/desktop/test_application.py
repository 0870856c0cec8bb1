"""Which model the window starts with, and where its garbage is collected."""

import os
import subprocess
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


CLOSED_BY_THE_COLLECTOR = """
import gc
from weakref import finalize
from PySide6.QtCore import QTimer
from digitus.desktop.application import application, run_window

class Knot:
    def __init__(self):
        self.itself = self

def make_garbage():
    assert not gc.isenabled()
    finalize(Knot(), app.closeAllWindows)
    for _ in range(2 * gc.get_threshold()[0]):
        Knot()

app = application()
QTimer.singleShot(0, make_garbage)
assert run_window("mlp") == 0
assert gc.isenabled()
assert app.topLevelWidgets() == []
"""


def test_the_running_window_collects_garbage_and_leaves_none(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", CLOSED_BY_THE_COLLECTOR]
    found = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
