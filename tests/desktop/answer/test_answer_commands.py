"""Saving, copying and correcting an answer."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from digitus.data.corrections import CorrectionStore
from digitus.desktop.answer.answer import Answer
from digitus.recognizer import Recognizer


@pytest.fixture
def store(tmp_path, window):
    made = CorrectionStore(tmp_path / "corrections")
    window.commands.store = made
    return made


def test_the_answer_is_copied_as_text(window, draw):
    draw(window, 3)
    window.actions_.copy.trigger()
    assert QApplication.clipboard().text() == window.frame.answers.answer.text()
    assert QApplication.clipboard().text().startswith("3 (")


def test_there_is_nothing_to_copy_from_an_empty_canvas(window):
    assert not window.actions_.copy.isEnabled()
    assert not window.actions_.correct.isEnabled()
    assert not window.actions_.save.isEnabled()


def test_the_drawing_is_saved_with_its_patch(window, draw, tmp_path, monkeypatch):
    target = tmp_path / "nine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    draw(window, 9)
    window.actions_.save.trigger()
    assert Recognizer().predict(tmp_path / "nine.png").digit == 9
    with Image.open(tmp_path / "nine-patch.png") as saved:
        patch = np.asarray(saved)
    np.testing.assert_array_equal(patch, np.rint(window.shown.prediction.patch * 255))


def test_a_drawing_that_cannot_be_saved_is_one_sentence(window, draw, tmp_path, monkeypatch):
    target = tmp_path / "no" / "such" / "folder.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    draw(window, 9)
    window.actions_.save.trigger()
    assert str(target) in window.statusBar().currentMessage()


def test_a_corrected_drawing_is_kept(window, draw, store):
    draw(window, 1)
    QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activeModalWidget(), "7"))
    window.actions_.correct.trigger()
    (kept,) = store.listing().corrections
    assert (kept.label, kept.answer, kept.model, kept.source_kind) == (7, 1, "cnn", "drawing")
    assert kept.confidence == window.shown.prediction.confidence
    assert kept.drawing.pen_px == window.canvas.brush_px
    assert kept.drawing.strokes == window.canvas.drawn().strokes
    np.testing.assert_allclose(store.patch(kept), window.shown.prediction.patch, atol=0.5 / 255)


def test_a_corrected_test_image_has_no_strokes(window, store):
    window.show_answer(Answer(Recognizer().predict(np.eye(28, dtype=np.uint8).ravel() * 255)))
    QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activeModalWidget(), "4"))
    window.actions_.correct.trigger()
    (kept,) = store.listing().corrections
    assert (kept.source_kind, kept.drawing) == ("test_set", None)


def test_a_right_answer_is_not_kept_as_a_correction(window, draw, store):
    draw(window, 8)
    QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activeModalWidget(), "8"))
    window.actions_.correct.trigger()
    assert store.listing().corrections == ()
    assert window.statusBar().currentMessage() == "It was read as an 8: nothing to correct."


def test_a_cancelled_correction_keeps_nothing(window, draw, store):
    draw(window, 1)
    QTimer.singleShot(0, lambda: QApplication.activeModalWidget().reject())
    window.actions_.correct.trigger()
    assert store.listing().corrections == ()
