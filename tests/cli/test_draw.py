"""``digitus draw``: the model for the window, and the error if no window can be opened."""

import os
import subprocess
import sys

import pytest

from digitus.errors import WindowError


@pytest.mark.parametrize(("words", "model"), [((), None), (("--model", "mlp"), "mlp")])
def test_the_model_is_passed_to_the_window(digitus, monkeypatch, words, model):
    asked = []
    monkeypatch.setattr("digitus.desktop.run", lambda name: asked.append(name) or 0)
    assert digitus("draw", *words).code == 0
    assert asked == [model]


def test_an_error_of_the_window_is_exit_1_and_one_line(digitus, monkeypatch):
    def fail(name):
        raise WindowError("there is no display here")

    monkeypatch.setattr("digitus.desktop.run", fail)
    result = digitus("draw")
    assert (result.code, result.out) == (1, "")
    assert result.err == "digitus: there is no display here\n"


CLOSED_WHILE_A_PAGE_IS_READ = """
import cv2, numpy as np
from PySide6.QtCore import QTimer
from digitus.cli import main
from digitus.desktop.application import application
from digitus.desktop.background import Task

def work(watch):
    image = np.ones((3000, 3000), np.float32)
    while True:
        cv2.GaussianBlur(image, (31, 31), 5)

app = application()
task = Task(work)
QTimer.singleShot(0, lambda: (task.start(), QTimer.singleShot(0, app.closeAllWindows)))
main(["draw", "--model", "mlp"])
"""


def test_closing_the_window_while_a_page_is_read_is_no_crash(tmp_path):
    own = {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", CLOSED_WHILE_A_PAGE_IS_READ]
    done = subprocess.run(
        command, env=os.environ | own, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
