"""Images from outside: dialog, drop, clipboard."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from digitus.desktop.images.image_input import has_image
from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Recognizer


@pytest.fixture
def image(tmp_path, digit_strokes):
    """An image of a four in dark ink on light paper."""
    ink = render_strokes(digit_strokes(4), width=280, height=280, pen_px=20)
    path = tmp_path / "four.png"
    Image.fromarray(np.uint8(235 - 200 * ink)).save(path)
    return path


def drop(window, data):
    place, copy = QPointF(100, 100), Qt.DropAction.CopyAction
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(place, copy, data, button, none))


def test_an_image_from_the_dialog_is_read_by_the_recognizer(window, answered, image, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(image), ""))
    window.actions_.open.trigger()
    answered(window)
    expected = Recognizer().predict(image)
    assert window.shown.prediction == expected
    np.testing.assert_array_equal(window.shown.prediction.patch, expected.patch)
    assert window.frame.image_page.view.image is not None
    assert window.actions_.image.isChecked()


def test_a_dropped_file_is_read(window, answered, image):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(image))])
    assert has_image(data)
    drop(window, data)
    answered(window)
    assert window.shown.prediction.digit == 4


def test_a_pasted_image_is_read(window, answered, digit_strokes):
    window.canvas.drawing.replace(digit_strokes(2))
    QApplication.clipboard().setImage(window.canvas.image())
    window.actions_.paste.trigger()
    answered(window)
    assert window.shown.prediction.digit == 2


def test_pasting_without_an_image_says_so(window):
    QApplication.clipboard().setText("no image")
    window.actions_.paste.trigger()
    assert window.statusBar().currentMessage().startswith("There is no image")


def test_the_image_is_read_again_when_its_page_is_shown_again(window, answered, image):
    window.open_image(str(image))
    answered(window)
    window.actions_.draw.trigger()
    assert window.frame.image_page.view.image is None
    window.actions_.image.trigger()
    answered(window)
    assert window.frame.image_page.view.image is not None
    assert window.shown.prediction.digit == 4


def test_a_damaged_image_is_one_sentence_and_no_old_answer_stays(window, answered, tmp_path):
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(b"\x89PNG\r\n\x1a\ngarbage")
    window.open_image(str(damaged))
    answered(window)
    panel = window.frame.answers
    assert panel.answer.headline.text() == "No answer"
    assert "damaged.png" in panel.answer.more.text()
    assert panel.bars.percents == []


def test_an_empty_image_is_answered_as_empty(window, answered, tmp_path):
    empty = tmp_path / "empty.png"
    Image.new("L", (100, 100), 255).save(empty)
    window.open_image(str(empty))
    answered(window)
    assert window.frame.answers.answer.headline.text() == "Empty image"


@pytest.fixture
def page_reader(monkeypatch):
    """Put a page reader in place that finds these digits on every page."""

    def put(*texts):
        class Reader:
            def __init__(self, model):
                self.model = model

            def read(self, image):
                return SimpleNamespace(
                    pages=[SimpleNamespace(lines=[line(each) for each in texts])]
                )

        monkeypatch.setattr("digitus.reader.Reader", Reader)

    def line(text):
        doubtful = text.endswith("?")
        text = text.rstrip("?")
        number = SimpleNamespace(text=text, digits=tuple(text), to_check=doubtful)
        return SimpleNamespace(text=text, numbers=[number])

    return put


def test_several_digits_are_handed_to_the_page_reader(window, answered, image, page_reader):
    page_reader("30", "5?")
    window.open_image(str(image))
    answered(window)
    assert window.frame.answers.answer.text() == "30\n[5]"
    assert window.frame.answers.bars.winner is None


def test_a_page_of_one_digit_is_answered_as_one_digit(window, answered, image, page_reader):
    page_reader("9")
    window.open_image(str(image))
    answered(window)
    assert window.shown.prediction.digit == 4
    assert window.frame.answers.bars.winner == 4
